from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.errors import LlmError, UsageError
from config.settings.model import LlmSettings
from pipeline.llm.spec import ollama_url, parse_spec, server_of
from pipeline.llm.wire import Spec
from tests.tables import for_each

FORMS = (
    *(
        "auto",
        "skills",
        "ollama:MODEL",
        "openai:MODEL",
        "anthropic:MODEL",
        "gemini:MODEL",
        "gguf:NAME_OR_PATH",
    ),
    "http://HOST:PORT/v1#MODEL",
)
KEYS = {
    "OPENAI_API_KEY": "sk-openai",
    "ANTHROPIC_API_KEY": "sk-ant",
    "GEMINI_API_KEY": "sk-gem",
    "MINE": "mine",
}


@for_each(
    ("text", "kind", "base_url", "model"),
    [
        ("auto", "auto", "", ""),
        ("skills", "skills", "", ""),
        ("ollama:llama3.2:3b", "ollama", "http://127.0.0.1:11434/v1", "llama3.2:3b"),
        ("openai:gpt-4o", "cloud", "https://api.openai.com/v1", "gpt-4o"),
        ("anthropic:claude-x", "cloud", "https://api.anthropic.com/v1", "claude-x"),
        ("gemini:flash", "cloud", "https://generativelanguage.googleapis.com/v1beta", "flash"),
        ("gguf:~/a b.gguf", "gguf", "", "~/a b.gguf"),
        ("http://127.0.0.1:8080/v1#org/m:q4", "server", "http://127.0.0.1:8080/v1", "org/m:q4"),
        ("http://localhost:8080", "server", "http://localhost:8080/v1", ""),
        ("https://x.test/api/v1/#m", "server", "https://x.test/api/v1", "m"),
        ("http://[::1]:8080/v1#m", "server", "http://[::1]:8080/v1", "m"),
        ("http://[fe80::1%25eth0]:8080/v1", "server", "http://[fe80::1%25eth0]:8080/v1", ""),
        ("https://bücher.test/v1#größe", "server", "https://bücher.test/v1", "größe"),
        ("https://xn--bcher-kva.test./v1", "server", "https://xn--bcher-kva.test./v1", ""),
        ("http://my_box-2.local/v1#a b", "server", "http://my_box-2.local/v1", "a b"),
    ],
)
def test_forms(text: str, kind: str, base_url: str, model: str) -> None:
    spec = parse_spec(text, {})
    assert (spec.kind, spec.base_url, spec.model) == (kind, base_url, model)


@for_each(
    "text",
    [
        "",
        "gpt-4o",
        "openai:",
        "ollama:",
        "gguf:",
        "ftp://x#m",
        "http://",
        "http://h:99999/v1",
        "http://[::1/v1",
        "http://::1:9/v1",
        "http://[127.0.0.1]:9/v1",
        "http://999.1.1.1/v1",
        "http://a b/v1",
        "http://a..b/v1",
        "http://.test/v1",
        "http://-a/v1",
        "http://" + "h" * 64 + ".test/v1",
        "http://" + ".".join(["h" * 60] * 5) + "/v1",
        "http://" + "ü" * 70 + ".test/v1",
        "http://xn--a.test/v1",
        "http://\u200d.test/v1",
        "http://\u2024\u2024/v1",
        "http://127.0.0.1\udcff:9/v1",
        "http://127.0.0.1:9/\x00",
        "http://127.0.0.1:9/v1#m\udcff",
        "http://127.0.0.1:9/v1#" + "m" * 7000,
        "openai:m\udcff",
        "anthropic:\x1b[31m",
        "gemini:" + "m" * 7000,
        "ollama:\ud800",
    ],
)
def test_other_forms_are_refused_with_what_there_is(text: str) -> None:
    with pytest.raises(UsageError):
        parse_spec(text, {})
    with pytest.raises(UsageError) as caught:
        parse_spec("gpt-4o", {})
    assert all(form in caught.value.todo for form in FORMS)


@for_each(
    "text",
    [
        "http://me:secret@host/v1#m",
        "https://host/v1?key=secret#m",
        "http://me:secret@host:99999/v1",
        "http://me:secret@[bad/v1",
        "http://me:secret@/v1",
        "http:me:secret@host/v1",
        "HTTP://secret@host:x/v1",
        "ftp://me:secret@host/v1",
        "//me:secret@host",
        "http:///?secret",
        "me:secret@host",
    ],
)
def test_keys_in_an_address_are_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_spec(text, {})
    assert "secret" not in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30) | st.text(max_size=20).map("http://{}".format))
def test_any_text_is_a_spec_or_a_usage_error(text: str) -> None:
    try:
        spec = parse_spec(text, {})
    except UsageError:
        return
    assert spec.kind in ("auto", "skills", "ollama", "cloud", "gguf", "server")


@for_each(
    ("named", "url"),
    [
        ("", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("0.0.0.0:1234", "http://127.0.0.1:1234/v1"),
        ("localhost:1234", "http://localhost:1234/v1"),
        (":1234", "http://127.0.0.1:1234/v1"),
        ("http://127.0.0.1:1234", "http://127.0.0.1:1234/v1"),
        ("[::1]:1234", "http://[::1]:1234/v1"),
        ("192.168.1.5:1234", "http://127.0.0.1:11434/v1"),
        ("https://ollama.example", "http://127.0.0.1:11434/v1"),
        ("nonsense:port", "http://127.0.0.1:11434/v1"),
    ],
)
def test_ollama_host_counts_only_on_this_machine(named: str, url: str) -> None:
    assert ollama_url({"OLLAMA_HOST": named}) == url


@for_each(
    ("text", "llm_settings", "key"),
    [
        ("openai:m", {}, "sk-openai"),
        ("anthropic:m", {}, "sk-ant"),
        ("gemini:m", {}, "sk-gem"),
        ("openai:m", {"api_key_env": "MINE"}, "mine"),
        ("https://api.openai.com/v1#m", {}, "sk-openai"),
        ("http://api.openai.com/v1#m", {}, ""),
        ("http://127.0.0.1:8080/v1#m", {}, ""),
        ("ollama:m", {}, ""),
        ("https://models.example/v1#m", {}, ""),
        ("https://api.openai.com.example/v1#m", {}, ""),
        ("https://models.example/v1#m", {"api_key_env": "MINE"}, "mine"),
        ("http://127.0.0.1:8080/v1#m", {"api_key_env": "MINE"}, "mine"),
        ("http://[::1]:8080/v1#m", {"api_key_env": "MINE"}, "mine"),
        ("http://models.example/v1#m", {"api_key_env": "MINE"}, ""),
        ("http://192.168.1.5:8080/v1#m", {"api_key_env": "MINE"}, ""),
        ("http://a.localhost/v1#m", {"api_key_env": "MINE"}, ""),
        ("HTTP://api.openai.com/v1#m", {"api_key_env": "MINE"}, ""),
    ],
)
def test_a_key_goes_only_where_it_belongs(text: str, llm_settings: dict[str, Any], key: str) -> None:
    server = server_of(parse_spec(text, {}), LlmSettings(**llm_settings), KEYS)
    assert server.key == key
    assert not key or f"'{key}'" not in repr(server)


def test_a_server_that_nobody_named_gets_no_key() -> None:
    for kind, base_url in (("server", "http://127.0.0.1:8080/v1"), ("ollama", "http://127.0.0.1:11434/v1")):
        found = Spec(kind, "auto", base_url, "m", found=True)  # type: ignore[arg-type]
        assert server_of(found, LlmSettings(api_key_env="MINE"), KEYS).key == ""


def test_why_no_key_is_sent_without_encryption_is_said() -> None:
    server = server_of(parse_spec("http://models.example/v1#m", {}), LlmSettings(api_key_env="MINE"), KEYS)
    assert "no key leaves this machine without encryption" in server.refused(401, "{}").failed


def test_a_cloud_without_its_key_says_how_to_set_it() -> None:
    with pytest.raises(
        LlmError, match=r"openai:m needs a key, and OPENAI_API_KEY is not set\. Set it: export OPENAI_"
    ):
        server_of(parse_spec("openai:m", {}), LlmSettings(), {})


@pytest.mark.parametrize("key", ["sk-a\nb", "sk a", "sk-é"])
def test_what_cannot_be_a_key_is_not_sent_and_not_shown(key: str) -> None:
    with pytest.raises(LlmError) as caught:
        server_of(parse_spec("openai:m", {}), LlmSettings(), {"OPENAI_API_KEY": key})
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "base_url", "api"),
    [
        ("openai:gpt-5", "https://api.openai.com/v1", "responses"),
        ("anthropic:claude-x", "https://api.anthropic.com/v1", "messages"),
        ("gemini:flash", "https://generativelanguage.googleapis.com/v1beta", "gemini"),
        ("ollama:llama3.2", "http://127.0.0.1:11434/v1", "ollama"),
        ("http://127.0.0.1:8080/v1#m", "http://127.0.0.1:8080/v1", "chat"),
        ("http://127.0.0.1:8080/v1/chat/completions#m", "http://127.0.0.1:8080/v1", "chat"),
        ("http://127.0.0.1:8080/v1/responses#m", "http://127.0.0.1:8080/v1", "responses"),
        ("http://127.0.0.1:8080/v1/messages#m", "http://127.0.0.1:8080/v1", "messages"),
        ("http://192.168.1.5:11434/api/chat#m", "http://192.168.1.5:11434/v1", "ollama"),
        ("https://api.anthropic.com/v1#claude-x", "https://api.anthropic.com/v1", "messages"),
        (
            "https://generativelanguage.googleapis.com/v1beta/openai#flash",
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "chat",
        ),
    ],
)
def test_what_a_server_is_spoken_to_in(text: str, base_url: str, api: str) -> None:
    spec = parse_spec(text, {})
    assert (spec.base_url, spec.api) == (base_url, api)


def test_a_model_file_without_its_kind_is_asked_about() -> None:
    for text in ("smollm2-135m-instruct", "/models/mine.gguf", "qwen.GGUF"):
        with pytest.raises(UsageError) as caught:
            parse_spec(text)
        assert caught.value.todo.startswith(f"Is it gguf:{text}? It is one of: auto, ")
    with pytest.raises(UsageError) as caught:
        parse_spec("llama3")
    assert caught.value.todo.startswith("It is one of: ")
