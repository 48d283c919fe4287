"""The tools for timers, as a model is offered them."""

from __future__ import annotations

from typing import Any

from pipeline.llm.base import ToolSpec
from pipeline.skills.ring.recurrence import NAMED

_NAME = {"type": "string", "maxLength": 80}
_WHICH = {
    "name": _NAME | {"description": "what it is called"},
    "number": {"type": "integer"},
    "seconds": {"type": "number", "description": "how long it was set for"},
}
_KIND = {"kind": {"type": "string", "enum": ["timer", "alarm", "reminder"]}}


def _schema(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


SET_TIMER = ToolSpec(
    "set_timer",
    "Sets a timer, or a reminder, that rings after so many seconds. Only this tool can do it.",
    _schema(
        {
            "seconds": {"type": "number", "description": "for example 300 for five minutes"},
            "name": _NAME | {"description": "for example pasta; of a reminder: what to do"},
            "kind": {"type": "string", "enum": ["timer", "reminder"]},
        },
        "seconds",
    ),
)
SET_ALARM = ToolSpec(
    "set_alarm",
    "Sets an alarm, or a reminder, for a time of day: once, or on some days of each week.",
    _schema(
        {
            "time": {"type": "string", "maxLength": 5, "description": "of 24 hours, as 07:30"},
            "tomorrow": {"type": "boolean", "description": "not today, though it is still ahead"},
            "date": {
                "type": "string",
                "maxLength": 10,
                "description": "as 2026-12-25",
            },
            "repeat": {
                "type": "array",
                "maxItems": 7,
                "items": {"type": "string", "enum": list(NAMED)},
                "description": "the days on which it rings again and again; left out: once",
            },
            "name": _NAME | {"description": "of a reminder: what to do"},
            "kind": {"type": "string", "enum": ["alarm", "reminder"]},
        },
        "time",
    ),
)
LIST_TIMERS = ToolSpec(
    "list_timers",
    "Tells how much time is left on timers, alarms and reminders; on all when nothing is given.",
    _schema(_WHICH | _KIND),
)
CHANGE_TIMER = ToolSpec(
    "change_timer",
    "Gives a timer that runs another length: so much from now on, or so much more or less; or an alarm or a "
    "reminder another time of day.",
    _schema(
        _WHICH
        | _KIND
        | {
            "time": {"type": "string", "maxLength": 5, "description": "of 24 hours, as 07:30"},
            "date": {"type": "string", "maxLength": 10, "description": "as 2026-12-25"},
            "to_seconds": {"type": "number", "description": "left from now on"},
            "by_seconds": {"type": "number", "description": "longer; shorter when negative"},
        }
    ),
)
CANCEL_TIMER = ToolSpec(
    "cancel_timer",
    "Cancels a timer, alarm or reminder: the one that is meant, the only one, or all of a kind.",
    _schema(
        _WHICH
        | _KIND
        | {
            "all": {"type": "boolean", "description": "all of the kind; of every kind, where none is given"},
            "keep": {"type": "integer", "description": "the number of the one that is to stay"},
            "keep_kind": _KIND["kind"] | {"description": "all of it stay"},
            "numbers": {"type": "array", "maxItems": 50, "items": {"type": "integer"}},
        }
    ),
)
