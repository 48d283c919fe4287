"""What is said before words leave the machine: once, in the person's language, and noted only when said."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pipeline.llm.base import Capabilities
from pipeline.llm.candidate import Candidate
from pipeline.llm.fallback import FallbackLlm
from pipeline.session.privacy import KeptNotices, SessionNotices, privacy_notice_for


@dataclass
class Where:
    """Of an LLM this much."""

    remote_host: str
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(sees=True))


TWO = (("a.example.org", True), ("b.example.org", False))


async def _none() -> None: ...


def of(where: str) -> Any:
    return privacy_notice_for(cast(Any, Where(where)), KeptNotices())


def test_a_mind_elsewhere_is_told_of_once() -> None:
    tell = of("api.example.org")
    assert tell("de-DE") == "Was du sagst und mir zeigst, geht an api.example.org."
    assert of("api.example.org") is None
    assert of("other.example.org") is not None


def test_who_was_told_of_words_alone_is_told_when_pictures_go_too() -> None:
    notices, blind = SessionNotices(), cast(Any, Where("api.example.org", Capabilities()))
    tell = privacy_notice_for(blind, notices)
    assert tell is not None
    assert tell("en") == "What you say, and what I read for you in pictures, is sent to api.example.org."
    assert privacy_notice_for(blind, notices) is None
    tell = privacy_notice_for(cast(Any, Where("api.example.org")), notices)
    assert tell is not None
    assert tell("en") == "What you say and show me is sent to api.example.org."
    assert privacy_notice_for(blind, notices) is None


def test_until_it_was_said_it_counts_as_unsaid() -> None:
    assert of("api.example.org") is not None
    assert of("api.example.org")("en") == "What you say and show me is sent to api.example.org."


def test_of_two_models_both_are_told_of_with_what_goes_there() -> None:
    pair = FallbackLlm(*(Candidate(host, _none, remote_host=host, sees=sees) for host, sees in TWO))
    notices = SessionNotices()
    tell = privacy_notice_for(cast(Any, pair), notices)
    assert tell is not None
    assert tell("en") == (
        "What you say and show me is sent to a.example.org. "
        "What you say, and what I read for you in pictures, is sent to b.example.org."
    )
    assert privacy_notice_for(cast(Any, pair), notices) is None
    assert privacy_notice_for(cast(Any, Where("b.example.org")), notices) is not None, "pictures go there now"


def test_of_a_mind_on_this_machine_there_is_nothing_to_say() -> None:
    assert of("") is None


def test_two_people_in_one_process_are_each_told() -> None:
    llm = cast(Any, Where("api.example.org"))
    one, other = SessionNotices(), SessionNotices()
    tell = privacy_notice_for(llm, one)
    assert tell is not None
    tell("en")
    assert privacy_notice_for(llm, one) is None
    assert privacy_notice_for(llm, other) is not None


def test_where_nothing_can_be_noted_they_are_told_and_told_again(tmp_path: Path) -> None:
    """The middle of an answer is no place for a fault: the words would not be spoken."""
    (tmp_path / "file").write_text("no folder")
    notices = KeptNotices(tmp_path / "file" / "told")
    for _ in range(2):
        tell = privacy_notice_for(cast(Any, Where("api.example.org")), notices)
        assert tell is not None
        assert tell("en") == "What you say and show me is sent to api.example.org."
