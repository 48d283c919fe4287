"""MCP servers: programs and addresses that give a model more tools. Of the settings file alone,
``[mcp.NAME]``: a line there starts a program, so no variable, no option and no file that others may write can
name one.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from config.errors import UsageError
from config.runtime.hosts import host_of, is_loopback
from config.runtime.secrets import holds_key, is_about_key, may_be_key

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,18}[A-Za-z0-9])?")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_TAKEN_FROM = re.compile(r"\$\{([^}]*)\}")
"""``${NAME}``: what the environment holds under it, when the server is opened."""
_MOST = 16
"""Servers: each is a program that runs as long as a talk does."""


class McpServer(BaseModel):
    """One of them, as the file has it; ``name`` stands before its tools' names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = Field(default_factory=dict)
    url: str = ""
    headers: Mapping[str, str] = Field(default_factory=dict)
    enabled: bool = True
    reads: tuple[str, ...] = ()
    """Tools that only look something up. All others are asked about before each call."""
    local: bool = False
    """It reaches nothing outside this machine."""
    start_s: float = Field(30.0, gt=0, le=600)
    timeout_s: float = Field(60.0, gt=0, le=3600)
    """A call that takes longer is given up."""

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        if not _NAME.fullmatch(name) or "__" in name:
            raise ValueError("a server's name is 1 to 20 of A-Z a-z 0-9 _ -")
        return name

    @field_validator("command", "url")
    @classmethod
    def _holds_no_key(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("it holds a sign that nobody can see")
        if holds_key(value):
            raise ValueError("it holds a password or a key, and settings hold none")
        return value.strip()

    @field_validator("args")
    @classmethod
    def _hold_no_key(cls, args: tuple[str, ...]) -> tuple[str, ...]:
        if any("\0" in each for each in args):
            raise ValueError("it holds a sign that nobody can see")
        if any(map(holds_key, args)):
            raise ValueError("a key among arguments is seen by all on this machine; use env")
        return args

    @field_validator("env")
    @classmethod
    def _are_variables(cls, env: Mapping[str, str]) -> Mapping[str, str]:
        if odd := [name for name in env if not _VARIABLE.fullmatch(name)]:
            raise ValueError(f"{odd[0]!r} is no name of an environment variable")
        return _without_keys(env)

    @field_validator("headers")
    @classmethod
    def _are_headers(cls, headers: Mapping[str, str]) -> Mapping[str, str]:
        for name, value in headers.items():
            if not _HEADER.fullmatch(name) or not value.isprintable() or not value.isascii():
                raise ValueError(f"{name!r} is no header of HTTP")
        return _without_keys(headers)

    @model_validator(mode="after")
    def _is_reached_in_one_way(self) -> Self:
        if bool(self.command) == bool(self.url):
            raise ValueError("it takes either command, a program, or url, an address")
        if self.command and self.headers:
            raise ValueError("headers go to an address; a program is given env")
        if self.url and (self.args or self.env):
            raise ValueError("args and env are a program's; an address is given headers")
        if self.url:
            self._check_address()
        return self

    def _check_address(self) -> None:
        scheme, host = urlsplit(self.url).scheme, host_of(self.url)
        if scheme not in ("http", "https") or not host:
            raise ValueError("url is no address that begins with http:// or https://")
        if scheme == "http" and self.headers and not is_loopback(host):
            raise ValueError("headers over http:// can be read on the way; use https://")

    @property
    def host(self) -> str:
        """Where its calls go; empty: it is a program here."""
        return host_of(self.url) if self.url else ""

    @property
    def is_elsewhere(self) -> bool:
        return bool(self.url) and not is_loopback(self.host)

    @property
    def place(self) -> str:
        """The program with its arguments, or the address: another one is another server."""
        return self.url or "\0".join((self.command, *self.args))


def usable(servers: Iterable[McpServer], *, offline: bool) -> tuple[McpServer, ...]:
    """Those that are to be opened. Offline: none that could send anything away."""
    return tuple(each for each in servers if each.enabled and not (offline and _may_reach_out(each)))


def _may_reach_out(server: McpServer) -> bool:
    return server.is_elsewhere or not server.local


def filled(value: str) -> str:
    """With what the environment holds for each ``${NAME}``. Raises ``KeyError`` for a variable it lacks."""
    return _TAKEN_FROM.sub(lambda found: os.environ[found[1]], value)


def _without_keys(values: Mapping[str, str]) -> Mapping[str, str]:
    """Raises ``ValueError`` where one stands there itself."""
    for name, value in values.items():
        bare = _TAKEN_FROM.sub("", value)
        if bad := [each for each in _TAKEN_FROM.findall(value) if not _VARIABLE.fullmatch(each)]:
            raise ValueError(f"{bad[0]!r} is no name of an environment variable")
        if holds_key(bare) or (is_about_key(name) and may_be_key(bare)):
            raise ValueError(f"{name} holds a key, and settings hold none; write ${{VARIABLE}} in its place")
    return values


def servers_of(tree: object, path: Path) -> tuple[McpServer, ...]:
    """What stands under ``[mcp]`` of the file ``path``. Raises ``UsageError`` naming what is wrong there."""
    if not isinstance(tree, Mapping):
        raise _wrong("mcp", "it is a group of servers, [mcp.NAME] each", path)
    if tree and (why := _why_not_alone(path)):
        failed = f"The settings file {path} names programs to be started, and {why}."
        raise UsageError(failed, kept="None was started.", todo=f"Close it: chmod go-w {path}")
    if len(tree) > _MOST:
        raise _wrong("mcp", f"more than {_MOST} servers", path)
    return tuple(_servers(tree, path))


def _servers(tree: Mapping[str, Any], path: Path) -> Iterator[McpServer]:
    for name, told in tree.items():
        if not isinstance(told, Mapping):
            raise _wrong(f"mcp.{name}", "a server is a group: command or url", path)
        try:
            yield McpServer.model_validate({**told, "name": name})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(("mcp", name, *(str(part) for part in first["loc"] if part != "name")))
            unknown = first["type"] == "extra_forbidden"
            known = ", ".join(field for field in McpServer.model_fields if field != "name")
            why = f"a server has {known}" if unknown else first["msg"].removeprefix("Value error, ")
            raise _wrong(where, why, path) from None


def _why_not_alone(path: Path) -> str:
    """Who else decides what stands in it; empty: nobody."""
    if os.name != "posix":
        return ""
    found = path.stat()
    if found.st_uid not in (os.getuid(), 0):
        return "it is another person's"
    others = stat.S_IWOTH if _is_own_group(found.st_gid) else stat.S_IWOTH | stat.S_IWGRP
    return "others may write it" if found.st_mode & others else ""


def _is_own_group(group: int) -> bool:
    """A group that most systems make for one person alone: by it, files may be written by their group."""
    import grp
    import pwd

    try:
        return grp.getgrgid(group).gr_name == pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return False


def _wrong(name: str, why: str, path: Path) -> UsageError:
    return UsageError(
        f"The setting {name} (file {path}) cannot be used: {why}.",
        todo="Correct it there, and see: aloud mcp list",
    )
