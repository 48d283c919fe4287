"""Values between the worker and the program, as JSON, and back as what they were."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from config.runtime.clean import clean
from pipeline.tables.base import Value

_LONGEST = 20_000


def told(value: Any) -> Any:
    """As JSON: itself, or with its type in front of its text."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
        case Decimal():
            return {"number": str(value)}
        case datetime():
            return {"moment": value.replace(tzinfo=None).isoformat()}
        case date():
            return {"date": value.isoformat()}
        case time():
            return {"time": value.replace(tzinfo=None).isoformat()}
        case timedelta():
            return {"span": [value.days, value.seconds, value.microseconds]}
        case list() | tuple() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)[:_LONGEST]
    return str(value)[:_LONGEST]


def heard(value: Any) -> Value:
    """Back. Raises ``ValueError`` for what no worker of ours says."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return clean(value)
        case {"number": str(text)}:
            return Decimal(text)
        case {"moment": str(text)}:
            return datetime.fromisoformat(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"time": str(text)}:
            return time.fromisoformat(text)
        case {"span": [int(days), int(seconds), int(micros)]}:
            return timedelta(days, seconds, micros)
    raise ValueError("no value")
