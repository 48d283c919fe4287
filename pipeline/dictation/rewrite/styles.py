"""Styles: how a dictation is rewritten. A file each in ``config/styles``, one's own beside the settings."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import config
from config.errors import UsageError
from config.language.codes import LANGUAGES
from config.settings.paths import config_file

Keeps = Literal["words", "facts", "meaning"]


@dataclass(frozen=True, slots=True)
class Style:
    """``name`` as ``--style`` takes it; ``prompt`` empty: no LLM is asked."""

    name: str
    prompt: str = ""
    tidies: bool = True
    """The rules of ``pipeline.dictation.text.cleanup`` go before the LLM, and in its place where there is
    none.
    """
    spoken: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    """Words of the names of programs that receive text in this style."""
    shortens: bool = False
    translates: bool = False
    keeps: Keeps = "facts"
    """What of a text the guards look for in its rewrite."""
    recasts: bool = False
    """What was a question may end as none: notes, lists, instructions."""


def styles() -> dict[str, Style]:
    """By name; a person's own take the place of ours of the same name. Raises ``UsageError``."""
    return dict(_styles(config_file().parent / "styles"))


def style(name: str) -> Style:
    """``email``, ``translate:de``, or a name as it is spoken. Raises ``UsageError`` for one there is not."""
    wanted, _, language = name.strip().lower().partition(":")
    wanted = "clean" if wanted == "auto" else wanted  # no program that receives it is known here
    known = styles()
    found = known.get(wanted) or next((s for s in known.values() if wanted in s.spoken), None)
    if found is None:
        raise UsageError(
            f"There is no style called “{name}”. There are: {', '.join(sorted(known))}.",
            todo="Choose one: aloud rewrite --style NAME",
        )
    if not found.translates:
        return found
    spoken = LANGUAGES.get(language, language.capitalize()) if language else "English"
    prompt = found.prompt.replace("{language}", spoken)
    return replace(found, prompt=prompt)


def style_for(program: str) -> Style | None:
    """The style in which a program of this name receives text; None when no style claims it."""
    name = program.lower()

    def receives(part: str) -> bool:
        return re.search(rf"(?<![a-z]){re.escape(part)}(?![a-z])", name) is not None

    return next((s for s in styles().values() if any(map(receives, s.programs))), None)


def spoken_styles() -> dict[str, str]:
    """By each name that "mode NAME" may say, ``--style``'s name."""
    named = {name: name for name in styles()}
    return named | {spoken: s.name for s in styles().values() for spoken in s.spoken}


@functools.cache
def _styles(own: Path) -> tuple[tuple[str, Style], ...]:
    files = [
        *sorted((Path(config.__file__).parent / "styles").glob("*.toml")),
        *sorted(own.glob("*.toml") if own.is_dir() else ()),
    ]
    return tuple({path.stem.lower(): _read(path) for path in files}.items())


def _read(path: Path) -> Style:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        _check(table)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The style {path} cannot be used: {error}.", todo="Mend it, or remove it."
        ) from None
    translates = table.get("translates", False)
    return Style(
        path.stem.lower(),
        " ".join(table.get("prompt", "").split()),
        "tidy" in table.get("stages", ["tidy"]),
        tuple(spoken.lower() for spoken in table.get("spoken", ())),
        tuple(program.lower() for program in table.get("programs", ())),
        table.get("shortens", False),
        translates,
        table.get("keeps", "meaning" if translates else "facts"),
        table.get("recasts", False),
    )


def _check(table: dict[str, Any]) -> None:
    """Raises ``ValueError`` that says what is wrong."""
    kinds = {
        "prompt": str, "stages": list, "spoken": list, "programs": list, "shortens": bool, "translates": bool,
        "keeps": str, "recasts": bool,
    }  # fmt: skip
    for name, value in table.items():
        if name not in kinds:
            raise ValueError(f"nothing is called “{name}”; there are {', '.join(kinds)}")
        words = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not (words if kinds[name] is list else isinstance(value, kinds[name])):
            wanted = {str: "a text", list: "a list of texts", bool: "true or false"}[kinds[name]]
            raise ValueError(f"“{name}” is {wanted}")
    if table.get("keeps", "facts") not in get_args(Keeps):
        raise ValueError(f"“keeps” is one of {', '.join(get_args(Keeps))}")
    if table.get("translates") and "{language}" not in table.get("prompt", ""):
        raise ValueError("what translates has {language} in its prompt")
