"""The vocabulary file: a name a line; ``what is heard = Name`` where the STT makes something else of it."""

from __future__ import annotations

import os
from pathlib import Path

from config.errors import UsageError
from config.files.private import private_file, private_folder
from config.files.whole_file import read_bounded
from config.runtime.clean import clean
from config.settings.paths import config_file
from pipeline.dictation.targets.file import File
from pipeline.dictation.text.vocabulary import Vocabulary

LONGEST_NAME = 100
"""Letters of a line; a longer one is no name."""


def vocabulary_path(named: str = "") -> Path:
    """``named``: ``--vocabulary`` or ``[dictate] vocabulary_file``; empty: beside the settings file."""
    return Path(os.path.expanduser(named)) if named else config_file().parent / "vocabulary.txt"


def read_vocabulary(named: str = "") -> Vocabulary:
    """Of a file that was named and is not there, or is no text, raises ``UsageError``. # begins a remark."""
    path = vocabulary_path(named)
    try:
        lines = read_bounded(path).decode("utf-8-sig").splitlines()
    except FileNotFoundError:
        if not named:
            return Vocabulary()
        raise UsageError(f"There is no vocabulary file {path}.", todo="Make it: one name a line.") from None
    except OSError as error:
        raise UsageError(f"The vocabulary file {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise UsageError(
            f"The vocabulary file {path} is not text in UTF-8.", todo="Save it as UTF-8, one name a line."
        ) from None
    vocabulary = Vocabulary()
    for line in lines:
        heard, equals, name = line.partition("#")[0].rpartition("=")
        if len(line) > LONGEST_NAME:
            continue
        if equals and heard.strip():
            vocabulary.learn(heard.strip(), name.strip())
        else:
            vocabulary.add(name)
    return vocabulary


async def remember(learned: str, named: str = "") -> None:
    """Append what was learned: ``old → new``, the ``detail`` of an ``Outcome`` of that kind.

    Raises ``TargetError`` where the file cannot be written; what was learned still holds for this take.
    """
    heard, _, name = learned.partition(" → ")
    path = vocabulary_path(named)
    if not named:
        private_folder(path.parent)
        private_file(path)
    known = read_vocabulary(str(path)).names if path.exists() else []
    same = heard.casefold() == name.casefold()
    if not same or name not in known:
        await File(path).deliver(clean(name if same else f"{heard} = {name}"))
