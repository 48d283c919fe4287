"""A picture is looked at again, three times over, because what was said of it was doubted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import anyio

from config.errors import LlmError
from pipeline.llm.base import Llm, Message
from pipeline.pictures.fence import quoted, with_pictures

LOOKS = 3
_ANEW = (
    "Look at this as if for the first time, and answer: {}",
    "Look closely, part by part, then answer: {}",
    "Answer only with what you can see clearly, and say what you cannot: {}",
)
"""Independent looks are asked for in different words: at a low temperature the same words bring the same."""


async def look_anew(llm: Llm, instructions: str, asked: Message) -> list[str]:
    """``LOOKS`` answers to ``asked``, none of which knows another or the one that was given before.

    At least two; raises ``LlmError`` when fewer came.
    """
    looks: list[str] = []
    failures: list[LlmError] = []

    async def look(form: str) -> None:
        message = Message("user", with_pictures(form.format(asked.text)), asked.pictures)
        ahead = [Message("system", instructions)] if instructions else []
        try:
            async with llm.reply([*ahead, message]) as deltas:
                text = "".join([delta.text async for delta in deltas]).strip()
        except LlmError as error:
            failures.append(error)
        else:
            looks.append(text)

    async with anyio.create_task_group() as group:
        for form in _ANEW[:LOOKS]:
            group.start_soon(look, form)
    looks = [look for look in looks if look]
    if len(looks) < 2:
        raise (
            failures[0]
            if failures
            else LlmError("The model gave no answer when it looked again.", todo="Please ask again.")
        )
    return looks


def compared(question: str, looks: Sequence[str]) -> Message:
    """For the LLM: what the looks agree on, and what they do not."""
    listed = "\n".join(f"{number}. {quoted(look)}" for number, look in enumerate(looks, 1))
    return Message(
        "user",
        f"The same question about a picture was answered {len(looks)} times, each time by looking anew. The "
        f"question: “{question}”\n{listed}\nIn at most 60 words: say first what all of them agree on. Then "
        "name what they do not agree on, and say that you are not sure of it. Add nothing of your own.",
    )


def agree(looks: Sequence[str]) -> bool:
    """Word for word the same, but for case and marks."""
    return len({" ".join(re.findall(r"\w+", look.lower())) for look in looks}) == 1


def disputed(said: str, looks: Sequence[str]) -> list[str]:
    """Numbers in ``said`` that not every look has: whatever else it says, of these it cannot be sure."""
    numbers = re.findall(r"\d+(?:[.,:]\d+)*", said)
    everywhere = [set(re.findall(r"\d+(?:[.,:]\d+)*", look)) for look in looks]
    return list(dict.fromkeys(n for n in numbers if not all(n in found for found in everywhere)))
