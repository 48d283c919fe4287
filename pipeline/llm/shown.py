"""What a test has shown of a model: kept from one start to the next, and above what is claimed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from config.files import measured_file
from config.settings.paths import state_dir
from pipeline.llm.capabilities import Claimed

MOST_KEPT = 100
"""Models. Of more, those that were tested longest ago are tested again."""
_NAMES = {
    "sees": ("sees pictures", "does not see pictures"),
    "calls_tools": ("calls tools", "calls no tools"),
    "parallel_tools": ("calls several at once", "calls one at a time"),
    "thinks": ("thinks before it answers", "does not think"),
    "prompted_tools": ("calls tools by prompting", "calls none by prompting"),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Whether another start means the same model: ``address`` of its server, or its file."""

    address: str
    api: str
    model: str
    build: str = ""

    @property
    def key(self) -> str:
        return json.dumps([self.address, self.api, self.model, self.build], ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """None: not clear, or not asked."""

    sees: bool | None = None
    calls_tools: bool | None = None
    parallel_tools: bool | None = None
    thinks: bool | None = None
    """Never False: it may not have thought it worth while."""
    prompted_tools: bool | None = None
    """See ``pipeline.llm.base.Capabilities``."""
    why: Mapping[str, str] = field(default_factory=dict)
    """Of what it has not, or is not clear: ``refused``, ``2 of 2 wrong``, or what failed."""
    on: str = ""
    """The day: ``2026-11-29``."""
    version: str = ""
    """Of the server, where it tells it when it is asked."""

    def __bool__(self) -> bool:
        """Something was shown."""
        return any(getattr(self, name) is not None for name in _NAMES)

    def over(self, before: Shown) -> Shown:
        """What is not clear now stays as it was shown before."""
        unclear = [name for name in _NAMES if getattr(self, name) is None]
        kept = {name: getattr(before, name) for name in unclear if getattr(before, name) is not None}
        why = {name: before.why[name] for name in kept if name in before.why}
        return replace(self, **kept, why={**self.why, **why}, on=self.on or before.on)

    @property
    def claimed(self) -> Claimed:
        """To be put over what others claim."""
        return Claimed(
            self.sees,
            self.calls_tools,
            thinks=self.thinks,
            parallel_tools=self.parallel_tools,
            prompted_tools=self.prompted_tools,
            said_by=f"a test on {self.on}" if self else "",
        )

    @property
    def sentence(self) -> str:
        """For a person: ``It sees pictures, calls no tools (refused).`` Empty where nothing was shown."""
        clear = [(name, getattr(self, name)) for name in _NAMES if getattr(self, name) is not None]
        told = [_NAMES[name][0 if value else 1] + self._because(name, value) for name, value in clear]
        return f"It {', '.join(told)}." if told else ""

    def _because(self, name: str, value: bool) -> str:
        return f" ({self.why[name]})" if not value and name in self.why else ""


def shown_before(identity: Identity) -> Shown:
    """Nothing, where it was never tested, or the file is damaged."""
    return _read(_kept().get(identity.key))


def keep_shown(identity: Identity, shown: Shown) -> None:
    """Best effort: what is lost is shown again."""
    kept = {key: value for key, value in _kept().items() if key != identity.key and _read(value)}
    latest = sorted(kept.items(), key=lambda item: _read(item[1]).on)[-(MOST_KEPT - 1) :]
    measured_file.keep(_file(), "shown", dict([*latest, (identity.key, asdict(shown))]))


def _file() -> Path:
    """``127.0.0.1`` is another server on each machine."""
    return measured_file.of_this_machine(state_dir() / "llms")


def _kept() -> dict[str, Any]:
    kept = measured_file.read(_file()).get("shown")
    return kept if isinstance(kept, dict) else {}


def _read(kept: object) -> Shown:
    if not isinstance(kept, dict):
        return Shown()
    why = kept.get("why")
    return Shown(
        **{name: kept[name] for name in _NAMES if isinstance(kept.get(name), bool)},
        why={str(name): str(text) for name, text in why.items()} if isinstance(why, dict) else {},
        **{name: kept[name] for name in ("on", "version") if isinstance(kept.get(name), str)},
    )
