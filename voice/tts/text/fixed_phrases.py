"""The few words Aloud puts in itself, in the languages it knows them in. Any other language hears English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


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


ENGLISH = FixedPhrases(
    code="Code, {}, on the screen.",
    lines=("{} line", "{} lines"),
    table="A table with {columns}, {names}, and {rows}, on the screen.",
    columns=("{} column", "{} columns"),
    rows=("{} row", "{} rows"),
    link="a link to {}",
    picture="a picture",
    formula="a formula, on the screen",
    at="at",
    dot="dot",
    done="done",
    todo="to do",
    conjunction="and",
)

WORDS = {
    "en": ENGLISH,
    "de": FixedPhrases(
        code="Code, {}, auf dem Bildschirm.",
        lines=("{} Zeile", "{} Zeilen"),
        table="Eine Tabelle mit {columns}, {names}, und {rows}, auf dem Bildschirm.",
        columns=("{} Spalte", "{} Spalten"),
        rows=("{} Zeile", "{} Zeilen"),
        link="ein Link zu {}",
        picture="ein Bild",
        formula="eine Formel, auf dem Bildschirm",
        at="ät",
        dot="Punkt",
        done="erledigt",
        todo="offen",
        conjunction="und",
    ),
    "fr": FixedPhrases(
        code="Du code, {}, à l’écran.",
        lines=("{} ligne", "{} lignes"),
        table="Un tableau de {columns}, {names}, et {rows}, à l’écran.",
        columns=("{} colonne", "{} colonnes"),
        rows=("{} ligne", "{} lignes"),
        link="un lien vers {}",
        picture="une image",
        formula="une formule, à l’écran",
        at="arobase",
        dot="point",
        done="fait",
        todo="à faire",
        conjunction="et",
    ),
    "es": FixedPhrases(
        code="Código, {}, en la pantalla.",
        lines=("{} línea", "{} líneas"),
        table="Una tabla de {columns}, {names}, y {rows}, en la pantalla.",
        columns=("{} columna", "{} columnas"),
        rows=("{} fila", "{} filas"),
        link="un enlace a {}",
        picture="una imagen",
        formula="una fórmula, en la pantalla",
        at="arroba",
        dot="punto",
        done="hecho",
        todo="pendiente",
        conjunction="y",
    ),
}

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
