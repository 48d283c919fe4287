"""The drawing of the house in docs/architecture.md: folders with what they are, and who imports whom.

python scripts/draw_house.py           writes it anew between its two marks
"""

from __future__ import annotations

import ast
import functools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = ("config", "voice", "vision", "pipeline", "aloud")
BEGIN, END = "<!-- drawn by scripts/draw_house.py -->\n", "<!-- end of the drawing -->\n"


def modules() -> dict[str, Path]:
    """Dotted name → file, of all that ships."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@functools.cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@functools.cache
def _imports(path: Path) -> list[ast.Import | ast.ImportFrom]:
    return [node for node in ast.walk(_parsed(path)) if isinstance(node, ast.Import | ast.ImportFrom)]


def imports(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The modules of the house that a file imports, wherever in it."""
    for node in _imports(path):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in known else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)


def folder(path: Path) -> str:
    return str(path.parent.relative_to(ROOT))


def arrows() -> dict[str, set[str]]:
    """Folder → the folders that its files import from."""
    known = modules()
    found = defaultdict(set)
    for path in known.values():
        for name in imports(path, known):
            if name in known and folder(known[name]) != folder(path):
                found[folder(path)].add(folder(known[name]))
    return found


def first_line(path: Path) -> str:
    return (ast.get_docstring(_parsed(path)) or "").split("\n\n")[0].replace("\n", " ")


def drawing() -> str:
    """The block between the marks: a line a folder, and below it the folders it imports from."""
    lines, drawn = ["```"], arrows()
    for package in PACKAGES:
        places = [
            ROOT / package,
            *sorted(p for p in (ROOT / package).rglob("*") if (p / "__init__.py").exists()),
        ]
        for place in places:
            name = str(place.relative_to(ROOT))
            files = sorted(path.stem for path in place.glob("*.py") if path.stem != "__init__")
            lines.append(f"{name}/  {first_line(place / '__init__.py')}")
            lines += _wrapped(files, "     ")
            lines += _wrapped(sorted(drawn[name]), "     ← ")
    return "\n".join([*lines, "```"]) + "\n"


def _wrapped(words: list[str], lead: str) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + len(word) + 2 <= 118:
            lines[-1] += f"  {word}"
        else:
            lines.append((lead if not lines else " " * len(lead)) + word)
    return lines


def main() -> None:
    text = PAGE.read_text("utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(before + BEGIN + drawing() + END + after, "utf-8")


if __name__ == "__main__":
    main()
