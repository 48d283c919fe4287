"""Calls of tools that are there, and of some that are not, with arguments that nobody would send.

``once_`` cases ask for tools in the first answer alone: what comes of the results is then a good answer.
"""

from __future__ import annotations

import json
from typing import Any

from bench.hostile.chat.wire import DONE, SSE, chunk, sends, sse
from bench.hostile.conversing.faults import Play

_STOP = sse({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]}) + DONE
_TIMERS = ("set_timer", "set_alarm", "cancel_timer", "change_timer")


def cases() -> dict[str, Play]:
    found = {f"tc_{name}": _asked(calls) for name, calls in {**_odd(), **_wrong(), **_many()}.items()}
    found["tc_said_and_called"] = (
        SSE + sse(chunk("Of course. ")) + _asked([_call("calculate", "{}")])[len(SSE) :]
    )
    found["tc_cut"] = _asked([_call("set_timer", '{"seconds": 60')])[: -len(_STOP)]
    found["tc_cut_whole"] = _asked([_call("set_timer", '{"seconds": 60}')])[: -len(_STOP)]
    once = {f"once_{name}": sent for name, sent in found.items()}
    return {name: sends(sent) for name, sent in (found | once).items()}


def _asked(calls: Any) -> bytes:
    return SSE + sse({"choices": [{"delta": {"tool_calls": calls}}]}) + _STOP


def _call(name: Any, arguments: Any, number: int = 0, id: Any = None) -> dict[str, Any]:
    function = {"name": name, "arguments": arguments}
    return {"index": number, "id": f"a{number}" if id is None else id, "function": function}


def _odd() -> dict[str, Any]:
    """Calls that are none."""
    return {
        "null": None,
        "str": "x",
        "ints": [1, 2, None],
        "noname": [{"index": 0, "function": {"arguments": "{}"}}],
        "unknown": [_call("rm", "{}")],
        "idint": [_call(5, None, id=5)],
        "esc": [_call("\x1b[31mcalculate", "{}", id="\x1b[31m")],
        "surr": [_call("calculate\ud800", '{"expression":"\\ud800"}', id="\ud800")],
        "name1mb": [_call("s" * 1_000_000, "{}")],
        "bidi": [_call("set_\u202etimer", '{"seconds": 60}')],
        "spaced": [_call(" set_timer ", '{"seconds": 60}')],
        "two_names": [_call("set_timer", ""), _call("cancel_timer", '{"all": true}')],
        "idx_far": [_call("calculate", '{"expression": "1+1"}', number=10**12)],
        "idx_neg": [_call("calculate", '{"expression": "1+1"}', number=-1)],
        "same_id": [_call("calculate", '{"expression": "1+1"}', number=n, id="x") for n in range(3)],
    }


def _wrong() -> dict[str, Any]:
    """Arguments that are none, or not those of the tool."""
    arguments: dict[str, Any] = {
        "int": 5,
        "list": "[1]",
        "bad": "{bad",
        "deep": "[" * 100_000,
        "deep900": '{"expression":' * 900 + "1" + "}" * 900,
        "big": json.dumps({"expression": "x" * 1_000_000}),
        "wide": json.dumps({f"k{n}": n for n in range(50_000)}),
        "pow": json.dumps({"expression": "9**9**9**9"}),
        "tower": json.dumps({"expression": "9^9^9^9^9"}),
        "factorial": json.dumps({"expression": "99999999!"}),
        "number": json.dumps({"expression": 5}),
        "brackets": json.dumps({"expression": "(" * 5000 + "1" + ")" * 5000}),
        "escapes": json.dumps({"expression": "1+1\x1b]52;c;cm0g\x07"}),
    }
    found = {f"arg{name}": [_call("calculate", value)] for name, value in arguments.items()}
    timers: dict[str, Any] = {
        "text": {"seconds": "sixty"},
        "neg": {"seconds": -5},
        "zero": {"seconds": 0},
        "true": {"seconds": True},
        "huge": {"seconds": 1e308},
        "hugeint": {"seconds": 10**400},
        "name": {"seconds": 60, "name": "n" * 1_000_000},
        "esc": {"seconds": 60, "name": "\x1b]0;pwned\x07 \u202egnp"},
        "more": {"seconds": 60, "run": "rm -rf /"},
        "nested": {"seconds": {"seconds": 60}},
    }
    for name, value in timers.items():
        found[f"timer_{name}"] = [_call("set_timer", json.dumps(value))]
    found["timer_inf"] = [_call("set_timer", '{"seconds": Infinity}')]
    found["timer_nan"] = [_call("set_timer", '{"seconds": NaN}')]
    found["look_file"] = [_call("look", '{"place": "/etc/passwd"}')]
    found["alarm_time"] = [_call("set_alarm", '{"time": "99:99"}')]
    return found


def _many() -> dict[str, Any]:
    """Calls in numbers."""
    timer, sum_ = '{"seconds": 3600}', '{"expression": "2+2"}'
    return {
        "thousand_sums": [_call("calculate", sum_, number=n) for n in range(1000)],
        "thousand_timers": [_call("set_timer", timer, number=n) for n in range(1000)],
        "fifty_timers": [_call("set_timer", timer, number=n) for n in range(50)],
        "fifty_notes": [_call("take_note", json.dumps({"text": "n" * 2000}), number=n) for n in range(50)],
        "fifty_looks": [_call("look", "{}", number=n) for n in range(50)],
        "every_timer_tool": [_call(name, "{}", number=n) for n, name in enumerate(_TIMERS)],
        "wipes": [
            _call("delete_notes", '{"all": true}'),
            _call("clear_list", '{"list": "shopping", "delete": true}', number=1),
            _call("cancel_timer", '{"all": true}', number=2),
        ],
    }
