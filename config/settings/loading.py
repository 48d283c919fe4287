"""Where each setting comes from: flag over environment over file over default; and what is wrong with it.

A setting ``silence_ms`` of the stage ``listen`` is ``[listen] silence_ms`` in the TOML file and
``ALOUD_LISTEN__SILENCE_MS`` in the environment; the choice of an engine has a short name too (``ALOUD_LLM``,
``ALOUD_STT``, ``ALOUD_TTS``, ``ALOUD_MICROPHONE``, ``ALOUD_SPEAKER``, ``ALOUD_LANGUAGE``, ``ALOUD_OFFLINE``).
"""

from __future__ import annotations

import os
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config.errors import UsageError
from config.files.whole_file import read_bounded
from config.language.close_matches import either, perhaps
from config.settings.key_address import is_of_another
from config.settings.mcp import McpServer, servers_of
from config.settings.model import Settings
from config.settings.paths import config_file
from config.settings.renamed import new_name, renamed

SHORT_NAMES: Mapping[str, str] = {
    "llm": "llm.engine",
    "stt": "stt.engine",
    "tts": "tts.engine",
    "vision": "vision.engine",
    "microphone": "microphone.source",
    "speaker": "speaker.sink",
    "language": "stt.language",
    "offline": "offline",
    "plain": "show.plain",
    "latency": "show.latency",
    "log_level": "log.level",
}
"""The shared options of the command line and their settings."""


@dataclass(frozen=True, slots=True)
class Configuration:
    settings: Settings
    origins: Mapping[str, str]
    """``listen.silence_ms`` → ``default``, ``file PATH``, ``environment NAME`` or ``flag``."""


def flatten(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """``{"listen": {"silence_ms": 600}}`` → ``("listen.silence_ms", 600)``."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        *stages, name = path.split(".")
        branch = tree
        for stage in stages:
            inner = branch.setdefault(stage, {})
            if not isinstance(inner, dict):
                # ``listen = 3`` in the file and a part of ``listen`` from elsewhere: let validation say it.
                break
            branch = inner
        else:
            branch[name] = value
    return tree


def _named_by(variable: str) -> str:
    """``ALOUD_LISTEN__SILENCE_MS`` → ``listen.silence_ms``; other variables: nothing."""
    return variable.removeprefix("ALOUD_").lower().replace("__", ".") if variable.startswith("ALOUD_") else ""


def _current(name: str, origin: str) -> None:
    """Raises ``UsageError`` for the name that a setting had once."""
    if new := new_name(name):
        raise renamed(name, new, origin)


def _from_environment(environment: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    known = dict(flatten(Settings().model_dump()))
    for variable, value in environment.items():
        name = _named_by(variable)
        path = SHORT_NAMES.get(name, name)
        if path in known:
            yield path, value, f"environment {variable}"
        elif name and _is_meant(name, known):
            raise _misnamed(name, variable, known)


def _is_meant(name: str, known: Iterable[str]) -> bool:
    """Whether a variable that names no setting was to name one; others may begin with ``ALOUD_`` too."""
    bare = {each.replace(".", "").replace("_", "") for each in known}
    return "." in name or name.replace("_", "") in bare


def _misnamed(name: str, variable: str, known: Iterable[str]) -> UsageError:
    if name.startswith("mcp."):
        failed = f"The environment ({variable}) names no MCP servers: only the settings file does."
        return UsageError(failed, todo=f"Take it away: unset {variable}")
    near = [f"ALOUD_{each.upper().replace('.', '__')}" for each in known]
    alike = [each for each in near if each.replace("_", "") == variable.upper().replace("_", "")]
    todo = f"{either(alike) or perhaps(variable, near)} Take it away: unset {variable}".strip()
    return UsageError(f"There is no setting {name} (environment {variable}).", todo=todo)


def read_toml(path: Path) -> dict[str, Any]:
    """Raises ``UsageError`` when the file is not there or is not TOML."""
    try:
        tree = tomllib.loads(read_bounded(path).decode("utf-8-sig"))
        names = dict(flatten(tree))
    except FileNotFoundError:
        if path.is_symlink():
            failed = f"The settings file {path} is a link to {path.readlink()}, which is not there."
            raise UsageError(failed, todo=_anew(path)) from None
        raise UsageError(f"There is no settings file {path}.", todo="See: aloud config path") from None
    except OSError as error:
        failed = f"The settings file {path} cannot be read: {error.strerror}."
        raise UsageError(failed, todo=_anew(path)) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        failed = f"The settings file {path} is not valid TOML: it is not text in UTF-8 (at line {line})."
        raise UsageError(failed, todo=_anew(path)) from None
    except RecursionError:
        failed = f"The settings file {path} cannot be read: it is nested too deeply."
        raise UsageError(failed, todo=_anew(path)) from None
    except ValueError as error:
        why = error if isinstance(error, tomllib.TOMLDecodeError) else "a number in it is too long"
        raise UsageError(f"The settings file {path} is not valid TOML: {why}.", todo=_anew(path)) from None
    if odd := [name for name in names if not name or not name.isprintable()]:
        failed = f"There is no setting {odd[0]!a} (file {path})."
        raise UsageError(failed, todo=_anew(path))
    return tree


def _is_there(path: Path) -> bool:
    """Also where a link leads to nothing, or it may not be seen: then whoever set it is to hear of it."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return path.parent.is_symlink() and not path.parent.exists()
    except OSError:
        return True
    return True


def load(
    flags: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Configuration:
    """Merge the four layers. ``flags`` maps setting paths to values; None means "not given".

    Raises ``UsageError`` naming the setting, its origin and what it would take.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    servers: tuple[McpServer, ...] = ()
    origins = dict.fromkeys(dict(flatten(Settings().model_dump())), "default")
    config = environment.get("ALOUD_CONFIG")
    named = file or (Path(os.path.expanduser(config)) if config else None)
    path = named or config_file()
    if named or _is_there(path):
        tree = read_toml(path)
        servers = servers_of(tree.pop("mcp", {}), path)
        for name, value in flatten(tree):
            values[name], origins[name] = value, f"file {path}"
            _current(name, origins[name])
    for variable in environment:
        _current(_named_by(variable), f"environment {variable}")
    in_environment = [*_from_environment(environment)]
    _keep_key_at_home(values, origins, {name: value for name, value, _ in in_environment})
    for name, value, origin in in_environment:
        values[name], origins[name] = value, origin
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    _keep_key_at_home(values, origins, given)
    for name, value in given.items():
        values[name], origins[name] = value, "flag"
        _current(name, "flag")
    try:
        settings = Settings.model_validate(_nest(values))
    except ValidationError as error:
        raise _say(error, origins) from None
    return Configuration(settings.replaced(mcp=servers), origins)


def _keep_key_at_home(values: dict[str, Any], origins: dict[str, str], given: Mapping[str, Any]) -> None:
    """A key that the file names with one server is not sent to the one that a flag names."""
    if is_of_another(values, given):
        del values["llm.api_key_env"]
        origins["llm.api_key_env"] = "default"


def checked(name: str, value: Any) -> Configuration:
    """One setting alone, over the defaults. Raises ``UsageError`` naming what it would take."""
    try:
        return Configuration(Settings.model_validate(_nest({name: value})), {name: "flag"})
    except ValidationError as error:
        raise _say(error, {}) from None


def no_setting(name: str, names: Sequence[str]) -> UsageError:
    """For a name that none has."""
    if name == "mcp" or name.startswith("mcp."):
        failed = f"{name} is none of the settings that are set one by one: MCP servers are written by hand."
        return UsageError(failed, todo=f"Write [mcp.NAME] into {config_file()}, and see: aloud mcp list")
    return UsageError(f"There is no setting {name}.", todo=_like(name, names, "See all: aloud config show"))


def _like(name: str, names: Sequence[str], todo: str) -> str:
    """What it may have been, a group too, and what to do."""
    groups = () if "." in name else dict.fromkeys(each.split(".")[0] for each in names)
    return f"{perhaps(name, (*groups, *names))} {todo}".strip()


def _anew(path: Path) -> str:
    old = shlex.quote(str(path))
    return f"Correct it there, or put the file away and begin anew: mv {old} {old}.old"


def _say(error: ValidationError, origins: Mapping[str, str]) -> UsageError:
    """The first thing that is wrong, as a sentence."""
    first = error.errors()[0]
    name = ".".join(str(part) for part in first["loc"])
    given = {path: origin for path, origin in origins.items() if origin != "default"}
    origin = given.get(name) or next((o for path, o in given.items() if path.startswith(f"{name}.")), "")
    came = f" ({origin})" if origin else ""
    known = dict(flatten(Settings().model_dump()))
    todo = _mended(name, origin, known if name in given else {})
    if name not in known and not origin.startswith("file"):
        todo = "See all: aloud config show"
    if first["type"] == "extra_forbidden":
        return UsageError(f"There is no setting {name}{came}.", todo=_like(name, list(known), todo))
    if first["type"] in {"model_type", "model_attributes_type"}:
        return UsageError(f"{name} is a group of settings{came}, not one setting.", todo=todo)
    return UsageError(f"The setting {name}{came} cannot be used: {_why(first)}.", todo=todo)


def _why(error: Any) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _mended(setting: str, origin: str, known: Mapping[str, Any]) -> str:
    """A line that makes it right where it came from; showing all would meet the same fault."""
    kind, _, where = origin.partition(" ")
    if kind == "environment":
        return f"Take it away: unset {where}"
    if kind != "file":
        return f"See what it is now: aloud config show {setting}"
    if setting not in known:
        return _anew(Path(where))
    value = known[setting]
    usual = str(value).lower() if isinstance(value, bool) else shlex.quote(str(value))
    other = "" if Path(where) == config_file() else f" --config {shlex.quote(where)}"
    return f"Set it as it usually is: aloud config set {setting} {usual}{other}"
