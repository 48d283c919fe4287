"""``aloud config``: every setting with its origin; one setting changed, comments kept."""

from __future__ import annotations

import json as json_module
import re
from pathlib import Path

from config.errors import UsageError
from config.paths import config_file
from config.settings import SHORT_NAMES, Configuration, flatten, load


def show(configuration: Configuration, *, json: bool) -> None:
    rows = [
        (name, value, configuration.origins.get(name, "default"))
        for name, value in flatten(configuration.settings.model_dump())
    ]
    if json:
        for name, value, origin in rows:
            print(json_module.dumps({"name": name, "value": value, "origin": origin}, ensure_ascii=False))
        return
    width = max(len(name) for name, _, _ in rows)
    for name, value, origin in rows:
        print(f"{name:<{width}}  {toml(value):<24} {'' if origin == 'default' else origin}".rstrip())


def toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json_module.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def change(name: str, value: str, file: Path | None) -> None:
    """Raises ``UsageError`` for an unknown name or a value it does not take; the file is then as before."""
    name = SHORT_NAMES.get(name, name)
    known = dict(flatten(_defaults()))
    if name not in known:
        raise UsageError(f"No setting is called {name!r}.", todo="See them all: aloud config show")
    load({name: value}, environment={})
    path = file or config_file()
    before = path.read_text("utf-8") if path.exists() else ""
    after = edited(before, name, toml(_typed(value, known[name])))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(after, "utf-8")
    draft.replace(path)
    print(f"{name} = {toml(_typed(value, known[name]))}  in {path}")


def _defaults() -> dict[str, object]:
    from config.settings import Settings

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
