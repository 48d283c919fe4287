"""httpx comes quickly, and whole; what the environment gets wrong is a sentence."""

from __future__ import annotations

import re
import subprocess
import sys

import httpx
import pytest

from config.errors import LlmError, ModelError, PictureError, UsageError
from config.runtime.lazy_httpx import make_client, through
from config.settings.model import LlmSettings
from pipeline.llm.http.connection import Connection
from pipeline.llm.spec import parse_spec, server_of
from vision.sources.ssrf_guard import SsrfGuard, Transport


def test_httpx_comes_without_its_command_line_and_nothing_else_is_hidden() -> None:
    code = (
        "import sys; from config.runtime.lazy_httpx import import_httpx; import_httpx(); import httpx\n"
        "assert httpx.AsyncClient and httpx.HTTPTransport\n"
        "assert not {'rich', 'click', 'trio'} & set(sys.modules), sorted(sys.modules)\n"
        "import trio; assert trio.run\n"  # still there for whoever wants it
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


VARIABLES = [f"{scheme}_proxy" for scheme in ("http", "https", "all", "no")]
VARIABLES += [variable.upper() for variable in VARIABLES] + ["SSL_CERT_FILE", "SSL_CERT_DIR"]


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("HTTPS_PROXY", "foo://x", "not the address of a proxy: “foo://x”"),
        ("HTTPS_PROXY", "socks4://x:1", "not the address of a proxy"),
        ("https_proxy", "http://[::1", "not the address of a proxy"),
        ("HTTP_PROXY", "http://host:port", "not the address of a proxy"),
        ("HTTP_PROXY", "host:99999", "not the address of a proxy"),
        ("ALL_PROXY", "http://", "not the address of a proxy"),
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "a SOCKS proxy, and the package socksio"),
        ("NO_PROXY", "[::", "as NO_PROXY or the system's settings have it"),
        ("SSL_CERT_FILE", "no/such/file.pem", "there is no such file"),
        ("SSL_CERT_FILE", __file__, "no certificates can be read from it"),
        ("SSL_CERT_DIR", "no/such/folder", "which is no folder"),
        ("SSL_CERT_DIR", "no\x1b[2J\udcff" + "x" * 5000, "which is no folder"),
        ("SSL_CERT_FILE", "no\x1b[2J\udcff" + "x" * 5000, "no certificates can be read from it"),
    ],
)
def test_what_the_environment_gets_wrong_is_a_sentence_with_its_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError, match=re.escape(words)) as wrong:
        make_client(httpx.Client)
    assert variable in str(wrong.value)
    assert str(wrong.value).isprintable()
    assert len(str(wrong.value)) < 500
    assert f"unset {variable}" in str(wrong.value) or f"export {variable}" in str(wrong.value)


@pytest.mark.parametrize("value", ["proxy", "proxy:3128", "http://proxy:3128", "https://me:secret@proxy"])
def test_what_is_a_proxy_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", value)
    with make_client(httpx.Client) as client:
        assert client._transport_for_url(httpx.URL("https://example.org")) is not client._transport
    assert through("https://example.org").startswith(" through the proxy in HTTPS_PROXY (")


def test_a_password_in_a_proxy_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "foo://me:secret@proxy")
    with pytest.raises(UsageError) as wrong:
        make_client(httpx.Client)
    assert "secret" not in str(wrong.value)
    assert "secret" not in through("https://example.org")


def test_the_error_is_the_callers_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "no/such/file.pem")
    with pytest.raises(ModelError):
        make_client(httpx.Client, ModelError)


def test_the_way_to_an_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert through("https://example.org/v1") == ""
    monkeypatch.setenv("HTTPS_PROXY", "proxy:3128")
    assert through("https://example.org/v1") == " through the proxy in HTTPS_PROXY (“proxy:3128”)"
    assert through("http://example.org/v1") == ""
    monkeypatch.setenv("NO_PROXY", "example.org")
    assert through("https://example.org/v1") == ""


@pytest.mark.parametrize("where", ["https://example.org/v1#a", "openai:gpt-4o"])
@pytest.mark.anyio
async def test_a_mind_elsewhere_says_it_and_one_here_needs_no_proxy(
    monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with pytest.raises(LlmError, match="ALL_PROXY names a SOCKS proxy"):
        Connection(server_of(parse_spec(where), LlmSettings()), LlmSettings(), {})
    here = Connection(server_of(parse_spec("http://127.0.0.1:9/v1#a"), LlmSettings()), LlmSettings(), {})
    await here.aclose()


def test_a_picture_from_an_address_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "no/such/file.pem")
    with pytest.raises(PictureError, match=r"SSL_CERT_FILE names no/such/file\.pem"):
        Transport(SsrfGuard(private=False), connect_s=1.0, idle_s=1.0)
