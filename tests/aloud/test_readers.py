"""Events as JSON lines, and a turn drawn as a waterfall."""

from __future__ import annotations

import io
import json

from aloud.readers import PlainLines, json_lines, waterfall
from pipeline import events
from pipeline.events import Latency

TURN = Latency(
    speech_end=2.0,
    turn_end=2.6,
    words=2.65,
    first_token=2.75,
    first_clause=2.9,
    first_sound=2.91,
    audible=2.95,
)


def test_an_event_is_one_json_object_a_line() -> None:
    out = io.StringIO()
    notify = json_lines(out)
    notify(events.Said(at=2.6, turn=0, text="Grüße!", speech_end=2.0, confidence=0.9))
    notify(events.Tool(at=3.0, turn=0, tool="timer", arguments={"seconds": 5}, result="Set."))
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first == {
        "event": "said",
        "at": 2.6,
        "turn": 0,
        "text": "Grüße!",
        "speech_end": 2.0,
        "confidence": 0.9,
        "source": "voice",
    }
    assert second["name"] == "timer"
    assert "error" not in second


def test_the_waterfall_has_a_bar_a_stage_and_the_whole() -> None:
    lines = waterfall(TURN)
    assert [line.split("  ")[1].strip() for line in lines] == [
        "turn end",
        "words",
        "first token",
        "first clause",
        "first sound",
        "audible",
        "voice to voice",
    ]
    assert lines[-1].endswith("950 ms")
    assert lines[0].endswith("600 ms")
    assert lines[0].index("█") < lines[4].index("█")


def test_a_typed_question_has_no_waterfall() -> None:
    assert waterfall(Latency(first_token=1.0)) == []


def test_plain_lines_tell_the_conversation() -> None:
    out = io.StringIO()
    reader = PlainLines(out)
    reader(events.Said(at=2.6, turn=0, text="Hello.", speech_end=2.0, confidence=0.9))
    reader(events.ReplyDelta(at=2.7, turn=0, text="Good "))
    reader(events.ReplyDelta(at=2.7, turn=0, text="morning."))
    reader(events.Spoke(at=4.0, turn=0, heard="Good morning.", complete=True))
    reader(events.Interrupted(at=9.0, turn=1, heard="Once upon"))
    assert out.getvalue().splitlines() == [
        "You:   Hello.",
        "Aloud: Good morning.",
        "Aloud: Once upon …(interrupted)",
    ]
