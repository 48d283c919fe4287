"""The few words Aloud puts in itself: ``[told]`` of ``LANGUAGE/spoken.toml``."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config.language.data import known, table


@dataclass(frozen=True, slots=True)
class FixedPhrases:
    code: str
    lines: tuple[str, str]
    """One, many."""
    table: str
    columns: tuple[str, str]
    rows: tuple[str, str]
    link: str
    picture: str
    formula: str
    at: str
    dot: str
    done: str
    todo: str
    conjunction: str
    underscore: str
    plus: str
    dash: str
    paths: Mapping[str, Any] | None
    """How the signs of code and the paths of files are said; None: they are left to the voice."""

    def code_block(self, lines: int, language: str) -> str:
        said = self.lines[lines != 1].format(lines)
        return self.code.format(f"{said}, {language}" if language else said)

    def table_of(self, names: Sequence[str], rows: int) -> str:
        return self.table.format(
            columns=self.columns[len(names) != 1].format(len(names)),
            names=self.listed([name for name in names if name]),
            rows=self.rows[rows != 1].format(rows),
        )

    def listed(self, names: Sequence[str]) -> str:
        return f" {self.conjunction} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


@functools.cache
def fixed_phrases(language: str) -> FixedPhrases:
    """For ``de``, ``de-AT``; English where we have none of a language."""
    code = known(language)
    entries = table(code, "spoken")
    told: dict[str, Any] = {
        name: tuple(said) if isinstance(said, list) else said for name, said in entries["told"].items()
    }
    return FixedPhrases(**told, paths=entries.get("rules", {}).get("code"))


CODE_LANGUAGES = {
    "py": "Python", "python": "Python", "python3": "Python", "js": "JavaScript",
    "javascript": "JavaScript", "ts": "TypeScript", "typescript": "TypeScript", "sh": "shell",
    "bash": "shell", "zsh": "shell", "shell": "shell", "console": "shell", "json": "JSON",
    "yaml": "YAML", "yml": "YAML", "toml": "TOML", "html": "HTML", "css": "CSS", "sql": "SQL",
    "xml": "XML", "cpp": "C plus plus", "c++": "C plus plus", "cs": "C sharp", "csharp": "C sharp",
    "c#": "C sharp", "rs": "Rust", "rb": "Ruby", "go": "Go", "golang": "Go", "kt": "Kotlin",
    "php": "PHP", "md": "Markdown", "markdown": "Markdown", "tex": "LaTeX", "latex": "LaTeX",
    "java": "Java", "rust": "Rust", "ruby": "Ruby", "swift": "Swift", "kotlin": "Kotlin",
    "powershell": "PowerShell", "text": "", "txt": "", "plaintext": "", "plain": "", "": "",
}  # fmt: skip
"""The word after a fence, to what the language is called."""
