"""What servers have sent that their documents do not have, as it was reported, and what must come of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.apis.gemini import Gemini
from pipeline.llm.apis.messages import Messages
from pipeline.llm.apis.ollama import Ollama
from pipeline.llm.apis.responses import Responses
from pipeline.llm.base import Message, ToolCall

CHAT, RESPONSES, MESSAGES, GEMINI, OLLAMA = (
    ChatCompletions(),
    Responses(),
    Messages(),
    Gemini("m"),
    Ollama(),
)
Called = tuple[str, dict[str, Any]]
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
LINES = STREAM.replace(b"text/event-stream", b"application/x-ndjson")
DONE = b"data: [DONE]\n\n"


@dataclass(frozen=True)
class Deviation:
    """``sent``: whole HTTP answers, one a request, the last for ever. Then ``said`` is told, ``calls`` are
    made, or it fails with ``error``, after so many ``requests``, the last of which ``asked`` holds of.
    """

    name: str
    sent: tuple[bytes, ...]
    api: Api = CHAT
    said: str = ""
    calls: tuple[Called, ...] = ()
    error: str = ""
    todo: str = ""
    requests: int = 1
    asked: Callable[[Any], bool] = lambda body: True
    history: tuple[Message, ...] = ()
    tools: bool = False

    def __str__(self) -> str:
        return self.name


def sse(*events: Any) -> bytes:
    return STREAM + b"".join(b"data: %s\n\n" % json.dumps(event).encode() for event in events)


def whole(body: Any, status: int = 200) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def chunk(delta: Any = None, **choice: Any) -> dict[str, Any]:
    """One of Chat Completions; ``finish_reason`` null unless said otherwise."""
    return {"choices": [{"index": 0, "delta": delta or {}, "finish_reason": None, **choice}]}


def chat(*deltas: Any, finish: str | None = "stop") -> bytes:
    last = [chunk(finish_reason=finish)] if finish else []
    return sse(*map(chunk, deltas), *last) + DONE


def calling(*fragments: Any, **more: Any) -> bytes:
    deltas = [{"tool_calls": [fragment]} for fragment in fragments]
    return chat(*deltas, **{"finish": "tool_calls", **more})


def fragment(arguments: Any = None, name: str | None = None, **more: Any) -> dict[str, Any]:
    given = {"name": name, "arguments": arguments}
    return {**more, "function": {key: value for key, value in given.items() if value is not None}}


def message(**said: Any) -> bytes:
    """A whole answer of Chat Completions."""
    finish = "tool_calls" if said.get("tool_calls") else "stop"
    return whole({"choices": [{"index": 0, "message": said, "finish_reason": finish}]})


def ollama(*messages: Any, done_reason: str = "stop") -> bytes:
    last = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": done_reason}
    lines = [{"message": {"role": "assistant", "content": "", **said}, "done": False} for said in messages]
    return LINES + b"".join(json.dumps(line).encode() + b"\n" for line in [*lines, last])


def block(text: str) -> bytes:
    """A text of Messages."""
    return sse(
        {"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    )


def candidate(*parts: Any, finish: str = "", **more: Any) -> dict[str, Any]:
    """One event of Gemini."""
    found: dict[str, Any] = {"content": {"role": "model", "parts": list(parts)}, "index": 0}
    return {"candidates": [{**found, **({"finishReason": finish} if finish else {})}], **more}


TIMER: Called = ("timer", {"n": 5})
CLOCK: Called = ("clock", {})
CLOCK_CALL = {"id": "a", "type": "function", "function": {"name": "clock", "arguments": "{}"}}
UNREAD = {"error": {"code": 500, "message": "Failed to parse input at pos 64: <tool_call>", "type": "server"}}
ANSWERED = (
    Message("user", "What is the time?"),
    Message("assistant", "", calls=(ToolCall("a", "clock", {}),)),
    Message("tool", "noon", tool_call_id="a"),
)


def unstreamed(body: Any) -> bool:
    return not body.get("stream") and bool(body.get("tools"))


def without_tools(body: Any) -> bool:
    return not body.get("stream") and "tools" not in body


DEVIATIONS = (
    Deviation(
        "01 llama.cpp#22722: the first piece has the name, the id and the first brace",
        (calling(fragment("{", "timer", index=0, id="a", type="function"), fragment('"n": 5}', index=0)),),
        calls=(TIMER,),
    ),
    Deviation(
        "02 llama.cpp#20198: arguments are an object",
        (calling(fragment({"n": 5}, "timer", index=0, id="a")),),
        calls=(TIMER,),
    ),
    Deviation(
        "08 QwenPaw#3560: the call cannot be parsed, in mid-stream",
        (
            chat(finish=None).removesuffix(DONE) + b"data: %s\n\n" % json.dumps(UNREAD).encode(),
            message(content="Noon."),
        ),
        said="Noon.",
        requests=2,
        asked=without_tools,
        tools=True,
    ),
    Deviation(
        "09 ollama#4357: the finish of every chunk is empty",
        (
            sse(
                chunk({"content": "The"}, finish_reason=""),
                chunk({"content": " sky."}, finish_reason=""),
                chunk(finish_reason="stop"),
            ),
        ),
        said="The sky.",
    ),
    Deviation(
        "09 ollama#4357: an empty finish ends nothing",
        (sse(chunk({"content": "The"}, finish_reason="")),),
        said="The",
        error="closed the connection in the middle of the answer",
    ),
    Deviation(
        "10 ollama#9632, ollama#12557: a call is lost where it streams",
        (chat({"content": ""}), message(content="", tool_calls=[CLOCK_CALL])),
        calls=(CLOCK,),
        requests=2,
        asked=unstreamed,
        tools=True,
    ),
    Deviation(
        "11 litellm#37792: all calls at 0, arguments are objects, an id a chunk",
        (
            calling(
                fragment({"n": 5}, "timer", index=0, id="call_1"),
                fragment({"n": 6}, "timer", index=0, id="call_2"),
                fragment("", "note", index=0, id="call_3"),
                fragment('{"text": ', index=0, id="call_4"),
                fragment('"x"}', index=0, id="call_5"),
            ),
        ),
        calls=(TIMER, ("timer", {"n": 6}), ("note", {"text": "x"})),
    ),
    Deviation(
        "12 vllm#19662: there is no finish at all but in the last chunk",
        (
            sse(
                {"choices": [{"index": 0, "delta": {"content": "Noon."}}]},
                {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
            ),
        ),
        said="Noon.",
    ),
    Deviation(
        "13 vllm#51697: arguments are sent twice, or their first brace is",
        (
            calling(
                fragment('{"n": 5}', "timer", index=0, id="a"),
                fragment('{"n": 5}', index=0),
                fragment("{", "timer", index=1, id="b"),
                fragment('{"n": 6}', index=1),
            ),
        ),
        calls=(TIMER, ("timer", {"n": 6})),
    ),
    Deviation(
        "15 vllm#42400, vllm#46040: a finish of calls without one, which is in the thinking",
        (
            calling(finish="tool_use").replace(
                DONE,
                b"data: %s\n\n" % json.dumps(chunk({"reasoning": '<tool_call>{"name": "clock"}'})).encode()
                + DONE,
            ),
            whole({"choices": [{"message": {"content": ""}, "finish_reason": "tool_use"}]}),
        ),
        error="wanted to use a tool and did not say which",
        requests=2,
        tools=True,
    ),
    Deviation(
        "16 vllm#44326: a call without arguments is dropped where it streams",
        (chat(), message(content=None, tool_calls=[fragment("", "clock", id="a")])),
        calls=(CLOCK,),
        requests=2,
        asked=unstreamed,
        tools=True,
    ),
    Deviation(
        "17 vllm#39885, vllm#27703: thinking in the answer after the results of tools",
        (
            chat(
                {"content": "<thi"},
                {"content": "nk>The clock says noon.</think>"},
                {"content": "It is noon."},
            ),
        ),
        said="It is noon.",
        history=ANSWERED,
    ),
    Deviation(
        "18 vllm#50594: MiniMax's tags, cut",
        (chat({"content": "<mm:"}, {"content": "think>Hm.</mm:th"}, {"content": "ink>Noon."}),),
        said="Noon.",
    ),
    Deviation(
        "18 vllm#50594: the same in Messages", (block("<mm:think>Hm.</mm:think>Noon."),), MESSAGES, "Noon."
    ),
    Deviation(
        "18 vllm#46042: channels that were not read",
        (
            chat(
                {"content": "<|channel|>analysis<|message|>Hm.<|end|>"},
                {"content": "<|start|>assistant<|channel|>final<|message|>Noon."},
            ),
        ),
        said="Noon.",
    ),
    Deviation("18 vllm#50549: Kimi's tags", (chat({"content": "◁think▷Hm.◁/think▷Noon."}),), said="Noon."),
    Deviation(
        "19 vllm#24459: text and thinking in one piece",
        (chat({"content": "Noon", "reasoning_content": "Hm"}, {"content": ".", "reasoning_content": "."}),),
        said="Noon.",
    ),
    *(
        Deviation(
            f"20 modelship#130: the whole answer is thinking, in {api.name}",
            (sent,),
            api,
            error="thought about it and said nothing",
            todo="aloud config set llm.thinking off",
        )
        for api, sent in (
            (CHAT, chat({"reasoning": "It is noon."})),
            (OLLAMA, ollama({"thinking": "It is noon."})),
        )
    ),
    Deviation(
        "22 dayu-agent#45: whole calls, without a place or all at 0",
        (
            calling(
                fragment('{"n": 5}', "timer", id="a", extra_content={"google": {"thought_signature": "s"}}),
                fragment('{"n": 6}', "timer", id="b"),
                finish="stop",
            ),
        ),
        calls=(TIMER, ("timer", {"n": 6})),
    ),
    Deviation(
        "24 lmstudio#618: a wrong path is answered with 200",
        (whole({"error": "Unexpected endpoint or method. (POST /chat/completions)"}),),
        error="Unexpected endpoint or method",
    ),
    Deviation(
        "26 lemonade#3607: Responses without places",
        (
            sse(
                {"type": "response.created", "response": {"id": "r", "status": "in_progress"}},
                {
                    "type": "response.output_item.added",
                    "item": {"type": "message", "id": "m1", "content": []},
                },
                {"type": "response.output_text.delta", "item_id": "m1", "delta": "One "},
                {"type": "response.output_text.delta", "item_id": "m1", "delta": "moment."},
                {
                    "type": "response.output_item.added",
                    "item": {
                        "type": "function_call",
                        "id": "f1",
                        "call_id": "a",
                        "name": "timer",
                        "arguments": "",
                    },
                },
                {"type": "response.function_call_arguments.delta", "item_id": "f1", "delta": '{"n": 5}'},
                {"type": "response.completed", "response": {"id": "r", "status": "completed"}},
            ),
        ),
        RESPONSES,
        said="One moment.",
        calls=(TIMER,),
    ),
    Deviation(
        "27 llama.cpp PR#21174, cindy#4509: hardly a field but its type",
        (
            sse(
                {"type": "response.created"},
                {"type": "response.output_item.added", "item": {"type": "message"}},
                {"type": "response.content_part.added", "part": {"type": "output_text"}},
                {"type": "response.output_text.delta", "delta": "Noon."},
                {"type": "response.completed", "response": {}},
            ),
        ),
        RESPONSES,
        said="Noon.",
    ),
    Deviation(
        "28 ollama#17889, ollama#17427: what would be cut is refused, and asked for with room",
        (
            whole({"error": "input length exceeds the context length"}, 400),
            ollama({"content": "Noon."}),
        ),
        OLLAMA,
        said="Noon.",
        requests=2,
        asked=lambda body: (
            (body["truncate"], body["shift"], body["options"]["num_ctx"]) == (False, False, 8192)
        ),
    ),
    Deviation(
        "28 ollama#5902: what no room is enough for is told",
        (whole({"error": "input length exceeds the context length"}, 400),),
        OLLAMA,
        error="The conversation is too long",
        todo="ask for less at once",
        requests=4,
    ),
)
"""By the number and the name that the survey gave them; the others are in ``test_deviations``."""
