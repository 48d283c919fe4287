"""What a person is told once before their words leave the machine, and who remembers that they were."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Protocol

from config.files.whole_file import write_whole
from config.language.phrases import phrases
from config.settings.paths import state_dir
from pipeline.conversation.acting.tool_use import HostNotice
from pipeline.conversation.reply import PrivacyNotice
from pipeline.llm.base import Llm
from pipeline.llm.fallback import remote_hosts

_log = logging.getLogger(__name__)


class Notices(Protocol):
    """Of one person: the hosts that they know of, as ``privacy_notice_for`` calls them."""

    def knows(self, host: str) -> bool: ...

    def note(self, host: str) -> None: ...


class SessionNotices:
    """For as long as this lives."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def knows(self, host: str) -> bool:
        return host in self._known

    def note(self, host: str) -> None:
        self._known.add(host)


class KeptNotices:
    """On this machine's disk, for the person whose machine it is. Where nothing can be written they are told
    again another time.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or state_dir() / "told"

    def _file(self, host: str) -> Path:
        return self._folder / host.replace("/", "_")

    def knows(self, host: str) -> bool:
        return os.path.exists(self._file(host))  # which raises for no folder that others have closed

    def note(self, host: str) -> None:
        try:
            write_whole(self._file(host), b"Aloud has said that words go to this host.\n")
        except OSError as error:
            _log.warning("it is not noted that %s was told of: %s", host, error)


def privacy_notice_for(llm: Llm, notices: Notices) -> PrivacyNotice | None:
    """Where words go, to be said before the first go to a machine elsewhere; of two models, both.

    None: they stay on this machine, or it was said before. Who was told of words alone is told again when
    pictures go there too.
    """
    unknown = {host: sees for host, sees in remote_hosts(llm).items() if not _known(notices, host, sees=sees)}
    if not unknown:
        return None

    def tell(language: str) -> str:
        for host, sees in unknown.items():
            notices.note(host if sees else _words_alone(host))
        say = phrases(language).say
        told = {True: "talking.sent_to", False: "talking.sent_words_to"}
        return " ".join(say(told[sees], where=host) for host, sees in unknown.items())

    return tell


def host_notice_for(notices: Notices) -> HostNotice:
    """Who elsewhere is asked by a tool, to be said before it is for the first time."""

    def tell(host: str, language: str) -> str:
        asked = f"{host} (asked)"
        if notices.knows(asked):
            return ""
        notices.note(asked)
        return phrases(language).say("tools.asks", where=host)

    return tell


def _known(notices: Notices, host: str, *, sees: bool) -> bool:
    return notices.knows(host) or (not sees and notices.knows(_words_alone(host)))


def _words_alone(host: str) -> str:
    return f"{host} (words)"
