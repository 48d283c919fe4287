"""A server that misbehaves, one way a test: each is one clear sentence, and nothing hangs."""

from __future__ import annotations

import json
from typing import Any

import anyio
import pytest

from config.errors import LlmError
from pipeline.llm.base import Message, ToolCall, ToolSpec
from pipeline.llm.http import client

pytestmark = pytest.mark.anyio
KEY = "sk-test-0123456789abcdef"


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BACKOFF_S", (0.01, 0.02))


async def failure(wire: Any, respond: Any, **more: Any) -> tuple[str, LlmError, Any]:
    """What was said before it failed, how it failed, and the server."""
    said = ""
    messages = more.pop("messages", [Message("user", "Hello.")])
    tools = more.pop("tools", ())
    async with wire.serve(respond) as server, wire.llm_at(server.base_url, **more) as llm:

        async def listen() -> None:
            nonlocal said
            async with llm.reply(messages, tools) as deltas:
                async for delta in deltas:
                    said += delta.text

        with pytest.raises(LlmError) as caught:
            await listen()
        assert KEY not in str(caught.value)
        assert str(caught.value).count("  ") == 0
        return said, caught.value, server


def always(*answers: bytes) -> Any:
    """Each answer in turn, the last for ever."""
    left = list(answers)

    async def respond(request: Any, stream: Any) -> bytes:
        return left.pop(0) if len(left) > 1 else left[0]

    return respond


async def test_absent_server(wire: Any) -> None:
    async with wire.serve(always(b"")) as server:
        base_url = server.base_url
    async with wire.llm_at(base_url) as llm:
        await llm.warm()
        with pytest.raises(LlmError, match=r"^The model server at test could not be reached\. Start it"):
            await wire.ask(llm, "Hello.")


async def test_silent_server(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await anyio.sleep_forever()
        return b""

    _, error, server = await failure(wire, respond, timeout_s=0.1)
    assert error.failed == "The model server at test did not answer: nothing came for 0.1 seconds."
    assert len(server.asked) == 1


async def test_silence_after_the_first_words(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(wire.say("The capital", finish=None, done=False))
        while True:
            # A comment is a sign of life of the connection, not of the model.
            await stream.send(b": ping\n\n")
            await anyio.sleep(0.02)

    said, error, _ = await failure(wire, respond, timeout_s=0.15)
    assert said == "The capital"
    assert "stopped answering" in error.failed
    assert error.kept == "What was already said stays."
    assert not error.retryable


async def test_cut_off_in_the_middle(wire: Any) -> None:
    said, error, server = await failure(wire, always(wire.say("The capital", " of", finish=None, done=False)))
    assert said == "The capital of"
    assert error.failed == "The model server at test closed the connection in the middle of the answer."
    assert error.kept == "What was already said stays."
    assert len(server.asked) == 1, "never tried again after the first word"


async def test_a_broken_chunked_body(wire: Any) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = wire.event({"content": "Well"})
    said, error, _ = await failure(wire, always(head + b"%x\r\n%s\r\n" % (len(chunk), chunk)))
    assert said == "Well"
    assert "in the middle of the answer" in error.failed


async def test_hanging_up_before_answering_is_tried_again(wire: Any) -> None:
    _, error, server = await failure(wire, always(b""))
    assert "closed the connection before it had answered" in error.failed
    assert error.retryable
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"220 mail.test ESMTP ready\r\n\r\n", "something that is not HTTP"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n\x00\xff rubbish\n\nmore\n\n",
            "nothing that",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {not json\n\n",
            "something garbled",
        ),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 42\n\n", "something garbled"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><p>Hello", "a web page"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nIt works!", "something else"),
        (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{"status": "ok"}', "something else"),
        (b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"', "something else"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + b"[" * 5000, "something garbled"),
    ],
)
async def test_rubbish(wire: Any, answer: bytes, words: str) -> None:
    said, error, _ = await failure(wire, always(answer))
    assert said == ""
    assert words in error.failed
    assert "/v1" in error.todo


async def test_rubbish_after_the_first_words(wire: Any) -> None:
    stream = wire.say("Well", finish=None, done=False) + b"data: {oops\n\n"
    said, error, _ = await failure(wire, always(stream))
    assert said == "Well"
    assert "garbled" in error.failed
    assert error.kept


@pytest.mark.parametrize(
    "shape", [{"message": "out of memory"}, "out of memory", [{"message": "out of memory"}]]
)
async def test_an_error_inside_a_stream(wire: Any, shape: object) -> None:
    stream = (
        wire.say("Well", finish=None, done=False)
        + b"data: "
        + json.dumps({"error": shape}).encode()
        + b"\n\n"
    )
    said, error, _ = await failure(wire, always(stream))
    assert said == "Well"
    assert error.failed == "The model server at test reported an error: out of memory."


async def test_a_refused_key_names_the_variable_and_not_the_key(wire: Any) -> None:
    body = {"error": {"message": f"Incorrect API key provided: {KEY}."}}
    _, error, server = await failure(wire, always(wire.http(401, body)), key=KEY)
    assert "did not accept the key from TEST_KEY" in error.failed
    assert error.todo == "Set a valid one: export TEST_KEY=YOUR_KEY"
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert len(server.asked) == 1


async def test_a_wanted_key(wire: Any) -> None:
    _, error, server = await failure(wire, always(wire.http(401, {"error": "no"})))
    assert "wants a key" in error.failed
    assert "llm.api_key_env" in error.todo
    assert "authorization" not in server.requests[0].headers


async def test_a_key_in_a_servers_words_is_struck_out(wire: Any) -> None:
    body = {"error": {"message": f"bad request with {KEY}\nand\x1b[31m sk-live*******7890"}}
    _, error, _ = await failure(wire, always(wire.http(400, body)), key=KEY)
    assert "[key]" in error.failed
    assert "7890" not in error.failed
    assert "\x1b" not in error.failed


async def test_an_unknown_model_names_those_there_are(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        if request.path == "/v1/models":
            return bytes(wire.http(200, {"data": [{"id": "qwen3"}, {"id": "llama3.2"}]}))
        return bytes(wire.http(404, {"error": {"message": "model 'llm-micro' not found"}}))

    _, error, _ = await failure(wire, respond)
    assert error.failed == "The model server at test has no model llm-micro. It has: qwen3, llama3.2."


async def test_a_wrong_path(wire: Any) -> None:
    _, error, _ = await failure(wire, always(wire.http(404, "<html>Not found</html>", kind="text/html")))
    assert "has no chat for the model llm-micro at http://127.0.0.1" in error.failed


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000.",
        "the request exceeds the available context size, try increasing it",
        "prompt is too long: 210000 tokens > 200000 maximum",
    ],
)
async def test_too_long(wire: Any, message: str) -> None:
    _, error, _ = await failure(wire, always(wire.http(400, {"error": {"message": message}})))
    assert error.failed == "The conversation is too long for the model llm-micro."


async def test_a_redirect_is_not_followed(wire: Any) -> None:
    _, error, server = await failure(
        wire, always(wire.http(307, "", Location="http://127.0.0.1:9/v1/chat/completions"))
    )
    assert "was not followed" in error.failed
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_passing_failure_is_tried_again(wire: Any, status: int) -> None:
    respond = always(wire.http(status, {"error": "busy"}, Retry_After="0.02"), wire.say("Hello."))
    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        assert wire.text_of(await wire.ask(llm, "Hi.")) == "Hello."
    assert len(server.asked) == 2


async def test_a_lasting_failure_is_tried_three_times(wire: Any) -> None:
    _, error, server = await failure(wire, always(wire.http(503, {"error": {"message": "Loading model"}})))
    assert error.failed == "The model server at test failed with HTTP status 503: Loading model."
    assert error.retryable
    assert len(server.asked) == 3


async def test_a_long_retry_after_is_told(wire: Any) -> None:
    _, error, server = await failure(wire, always(wire.http(429, {"error": "slow down"}, Retry_After="60")))
    assert error.todo == "Ask again in 60 seconds."
    assert len(server.asked) == 1


async def test_no_credit_is_not_tried_again(wire: Any) -> None:
    body = {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}}
    _, error, server = await failure(wire, always(wire.http(429, body)))
    assert "no credit left" in error.failed
    assert len(server.asked) == 1


async def test_a_plain_failure_is_not_tried_again(wire: Any) -> None:
    _, error, server = await failure(wire, always(wire.http(500, {"error": {"message": "CUDA error"}})))
    assert error.failed == "The model server at test failed with HTTP status 500: CUDA error."
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (lambda wire: wire.say(), "gave an empty answer"),
        (lambda wire: wire.say("  \n"), "gave an empty answer"),
        (lambda wire: wire.say("<think>hm", finish="length"), "used up its answer on thinking"),
        (lambda wire: wire.say("<think>hm"), "thought about it and said nothing"),
        (lambda wire: wire.say(finish="length"), "used up its answer"),
        (lambda wire: wire.say(finish="content_filter"), "content filter stopped it"),
    ],
)
async def test_an_empty_answer(wire: Any, stream: Any, words: str) -> None:
    _, error, _ = await failure(wire, always(stream(wire)))
    assert words in error.failed


async def test_a_server_that_does_not_stream_is_still_understood(wire: Any) -> None:
    body = {
        "choices": [{"message": {"content": "<think>So</think>Hello."}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2},
    }
    async with wire.serve(always(wire.http(200, body))) as server, wire.llm_at(server.base_url) as llm:
        deltas = await wire.ask(llm, "Hi.")
    assert wire.text_of(deltas) == "Hello."
    assert (deltas[-1].finish, deltas[-1].tokens_in, deltas[-1].tokens_out) == ("stop", 3, 2)


async def test_an_end_without_done_and_a_connection_that_stays_open(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(wire.say("Hello.", done=False))
        await anyio.sleep_forever()
        return b""

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        deltas = await wire.ask(llm, "Hi.")
    assert wire.text_of(deltas) == "Hello."
    assert deltas[-1].finish == "stop"


async def test_leaving_early_hangs_up(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(wire.sse)
        while True:
            await stream.send(wire.event({"content": "on and "}))
            await anyio.sleep(0.005)

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        async with llm.reply([Message("user", "Hi.")]) as deltas:
            await anext(deltas)
        with anyio.fail_after(5):
            await server.hung_up.wait()


async def test_a_cancel_before_the_first_token_hangs_up(wire: Any) -> None:
    asked = anyio.Event()

    async def respond(request: Any, stream: Any) -> bytes:
        asked.set()
        await stream.receive()
        return b""

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        async with anyio.create_task_group() as group:
            group.start_soon(wire.ask, llm, "Hi.")
            await asked.wait()
            group.cancel_scope.cancel()
        with anyio.fail_after(5):
            await server.hung_up.wait()


async def test_line_separators_inside_a_word_do_not_break_the_stream(wire: Any) -> None:
    text = "a\u2028b\x85c\x0cd é"
    async with wire.serve(always(wire.say(text))) as server, wire.llm_at(server.base_url) as llm:
        assert wire.text_of(await wire.ask(llm, "Hi.\udc80")) == "a\nb\nc\nd é"


async def test_warm_opens_the_connection_once(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        if request.path == "/v1/models":
            return bytes(wire.http(200, {"data": []}))
        return bytes(wire.say("Hello."))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        await llm.warm()
        await llm.warm()
        assert [request.path for request in server.requests] == ["/v1/models"]
        await wire.ask(llm, "Hi.")
    assert server.connections == 1


async def test_parameters_that_a_server_does_not_take_are_left_out(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        refusals = {
            "max_tokens": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "temperature": "Unsupported value: 'temperature' does not support 0.0 with this model.",
            "tools": "registry.ollama.ai/library/gemma does not support tools",
        }
        for name, message in refusals.items():
            if name in request.body:
                return bytes(wire.http(400, {"error": {"message": message}}))
        return bytes(wire.say("Hello."))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        tool = ToolSpec("clock", "tells the time")
        for _ in range(2):
            assert wire.text_of(await wire.ask(llm, "Hi.", tools=[tool])) == "Hello."
        assert not llm.capabilities.calls_tools
        assert llm.capabilities.sees
    assert len(server.asked) == 5, "what was learnt is not asked again"
    assert server.asked[-1]["max_completion_tokens"] == 600


async def test_a_tool_is_called_and_answered(wire: Any) -> None:
    extra = {"google": {"thought_signature": "abc"}}
    fragments = [
        {"index": 0, "id": "a", "type": "function", "function": {"name": "timer", "arguments": '{"minu'}},
        {"index": 0, "function": {"arguments": 'tes": 5}'}, "extra_content": extra},
        {"index": 1, "id": "b", "function": {"name": "clock", "arguments": ""}},
    ]
    events = b"".join(wire.event({"tool_calls": [fragment]}) for fragment in fragments)
    asking = wire.sse + events + wire.event(finish="tool_calls") + b"data: [DONE]\n\n"
    async with (
        wire.serve(always(asking, wire.say("Done."))) as server,
        wire.llm_at(server.base_url) as llm,
    ):
        deltas = await wire.ask(llm, "Set a timer.", tools=[ToolSpec("timer", "sets a timer")])
        calls = tuple(delta.call for delta in deltas if delta.call)
        assert calls == (ToolCall("a", "timer", {"minutes": 5}), ToolCall("b", "clock", {}))
        assert deltas[-1].finish == "tool_calls"
        answered = [
            Message("assistant", "", calls=calls, opaque=deltas[-1].opaque),
            Message("tool", "set", tool_call_id="a"),
            Message("tool", "noon", tool_call_id="b"),
        ]
        assert wire.text_of(await wire.ask(llm, "Set a timer.", *answered)) == "Done."
    assert server.asked[0]["tools"][0]["function"]["name"] == "timer"
    sent = server.asked[1]["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "tool", "tool"]
    assert sent[1]["tool_calls"][0]["function"]["arguments"] == '{"minutes": 5}'
    assert sent[1]["tool_calls"][0]["extra_content"] == extra
    assert sent[2]["tool_call_id"] == "a"


async def test_nothing_secret_is_logged_or_shown(wire: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    async with (
        wire.serve(always(wire.say("Hello."))) as server,
        wire.llm_at(server.base_url, key=KEY) as llm,
    ):
        await wire.ask(llm, "Hi.")
        assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"
        assert KEY not in caplog.text
        assert KEY not in repr(llm._server) + repr(llm) + repr(llm._connection.client.headers)


async def test_a_server_that_knows_of_no_thinking_is_asked_without_a_word_of_it(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        for name in ("reasoning_effort", "chat_template_kwargs"):
            if name in request.body:
                return bytes(wire.http(400, {"error": {"message": f"Unknown parameter: '{name}'."}}))
        return bytes(wire.say("Hello."))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url, thinking="off") as llm:
        for _ in range(2):
            assert wire.text_of(await wire.ask(llm, "Hi.")) == "Hello."
    assert server.asked[0]["reasoning_effort"] == "none"
    assert len(server.asked) == 4, "what was learnt is not asked again"


async def test_a_call_that_was_lost_in_the_stream_is_asked_for_without_one(wire: Any) -> None:
    """Ollama and vLLM: tools were offered, the answer is empty and calls nothing."""
    call = {"id": "a", "function": {"name": "clock", "arguments": "{}"}}
    whole = {"choices": [{"message": {"content": "", "tool_calls": [call]}, "finish_reason": "tool_calls"}]}

    async def respond(request: Any, stream: Any) -> bytes:
        return bytes(wire.say("") if request.body.get("stream") else wire.http(200, whole))

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        deltas = await wire.ask(llm, "What is the time?", tools=[ToolSpec("clock", "tells the time")])
    assert [delta.call.name for delta in deltas if delta.call] == ["clock"]
    assert [body.get("stream", False) for body in server.asked] == [True, False]


async def test_nothing_is_asked_twice_where_no_tool_was_offered(wire: Any) -> None:
    _, error, server = await failure(wire, always(wire.say("")))
    assert "gave an empty answer" in error.failed
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "message", ["Failed to parse input at pos 12", "Failed to parse tool call arguments as JSON"]
)
@pytest.mark.parametrize("begun", [True, False])
async def test_a_call_that_the_server_cannot_read_is_asked_for_once_more_without_tools(
    wire: Any, message: str, begun: bool
) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        if "tools" not in request.body:
            body = {"choices": [{"message": {"content": "It is noon."}, "finish_reason": "stop"}]}
            return bytes(wire.http(200, body))
        error = {"error": {"message": message, "code": 500}}
        if not begun:
            return bytes(wire.http(500, error))
        return bytes(wire.sse + b"data: " + json.dumps(error).encode() + b"\n\n")

    async with wire.serve(respond) as server, wire.llm_at(server.base_url) as llm:
        deltas = await wire.ask(llm, "What is the time?", tools=[ToolSpec("clock", "tells the time")])
        assert wire.text_of(deltas) == "It is noon."
        assert llm.capabilities.calls_tools, "the next question may use one"
    assert len(server.asked) == 2


async def test_a_line_without_an_end_is_not_kept(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(wire.say("Well", finish=None, done=False) + b"data: ")
        for _ in range(40):
            await stream.send(b"x" * 65_536)
        return b""

    said, error, _ = await failure(wire, respond)
    assert said == "Well"
    assert "a line without an end" in error.failed


async def test_signs_of_life_of_the_connection_alone_are_none_of_the_model(wire: Any) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        await stream.send(wire.sse)
        while True:
            await stream.send(b": ping\n\n")
            await anyio.sleep(0.02)

    said, error, _ = await failure(wire, respond, timeout_s=0.15)
    assert said == ""
    assert "did not answer" in error.failed
