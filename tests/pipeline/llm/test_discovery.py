from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest

from config.errors import LlmError, RefusedError, UsageError
from config.runtime.clock import FastLoop
from config.settings.model import LlmSettings, VisionSettings
from pipeline.llm import discovery as find
from pipeline.llm.capabilities import by_name
from pipeline.llm.discovery import FoundServer, listening_ports, open_llm, probe, rank_ollama
from pipeline.llm.http.client import HttpLlm
from pipeline.llm.wire import LlmOptions

pytestmark = pytest.mark.anyio
CAPITAL = "What is the capital of France?"


def options_for(spec: str, **more: Any) -> LlmOptions:
    return LlmOptions(LlmSettings(engine=spec, temperature=0.0, timeout_s=5.0), VisionSettings(), **more)


def port_of(url: str) -> int:
    return int(url.rsplit(":", 1)[1].split("/")[0])


@pytest.fixture
async def free_port() -> int:
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        return int(listener.extra(anyio.abc.SocketAttribute.local_port))


async def test_nothing_listens(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await probe({"Ollama": free_port, "llama.cpp": free_port}) == []
    monkeypatch.setattr(find, "PORTS", {"llama.cpp": free_port})
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{free_port}")
    assert await open_llm(options_for("auto")) is None
    assert await open_llm(options_for("skills")) is None


def test_a_server_is_found_on_the_fast_clock_too(llama: str) -> None:
    """It answers in real time, while this clock jumps to whatever is waited for."""
    found = anyio.run(probe, {"llama.cpp": port_of(llama)}, backend_options={"loop_factory": FastLoop})
    assert [server.models for server in found] == [("llm-micro",)]


async def test_where_nobody_listens_nothing_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "listening_ports", lambda: {22})
    monkeypatch.setattr(find, "_listens", lambda base: pytest.fail(f"{base} was connected to"))
    assert await probe() == []


async def test_where_there_is_no_telling_it_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    async def listens(base: str) -> bool:
        tried.append(base)
        return False

    monkeypatch.setattr(find, "listening_ports", lambda: None)
    monkeypatch.setattr(find, "_listens", listens)
    assert await probe({"llama.cpp": 8080}) == []
    assert tried == ["http://127.0.0.1:8080/v1"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux's table")
async def test_who_listens_is_in_the_table_and_who_has_gone_is_not() -> None:
    async with await anyio.create_tcp_listener(local_host="127.0.0.1") as listener:
        port = int(listener.extra(anyio.abc.SocketAttribute.local_port))
        assert port in (listening_ports() or set())
    assert port not in (listening_ports() or {port})


def test_a_table_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    assert listening_ports(tmp_path) is None
    (tmp_path / "tcp").write_text("  sl  local_address rem_address   st\n   0: nonsense\n")
    assert listening_ports(tmp_path) is None


def test_finding_nothing_does_not_import_httpx() -> None:
    code = (
        "import sys, anyio, pipeline.llm.discovery as find\n"
        "found = anyio.run(find.probe, {'x': 1})\n"
        "assert found == [], found\n"
        "assert not {'httpx', 'PIL', 'numpy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(find.__file__).parents[2])


async def test_auto_takes_a_llama_cpp_server(
    llama: str, free_port: int, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "PORTS", {"Ollama": 1, "llama.cpp": port_of(llama), "vLLM": free_port})
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{free_port}")
    assert await probe() == [FoundServer("llama.cpp", llama, ("llm-micro",))]
    llm = await open_llm(options_for("auto", offline=True))
    assert isinstance(llm, HttpLlm)
    try:
        assert llm.spec == f"{llama}#llm-micro"
        assert llm.remote_host == ""
        assert llm.capabilities.sees
        assert llm.sees_known
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."
    finally:
        await llm.aclose()


@pytest.mark.parametrize("suffix", ["/v1", "/v1#llm-micro", ""])
async def test_an_address(llama: str, wire: Any, suffix: str) -> None:
    llm = await open_llm(options_for(llama.removesuffix("/v1") + suffix))
    assert llm is not None
    try:
        assert llm.spec.endswith("/v1#llm-micro") or suffix == "/v1#llm-micro"
        assert wire.text_of(await wire.ask(llm, CAPITAL)) == "The capital of France is Paris."
    finally:
        await llm.aclose()


@pytest.mark.parametrize("body", ["<html>Jenkins</html>", "[]", '{"data": 5}', '{"models": []}'])
async def test_another_web_server_at_the_port_is_left_alone(wire: Any, body: str) -> None:
    async def respond(request: Any, stream: Any) -> bytes:
        return bytes(wire.http(200, body))

    async with wire.serve(respond) as server:
        assert await probe({"llama.cpp": server.port}) == []


async def test_a_port_that_never_answers_does_not_hold_up_the_others(
    llama: str, wire: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "ANSWER_S", 0.5)

    async def respond(request: Any, stream: Any) -> bytes:
        await anyio.sleep_forever()
        return b""

    async with wire.serve(respond) as server:
        found = await probe({"vLLM": server.port, "llama.cpp": port_of(llama)})
    assert [each.name for each in found] == ["llama.cpp"]


def ollama(wire: Any, capabilities: list[str], **show: Any) -> Any:
    tags = [
        {"name": "nomic-embed-text:latest", "size": 1},
        {"name": "llama3.2:latest", "size": 2_000_000_000},
    ]
    answers = {
        "/v1/models": {"data": [{"id": tag["name"]} for tag in tags]},
        "/api/tags": {"models": tags},
        "/api/ps": {"models": []},
        "/api/show": {"capabilities": capabilities, **show},
    }

    async def respond(request: Any, stream: Any) -> bytes:
        if request.path in answers:
            return bytes(wire.http(200, answers[request.path]))
        return bytes(wire.http(404, "404 page not found"))

    return respond


async def test_ollama_tells_what_a_model_can_do(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire.serve(ollama(wire, ["completion", "tools"])) as server:
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.port}")
        monkeypatch.setattr(find, "PORTS", {"Ollama": 1})
        for spec in ("ollama:llama3.2", "auto"):
            llm = await open_llm(options_for(spec))
            assert isinstance(llm, HttpLlm)
            assert llm._server.model == "llama3.2:latest"
            assert llm.spec == ("ollama:llama3.2" if spec != "auto" else "ollama:llama3.2:latest")
            assert llm.capabilities.calls_tools
            assert not llm.capabilities.sees
            await llm.aclose()
        with pytest.raises(LlmError, match=r"Ollama has no model nope\. It has: nomic.*ollama pull nope"):
            await open_llm(options_for("ollama:nope"))


async def test_offline_refuses_what_ollama_passes_on(wire: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async with wire.serve(ollama(wire, ["tools"], remote_host="https://ollama.com:443")) as server:
        monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.port}")
        llm = await open_llm(options_for("ollama:llama3.2"))
        assert llm is not None
        assert llm.remote_host == "ollama.com"
        await llm.aclose()
        for model in ("llama3.2", "gpt-oss:120b-cloud"):
            with pytest.raises(RefusedError, match=r"to ollama\.com, and offline is set"):
                await open_llm(options_for(f"ollama:{model}", offline=True))


async def test_lm_studio_tells_what_a_model_can_do(wire: Any) -> None:
    rich = [
        {"id": "nomic", "type": "embeddings", "state": "loaded"},
        {"id": "qwen3", "type": "llm", "state": "not-loaded"},
        {"id": "qwen-vl", "type": "vlm", "state": "loaded", "capabilities": ["tool_use"]},
    ]

    async def respond(request: Any, stream: Any) -> bytes:
        if request.path in ("/v1/models", "/api/v0/models"):
            return bytes(wire.http(200, {"data": rich}))
        return bytes(wire.http(200, {"error": "Unexpected endpoint or method"}))

    async with wire.serve(respond) as server:
        assert (await probe({"LM Studio": server.port}))[0].models == ("qwen-vl", "qwen3")
        for model, sees in (("qwen-vl", True), ("qwen3", False)):
            llm = await open_llm(options_for(f"{server.base_url}#{model}"))
            assert isinstance(llm, HttpLlm)
            assert (llm.capabilities.sees, llm.sees_known) == (sees, True)
            await llm.aclose()


async def test_an_absent_server_says_how_to_start_it(free_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{free_port}")
    with pytest.raises(LlmError, match=r"^Ollama could not be reached\. Start it: ollama serve$"):
        await open_llm(options_for("ollama:llama3.2"))
    with pytest.raises(LlmError, match=f"The model server at 127.0.0.1:{free_port} could not be reached"):
        await open_llm(options_for(f"http://127.0.0.1:{free_port}/v1#m"))


@pytest.mark.parametrize(
    "spec", ["openai:gpt-4o", "anthropic:c", "gemini:g", "http://192.0.2.1/v1#m", "https://x.test/v1"]
)
async def test_offline_refuses_other_machines(spec: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "ANTHROPIC", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", "key")
    with pytest.raises(RefusedError, match="offline is set"):
        await open_llm(options_for(spec, offline=True))


async def test_a_cloud_is_opened_without_asking_it_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    llm = await open_llm(options_for("openai:gpt-4o"))
    assert llm is not None
    assert (llm.remote_host, llm.spec) == ("api.openai.com", "openai:gpt-4o")
    assert llm.capabilities.sees
    assert llm.image_limits is not None
    assert llm.image_limits.edge == 1568
    await llm.aclose()


async def test_an_unknown_form() -> None:
    with pytest.raises(UsageError, match="ollama:MODEL"):
        await open_llm(options_for("chatgpt"))


@pytest.mark.parametrize(
    "name", ["gpt-4o", "claude-sonnet-4-5", "gemini-2.5-flash", "llava:7b", "qwen2.5vl:3b", "Qwen2-VL-2B"]
)
def test_families_that_see(name: str) -> None:
    assert by_name(name).sees is True


@pytest.mark.parametrize(
    "name", ["gpt-3.5-turbo", "o3-mini", "llama3.2:3b", "qwen3:8b", "gemma3:1b", "phi3:mini"]
)
def test_of_other_names_nothing_is_assumed(name: str) -> None:
    assert by_name(name).sees is None


def test_families_that_think_are_known_by_their_names() -> None:
    think = ("gpt-5-mini", "o3", "o4-mini", "gpt-oss:20b", "qwen3:8b", "deepseek-r1:7b", "gemini-2.5-flash")
    do_not = (
        "gpt-4o",
        "gpt-5-chat-latest",
        "qwen3-4b-instruct-2507",
        "llama3.2:3b",
        "gemini-2.0-flash",
        "foo1",
    )
    assert [name for name in (*think, *do_not) if by_name(name).thinks] == [*think]


def test_ollamas_models_are_ranked() -> None:
    tags = {
        "models": [
            {"name": "tiny", "size": 1e9, "modified_at": "2026-01-01"},
            {"name": "newer", "size": 2e9, "modified_at": "2026-03-01"},
            {"name": "older", "size": 2e9, "modified_at": "2026-02-01"},
            {"name": "huge", "size": 400e12},
            {"name": "huger", "size": 500e12},
            {"name": "gpt-oss:120b-cloud", "size": 3e9},
            {"name": "alias", "size": 3e9, "remote_host": "https://ollama.com"},
            {"name": 5},
            None,
        ]
    }
    assert rank_ollama(tags, None) == ["newer", "older", "tiny", "huge", "huger"]
    assert rank_ollama(tags, {"models": [{"name": "huge"}]})[0] == "huge"
    assert rank_ollama(None, None) == []
