"""Two models as the program is given them by its settings: over real connections, as a person sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aloud.cli.doctor import leaves
from config.settings.loading import load
from pipeline.session.engines import choose_llm
from pipeline.session.run import run_async
from tests.serving import Answering, model_server, serving
from tests.tables import for_each

Call = Callable[..., Any]

WHY = "Why is the sky blue?"
BECAUSE = "It scatters."
STANDS_IN = "The model on this machine does not answer; the other model answers."


class Refusing(Answering):
    """Wants a key that nobody has."""

    def post(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(401, b'{"error": {"message": "no key"}}', Content_Type="application/json")


def test_the_second_answers_for_one_that_is_absent_or_refuses(
    aloud: Call, free_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Refusing) as refusing, model_server(lambda _: BECAUSE) as model:
        for first in (f"{refusing}/v1#m", f"http://127.0.0.1:{free_port}/v1#m"):
            alone = aloud("ask", WHY, "--llm", first)
            monkeypatch.setenv("ALOUD_LLM__FALLBACK", model.spec)
            both = aloud("ask", WHY, "--llm", first)
            monkeypatch.delenv("ALOUD_LLM__FALLBACK")
            assert (alone.status, alone.out.strip()) == (4, "")
            assert (both.status, both.err, both.out) == (0, "", f"{STANDS_IN}\n{BECAUSE}\n")


def test_a_long_talk_keeps_what_was_asked_unless_that_is_switched_off(
    aloud_process: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"Tell me of parcel {number}.\n" for number in range(5)).encode()
    monkeypatch.setenv("ALOUD_LLM__HISTORY_TURNS", "3")
    for condense, kept in (("auto", "“Tell me of parcel 0.”; “Tell me of parcel 1.”"), ("off", "")):
        monkeypatch.setenv("ALOUD_LLM__CONDENSE", condense)
        with model_server(lambda _: BECAUSE) as model:
            quiet = ("--microphone", "none", "--speaker", "none", "--json")
            outcome = aloud_process("talk", "--typed", *quiet, "--llm", model.spec, stdin=lines)
        assert [event["heard"] for event in outcome.of("spoke")] == [BECAUSE] * 5
        first = model.asked[-1][1]["content"]
        assert first.endswith("Tell me of parcel 2.")
        assert first.startswith(f"[Asked earlier, the beginning of each: {kept}]" if kept else "Tell me")


@for_each(
    ("engine", "fallback", "told"),
    [
        ("gguf:m.gguf", "openai:b", "what you say and show is sent to api.openai.com, {silent}"),
        ("openai:a", "gguf:m.gguf", "what you say and show is sent to api.openai.com"),
        (
            "openai:a",
            "anthropic:b",
            "what you say and show is sent to api.openai.com; what you say and show is sent to "
            "api.anthropic.com, {silent}",
        ),
        ("openai:a", "", "what you say and show is sent to api.openai.com"),
    ],
)
def test_the_doctor_tells_what_leaves_this_machine_and_where_to(
    engine: str, fallback: str, told: str, monkeypatch: pytest.MonkeyPatch, models: Path
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "key")
    here = f"gguf:{models / 'llm-micro' / 'llm-micro.gguf'}"
    specs = {name: here if spec.startswith("gguf") else spec for name, spec in
             {"llm.engine": engine, "llm.fallback": fallback, "llm.small": engine}.items()}  # fmt: skip

    async def chosen() -> str:
        llm, choice = await choose_llm(load(specs, environment={}).settings)
        assert llm is not None
        await llm.aclose()
        return choice.why

    assert leaves(run_async(chosen)) == told.format(silent="where the first does not answer")
    assert leaves("chosen, on this machine") == "nothing"
