"""Departures of the same kinds that nobody has reported to us: invented, and tried before they are met."""

from __future__ import annotations

import json

from tests.pipeline.llm.deviations.corpus import (
    CHAT,
    DONE,
    GEMINI,
    MESSAGES,
    RESPONSES,
    STREAM,
    TIMER,
    Deviation,
    block,
    calling,
    candidate,
    chat,
    chunk,
    fragment,
    message,
    sse,
    whole,
    without_tools,
)

NOON = chat({"content": "Noon."})
BODY = NOON.removeprefix(STREAM)


def under(kind: bytes) -> bytes:
    return NOON.replace(b"text/event-stream", kind)


def failing(error: object, name: str = "") -> bytes:
    """In the middle of an answer."""
    begun = chat({"content": "Noon"}, finish=None).removesuffix(DONE)
    return (
        begun + (f"event: {name}\n" if name else "").encode() + b"data: %s\n\n" % json.dumps(error).encode()
    )


NEIGHBOURS = (
    Deviation(
        "a mark of the byte order before the first event", (STREAM + b"\xef\xbb\xbf" + BODY,), said="Noon."
    ),
    Deviation("empty events as signs of life", (STREAM + b"data:\n\ndata: \n\n" + BODY,), said="Noon."),
    Deviation("one newline between events", (STREAM + BODY.replace(b"\n\n", b"\n"),), said="Noon."),
    Deviation(
        "lines that end with a carriage return alone", (STREAM + BODY.replace(b"\n", b"\r"),), said="Noon."
    ),
    *(
        Deviation(f"a stream that is called {kind.decode() or 'nothing'}", (under(kind),), said="Noon.")
        for kind in (b"text/plain", b"application/json", b"application/octet-stream", b"")
    ),
    Deviation(
        "the name of a call in each of its pieces",
        (
            calling(
                fragment('{"n"', "timer", index=0, id="a"),
                fragment(": 5", "timer", index=0, id="a"),
                fragment("}", "timer", index=0, id="a"),
            ),
        ),
        calls=(TIMER,),
    ),
    Deviation(
        "a name in pieces",
        (calling(fragment("", "ti", index=0, id="a"), fragment('{"n": 5}', "mer", index=0)),),
        calls=(TIMER,),
    ),
    Deviation(
        "all of it once more in the last chunk, as a message",
        (
            sse(
                chunk({"content": "It is "}),
                chunk({"content": "noon."}),
                {"choices": [{"message": {"content": "It is noon."}, "finish_reason": "stop"}]},
            ),
        ),
        said="It is noon.",
    ),
    Deviation(
        "a call once more in the last chunk, as a message",
        (
            sse(
                chunk({"tool_calls": [fragment('{"n": 5}', "timer", index=0, id="a")]}),
                {
                    "choices": [
                        {
                            "message": {"tool_calls": [fragment('{"n": 5}', "timer", id="a")]},
                            "finish_reason": "tool_calls",
                        }
                    ]
                },
            ),
        ),
        calls=(TIMER,),
    ),
    Deviation(
        "arguments that are JSON in JSON",
        (calling(fragment(json.dumps('{"n": 5}'), "timer", index=0, id="a")),),
        calls=(TIMER,),
    ),
    Deviation(
        "places that are text",
        (
            calling(
                fragment('{"n": ', "timer", index="0", id="a"),
                fragment('{"n": ', "timer", index="1", id="b"),
                fragment("5}", index="0"),
                fragment("6}", index="1"),
            ),
        ),
        calls=(TIMER, ("timer", {"n": 6})),
    ),
    Deviation(
        "a call that is left in the text",
        (chat({"content": "<tool_"}, {"content": 'call>\n{"name": "timer"}'}), message(content="Noon.")),
        said="Noon.",
        requests=2,
        asked=without_tools,
        tools=True,
    ),
    Deviation(
        "a call that is left in the text, behind words",
        (chat({"content": 'One moment.\n<tool_call>{"name": "timer"}</tool_call>'}),),
        said="One moment.\n",
        error="asked for a tool in a way that its server did not understand",
        tools=True,
    ),
    Deviation(
        "an answer about the tags of calls",
        (chat({"content": "Write <tool_call>, 1 <"}, {"content": " 2 <tool_call"}),),
        said="Write <tool_call>, 1 < 2 <tool_call",
        tools=True,
    ),
    Deviation(
        "the channel of the answer alone",
        (chat({"content": "<|channel|>final<|message|>Noon."}),),
        said="Noon.",
    ),
    Deviation(
        "an end of thinking that was begun in the question",
        (chat({"content": "</think>\n\nNoon."}),),
        said="Noon.",
    ),
    Deviation(
        "nulls in place of what is not there",
        (
            sse(
                {"choices": None, "usage": None},
                {"choices": [{"index": 0, "delta": None}]},
                chunk({"role": None, "content": None, "tool_calls": None, "reasoning": None}),
                chunk({"content": "Noon.", "tool_calls": [None]}),
                {"choices": [{"finish_reason": "stop", "delta": None}], "error": None},
            )
            + DONE,
        ),
        said="Noon.",
    ),
    Deviation(
        "an error that is not called one",
        (failing({"object": "error", "message": "out of memory", "type": "ServerError", "code": 500}),),
        said="Noon",
        error="reported an error: out of memory",
    ),
    Deviation(
        "an error by the name of its event",
        (failing({"message": "out of memory"}, "error"),),
        said="Noon",
        error="reported an error: out of memory",
    ),
    Deviation(
        "a refusal with 200, as frameworks write it",
        (whole({"detail": "no GPU is free"}),),
        error="no GPU is free",
    ),
    Deviation(
        "another last event in Responses",
        (
            sse(
                {"type": "response.output_text.delta", "item_id": "a", "delta": "Noon."},
                {"type": "response.done", "response": {"status": "completed"}},
            ),
        ),
        RESPONSES,
        said="Noon.",
    ),
    Deviation(
        "a stop with every event of Gemini",
        (sse(*(candidate({"text": text}, finish="STOP") for text in ("It is ", "noon."))),),
        GEMINI,
        said="It is noon.",
    ),
    Deviation(
        "an end of Messages without the last event",
        (block("Noon.").rsplit(b"data:", 1)[0],),
        MESSAGES,
        said="Noon.",
    ),
    Deviation(
        "an answer that is whole and not a stream, though one was asked for",
        (message(content="Noon.", reasoning="Hm."),),
        CHAT,
        said="Noon.",
    ),
)
