"""``aloud config``: every setting with its origin and what it is for; one setting changed, comments kept."""

from __future__ import annotations

import dataclasses
import json as json_module
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aloud.cli.terminal.columns import paragraph, table, width_of
from config.settings.explanations import explained
from config.settings.model import SHORT_NAMES, Configuration, checked, flatten, no_setting, read_toml
from config.settings.paths import config_file


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    value: object
    origin: str
    explained: str


def show(configuration: Configuration, wanted: str = "", *, json: bool) -> None:
    """``wanted``: one setting, or a group; empty: all. Raises ``UsageError`` where none has that name."""
    rows = [
        Row(name, value, configuration.origins.get(name, "default"), explained().settings[name])
        for name, value in flatten(configuration.settings.model_dump())
    ]
    rows = _named(rows, wanted) if wanted else rows
    if json:
        for row in rows:
            print(json_module.dumps(dataclasses.asdict(row), ensure_ascii=False))
        return
    width = width_of(configuration.settings, sys.stdout)
    print("\n".join(_whole(rows) if width is None else _explained(rows, width)))


def _named(rows: Sequence[Row], wanted: str) -> list[Row]:
    name = SHORT_NAMES.get(wanted, wanted)
    found = [row for row in rows if row.name == name or row.name.startswith(f"{name}.")]
    if not found:
        raise no_setting(wanted, [row.name for row in rows])
    return found


def _whole(rows: Sequence[Row]) -> list[str]:
    """A line a setting, for programs and for who hears it."""
    return table([(row.name, toml(row.value), row.origin, row.explained) for row in rows], None)


def _explained(rows: Sequence[Row], width: int) -> list[str]:
    """Each with its explanation under it, and a group's before its first."""
    lines, group = list[str](), ""
    for row in rows:
        own = row.name.rpartition(".")[0]
        if own != group:
            group = own
            lines += ["", *paragraph(explained().groups.get(group, ""), width, 0, f"[{group}] ")]
        origin = "" if row.origin == "default" else f"  ({row.origin})"
        lines.append(f"{row.name} = {toml(row.value)}{origin}")
        lines += paragraph(row.explained, width, 4)
    return lines if lines[0] else lines[1:]


def toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json_module.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def change(name: str, value: str, file: Path | None) -> None:
    """Raises ``UsageError`` for an unknown name or a value it does not take; the file is then as before."""
    name = SHORT_NAMES.get(name, name)
    known = dict(flatten(_defaults()))
    if name not in known:
        raise no_setting(name, list(known))
    _check(checked(name, value))
    path = file or config_file()
    if path.exists():
        read_toml(path)  # what is wrong in it otherwise does not matter: it may be what is being mended
    before = path.read_text("utf-8") if path.exists() else ""
    after = edited(before, name, toml(_typed(value, known[name])))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(after, "utf-8")
    draft.replace(path)
    print(f"{name} = {toml(_typed(value, known[name]))}  in {path}")


def _check(changed: Configuration) -> None:
    """Engines too; a model may be named that is fetched later."""
    from aloud.cli.validate import check_engines

    check_engines(changed, ())


def _defaults() -> dict[str, object]:
    from config.settings.model import Settings

    return Settings().model_dump()


def _typed(value: str, like: object) -> object:
    if isinstance(like, bool):
        return value.lower() in ("true", "1", "yes", "on")
    if isinstance(like, int):
        return int(value)
    return float(value) if isinstance(like, float) else value


def edited(text: str, name: str, value: str) -> str:
    """TOML ``text`` with ``stage.name`` set to ``value`` (already written as TOML); the rest untouched."""
    stage, _, key = name.rpartition(".")
    lines = text.splitlines()
    start, end = _table(lines, stage)
    for number in range(start, end):
        if re.match(rf"\s*{re.escape(key)}\s*=", lines[number]):
            lines[number] = f"{key} = {value}"
            return "\n".join(lines) + "\n"
    if stage and start == 0:
        lines += ["", f"[{stage}]", f"{key} = {value}"] if lines else [f"[{stage}]", f"{key} = {value}"]
    else:
        lines.insert(start, f"{key} = {value}")
    return "\n".join(lines) + "\n"


def _table(lines: list[str], stage: str) -> tuple[int, int]:
    """The lines of a table: first after its header, and one past its last; (0, 0) when there is none."""
    start = 0 if not stage else None
    for number, line in enumerate(lines):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        if header and start is not None:
            return start, number
        if header and header.group(1).strip() == stage:
            start = number + 1
    return (start, len(lines)) if start is not None else (0, 0)
