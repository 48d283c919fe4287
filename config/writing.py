"""Styles: how a dictation is rewritten. A file each in ``config/styles``, one's own beside the settings."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from config.errors import UsageError
from config.paths import config_file

_LANGUAGES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian", "pt": "Portuguese",
    "nl": "Dutch", "pl": "Polish", "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "ar": "Arabic",
    "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "hi": "Hindi", "sv": "Swedish", "da": "Danish",
    "cs": "Czech", "fi": "Finnish", "no": "Norwegian", "el": "Greek", "he": "Hebrew",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Style:
    """``name`` as ``--style`` takes it; ``prompt`` empty: no mind is asked."""

    name: str
    prompt: str = ""
    tidies: bool = True
    """The rules of ``pipeline.dictation.tidy`` go before the mind, and in its place where there is none."""
    spoken: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    """Parts of the names of programs that receive text in this style."""
    shortens: bool = False
    translates: bool = False


def styles() -> dict[str, Style]:
    """By name; a person's own take the place of ours of the same name. Raises ``UsageError``."""
    return dict(_styles(config_file().parent / "styles"))


def style(name: str) -> Style:
    """``email``, ``translate:de``, or a name as it is spoken. Raises ``UsageError`` for one there is not."""
    wanted, _, language = name.strip().lower().partition(":")
    known = styles()
    found = known.get(wanted) or next((s for s in known.values() if wanted in s.spoken), None)
    if found is None:
        raise UsageError(
            f"There is no style called “{name}”. There are: {', '.join(sorted(known))}.",
            todo="Choose one: aloud rewrite --style NAME",
        )
    if not found.translates:
        return found
    spoken = _LANGUAGES.get(language, language.capitalize()) if language else "English"
    prompt = found.prompt.replace("{language}", spoken)
    return Style(found.name, prompt, found.tidies, found.spoken, found.programs, translates=True)


def style_for(program: str) -> Style | None:
    """The style in which a program of this name receives text; None when no style claims it."""
    name = program.lower()
    return next((s for s in styles().values() if any(part in name for part in s.programs)), None)


def spoken_styles() -> dict[str, str]:
    """By each name that "mode NAME" may say, ``--style``'s name."""
    named = {name: name for name in styles()}
    return named | {spoken: s.name for s in styles().values() for spoken in s.spoken}


@functools.cache
def _styles(own: Path) -> tuple[tuple[str, Style], ...]:
    files = [
        *(Path(__file__).parent / "styles").glob("*.toml"),
        *(own.glob("*.toml") if own.is_dir() else ()),
    ]
    return tuple({path.stem: _read(path) for path in files}.items())


def _read(path: Path) -> Style:
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        unknown = set(table) - {"prompt", "stages", "spoken", "programs", "shortens", "translates"}
        if unknown:
            raise ValueError(f"nothing is called “{min(unknown)}”")
        return Style(
            path.stem,
            " ".join(table.get("prompt", "").split()),
            "tidy" in table.get("stages", ["tidy"]),
            tuple(str(spoken).lower() for spoken in table.get("spoken", ())),
            tuple(str(program).lower() for program in table.get("programs", ())),
            bool(table.get("shortens", False)),
            bool(table.get("translates", False)),
        )
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise UsageError(
            f"The style {path} cannot be used: {error}.", todo="Mend it, or remove it."
        ) from None
