"""A long conversation is condensed beside the talk: never in an answer's way, and never by another host."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest

from config.errors import LlmError
from config.settings.model import LlmSettings, Settings
from pipeline import events
from pipeline.conversation.condense import QUIET_S
from pipeline.conversation.history import History
from pipeline.llm.base import Capabilities, Delta, Llm, Message, ToolSpec
from pipeline.llm.candidate import Candidate
from pipeline.llm.fallback import FallbackLlm
from pipeline.session.assistant import condensing_llm
from pipeline.session.llms import small_candidate
from pipeline.session.opened_engines import Engines

WRITE_S = 3.0
NOTE = "They asked about parcel 1. Bob was there too."


class Model:
    """Answers each question at once; a note takes it three seconds."""

    spec = "model"
    image_limits = None
    capabilities = Capabilities()

    def __init__(self, note: str | None = NOTE, where: str = "") -> None:
        self.note = note
        self.remote_host = where
        self.asked: list[list[Message]] = []
        self.condensed: list[str] = []
        """What came of each note."""

    async def warm(self) -> None: ...

    async def aclose(self) -> None: ...

    @asynccontextmanager
    async def reply(
        self, messages: Sequence[Message], tools: Sequence[ToolSpec] = ()
    ) -> AsyncIterator[AsyncIterator[Delta]]:
        if "Condense" not in messages[0].text:
            self.asked.append(list(messages))
            yield self._answer()
            return
        self.condensed.append("cancelled")
        yield self._note()
        self.condensed[-1] = "written"

    async def _answer(self) -> AsyncIterator[Delta]:
        yield Delta("Very well.", finish="stop")

    async def _note(self) -> AsyncIterator[Delta]:
        await anyio.sleep(WRITE_S)
        if self.note is None:
            raise LlmError("It went away.")
        yield Delta(self.note, finish="stop")


def talk(scene: Any, model: Model, turns: int, *, every_s: float, small: Model | None = None) -> Any:
    """A question each so many seconds, in a conversation of which eight turns are shown."""
    play = scene({}, history=History("Be brief.", turns=8, notes=True))
    play.llm = model

    async def gives() -> Llm:
        return small or model

    play.condensing_llm = gives
    for number in range(turns):
        at = 1.0 + number * every_s
        play.person.says(at, at + 0.5, f"What about parcel {number}?")
    return play.play()


def first_questions(model: Model) -> list[str]:
    return [messages[1].text.split("]")[0] for messages in model.asked]


def test_it_is_condensed_where_somebody_is_quiet_for_long_enough(scene: Any) -> None:
    model = Model()
    play = talk(scene, model, 10, every_s=10.0)
    assert model.condensed == ["written"] * 2
    kept = "[Earlier in this conversation, condensed and not word for word: They asked about parcel 1."
    assert first_questions(model) == ["What about parcel 0?"] * 6 + [kept] * 4, "Bob is of the model's making"
    assert [len(messages) for messages in model.asked] == [2, 4, 6, 8, 10, 12, 8, 10, 12, 8]
    assert len(play.of(events.Spoke)) == 10


def test_a_model_here_stops_when_somebody_speaks_and_one_elsewhere_does_not(scene: Any) -> None:
    """Each question comes a second and a half before the note would be there."""
    here, elsewhere = Model(), Model(where="api.example.org")
    for model in (here, elsewhere):
        talk(scene, model, 10, every_s=QUIET_S + WRITE_S + 1.0)
    assert "written" not in here.condensed
    assert len(here.condensed) >= 2
    asked = "; ".join(f"“What about parcel {number}?”" for number in range(3))
    assert first_questions(here)[-1] == f"[Asked earlier, the beginning of each: {asked}"
    assert set(elsewhere.condensed) == {"written"}


@pytest.mark.parametrize("note", [None, "", "Bob was there."])
def test_what_cannot_be_condensed_leaves_what_was_asked(scene: Any, note: str | None) -> None:
    model = Model(note)
    play = talk(scene, model, 9, every_s=10.0)
    assert first_questions(model)[-1].startswith(
        "[Asked earlier, the beginning of each: “What about parcel 0?”; "
    )
    assert not play.of(events.Failed)


def test_a_small_model_does_it_in_the_place_of_the_one_that_answers(scene: Any) -> None:
    model, small = Model(), Model()
    talk(scene, model, 8, every_s=10.0, small=small)
    assert (model.condensed, small.condensed, small.asked) == ([], ["written"], [])


def who(main: Model | None, small: Candidate | None) -> Any:
    gives = condensing_llm(Engines(llm=main, small=small))
    return anyio.run(gives) if gives else None


def candidate(llm: Model | None, *, opens: Model | None = None, spec: str = "small") -> Candidate:
    """``opens``: what it is found to be, where that is not what its name says."""

    async def found() -> Model | None:
        return opens or llm

    return Candidate(spec, found, remote_host=llm.remote_host if llm else "")


def test_nothing_goes_to_a_host_that_is_not_given_it_anyway() -> None:
    here, there, third = Model(), Model(where="a.example.org"), Model(where="b.example.org")
    assert who(there, candidate(here)) is here
    assert who(there, candidate(Model(where="a.example.org"))).remote_host == "a.example.org"
    assert who(here, candidate(third)) is here
    assert who(there, candidate(third)) is there
    assert who(here, candidate(None)) is here, "one that is not there is done without"
    assert who(here, None) is here
    assert who(None, candidate(here)) is None


def test_a_small_one_that_is_found_to_be_elsewhere_gets_no_words() -> None:
    """An Ollama on this machine may pass on to its cloud what a name does not tell."""
    here = Model()
    elsewhere = Model(where="ollama.com")
    assert who(here, candidate(None, opens=elsewhere)) is here
    assert who(Model(where="ollama.com"), candidate(None, opens=elsewhere)) is elsewhere


def test_the_small_one_is_named_by_a_setting() -> None:
    """One in this program is not loaded twice."""
    main = Model()
    assert small_candidate(Settings(), main) is None
    for engine, same in (("gguf:one.gguf", True), (main.spec, True), ("gguf:two.gguf", False)):
        settings = Settings(llm=LlmSettings(engine="gguf:one.gguf", small=f"{engine} "))
        assert (small_candidate(settings, main) is None) == same
    second = candidate(Model())
    both = FallbackLlm(candidate(main, spec=main.spec), second)
    assert small_candidate(Settings(llm=LlmSettings(small=second.spec)), both) is second
    found = small_candidate(Settings(llm=LlmSettings(small="openai:gpt-4o-mini")), both)
    assert found is not None
    assert (found.spec, found.remote_host, found.llm) == ("openai:gpt-4o-mini", "api.openai.com", None)
