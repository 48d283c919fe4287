"""What of a conversation fits is chosen here: the oldest turns go, and a refusal is answered with less."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pipeline.conversation.history import History
from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.base import Message, ToolCall, ToolSpec
from pipeline.llm.bridges.prompted_tools import in_words
from pipeline.llm.capabilities import Claimed
from pipeline.llm.context import ContextWindow, tokens_of, turns_of
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.server import Server, TooLongError
from pipeline.small_work.note import Note
from tests.tables import for_each
from vision.images.picture import Picture

CLOCK = ToolSpec("clock", "Tells the time.")
SYSTEM = Message("system", "Be brief.")
QUESTION = Message("user", "And now?")


def turn(number: int, words: int = 50, *, tool: bool = False) -> list[Message]:
    asked, heard = Message("user", f"{number} " + "word " * words), Message("assistant", "word " * words)
    call = ToolCall(str(number), "clock", {})
    used = [Message("assistant", "", calls=(call,)), Message("tool", "Noon.", tool_call_id=str(number))]
    return [asked, *(used if tool else ()), heard]


def talk(turns: int, words: int = 50) -> list[Message]:
    return [SYSTEM, *(m for n in range(turns) for m in turn(n, words, tool=n % 2 == 1)), QUESTION]


turns = st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=12).map(
    lambda sizes: [SYSTEM, *(m for n, (words, tool) in enumerate(sizes) for m in turn(n, words, tool=tool))]
)


@settings(max_examples=60, deadline=None)
@given(turns, st.integers(500, 8000), st.booleans())
def test_whatever_the_size_it_fits_and_what_must_stay_stays(
    before: list[Message], context: int, worded: bool
) -> None:
    messages = [*before, QUESTION]
    messages = in_words(messages, [CLOCK]) if worded else messages
    window = ContextWindow()
    fitted = window.fitted(messages, (), context, 200)
    assert fitted[0] == messages[0]
    assert list(fitted[1:]) == messages[len(messages) - len(fitted) + 1 :], "the oldest go, in order"
    assert turns_of(messages)[-len(turns_of(fitted)) :] == turns_of(fitted), "whole turns"
    fits = sum(map(tokens_of, fitted)) <= context - 200
    assert fits or len(turns_of(fitted)) == 1
    assert fitted is messages or sum(map(tokens_of, messages)) > context - 200
    assert window.fitted(messages, (), None, 200) is messages


def test_a_picture_that_is_spoken_of_stays_when_the_turn_that_it_was_shown_in_goes() -> None:
    """It is sent with the first turn that speaks of it (``History.messages``), and the last may ask of it."""
    shown = Picture("a photo", Image.new("RGB", (640, 480)))
    beginning = [SYSTEM, Message("user", "What is it?", (shown,)), Message("assistant", "A cat.")]
    messages = [*beginning, *talk(40)[1:]]
    window = ContextWindow()
    for left in (window.fitted(messages, (), 2048, 600), window.shorter(messages, (), refusal(2048), 600)):
        assert left is not None
        assert [message.pictures for message in left[:2]] == [(), (shown,)]
        assert sum(map(tokens_of, left)) <= 2048 - 600
        assert left[1].text == messages[len(messages) - len(left) + 1].text


def test_the_note_of_what_had_made_room_stays_when_the_turn_that_it_stands_in_goes() -> None:
    history = History("Be brief.", notes=True)
    history.note = Note(asked=("Who was Ada?",))
    for number in range(12):
        history.answered(Message("user", f"{number} " + "word " * 100), "word " * 100)
    messages = in_words(history.messages(QUESTION), [CLOCK])
    left = ContextWindow().fitted(messages, (), 2048, 600)
    assert len(left) < len(messages)
    assert [message.text.count("Who was Ada?") for message in left] == [0, 1, *[0] * (len(left) - 2)]
    assert sum(map(tokens_of, left)) <= 2048 - 600
    again = ContextWindow().fitted(left, (), 1024, 600)
    assert again[1].text.count("Who was Ada?") == 1


def test_most_turns_begin_as_the_one_before_did() -> None:
    """What a server has read before it need not read again."""
    begins = [ContextWindow().fitted(talk(n, 120), (), 4096, 600)[1] for n in range(1, 100)]
    changes = sum(a != b for a, b in pairwise(begins))
    assert 10 < changes < 40, "of 98"


def test_a_count_of_the_server_corrects_the_estimate() -> None:
    window, messages = ContextWindow(), talk(10)
    for _ in range(5):
        window.counted(messages, (), int(3 * sum(map(tokens_of, messages))))
    most = int(2 * sum(map(tokens_of, messages)))
    assert len(window.fitted(messages, (), most, 0)) < len(messages)
    assert len(ContextWindow().fitted(messages, (), most, 0)) == len(messages)


def refusal(context: int | None = None, tokens: int | None = None) -> TooLongError:
    error = TooLongError("too long")
    error.context, error.tokens = context, tokens
    return error


def test_a_refusal_is_learnt_from() -> None:
    for told in (refusal(), refusal(800), refusal(800, 5000), refusal(None, 5000)):
        window, messages = ContextWindow(), talk(40)
        shorter = window.shorter(messages, (), told, 100)
        assert shorter is not None
        assert len(shorter) < len(messages)
        assert len(window.fitted(messages, (), 100_000, 100)) < len(messages), "from then on"
        tries = 0
        while shorter := window.shorter(shorter, (), told, 100):
            tries += 1
        assert tries < 40
    assert ContextWindow().shorter([SYSTEM, QUESTION], (), refusal(), 100) is None


@for_each(
    ("text", "least", "most"),
    [
        ("The quick brown fox jumps over the lazy dog.", 9, 14),
        ("Съешь же ещё этих мягких французских булок", 15, 30),
        ("敏捷的棕色狐狸跳过了懒狗", 8, 18),
        ("👍" * 10, 15, 35),
    ],
)
def test_an_estimate_by_script(text: str, least: int, most: int) -> None:
    """Bounds: of the tokenizers of GPT-4o, Llama 3 and Qwen 2.5, as published, with those who speak."""
    assert least <= tokens_of(Message("user", text)) - tokens_of(Message("user", "")) <= most


def test_pictures_count() -> None:
    small, large = (Picture("p", Image.new("RGB", size)) for size in ((96, 96), (1568, 1568)))
    assert tokens_of(Message("user", "", (small,))) < 120
    assert tokens_of(Message("user", "", (large,))) > 1000


@pytest.mark.anyio
async def test_a_long_talk_with_a_real_server_goes_on(llama: str, wire: Any) -> None:
    """Its context is 2,048 tokens, and its words are twice as many as ours."""
    talked = [*talk(12)[:-1], Message("user", "What is the capital of France?")]
    for discovered in (True, False):
        async with wire.llm_at(llama, max_tokens=16) as llm:
            if discovered:
                await llm.discover()
            for _ in range(2):
                deltas = await wire.ask(llm, *talked)
                assert deltas[-1].tokens_in <= 2048
                assert wire.text_of(deltas)


@pytest.mark.anyio
async def test_a_question_that_is_too_long_by_itself_is_told(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        message = "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it"
        return bytes(wire.http(400, {"error": {"message": message}}))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        with pytest.raises(TooLongError) as caught:
            await wire.ask(llm, *talk(3))
        assert (caught.value.context, caught.value.tokens) == (4096, 9000)
        assert server.asked[-1]["messages"] == [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": "And now?"},
        ]


REFUSALS = {
    "llama.cpp": "request ({asked} tokens) exceeds the available context size ({most} tokens)",
    "vLLM": "This model's maximum context length is {most} tokens. However, you requested {asked} tokens.",
    "Anthropic": "prompt is too long: {asked} tokens > {most} maximum",
    "somebody else": "The input exceeds the context window of this model.",
}


@pytest.mark.anyio
@pytest.mark.parametrize("api", [ChatCompletions(), Ollama(most_context=8192)], ids=lambda api: api.name)
async def test_a_talk_that_is_refused_goes_on_with_less_of_it(wire: Any, api: Api) -> None:
    """By a server whose every word is four tokens, four times as many as is thought here."""
    for who, refusal in REFUSALS.items():
        tried: list[int] = []

        async def respond(request: Any, stream: Any, refusal: str = refusal, tried: Any = tried) -> bytes:
            messages = request.body["messages"]
            asked = 4 * sum(len((message["content"] or "").split()) for message in messages)
            tried.append(len(messages))
            if asked > 8192:
                return bytes(wire.http(400, {"error": refusal.format(asked=asked, most=8192)}))
            if api.name == "Ollama":
                said = {"message": {"content": "Yes."}, "done": True, "done_reason": "stop"}
                return bytes(wire.http(200, said))
            return bytes(wire.say("Yes."))

        async with wire.serve(respond) as server:
            named = Server("the server", server.base_url, "m")
            llm = HttpLlm(named, wire.options_with(), spec="m", api=api)
            assert wire.text_of(await wire.ask(llm, *talk(30, 60))) == "Yes."
            first = len(tried)
            assert llm.capabilities.context == (None if who == "somebody else" else 8192), "a note is in time"
            assert wire.text_of(await wire.ask(llm, *talk(30, 60))) == "Yes."
            await llm.aclose()
        assert 1 < first <= 6, refusal
        assert len(tried) == first + 1, "what was learnt of it is not asked again"
        assert tried[-1] > 20, "no more is left out than must be"


@pytest.mark.anyio
async def test_the_tools_are_the_last_to_go(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        if "tools" in request.body:
            return bytes(wire.http(400, {"error": REFUSALS["somebody else"]}))
        return bytes(wire.say("Yes."))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        deltas = await wire.ask(llm, *talk(3), tools=[CLOCK])
        assert wire.text_of(deltas) == "Yes."
        assert "tools" not in server.asked[-1]
        assert server.asked[-1]["messages"][-1]["content"] == QUESTION.text
        assert llm.capabilities.calls_tools


@pytest.mark.anyio
async def test_where_a_long_answer_would_not_fit_a_shorter_one_is_asked_for(wire: Any) -> None:
    """vLLM counts the answer that it is asked for among what has to fit."""
    most = 4096

    async def respond(request: Any, stream: Any) -> bytes:
        asked = 50 + request.body.get("max_tokens", 0)
        if asked > most:
            return bytes(wire.http(400, {"error": REFUSALS["vLLM"].format(most=most, asked=asked)}))
        return bytes(wire.say("Yes."))

    async with wire.serve(respond) as server:
        for known, tries in ((most, 1), (None, 2)):
            async with wire.llm_at(server.base_url, max_tokens=5000) as llm:
                llm.assume(Claimed(context=known))
                first = len(server.asked)
                assert wire.text_of(await wire.ask(llm, QUESTION, tools=[CLOCK])) == "Yes."
                bodies = server.asked[first:]
                assert [body["max_tokens"] for body in bodies][-1] == most // 2
                assert (len(bodies), "tools" in bodies[-1]) == (tries, True)


@pytest.mark.anyio
async def test_openai_refuses_in_the_stream(wire: Any) -> None:
    refused = {
        "type": "error",
        "code": "context_length_exceeded",
        "message": "Your input exceeds the window.",
    }

    async def respond(request: Any, stream: Any) -> bytes:
        if len(request.body["messages"]) > 20:
            return bytes(wire.sse + b"data: " + json.dumps({"error": refused}).encode() + b"\n\n")
        return bytes(wire.say("Yes."))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        assert wire.text_of(await wire.ask(llm, *talk(30))) == "Yes."
        assert len(server.asked) < 8
