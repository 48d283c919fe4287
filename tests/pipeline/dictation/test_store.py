"""The account of takes: each step is there after a crash, what is removed is gone for real."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from config.errors import UsageError
from config.runtime.clean import clean
from pipeline.dictation.orphans import FOUND
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Keep, Take, TakeUtterance, keep
from pipeline.dictation.targets.base import Receipt
from voice.audio.samples import Audio, write_wav


@pytest.fixture
def takes(tmp_path: Path) -> Iterator[Takes]:
    with Takes(tmp_path) as opened:
        yield opened


def begin(takes: Takes) -> Take:
    take = takes.begin("clean", ["stdout", "file:/tmp/x"], "en", "whisper:tiny")
    takes.sound(take).write_bytes(b"RIFF")
    return take


def deliver(takes: Takes, text: str = "Good morning.") -> Take:
    take = begin(takes)
    takes.change(take.id, "delivered", raw=text, final=text)
    return takes.take(take.id)


def test_every_step_is_there_for_who_comes_after(tmp_path: Path, takes: Takes) -> None:
    take = begin(takes)
    takes.heard(take.id, 0, TakeUtterance("Good mourning", 0, 16_000))
    takes.heard(take.id, 1, TakeUtterance("make it shorter", 20_000, 30_000, "Hi"))
    takes.change(
        take.id, "rewritten", raw="Good mourning", commanded="Good morning", final="Hi", reason="why"
    )
    with Takes(tmp_path) as other:  # while the first is open: no process is asked
        again = other.take(take.id)
        assert (again.state, again.raw, again.final, again.reason) == (
            "rewritten",
            "Good mourning",
            "Hi",
            "why",
        )
        assert again.targets == ("stdout", "file:/tmp/x")
        assert [each.became for each in other.utterances(take.id)] == [None, "Hi"]
        assert [each.id for each in other.undelivered()] == [take.id]
    takes.change(take.id, "delivered")
    assert takes.undelivered() == []


def test_a_take_follows_on_where_the_other_ends(takes: Takes) -> None:
    first = begin(takes)
    second = takes.begin("clean", ["stdout"], "en", "x", sound="given.wav", after=(first.id, 4_000))
    assert takes.take(first.id).ends_at == 4_000
    assert (second.sound, second.ends_at) == ("given.wav", None)


def test_an_intention_is_one_until_it_arrives(takes: Takes) -> None:
    take = begin(takes)
    first, second = (
        Receipt("file:x", clean("Hi"), place="/x", offset=7),
        Receipt("file:x", clean("Hi"), place="/x", offset=9),
    )
    takes.intend(take.id, "file:x", first)
    takes.intend(take.id, "file:x", second)
    takes.arrived(second)
    assert [(d.id, d.arrived is not None) for d in takes.deliveries(take.id)] == [(second.id, True)]


def test_a_later_text_in_its_place_shows_that_one_never_arrived(takes: Takes) -> None:
    mine, other, elsewhere = begin(takes), begin(takes), begin(takes)
    takes.intend(mine.id, "file:x", Receipt("file:x", clean("Hi"), place="/x", offset=7))
    takes.intend(elsewhere.id, "file:x", Receipt("file:x", clean("Hi"), place="/x", offset=70))
    assert not takes.overtaken(takes.deliveries(mine.id)[0])
    takes.intend(other.id, "file:x", Receipt("file:x", clean("Hi"), place="/x", offset=7))
    assert takes.overtaken(takes.deliveries(mine.id)[0])
    assert not takes.overtaken(takes.deliveries(other.id)[0])


def test_removed_is_gone_from_every_file(tmp_path: Path, takes: Takes) -> None:
    secret = "the password is swordfish" * 40
    take = deliver(takes, secret)
    takes.heard(take.id, 0, TakeUtterance(secret, 0, 1))
    takes.intend(take.id, "stdout", Receipt("stdout", clean(secret)))
    assert any(b"swordfish" in path.read_bytes() for path in tmp_path.glob("takes.db*"))
    takes.remove([take])
    assert not takes.sound(take).exists()
    for path in tmp_path.rglob("*"):
        assert path.is_dir() or b"swordfish" not in path.read_bytes(), path
    with pytest.raises(UsageError, match=f"no take {take.id}"):
        takes.take(take.id)


@pytest.mark.parametrize(
    ("text", "sound", "left", "recordings"),
    [
        (Keep(), Keep(takes=0), 4, 1),
        (Keep(takes=2), Keep(takes=1), 3, 2),
        (Keep(takes=0), Keep(), 1, 1),
        (Keep(days=2), Keep(days=2), 2, 2),
        (Keep(), Keep(), 4, 4),
    ],
)
def test_kept_as_long_as_set_and_what_failed_always(
    takes: Takes, text: Keep, sound: Keep, left: int, recordings: int
) -> None:
    failed = begin(takes)
    done = [deliver(takes) for _ in range(3)]
    takes.change(failed.id, "failed", reason="The disk is full.")
    old = time.time() - 3 * 86_400
    for take in (failed, *done[:2]):
        takes.change(take.id, takes.take(take.id).state, ended=old)
    takes.prune(text, sound)
    kept = takes.listed()
    assert len(kept) == left
    assert sum(takes.sound(take).is_file() for take in kept) == recordings
    assert takes.sound(failed).exists()


def test_how_long_is_said_in_words() -> None:
    assert [keep(w) for w in ("0", "20 takes", "1 take", "7 Days", "forever")] == [
        Keep(takes=0), Keep(takes=20), Keep(takes=1), Keep(days=7), Keep(),
    ]  # fmt: skip
    for wrong in ("", "20", "a while", "-1 takes"):
        with pytest.raises(UsageError, match="forever"):
            keep(wrong)


def test_search_finds_words_in_any_case_and_script(takes: Takes) -> None:
    deliver(takes, "Grüße an ÄNNE")
    deliver(takes, "100% sure_ly")
    assert [take.text for take in takes.listed("änne")] == ["Grüße an ÄNNE"]
    assert [take.text for take in takes.listed("%")] == ["100% sure_ly"]
    assert takes.listed("nothing") == []


def test_a_broken_account_is_set_aside_and_its_recordings_are_takes_again(tmp_path: Path) -> None:
    with Takes(tmp_path) as takes:
        write_wav(takes.sound(begin(takes)), Audio(np.zeros(16_000, np.float32), 16_000))
    content = b"This is no database." * 100
    (tmp_path / "takes.db").write_bytes(content)
    with Takes(tmp_path) as opened:
        (told,) = map(str, opened.told())
        (aside,) = tmp_path.glob("takes-damaged-*.db")
        assert f"takes.db is damaged. Nothing of it was deleted: it is now {aside}. A recording" in told
        assert aside.read_bytes() == content
        (take,) = opened.undelivered()
        assert (take.reason, take.targets) == (FOUND, ("stdout",))
        assert abs(take.began - time.time() + 1) < 60
    with Takes(tmp_path) as opened:
        assert (opened.told(), len(opened.listed())) == ([], 1)


def test_it_waits_while_another_writes(tmp_path: Path, takes: Takes) -> None:
    other = sqlite3.connect(tmp_path / "takes.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("COMMIT")
    other.close()
    assert begin(takes).id == 1


def test_takes_of_an_older_version_are_there(tmp_path: Path, takes: Takes) -> None:
    """Its column for the speech recogniser had another name."""
    take = begin(takes)
    with sqlite3.connect(tmp_path / "takes.db") as base:
        base.execute("ALTER TABLE takes RENAME COLUMN stt TO ears")
        base.execute("PRAGMA user_version=0")
    base.close()
    for _ in range(2):
        with Takes(tmp_path) as opened:
            assert [(each.id, each.stt) for each in opened.listed()] == [(take.id, "whisper:tiny")]
