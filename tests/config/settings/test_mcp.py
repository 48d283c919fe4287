"""MCP servers in the settings: of the file alone, of a file that is the person's, and without a key in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import UsageError
from config.settings.loading import checked, load, no_setting
from config.settings.mcp import McpServer, filled, usable
from tests.tables import for_each


def said(path: Path, text: str) -> str:
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(UsageError) as raised:
        load(file=path, environment={})
    return raised.value.failed


def test_servers_are_read_and_are_no_settings_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "aloud.toml"
    path.write_text(
        '[llm]\nengine = "skills"\n[mcp.a-1]\ncommand = "x"\nargs = ["y"]\nenv = {K = "Bearer ${NAME}"}\n'
        '[mcp.b_2]\nurl = "https://h.example/mcp"\nenabled = false\n[mcp.c]\ncommand = "z"\nlocal = true\n'
    )
    loaded = load({"stt.language": "de"}, file=path, environment={"ALOUD_LLM": "auto"})
    servers = loaded.settings.mcp
    assert [server.name for server in servers] == ["a-1", "b_2", "c"]
    assert (servers[0].host, servers[1].host, servers[1].is_elsewhere) == ("", "h.example", True)
    assert [server.name for server in usable(servers, offline=False)] == ["a-1", "c"]
    assert [server.name for server in usable(servers, offline=True)] == ["c"]
    assert not any(name.startswith("mcp") for name in loaded.origins)
    assert "mcp" not in loaded.settings.model_dump()
    assert load(environment={}).settings.mcp == ()


@for_each(
    ("text", "why"),
    [
        ("mcp = 3", "mcp (file F) cannot be used: it is a group of servers, [mcp.NAME] each"),
        ("[mcp]\na = 3", "mcp.a (file F) cannot be used: a server is a group: command or url"),
        ("[mcp.a]", "mcp.a (file F) cannot be used: it takes either command, a program, or url, an address"),
        ('[mcp.a]\ncommand = "x"\nurl = "https://h"', "it takes either command, a program, or url"),
        ('[mcp.a]\ncommand = "x"\nheaders = {A = "b"}', "headers go to an address; a program is given env"),
        ('[mcp.a]\nurl = "https://h"\nenv = {A = "b"}', "args and env are a program's"),
        ('[mcp.a]\ncommand = "x"\nfoo = 3', "mcp.a.foo (file F) cannot be used: a server has command, args"),
        ('[mcp."a b"]\ncommand = "x"', "a server's name is 1 to 20 of A-Z a-z 0-9 _ -"),
        ('[mcp.a__b]\ncommand = "x"', "a server's name is"),
        ('[mcp.a]\nurl = "file:///etc"', "url is no address that begins with http:// or https://"),
        ('[mcp.a]\nurl = "https://h\\u0000"', "it holds a sign that nobody can see"),
        ('[mcp.a]\nurl = "https://me:secret@h"', "it holds a password or a key, and settings hold none"),
        ('[mcp.a]\nurl = "https://h/?token=abcdef"', "it holds a password or a key"),
        ('[mcp.a]\nurl = "http://h"\nheaders = {A = "b"}', "headers over http:// can be read on the way"),
        (
            '[mcp.a]\ncommand = "x"\nargs = ["--key", "sk-abcdefgh12345678abcd"]',
            "a key among arguments is seen",
        ),
        ('[mcp.a]\ncommand = "x"\nenv = {API_KEY = "abcdefgh12345678abcd"}', "API_KEY holds a key"),
        ('[mcp.a]\ncommand = "x"\nenv = {A = "${A-B}"}', "'A-B' is no name of an environment variable"),
        ('[mcp.a]\ncommand = "x"\nenv = {"A B" = "c"}', "'A B' is no name of an environment variable"),
        (
            '[mcp.a]\nurl = "https://h"\nheaders = {Authorization = "Bearer abcdefgh1234567890ab"}',
            "holds a key",
        ),
        ('[mcp.a]\nurl = "https://h"\nheaders = {"A" = "b\\nC: d"}', "'A' is no header of HTTP"),
        ('[mcp.a]\ncommand = "x"\ntimeout_s = 0', "mcp.a.timeout_s (file F) cannot be used"),
        ("".join(f'[mcp.a{n}]\ncommand = "x"\n' for n in range(17)), "more than 16 servers"),
    ],
)
def test_what_is_wrong_with_a_server_is_said_with_its_place(text: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "aloud.toml"
    told = said(path, text).replace(str(path), "F")
    assert why in told
    assert "abcdefgh" not in told
    assert "secret" not in told


def test_nobody_else_names_a_program_to_be_started(tmp_path: Path) -> None:
    path = tmp_path / "aloud.toml"
    assert said(path, "[mcp.a]\n") != ""
    path.write_text('[mcp.a]\ncommand = "x"\n')
    path.chmod(0o666)
    with pytest.raises(UsageError, match="names programs to be started, and others may write it"):
        load(file=path, environment={})
    path.write_text('[llm]\nengine = "skills"\n')  # without servers it may be as it is
    assert load(file=path, environment={}).settings.mcp == ()
    with pytest.raises(UsageError, match="names no MCP servers: only the settings file does"):
        load(environment={"ALOUD_MCP__A__COMMAND": "x"})
    assert load(environment={"ALOUD_MCP": "x"}).settings.mcp == ()
    assert "are written by hand" in no_setting("mcp.a.command", []).failed
    with pytest.raises(UsageError):
        checked("mcp.a.command", "x")


def test_what_the_environment_holds_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME_1", "v$")
    assert filled("a ${NAME_1} ${NAME_1}b $NAME_1") == "a v$ v$b $NAME_1"
    with pytest.raises(KeyError, match="NONE_SUCH"):
        filled("${NONE_SUCH}")


def test_another_program_or_address_is_another_server() -> None:
    places = {
        McpServer(name="a", command="x").place,
        McpServer(name="a", command="x", args=("y",)).place,
        McpServer(name="a", command="x y").place,
        McpServer(name="a", url="https://x").place,
    }
    assert len(places) == 4
