"""``aloud config``: every setting with its origin and what it is for; one setting changed, comments kept."""

from __future__ import annotations

import dataclasses
import json as json_module
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aloud.cli.terminal.columns import paragraph, table, width_of
from config.errors import UsageError
from config.files.lock import alone_without_a_mark, no_longer_than
from config.files.private import private_folder
from config.files.whole_file import write_whole
from config.runtime.clean import clean
from config.runtime.printing import print_json, print_text
from config.runtime.secrets import holds_key, is_about_key, masked, may_be_key, variable_of
from config.settings.explanations import explained
from config.settings.loading import SHORT_NAMES, Configuration, checked, flatten, no_setting, read_toml
from config.settings.paths import config_file
from config.settings.renamed import new_name, renamed

_BUSY_S = 2.0
"""Another program writes in a moment; one that hangs is not waited for."""


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
            shown = masked(row.value) if isinstance(row.value, str) else row.value
            print_json({**dataclasses.asdict(row), "value": shown})
        return
    width = width_of(configuration.settings.show, sys.stdout)
    print_text(clean("\n".join(_whole(rows) if width is None else _explained(rows, width))))


def _named(rows: Sequence[Row], wanted: str) -> list[Row]:
    name = SHORT_NAMES.get(wanted, wanted)
    found = [row for row in rows if row.name == name or row.name.startswith(f"{wanted}.")]
    if not found and (new := new_name(wanted)):
        raise renamed(wanted, new, "")
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
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json_module.dumps(masked(value), ensure_ascii=False) if isinstance(value, str) else str(value)


def change(name: str, value: str, file: Path | None) -> None:
    """Raises ``UsageError`` for an unknown name or a value it does not take; the file is then as before."""
    name = SHORT_NAMES.get(name, name)
    known = dict(flatten(_defaults()))
    _refuse_key(name, value)
    if new := new_name(name):
        raise renamed(name, new, "")
    if name not in known:
        raise no_setting(name, list(known))
    _check(checked(name, value))
    path = file or config_file()
    meant = _typed(value, known[name])
    write_settings(path, {name: meant})
    print_text(clean(f"{name} = {toml(meant)}  in {path}"))


def _refuse_key(name: str, value: str) -> None:
    """Raises ``UsageError`` for what is to be written down nowhere."""
    if not (holds_key(value) or (is_about_key(name) and may_be_key(value))):
        return
    if "://" in value:
        raise UsageError(
            "That holds a password or a key, and settings hold none.",
            kept="Nothing was written.",
            todo="Give the address without it.",
        )
    variable = variable_of(value)
    raise UsageError(
        "That is a key, and settings hold none: whoever sees the file would have it.",
        kept="Nothing was written.",
        todo=f"Put it into the environment: export {variable}=YOUR_KEY. A variable of another name is named "
        "to Aloud: aloud config set llm.api_key_env NAME",
    )


def write_settings(path: Path, new: Mapping[str, object]) -> None:
    """All of them or nothing, and the rest as it is; of two programs at once neither undoes what the other
    wrote. A link stays a link, and who may read it may read it: of a new one its owner.

    Raises ``UsageError`` for a file that is no TOML, and where it cannot be written: no permission, no room.
    """
    try:
        private_folder(path.parent)
        with _alone(path.parent):
            if os.path.lexists(path):
                read_toml(
                    path
                )  # what is wrong in it otherwise does not matter: it may be what is being mended
            text = _text_of(path)
            for name, value in new.items():
                text = edited(text, name, value)
            write_whole(path, text.encode())
    except OSError as error:
        raise UsageError(
            f"The settings file {path} cannot be written: {error.strerror or error}.",
            kept="The settings are as they were.",
            todo="Make room, or allow writing there; or name another file: --config FILE",
        ) from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """As far as the disk knows of locks: not all over a network do."""
    with ExitStack() as stack:
        with suppress(OSError):
            stack.enter_context(alone_without_a_mark(folder, waiting=no_longer_than(_BUSY_S)))
        yield


def _text_of(path: Path) -> str:
    """As it is, its line ends too."""
    return path.read_bytes().decode("utf-8-sig") if path.exists() else ""


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
    if isinstance(like, list):
        return [each for each in value.split(os.pathsep) if each]
    return float(value) if isinstance(like, float) else value


def edited(text: str, name: str, value: object) -> str:
    """TOML ``text`` with ``stage.name`` set to ``value``: every other key, comment and line end as it was.

    What stands in the place of a table that is needed gives way to it.
    """
    import tomlkit
    from tomlkit.container import OutOfOrderTableProxy
    from tomlkit.items import AbstractTable

    document = tomlkit.parse(text)
    *stages, key = name.split(".")
    table: Any = document
    for stage in stages:
        if not isinstance(table.get(stage), AbstractTable | OutOfOrderTableProxy):
            table[stage] = tomlkit.table()
        table = table[stage]
    table[key] = value
    return tomlkit.dumps(document)
