"""From messages and tools to the contents and tools of a request to Gemini. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.llm.apis.base import Base64Image, Body, Request
from pipeline.llm.apis.chat_request import utf8
from pipeline.llm.apis.tool_results import in_order
from pipeline.llm.base import Message, ToolSpec
from vision.images.picture import Picture

UNSIGNED = "skip_thought_signature_validator"
"""What Google's documentation gives as the signature of a call that another model made."""


def encode_system(request: Request) -> Body | None:
    parts = [{"text": utf8(m.text)} for m in request.messages if m.role == "system" and m.text]
    return {"parts": parts} if parts else None


def encode_contents(request: Request, api: str) -> list[Body]:
    """Alternating ones: what follows in the same role is one content, but nothing joins the answers to calls,
    of which there must be as many as there were calls.
    """
    contents: list[Body] = []
    answers: dict[str, Body] = {}
    joined = ""
    for message in in_order(request.messages):
        parts = _parts(message, request, api, answers)
        if not parts or message.role == "system":
            continue
        if message.role == joined:
            contents[-1]["parts"] += parts
        else:
            contents.append({"role": "model" if message.role == "assistant" else "user", "parts": parts})
        joined = message.role
    return contents


def encode_tools(tools: Sequence[ToolSpec]) -> list[Body]:
    return [
        {
            "functionDeclarations": [
                {"name": t.name, "description": t.description, "parametersJsonSchema": t.parameters}
                for t in tools
            ]
        }
    ]


def instruct_first(contents: list[Body], instructions: list[Body]) -> None:
    """What the person says begins with the ``instructions``."""
    if not contents or contents[0]["role"] != "user":
        contents.insert(0, {"role": "user", "parts": []})
    contents[0]["parts"] = instructions + contents[0]["parts"]


def show_after(contents: list[Body]) -> bool:
    """Pictures in the answers to calls, which models before Gemini 3 refuse, become a content of their own.
    False: there are none.
    """
    moved: list[Body] = []
    for content in contents:
        moved.append(content)
        answers = [part["functionResponse"] for part in content["parts"] if "functionResponse" in part]
        if shown := [part for answer in answers for part in answer.pop("parts", ())]:
            moved.append({"role": "user", "parts": shown})
    changed = len(moved) > len(contents)
    contents[:] = moved
    return changed


def sign(contents: list[Body]) -> bool:
    """Each content's first call gets a signature that says that there is none. False: all are signed."""
    changed = False
    for content in contents:
        first = next((part for part in content["parts"] if "functionCall" in part), None)
        if first is not None and "thoughtSignature" not in first:
            first["thoughtSignature"] = UNSIGNED
            changed = True
    return changed


def _parts(message: Message, request: Request, api: str, answers: dict[str, Body]) -> list[Body]:
    """``answers``: of each call's id, what its answer begins with."""
    if message.role == "tool":
        return [_answer(message, request.images, answers.get(message.tool_call_id, {}))]
    if message.role == "assistant":
        parts = _kept(message, request.model, api) or _plain(message)
        asked = [part["functionCall"] for part in parts if "functionCall" in part]
        for call, sent in zip(message.calls, asked, strict=True):
            answers[call.id] = {key: sent[key] for key in ("id", "name") if key in sent}
        return parts
    pictures: list[Body] = [{"inlineData": _blob(request.images[p])} for p in message.pictures]
    return pictures + _text(message)


def _kept(message: Message, model: str, api: str) -> list[Body]:
    """The parts as the server sent them; [] where they are not of this message."""
    kept = message.opaque.of(api, model) if message.opaque else None
    parts: list[Body] = [dict(part) for part in (kept or {}).get("parts", ())]
    calls = [part["functionCall"].get("name") for part in parts if "functionCall" in part]
    return parts if calls == [call.name for call in message.calls] else []


def _plain(message: Message) -> list[Body]:
    calls: list[Body] = [
        {"functionCall": {"id": call.id, "name": call.name, "args": call.arguments}} for call in message.calls
    ]
    return _text(message) + calls


def _answer(message: Message, images: Mapping[Picture, Base64Image], call: Mapping[str, Any]) -> Body:
    answer: Body = {**call, "response": {"output": utf8(message.text)}}
    if message.pictures:
        answer["parts"] = [{"inlineData": _blob(images[picture])} for picture in message.pictures]
    return {"functionResponse": answer}


def _text(message: Message) -> list[Body]:
    """None for an empty one: a part must have something in it."""
    return [{"text": utf8(message.text)}] if message.text else []


def _blob(image: Base64Image) -> Body:
    return {"mimeType": image.mime, "data": image.data}
