"""Rows of the account as values. What a damaged one holds in a wrong kind is shown as far as it can be."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, cast, get_args

from config.runtime.clean import EMPTY
from config.runtime.json_values import read_json
from pipeline.dictation.take import Delivery, State, Take
from pipeline.dictation.takes_schema import TAKE_COLUMNS
from pipeline.dictation.targets.base import Receipt
from pipeline.store.values import moment, text


def as_take(row: sqlite3.Row) -> Take:
    fields = {name: text(row[name]) for name in TAKE_COLUMNS}
    state = cast(State, fields["state"] if fields["state"] in get_args(State) else "failed")
    ends_at = row["ends_at"] if isinstance(row["ends_at"], int) else None
    ended = None if row["ended"] is None else moment(row["ended"])
    exact = {"sound": sound_name(row["sound"])} | {
        "id": row["id"],
        "began": moment(row["began"]),
        "ended": ended,
        "ends_at": ends_at,
        "state": state,
    }
    return Take(**cast(Any, fields | exact | {"targets": _targets(fields["targets"])}))


def as_row(take: Take) -> list[object]:
    """In the order of ``TAKE_COLUMNS``."""
    of = {name: getattr(take, name) for name in TAKE_COLUMNS}
    return [*(of | {"targets": json.dumps(list(take.targets))}).values()]


def as_delivery(row: sqlite3.Row) -> Delivery:
    target = text(row["target"])
    times = (None if row[name] is None else moment(row[name]) for name in ("arrived", "taken_back"))
    receipt = as_receipt(row["receipt"], target, text(row["id"]))
    return Delivery(text(row["id"]), target, text(row["text"]), receipt, moment(row["intended"]), *times)


def as_receipt(stored: object, target: str, id: str = "") -> Receipt:
    """One that cannot be read proves nothing, and takes nothing back."""
    try:
        receipt = Receipt.from_json(text(stored))
    except (ValueError, TypeError):
        return Receipt(target, EMPTY, id=id)
    kinds = {"target": str, "text": str, "id": str, "place": str, "offset": int, "length": int}
    sound = all(isinstance(getattr(receipt, name), kind) for name, kind in kinds.items())
    return receipt if sound else Receipt(target, EMPTY, id=id)


def sound_name(value: object) -> str:
    """Of a recording; empty where it is none. It leads out of no folder."""
    name = text(value)
    return name if name.isprintable() and Path(name).name == name else ""


def _targets(written: str) -> tuple[str, ...]:
    try:
        targets = read_json(written)
    except ValueError:
        targets = None
    known = isinstance(targets, list) and targets and all(isinstance(each, str) for each in targets)
    return tuple(targets) if known and isinstance(targets, list) else ("stdout",)
