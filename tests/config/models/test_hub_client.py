"""A hub that means ill, over real connections: a few of the two hundred cases of ``bench.hostile``."""

from __future__ import annotations

import pytest

from bench.hostile import hub as hostile
from bench.hostile.hubs.cases import cases
from bench.hostile.hubs.replies import file_is, to
from bench.hostile.hubs.server import FILES, Asked, Reply, honest, http, raw_hub
from config.errors import ModelError
from config.models import download, hub_client
from config.models.download import fetch
from config.models.hub import hub_answers
from tests.tables import for_each

QUICK = (
    "honest", "a name with a backslash", "400 GB", "the same file twice", "the list is deep lists",
    "822 MB of JSON", "300,000 files", "a header without end", "no HTTP", "a bomb for a list", "status 500",
    "pages without end", "the next page elsewhere", "the list sends on to 'file:///etc/passwd'",
    "a file goes round in a circle", "sent on without a place", "a file comes from elsewhere",
    "closed at 99 % each time", "another range", "200 for a range", "416", "it changes meanwhile",
    "more than it lists", "a bomb", "a file has status 503", "a link for the part", "a link for the folder",
    "a pipe for the lock", "a folder for the part", "a longer part", "HF_ENDPOINT 'http://[::1'",
    "a password over http", "HF_TOKEN 'hf a'", "the folder is swapped for a link meanwhile",
    "a certificate: unknown", "a file sends on without TLS",
)  # fmt: skip
SLOW = ("headers a byte at a time", "a byte at a time", "a list without end", "silence after the headers")


@for_each("name", QUICK)
def test_it_is_a_sentence_and_nothing_is_written_shown_or_kept_that_should_not_be(name: str) -> None:
    (case,) = (case for case in cases() if case.name == name)
    with hostile.quick():
        row = hostile.row(case)
    assert not row.faults, row


def test_who_sends_a_byte_now_and_then_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "RESUMES", 0)
    for name in SLOW:
        (case,) = (case for case in cases() if case.name == name)
        with hostile.quick():
            row = hostile.row(case)
        assert not row.faults, row
        assert row.seconds < 5


def test_from_the_internet_nobody_is_sent_into_this_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here 127.0.0.1 is the internet."""
    monkeypatch.setattr(hub_client, "is_public", lambda ip: ip == "127.0.0.1")
    with raw_hub(honest, host="127.0.0.2") as inside:
        sends = file_is(lambda asked: to(f"{inside.address}/model.bin")(asked))
        with raw_hub(sends) as hub, pytest.raises(ModelError, match="into this machine or its network"):
            fetch("base.en", endpoint=hub.address, timeout=1)
        assert inside.asked == []
        with raw_hub(honest) as other, raw_hub(file_is(to(f"{other.address}/x/model.bin"))) as hub:
            assert (fetch("base.en", endpoint=hub.address, timeout=1) / "model.bin").read_bytes() == FILES[
                "model.bin"
            ]


def test_what_came_is_kept_where_a_hub_knows_no_ranges_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three times as far as 60 %: what is here is passed over, and the rest is put to it."""
    monkeypatch.setattr(download, "_PAUSE_S", 0.01)
    body = FILES["model.bin"]

    def cut(asked: Asked) -> Reply:
        return http(200, body)[: 180_000 if asked.number < 2 else 260_000]

    with raw_hub(file_is(cut)) as hub, pytest.raises(ModelError) as lost:
        fetch("base.en", endpoint=hub.address, timeout=1)
    assert "260 kB of 308 kB are kept." in lost.value.kept
    with raw_hub(file_is(lambda asked: http(200, body))) as hub:
        assert (fetch("base.en", endpoint=hub.address, timeout=1) / "model.bin").read_bytes() == body


@for_each(
    ("reply", "it_is"),
    [(http(200, b"[]"), False), (http(401), True), (http(404), True), (http(500), False), (b"", False),
     (http(302, Location="file:///etc/passwd"), False), (http(200, b"<html>"), False),
     (http(200, b"[" * 9000), False), (http(200, b"[7]"), False)],
)  # fmt: skip
def test_whether_there_is_a_hub(reply: bytes, it_is: bool) -> None:
    with raw_hub(lambda asked: reply) as hub:
        assert hub_answers(hub.address) is it_is
    assert not hub_answers("http://[::1")
    assert not hub_answers("nonsense")
