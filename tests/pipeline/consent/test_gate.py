"""Nothing but a person's yes yields a call, once, and it is the one that was read back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.runtime.clean import clean
from pipeline.consent.frozen import FrozenCall
from pipeline.consent.gate import EXPIRES_S, SURE, Agreed, Gate, Pending, Resolved, Utterance
from pipeline.consent.needs import needs_consent
from pipeline.llm.base import ToolCall
from tests.tables import for_each

MAIL = {"to": "alice@example.org", "text": "hello"}
TEXT = clean("I would use send mail. Shall I do that?")


def call(**arguments: Any) -> ToolCall:
    return ToolCall("1", "send_mail", {**MAIL, **arguments})


def asked(gate: Gate, *, turn: int = 1, heard_at: float | None = 10.0) -> Gate:
    assert isinstance(gate.propose(call(), TEXT, turn, "en"), Pending)
    if heard_at is not None:
        gate.read_out(turn, heard_at)
    return gate


def said(text: str = "Yes.", *, turn: int = 2, began: float = 11.0, **more: Any) -> Utterance:
    return Utterance(text, "en", turn, began, **more)


def test_a_yes_gives_the_frozen_call_once() -> None:
    gate = asked(Gate())
    resolved = gate.answer(said())
    assert resolved
    assert resolved.agreed
    frozen = resolved.agreed.take()
    assert frozen is not None
    assert (frozen.name, frozen.arguments) == ("send_mail", MAIL)
    assert resolved.agreed.take() is None
    assert gate.answer(said(turn=3, began=12.0)) is None  # "yes, yes"


@for_each(
    ("utterance", "outcome"),
    [
        (said(began=10.0), "dropped"),  # begun as the last word ended
        (said(began=9.0), "dropped"),  # while it was read
        (said(began=float("nan")), "dropped"),
        (said(began=10.0 + EXPIRES_S + 0.1), "expired"),
        (said(by_person=False), "dropped"),
        (said(by_person=False, spoken=False), "dropped"),
        (said(confidence=SURE - 0.01), "unsure"),
        (said(confidence=float("nan")), "unsure"),
        (said("Yes, but to Bob."), "dropped"),
        (said("Yes?"), "dropped"),
        (said("mhm"), "dropped"),
        (said(""), "dropped"),
        (said("Ja."), "dropped"),
        (said("No."), "declined"),
        (said("Stop.", stops=True), "declined"),
        (said("Basta.", stops=True), "declined"),
        (said(stops=True), "declined"),
        (said(spoken=False, confidence=0.0), "approved"),
        (said(began=10.0 + EXPIRES_S), "approved"),
        (replace(said("Ja, schick es."), language="de"), "approved"),
    ],
)
def test_what_else_is_said_lets_it_fall(utterance: Utterance, outcome: str) -> None:
    gate = asked(Gate())
    resolved = gate.answer(utterance)
    assert resolved is not None
    assert resolved.outcome == outcome
    assert (resolved.agreed is not None) == (outcome == "approved")
    assert gate.pending is None


def test_the_turn_that_asks_does_not_answer() -> None:
    gate = asked(Gate(), turn=2)
    assert gate.answer(said(turn=2)) is None
    assert gate.answer(said(turn=1)) is None
    assert gate.pending


def test_what_was_not_heard_to_its_end_is_not_agreed_to() -> None:
    unread, cut = asked(Gate(), heard_at=None), asked(Gate(), heard_at=None)
    cut.cut(1, 5.0)
    cut.read_out(1, 6.0)  # too late: it was cut
    another = asked(Gate(), heard_at=None)
    another.read_out(7, 6.0)  # of another turn
    for gate in (unread, cut, another):
        resolved = gate.answer(said())
        assert resolved
        assert resolved.outcome == "interrupted"
        assert resolved.agreed is None


def test_time_lets_it_fall_once() -> None:
    gate = asked(Gate())
    assert gate.expire(10.0 + EXPIRES_S - 0.1) is None
    resolved = gate.expire(10.0 + EXPIRES_S)
    assert resolved
    assert resolved.outcome == "expired"
    assert gate.expire(1000.0) is None
    assert gate.answer(said()) is None
    waiting = asked(Gate(), heard_at=None)
    assert waiting.expire(1e9) is None  # it is being read back still


def test_one_is_asked_about_at_a_time_and_not_again_when_it_was_decided() -> None:
    gate = asked(Gate())
    assert gate.propose(call(to="bob"), TEXT, 1, "en") == "busy"
    gate.answer(said())
    assert gate.propose(call(), TEXT, 2, "en") == "decided"
    assert gate.propose(call(), TEXT, 3, "en", bare=True) == "decided"  # "yes" and "yes"
    assert isinstance(gate.propose(call(), TEXT, 4, "en"), Pending)  # they asked anew
    gate.answer(said("Leave it.", turn=5))
    assert gate.propose(call(), TEXT, 5, "en") == "decided"
    for unknown in (said(turn=8, confidence=0.1), said(turn=8, began=float("inf"))):
        other = asked(Gate(), heard_at=10.0 if unknown.confidence < 1 else None)
        other.answer(unknown)
        assert isinstance(other.propose(call(), TEXT, 8, "en", bare=True), Pending)  # asked once more
    assert isinstance(gate.propose(call(to="bob"), TEXT, 5, "en"), Pending)  # another call


def test_nothing_that_is_changed_afterwards_is_run() -> None:
    arguments: dict[str, Any] = {"to": ["alice"], "text": "hello"}
    asking = ToolCall("1", "send_mail", arguments)
    gate = Gate()
    gate.propose(asking, TEXT, 1, "en")
    gate.read_out(1, 10.0)
    asking.arguments["to"].append("mallory")
    arguments["text"] = "other"
    assert gate.pending
    gate.pending.call.arguments["to"].append("mallory")
    resolved = gate.answer(said())
    assert resolved
    assert resolved.agreed
    frozen = resolved.agreed.take()
    assert frozen
    assert frozen.arguments == {"to": ["alice"], "text": "hello"}


def test_a_frozen_call_that_was_changed_is_not_given() -> None:
    gate = asked(Gate())
    assert gate.pending
    changed = replace(gate.pending.call, written='{"to": "mallory@example.org", "text": "hello"}')
    gate.pending = replace(gate.pending, call=changed)
    resolved = gate.answer(said())
    assert resolved
    assert resolved.agreed
    assert resolved.agreed.take() is None


def test_nobody_else_makes_a_yes() -> None:
    with pytest.raises(TypeError):
        Agreed(FrozenCall.of(call()), object())


times = st.floats(0, 100)
texts = st.sampled_from(["Yes.", "yes please", "No.", "mhm", "Yes, but", "What?", "okay", "ja", ""])
steps = st.one_of(
    st.tuples(st.just("propose"), st.integers(0, 3), st.integers(0, 9)),
    st.tuples(st.just("read_out"), st.integers(0, 9), times),
    st.tuples(st.just("cut"), st.integers(0, 9), times),
    st.tuples(st.just("expire"), times),
    st.tuples(
        st.just("answer"), st.builds(
            Utterance, texts, st.sampled_from(["en", "de"]), st.integers(0, 9), times, st.booleans(),
            st.booleans(), st.floats(0, 1), st.booleans(), st.booleans(),
        )
    ),
)  # fmt: skip


@given(st.lists(steps, max_size=25))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_in_whatever_order(every: list[tuple[Any, ...]]) -> None:
    """Each ``Agreed`` has a read-back that was heard, and after that a new turn's yes; each read-back one."""
    gate, heard, cut = Gate(), dict[int, float](), set[int]()
    for step in every:
        before = gate.pending
        match step:
            case ("propose", number, turn):
                proposed = gate.propose(call(number=number), TEXT, turn, "en")
                assert (proposed == "busy") == (before is not None)
                heard, cut = {}, set()
            case ("read_out", turn, at):
                gate.read_out(turn, at)
                heard.setdefault(turn, at)
            case ("cut", turn, at):
                gate.cut(turn, at)
                cut |= {turn} - heard.keys()
            case ("expire", at):
                assert not (gate.expire(at) or Resolved(before, "expired")).agreed  # type: ignore[arg-type]
            case ("answer", utterance):
                resolved = gate.answer(utterance)
                if gate.pending and gate.pending != before:  # it is read once more
                    assert utterance.repeats
                    heard, cut = {}, set()
                if resolved and resolved.agreed:
                    assert before
                    assert utterance.turn > before.turn
                    assert heard[before.turn] < utterance.began <= heard[before.turn] + EXPIRES_S
                    assert before.turn not in cut
                    assert utterance.by_person
                    assert not utterance.stops
                    assert not utterance.spoken or utterance.confidence >= SURE
                    assert utterance.text.lower().startswith(("yes", "ja"))
                    assert resolved.agreed.take() == before.call
                    assert gate.pending is None


@for_each(
    ("risk", "more", "needed"),
    [
        ("send", {}, True),
        ("read", {}, False),
        ("write", {}, False),
        ("write", {"untrusted": True}, True),
        ("read", {"untrusted": True}, False),
        ("read", {"reaches_out": True}, False),
        ("read", {"reaches_out": True, "untrusted": True}, True),
        ("write", {"takes_away": True}, True),
        ("write", {"takes_away": True, "asked_for": True}, False),
        ("write", {"takes_away": True, "asked_for": True, "untrusted": True}, True),
        ("send", {"asked_for": True}, True),
    ],
)
def test_what_needs_a_yes(risk: Any, more: dict[str, bool], needed: bool) -> None:
    facts = dict.fromkeys(("reaches_out", "takes_away", "untrusted", "asked_for"), False)
    assert needs_consent(risk, **facts | more) is needed
