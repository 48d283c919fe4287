"""Events as JSON lines, and a turn drawn as a waterfall."""

from __future__ import annotations

import io
import json
import math
from dataclasses import replace

from aloud.cli.terminal.answer_lines import answer_lines
from aloud.cli.terminal.renderers import PlainLines, json_lines, latency_line, tokens_line, waterfall
from config.errors import LlmError
from config.runtime.clean import EMPTY, clean
from config.runtime.printing import print_json
from pipeline import events
from pipeline.events import Event, Latency
from pipeline.session.engines import EngineChoice, betterment
from tests.tables import for_each
from voice.audio.input.microphone import FRAME_S

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
    notify(events.FinalTranscript(at=2.6, turn=0, text=clean("Grüße!"), speech_end=2.0, confidence=0.9))
    timer, came = clean("timer"), clean("Set.")
    notify(events.ToolUsed(at=3.0, turn=0, tool=timer, arguments={"seconds": 5}, result=came))
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first == {
        "event": "final_transcript",
        "at": 2.6,
        "turn": 0,
        "text": "Grüße!",
        "speech_end": 2.0,
        "confidence": 0.9,
        "source": "voice",
    }
    assert second["name"] == "timer"
    assert "error" not in second


def test_what_waits_for_a_yes_and_what_became_of_it() -> None:
    tool, text = clean("send_mail"), clean("Shall I do that?")
    asked = events.ConfirmationRequested(at=1.0, turn=0, tool=tool, arguments={"to": "Ann"}, text=text)
    expired = events.ConfirmationResolved(at=31.0, turn=0, tool=tool, outcome="expired")
    assert asked.as_dict() == {
        "event": "confirmation_requested", "at": 1.0, "turn": 0,
        "name": "send_mail", "arguments": {"to": "Ann"}, "text": "Shall I do that?",
    }  # fmt: skip
    assert (expired.as_dict()["name"], expired.as_dict()["outcome"]) == ("send_mail", "expired")
    out = io.StringIO()
    assert told(PlainLines(out), out, asked, expired) == [
        "Aloud: nobody agreed to it in time, and it was not done."
    ]
    assert told(PlainLines(out := io.StringIO()), out, asked, replace(expired, outcome="approved")) == []


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


def test_the_latency_of_a_turn_in_one_line_without_drawing() -> None:
    assert latency_line(TURN) == (
        "Latency: turn end 600 ms, words 50 ms, first token 100 ms, first clause 150 ms, first sound 10 ms,"
        " audible 40 ms; voice to voice 950 ms."
    )
    assert latency_line(Latency(first_token=1.0)) == ""


def told(reader: PlainLines, out: io.StringIO, *told: Event) -> list[str]:
    for event in told:
        reader(event)
    return out.getvalue().splitlines()


CONVERSATION: tuple[Event, ...] = (
    events.Ready(
        at=0.0, turn=0, stt=clean("pocketsphinx"), tts=EMPTY, llm=clean("skills"), vision=clean("rapidocr")
    ),
    events.FinalTranscript(at=2.6, turn=0, text=clean("Hello."), speech_end=2.0, confidence=0.9),
    events.ReplyDelta(at=2.7, turn=0, text=clean("Good ")),
    events.ReplyDelta(at=2.7, turn=0, text=clean("morning.\n\n- One\n- Two")),
    events.Spoke(at=4.0, turn=0, heard=clean("Good morning."), complete=True),
    events.TurnDone(at=4.0, turn=0, latency=TURN),
    events.Interrupted(at=9.0, turn=1, heard=clean("Once upon")),
    events.Withdrawn(at=9.9, turn=1, heard=clean("Once upon"), text=clean("A story about a robot")),
    events.Slept(at=10.0, turn=-1, word=clean("okay nabu")),
)


def test_what_the_model_read_and_wrote_is_told_where_it_says_so() -> None:
    nothing = Latency()
    assert tokens_line(events.TurnDone(at=1.0, turn=0, latency=nothing)) == ""
    done = events.TurnDone(at=1.0, turn=0, latency=nothing, tokens_in=812, tokens_out=45)
    assert tokens_line(done) == "Tokens: 812 read; 45 written."
    done = replace(done, tokens_cached=780, tokens_thinking=20)
    read, written = "812 read, 780 of them known to it", "45 written, 20 of them in thought"
    assert tokens_line(done) == f"Tokens: {read}; {written}."
    out = io.StringIO()
    assert tokens_line(done) in told(PlainLines(out, latency=True), out, done)


def test_plain_lines_tell_the_conversation_a_line_a_turn_and_no_waterfall() -> None:
    out = io.StringIO()
    assert told(PlainLines(out, hint="To end: Ctrl-C"), out, *CONVERSATION) == [
        "Listening, with stt pocketsphinx, llm skills. To end: Ctrl-C",
        "You said: Hello.",
        "Aloud: Good morning. - One - Two",
        "Aloud, interrupted: Once upon",
        "Taken together: A story about a robot (The answer that was interrupted is withdrawn.)",
        "Asleep. Say “okay nabu”.",
    ]


@for_each(
    ("text", "lines"),
    [
        ("Good\nmorning.", ["Good morning."]),
        ("Here:\n```py\ndef f():\n    a\n\nYou said: yes\n```\nThat is\nit.",
         ["Here:", "    def f():", "        a", "", "    You said: yes", "That is it."]),
        ("```\na", ["    a"]),
        ("~~~\n```\n~~~\n", ["    ```"]),
        ("", []),
    ],
)  # fmt: skip
def test_code_in_an_answer_keeps_its_lines(text: str, lines: list[str]) -> None:
    assert answer_lines(clean(text)) == lines


def test_code_that_is_shown_stands_below_who_shows_it() -> None:
    out = io.StringIO()
    shown = events.ReplyDelta(at=1.0, turn=0, text=clean("```py a.py:1-2\ndef f():\n    pass\n```"))
    assert told(
        PlainLines(out), out, shown, events.Spoke(at=2.0, turn=0, heard=shown.text, complete=True)
    ) == [
        "Aloud:",
        "    def f():",
        "        pass",
    ]


def test_the_latency_comes_when_it_is_asked_for() -> None:
    out = io.StringIO()
    assert latency_line(TURN) in told(PlainLines(out, latency=True), out, *CONVERSATION)


def test_plain_lines_say_once_that_no_sound_arrives_and_not_while_it_speaks() -> None:
    out = io.StringIO()
    reader = PlainLines(out)
    frames_in_3_s = math.ceil(3 / FRAME_S)
    for _ in range(2 * frames_in_3_s):
        reader.level(-120.0, expected=False)
    assert out.getvalue() == ""
    for expected in (True, False, True):  # it speaks in between
        for _ in range(2 * frames_in_3_s):
            reader.level(-120.0, expected)
    assert out.getvalue().splitlines() == ["No sound arrives: is the microphone muted?"]
    reader.level(-60.0)
    for _ in range(frames_in_3_s):
        reader.level(-120.0)
    assert out.getvalue().splitlines() == ["No sound arrives: is the microphone muted?"] * 2


def test_what_a_choice_or_an_error_quotes_does_nothing_to_a_terminal() -> None:
    unclean = "a\x1b]52;c;ZXZpbA==\x07b\u202ec\r\x9bd\ud83d"
    choice = EngineChoice("llm", unclean, unclean, f"aloud models get {unclean}")
    error = LlmError(unclean, kept=unclean, todo=unclean)
    words = [choice.name, choice.why, choice.improve, str(error), error.and_todo, *betterment([choice])]
    assert {clean(text) == text and "\x1b" not in text for text in words} == {True}
    assert str(error).count("a]52;c;ZXZpbA==bc d\ufffd") == 3


def test_json_lets_no_control_and_no_half_letter_through() -> None:
    out = io.StringIO()
    print_json({"a\x9b\ud83d": "\x1b]52;c;x\x07\u202e\x85", "of": ["\r", {"b": "\udcff"}]}, file=out)
    assert out.getvalue() == '{"a\ufffd": "]52;c;x\\n", "of": ["\\n", {"b": "\ufffd"}]}\n'
