"""What a model can do, shown by trying: a number to be read in a picture, a tool to be called.

Claims are not always kept, and some servers claim nothing. Asked once, at setting up; what was shown is kept.
"""

from __future__ import annotations

import logging
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import anyio

from config.errors import LlmError
from pipeline.llm.base import Llm, Message, ToolCall, ToolSpec
from pipeline.llm.bridges.base import innermost
from pipeline.llm.server import LostCallError
from pipeline.llm.shown import Shown
from vision.images.picture import Picture

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger(__name__)

WITHIN_S = 90.0
"""All of it. A model of some size may have to be loaded first."""
LONGEST_ANSWER = 400
"""Letters. A longer one is no number, and no call, and is not waited for."""
EDGE = 96
"""Pixels: two figures that are read easily, and less than a hundred tokens for most models."""
COLOURS = ("red", "green", "blue", "yellow", "black", "purple")
PING = ToolSpec("ping", "Tests the connection.")
PONG = ToolSpec("pong", "Tests the connection the other way.")
_NUMBER = "Which number does the picture show? Answer with its digits only."
_COLOUR = "What colour is it?"
_BOTH = "Call the tool ping and the tool pong now, both of them."
_ONE = "Call the tool ping now."


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    calls: Sequence[ToolCall] = ()
    thought: bool = False


class _UnclearError(Exception):
    """Nothing is shown by it; the text says what failed."""


@dataclass(slots=True)
class _Findings:
    found: dict[str, bool] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)

    def note(self, answer: _Answer) -> None:
        if answer.thought:
            self.found["thinks"] = True


async def probe_llm(llm: Llm, *, within_s: float = WITHIN_S, chance: random.Random | None = None) -> Shown:
    """Ask ``llm`` to read a number in a picture and to call tools, whatever it is said to be able to do.

    What was shown is kept for its later starts, and counts from now on. What fails for any other reason than
    the model's (the network, a key) shows nothing. ``chance``: what it is asked to see. Never raises.
    """
    from pipeline.llm.http.client import HttpLlm

    asked, findings = innermost(llm), _Findings()
    version = ""
    if isinstance(asked, HttpLlm):
        await asked.warm()
        version = await asked.version()
        asked.try_all()
    with anyio.move_on_after(within_s):
        await _look(asked, findings, chance or random.Random())
        await _call(asked, findings)
    today = datetime.now().astimezone().date().isoformat()
    shown = Shown(**findings.found, why=findings.why, on=today, version=version)
    _log.info("%s was tested: %s %s", asked.spec, shown.sentence, dict(shown.why))
    if isinstance(asked, HttpLlm):
        asked.learn(shown)
    return shown


async def _look(llm: Llm, findings: _Findings, chance: random.Random) -> None:
    """A number that it reads shows that it sees. A small model that cannot read may know colours."""
    number = "".join(map(str, chance.sample(range(2, 10), 2)))
    colours = chance.sample(COLOURS, 2)
    asked = [(_NUMBER, number_picture(number), number), *((_COLOUR, disc(c), c) for c in colours)]
    right = []
    try:
        for question, image, wanted in asked:
            answer = await _ask(llm, question, (Picture("a test", image),))
            right.append(names(answer.text, wanted))
            findings.note(answer)
            if right == [True]:
                break
    except _UnclearError as error:
        findings.why["sees"] = str(error)
        if not llm.capabilities.sees:
            findings.found["sees"], findings.why["sees"] = False, "refused"
        return
    wrong = f"{right.count(False)} of {len(right)} wrong"
    if right == [True] or all(right[1:]):
        findings.found["sees"] = True
    elif not any(right):
        findings.found["sees"], findings.why["sees"] = False, wrong
    else:
        findings.why["sees"] = wrong


async def _call(llm: Llm, findings: _Findings) -> None:
    """By its own way and, where it has none, by the bridge's."""
    called = await _calls(llm, findings, "calls_tools")
    if called is None:
        return
    if called:
        if len(called) > 1:
            findings.found["parallel_tools"] = True
        return
    from pipeline.llm.bridges.prompted_tools import PromptedTools

    await _calls(PromptedTools(llm), findings, "prompted_tools")


async def _calls(llm: Llm, findings: _Findings, capability: str) -> set[str] | None:
    """The tools that it called, of its best try; None: it is not clear."""
    tries = 0
    try:
        for question in (_BOTH, _ONE):
            answer = await _ask(llm, question, tools=(PING, PONG))
            findings.note(answer)
            called = {PING.name, PONG.name} & {call.name for call in answer.calls if not call.malformed}
            if called:
                findings.found[capability] = True
                return called
            if not llm.capabilities.calls_tools:
                findings.found[capability], findings.why[capability] = False, "refused"
                return set()
            tries += 1
    except _UnclearError as error:
        findings.why[capability] = str(error)
        return None
    findings.found[capability], findings.why[capability] = False, f"{tries} of {tries} wrong"
    return set()


async def _ask(
    llm: Llm, question: str, pictures: tuple[Picture, ...] = (), tools: Sequence[ToolSpec] = ()
) -> _Answer:
    """Raises ``_UnclearError``."""
    text, calls, thought = "", [], False
    try:
        async with llm.reply([Message("user", question, pictures)], tools) as deltas:
            async for delta in deltas:
                text += delta.text
                calls += [delta.call] if delta.call else []
                thought = thought or bool(delta.tokens_thinking) or delta.waits
                if len(text) > LONGEST_ANSWER:
                    break
    except LostCallError:
        pass  # a call that nobody can read is none
    except LlmError as error:
        raise _UnclearError(error.failed) from None
    return _Answer(text, calls, thought)


def names(text: str, wanted: str) -> bool:
    """Whether an answer has this number, or this colour, and no other."""
    if wanted.isdecimal():
        return "".join(re.findall(r"\d", text)) == wanted
    return {word for word in re.findall(r"[a-z]+", text.lower()) if word in COLOURS} == {wanted}


def number_picture(number: str) -> Image:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (EDGE, EDGE), "white")
    middle = (EDGE // 2, EDGE // 2)
    ImageDraw.Draw(image).text(middle, number, "black", ImageFont.load_default(EDGE * 2 // 3), anchor="mm")
    return image


def disc(colour: str) -> Image:
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (EDGE, EDGE), "white")
    box = (EDGE // 4, EDGE // 4, EDGE * 3 // 4, EDGE * 3 // 4)
    ImageDraw.Draw(image).ellipse(box, fill=colour)
    return image
