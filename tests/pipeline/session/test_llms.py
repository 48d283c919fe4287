"""Two models opened as the settings name them: which is asked, what is told of it, which key goes where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import pytest

from config.errors import LlmError, RefusedError
from config.settings.loading import load
from config.settings.model import LlmSettings, Settings
from pipeline.llm import discovery
from pipeline.llm.base import Llm, Message, ToolSpec
from pipeline.llm.bridges.text_only import TextOnly
from pipeline.llm.fallback import FallbackLlm, answering, remote_hosts
from pipeline.session import llms
from pipeline.session.engines import choose_llm
from pipeline.session.llms import beside
from tests.tables import for_each

pytestmark = pytest.mark.anyio

DEAD = "http://127.0.0.1:9/v1#gone"
CAPITAL = "What is the capital of France?"


def settings(**llm: Any) -> Settings:
    flags = {f"llm.{name}": value for name, value in llm.items() if name not in ("offline", "vision")}
    more = {"offline": llm.get("offline", False), "vision.engine": llm.get("vision", "auto")}
    return load({**flags, **more}, environment={}).settings


async def _question(_: Llm) -> tuple[Sequence[Message], Sequence[ToolSpec]]:
    return [Message("user", CAPITAL)], ()


async def test_a_real_model_answers_for_one_that_is_not_there(llama: str) -> None:
    llm, choice = await choose_llm(settings(engine=DEAD, fallback=f"{llama}#llm-micro", vision="rapidocr"))
    assert isinstance(llm, FallbackLlm)
    try:
        assert llm.circuit.open, "it was found out when it was opened"
        assert "it cannot be asked now" in choice.why
        assert f"where it does not answer, {llama}#llm-micro does, on this machine" in choice.why
        async with answering(llm, _question) as answer:
            assert "Paris" in "".join([delta.text async for delta in answer.deltas])
        assert isinstance(answer.by, TextOnly)
        assert answer.instead_of is llm.first
    finally:
        await llm.aclose()


async def test_neither_is_there_and_the_first_is_what_is_told_of() -> None:
    with pytest.raises(LlmError, match=r"127\.0\.0\.1:9 could not be reached"):
        await choose_llm(settings(engine=DEAD, fallback="http://127.0.0.1:13/v1#gone"))


async def test_offline_asks_only_what_is_here(llama: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    here, cloud = f"{llama}#llm-micro", "openai:gpt-4o"
    for engine, fallback in ((here, cloud), (cloud, here)):
        llm, choice = await choose_llm(settings(engine=engine, fallback=fallback, offline=True))
        assert llm is not None
        assert (llm.spec, remote_hosts(llm)) == (here, {})
        assert choice.why == "chosen, on this machine; openai:gpt-4o is not asked, since offline is set"
        await llm.aclose()
    with pytest.raises(RefusedError, match="offline is set"):
        await choose_llm(settings(engine=cloud, fallback=DEAD, offline=True))
    with pytest.raises(LlmError, match="could not be reached"):
        await choose_llm(settings(engine=DEAD, fallback=cloud, offline=True))


async def test_where_no_server_runs_and_the_second_may_not_be_asked_the_skills_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As without a second: a flight is no reason not to start."""
    monkeypatch.setattr(discovery, "PORTS", {"Ollama": 9})
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    for fallback in ("", "openai:gpt-4o", DEAD):
        llm, choice = await choose_llm(settings(engine="auto", fallback=fallback, offline=True))
        assert (llm, choice.name) == (None, "skills"), fallback


async def test_both_hosts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "ANTHROPIC"):
        monkeypatch.setenv(f"{name}_API_KEY", "key")
    llm, choice = await choose_llm(settings(engine="openai:gpt-4o", fallback="anthropic:claude-sonnet-4-5"))
    assert isinstance(llm, FallbackLlm)
    assert remote_hosts(llm) == {"api.anthropic.com": True, "api.openai.com": True}
    assert choice.why == (
        "chosen, on api.openai.com: what you say and show is sent there; where it does not answer, "
        "anthropic:claude-sonnet-4-5 does, on api.anthropic.com: what you say and show is sent there"
    )
    await llm.aclose()


async def test_who_does_small_work_is_told_as_it_is(llama: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    here, cloud, smaller = f"{llama}#llm-micro", "openai:gpt-4o", "openai:gpt-4o-mini"
    there = "on api.openai.com: what you say and show is sent there"
    nothing = "does no small work, since nothing that is said goes to api.openai.com for that"
    for engine, small, offline, told in (
        (here, here, False, "on this machine"),
        (here, f"{llama}#other", False, f"on this machine; {llama}#other does small work"),
        (here, smaller, False, f"on this machine; {smaller} {nothing}"),
        (here, smaller, True, f"on this machine; {smaller} {nothing}"),
        (cloud, smaller, False, f"{there}; {smaller} does small work"),
    ):
        llm, choice = await choose_llm(settings(engine=engine, small=small, offline=offline))
        assert choice.why == f"chosen, {told}"
        assert llm is not None
        await llm.aclose()


@for_each(
    ("fallback", "variable", "api"),
    [
        ("https://one.example/v1#other", "MINE", "chat"),
        ("https://one.example:443/v1#other", "MINE", "chat"),
        ("https://two.example/v1#m", "OPENAI_API_KEY", "auto"),
        ("https://one.example:8443/v1#m", "OPENAI_API_KEY", "auto"),
        ("http://one.example/v1#m", "OPENAI_API_KEY", "auto"),
        ("anthropic:claude", "OPENAI_API_KEY", "auto"),
        ("gguf:model.gguf", "OPENAI_API_KEY", "auto"),
    ],
)
def test_a_key_that_was_named_for_one_host_goes_to_no_other(fallback: str, variable: str, api: str) -> None:
    """What stays is the name that stands for none: then the host's own key goes to it, or none."""
    own = LlmSettings(engine="https://one.example/v1#m", fallback=fallback, api_key_env="MINE", api="chat")
    got = beside(own, "fallback")
    assert (got.engine, got.api_key_env, got.api) == (fallback, variable, api)


class Opened:
    """Closing it takes a while, as ending a process does."""

    remote_host = ""
    closed = False

    async def aclose(self) -> None:
        await anyio.sleep(0.001)
        self.closed = True


async def test_broken_off_while_the_second_is_opened_the_first_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, opening = Opened(), anyio.Event()

    async def opens(_: Settings, llm: LlmSettings, spoken: bool) -> Opened:
        if llm.engine == "gguf:first":
            return first
        opening.set()
        await anyio.sleep_forever()
        raise AssertionError

    monkeypatch.setattr(llms, "_open", opens)
    async with anyio.create_task_group() as group:
        group.start_soon(llms.open_llms, settings(engine="gguf:first", fallback="gguf:second"))
        await opening.wait()
        group.cancel_scope.cancel()
    assert first.closed
