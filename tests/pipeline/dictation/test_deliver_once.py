"""A text goes to its target once, whatever dies on the way."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.runtime.clean import clean
from pipeline.dictation.deliver_once import UnsureError, deliver_once
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from pipeline.dictation.targets.base import Receipt
from pipeline.dictation.targets.open import open_target

pytestmark = pytest.mark.anyio


class Crash(BaseException):
    """The program ends here."""


@pytest.fixture
def takes(tmp_path: Path) -> Iterator[Takes]:
    with Takes(tmp_path / "state") as opened:
        yield opened


def begin(takes: Takes) -> Take:
    return takes.begin("raw", [], "en", "whisper:tiny")


async def crash_in(takes: Takes, take: Take, spec: str, text: str, *, written: bool) -> None:
    """The program dies once the intention is in the account: before the text is written, or just after."""

    def note(receipt: Receipt) -> None:
        takes.intend(take.id, spec, receipt)
        if not written:
            raise Crash

    with contextlib.suppress(Crash):
        await open_target(spec).deliver(clean(text), note)


@pytest.mark.parametrize("written", [True, False])
async def test_into_a_file_exactly_once(takes: Takes, tmp_path: Path, written: bool) -> None:
    spec, take = f"file:{tmp_path / 'notes.md'}", begin(takes)
    await crash_in(takes, take, spec, "Good morning.", written=written)
    for _ in range(2):
        await deliver_once(takes, take.id, spec, open_target(spec), clean("Good morning."))
    assert (tmp_path / "notes.md").read_text("utf-8") == "Good morning.\n"


async def test_the_same_words_of_another_take_are_not_taken_for_its_own(takes: Takes, tmp_path: Path) -> None:
    spec, first, second = f"file:{tmp_path / 'notes.md'}", begin(takes), begin(takes)
    await crash_in(takes, first, spec, "Yes.", written=False)
    await deliver_once(takes, second.id, spec, open_target(spec), clean("Yes."))
    await deliver_once(takes, first.id, spec, open_target(spec), clean("Yes."))
    assert (tmp_path / "notes.md").read_text("utf-8") == "Yes.\nYes.\n"


async def test_where_nobody_can_know_a_person_decides(
    takes: Takes, capfd: pytest.CaptureFixture[str]
) -> None:
    take = begin(takes)
    await crash_in(takes, take, "stdout", "Yes.", written=True)
    with pytest.raises(UnsureError, match=rf"reached standard output is not known.*--retry {take.id}"):
        await deliver_once(takes, take.id, "stdout", open_target("stdout"), clean("Yes."))
    await deliver_once(takes, take.id, "stdout", open_target("stdout"), clean("Yes."), again=True)
    await deliver_once(takes, take.id, "stdout", open_target("stdout"), clean("Yes."), again=True)
    assert capfd.readouterr().out == "Yes.\nYes.\n", "once before the crash, once as asked for"


async def test_what_was_taken_back_may_be_delivered_anew(takes: Takes, tmp_path: Path) -> None:
    spec, take = f"file:{tmp_path / 'notes.md'}", begin(takes)
    target = open_target(spec)
    receipt = await deliver_once(takes, take.id, spec, target, clean("Yes, please do."))
    await target.take_back(receipt)
    takes.taken_back(receipt)
    await deliver_once(takes, take.id, spec, target, clean("Yes."))
    assert (tmp_path / "notes.md").read_text("utf-8") == "Yes.\n"
    assert [d.taken_back is not None for d in takes.deliveries(take.id)] == [True, False]
