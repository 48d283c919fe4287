"""A model in this program: loaded behind listening, read ahead, unloaded; and what is refused."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from config.errors import LlmError, ModelError, UsageError
from config.models.catalogue import known
from config.models.llm_choice import RESERVED_MB
from config.models.llm_speed import measured_reads, measured_writes
from config.models.verified import note_verified, sha256_of
from config.settings.model import LlmSettings, VisionSettings
from config.system import memory
from config.system.priority import LLM_NICE
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.base import Message, ReadsAhead
from pipeline.llm.bridges.text_only import TextOnly
from pipeline.llm.discovery import open_llm, probe
from pipeline.llm.local.files import find_mmproj, local_files
from pipeline.llm.local.llm import LocalLlm
from pipeline.llm.local.plan import plan
from pipeline.llm.wire import LlmOptions

pytestmark = pytest.mark.anyio
CAPITAL = "What is the capital of France?"
INSTRUCTIONS = Message("system", "You are a voice assistant. " + "Answer briefly and kindly. " * 20)


def options_for(spec: str, **more: Any) -> LlmOptions:
    settings = LlmSettings(engine=spec, temperature=0.0, timeout_s=20.0, **more)
    return LlmOptions(settings, VisionSettings(), offline=True)


@contextlib.asynccontextmanager
async def opened(spec: str | Path, **more: Any) -> AsyncIterator[LocalLlm]:
    llm = await open_llm(options_for(f"gguf:{spec}", **more))
    assert isinstance(llm, LocalLlm)
    try:
        yield llm
    finally:
        await llm.aclose()


@pytest.fixture
def micro(models: Path) -> Path:
    return models / "llm-micro" / "llm-micro.gguf"


def fetched(micro: Path, *, verified: bool = True) -> Path:
    """As if the smallest of the catalogue had been fetched."""
    model = known("smollm2-360m-instruct")
    model.folder.mkdir(parents=True)
    shutil.copyfile(micro, model.path)
    if verified:
        note_verified(model.folder, [(model.path.name, sha256_of(model.path))])
    return model.path


def process_is_there(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.kill(number, 0)
        return True
    return False


async def test_a_file_answers_with_its_eyes_under_a_key_of_its_own(micro: Path, wire: Any) -> None:
    async with opened(micro) as llm:
        assert (llm.remote_host, llm.spec) == ("", f"gguf:{micro}")
        assert llm.capabilities.sees, "known before it is loaded"
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."
        assert (llm.capabilities.sees, llm.capabilities.context) == (True, 2048)
        assert llm._api == ChatCompletions(progress=True), "else it reads on when it is left"
        assert llm._worker
        number = llm._worker.process
        assert process_is_there(number)
        if sys.platform != "win32":  # Ctrl-C reaches all programs of a terminal
            os.kill(number, signal.SIGINT)
            assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."
            assert llm.process == number
        async with wire.llm_at(f"{llm._worker.address}/v1") as stranger:
            with pytest.raises(LlmError, match="wants a key"):
                await wire.ask(stranger, CAPITAL)
        if sys.platform == "linux":  # STT and TTS go first
            nice = [os.getpriority(os.PRIO_PROCESS, int(n)) for n in os.listdir(f"/proc/{number}/task")]
            assert min(nice) >= LLM_NICE
        port = int(llm._worker.address.rsplit(":", 1)[1])
    assert not process_is_there(number)
    assert await probe({"llama.cpp": port}) == []


async def test_it_is_opened_before_it_is_loaded_and_closed_while_it_loads(micro: Path) -> None:
    async with opened(micro) as llm:
        assert llm.process is None
    loading = llm._loading
    await anyio.to_thread.run_sync(loading.wait)
    assert llm.process is None, "what was loaded meanwhile is let go"


async def test_read_ahead_an_answer_reads_the_question_alone(micro: Path, wire: Any) -> None:
    async with opened(micro) as llm:
        assert isinstance(TextOnly(llm), ReadsAhead)
        cold = (await wire.ask(llm, INSTRUCTIONS, CAPITAL))[-1]
        assert cold.tokens_in > 100
        assert cold.tokens_cached == 0
        other = Message("system", "Be brief. " * 40)
        await TextOnly(llm).read_ahead([other])
        await llm.read_ahead([other])  # nothing new: nothing is asked
        async with anyio.create_task_group() as group:
            group.start_soon(
                llm.read_ahead, [INSTRUCTIONS, Message("user", "Hi."), Message("assistant", "Hi!")]
            )
            while llm._ahead._reading is None:
                await anyio.lowlevel.checkpoint()
            warm = (await wire.ask(llm, INSTRUCTIONS, "Hi.", Message("assistant", "Hi!"), CAPITAL))[-1]
        assert warm.tokens_in - warm.tokens_cached < 25, "asked for in the middle of it, it waits"


async def test_unloaded_when_idle_its_memory_is_the_systems_and_it_answers_again(
    micro: Path, wire: Any
) -> None:
    def kilobytes() -> int:
        lines = Path(f"/proc/{llm.process}/status").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("RssAnon")), 0)

    async with opened(micro, unload_s=1) as llm:
        assert await wire.ask(llm, INSTRUCTIONS, CAPITAL)
        loaded = kilobytes() if sys.platform == "linux" else 0
        with anyio.fail_after(30):
            while sys.platform == "linux" and kilobytes() > loaded - 2000:  # noqa: ASYNC110
                await anyio.sleep(0.05)  # asking whether it sleeps could wake it
        await llm.read_ahead([INSTRUCTIONS])
        last = (await wire.ask(llm, INSTRUCTIONS, CAPITAL))[-1]
        assert last.tokens_in - last.tokens_cached < 25
        assert llm._worker
        llm._worker._process.kill()
        llm._worker._process.wait()
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."


async def test_by_name_only_what_was_compared_with_the_hubs_sums_is_loaded(micro: Path, wire: Any) -> None:
    name = "smollm2-360m-instruct"
    with pytest.raises(ModelError, match=rf"not on this machine.*aloud models get {name}"):
        await open_llm(options_for(f"gguf:{name}"))
    path = fetched(micro, verified=False)
    with pytest.raises(ModelError, match=r"was not compared.*models get.*Or trust it.*gguf:/"):
        await open_llm(options_for(f"gguf:{name}"))
    note_verified(path.parent, [(path.name, sha256_of(path))])
    os.utime(path, (1, 1))  # touched, and the same
    async with opened(name) as llm:
        assert llm.spec == f"gguf:{name}"
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."
        assert await wire.ask(llm, INSTRUCTIONS, CAPITAL)
        assert await wire.ask(llm, "Tell me a long story.")
        assert measured_reads(known(name)), "what was read tells how quick the next one will be"
        assert measured_writes(known(name))
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(ModelError, match="its checksum is another"):
        await open_llm(options_for(f"gguf:{name}"))


async def test_what_is_no_model_is_said(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged, cut = tmp_path / "damaged.gguf", tmp_path / "cut.gguf"
    damaged.write_bytes(b"GGUF" + b"\0" * 100)
    cut.write_bytes((models / "llm-micro" / "llm-micro.gguf").read_bytes()[:600_000])
    for spec, error, words in (
        (f"gguf:{tmp_path / 'none.gguf'}", ModelError, "There is no model file"),
        (f"gguf:{damaged}", ModelError, "could not be loaded"),
        ("gguf:qwen3.5-2", UsageError, "Is it gguf:qwen3.5-2b, "),
        ("gguf:tiny.en", UsageError, "There is no language model"),
    ):
        with pytest.raises(error, match=words):
            await open_llm(options_for(spec))
    async with opened(cut) as llm:  # its header is whole
        await llm.warm()
        with pytest.raises(LlmError, match="could not be loaded"):
            async with llm.reply([Message("user", CAPITAL)]):
                pass
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(LlmError, match=r"install .*'xllamacpp>="):
        await open_llm(options_for(f"gguf:{cut}"))


async def test_eyes_of_another_model_are_left_away(micro: Path, tmp_path: Path, wire: Any) -> None:
    shutil.copyfile(micro, tmp_path / "a.gguf")
    shutil.copyfile(micro, tmp_path / "mmproj-a.gguf")
    async with opened(tmp_path / "a.gguf") as llm:
        assert llm.capabilities.sees, "as far as its folder tells"
        await llm.warm()
        assert not llm.capabilities.sees
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."


def test_it_is_fitted_to_the_memory_or_refused(micro: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched(micro)
    files = local_files("smollm2-360m-instruct")
    assert files.header.quantizable
    found = [plan(files, RESERVED_MB + mb) for mb in (4000, 750, 650)]
    assert [(each.context, each.small_cache) for each in found] == [(8192, False), (8192, True), (4096, True)]
    assert [each.memory_mb <= mb for each, mb in zip(found, (4000, 750, 650), strict=True)] == [True] * 3
    with pytest.raises(ModelError, match=r"needs about 0\.6 GB of memory beside speech, and 0\.4 are free"):
        plan(files, RESERVED_MB + 400)
    large = local_files(str(micro))
    with pytest.raises(ModelError, match=r"Close other programs, or choose a model elsewhere"):
        plan(large, 0)
    assert memory.available_mb() > 100


def test_of_several_eyes_the_most_alike_is_taken(tmp_path: Path) -> None:
    for name in ("qwen-vl-7b.gguf", "mmproj-gemma.gguf", "mmproj-qwen-vl-7b-f16.gguf", "other.gguf"):
        (tmp_path / name).touch()
    found = find_mmproj(tmp_path / "qwen-vl-7b.gguf")
    assert found is not None
    assert found.name == "mmproj-qwen-vl-7b-f16.gguf"
    assert find_mmproj(Path("nowhere") / "a.gguf") is None
