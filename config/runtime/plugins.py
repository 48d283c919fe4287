"""Parts by their names: those that come with Aloud, and those that other packages bring.

A part is opened by a ``Factory``. Aloud's own stand in a table (name → ``module:attribute``) beside the
protocol that they fulfil; those of other packages are found by their entry points, a group a kind of part
(``aloud.tts``). Nothing is imported before it is asked for by its name, and what is installed is looked
through only for a name that is none of Aloud's own, or to list what there is.

A name of Aloud's own cannot be taken by another package: what a person chose stays what it was.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

from config.errors import AloudError, PluginError, UsageError
from config.runtime.installation import removed_line

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

P = ParamSpec("P")
T = TypeVar("T")


def any_name(name: str, came: str) -> None:
    """Nothing is known to be wrong with it."""


@dataclass(frozen=True)
class Factory(Generic[P, T]):
    """Opens a part; ``open`` loads nothing heavy. Its name is the one that it is registered by."""

    open: Callable[P, T]
    rest: str = ""
    """What is named after the colon, as sentences have it: ``NAME_OR_PATH``; empty: nothing is."""
    alone: bool = False
    """The ``rest`` may be left out."""
    check: Callable[[str, str], None] = any_name
    """Of the rest, and where it came from (" (file PATH)"), before anything begins. Raises ``UsageError`` for
    what there cannot be, ``ModelError`` for what is not on this machine."""
    remark: str = ""
    """What a person should know who has it: "it mishears ..."."""
    improve: str = ""
    """The command that brings something better."""

    def takes(self, rest: str) -> bool:
        return bool(self.rest) if rest.strip() else self.alone or not self.rest


F = TypeVar("F", bound=Factory[Any, Any])


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a package brings. ``called``: its kind, as it is chosen (``tts``)."""

    called: str
    name: str
    package: str
    form: str = ""
    error: PluginError | None = None
    """Why it cannot be used."""


class Registry(Generic[F]):
    """All parts of one kind. ``own``: Aloud's, in the order in which sentences name them.

    ``has``: what an opened part must have, lest its lack be found out in the middle of something.
    """

    def __init__(
        self, group: str, own: Mapping[str, str], *, has: Sequence[str] = (), kind: type[Any] = Factory
    ) -> None:
        self.group = group
        self.called = group.removeprefix("aloud.")
        self._own = own
        self._has = tuple(has)
        self._kind = kind

    def find(self, name: str) -> F | None:
        """None: nobody has that name. Raises ``PluginError`` for one that cannot be used."""
        if place := self._own.get(name):
            module, _, attribute = place.partition(":")
            own: F = getattr(importlib.import_module(module), attribute)
            return own
        found = [entry for entry in installed(self.group) if entry.name == name]
        if len(found) > 1:
            raise self._twice(name, [package_of(entry) for entry in found])
        return self._loaded(found[0]) if found else None

    def is_own(self, name: str) -> bool:
        return name in self._own

    def is_brought(self, name: str) -> bool:
        """By another package."""
        return not self.is_own(name) and name in installed(self.group).names

    def forms(self) -> list[str]:
        """How each is named: ``whisper:NAME_OR_PATH``; of other packages' the names alone, since what comes
        after a name only the imported part could tell. A second name of the same part is left out.
        """
        first = {place: name for name, place in reversed(list(self._own.items()))}
        own = [self._form(name) for name in self._own if name in first.values()]
        return [*own, *sorted({entry.name for entry in installed(self.group)} - set(self._own))]

    def unknown(self, spec: str, came: str = "", *before: str) -> UsageError:
        """Of an option that does not know it; ``before``: what it takes besides."""
        takes = one_of([*before, *self.forms()])
        return UsageError(f"--{self.called} does not know {spec!r}{came}.", todo=f"It takes {takes}.")

    def plugins(self) -> Iterator[Plugin]:
        """What other packages bring; each is imported, to see whether it works."""
        entries = sorted(installed(self.group), key=lambda entry: (entry.name, package_of(entry)))
        for entry in entries:
            plugin = Plugin(self.called, entry.name, package_of(entry))
            try:
                if self.is_own(entry.name):
                    raise self._hidden(entry)
                self.find(entry.name)
                yield dataclasses.replace(plugin, form=self._form(entry.name))
            except PluginError as error:
                yield dataclasses.replace(plugin, error=error)

    def _form(self, name: str) -> str:
        factory = self.find(name)
        return f"{name}:{factory.rest}" if factory and factory.rest else name

    def _loaded(self, entry: EntryPoint) -> F:
        try:
            loaded = entry.load()
        except (Exception, SystemExit) as error:
            raise _broken(entry, self.called, f"{type(error).__name__}: {error}") from error
        if not isinstance(loaded, self._kind):
            wanted = f"{self._kind.__module__}.{self._kind.__name__}"
            why = f"{entry.value} is a {type(loaded).__name__} and no {wanted}"
            raise _broken(entry, self.called, why)
        opens = functools.partial(self._whole, entry)
        factory: F = dataclasses.replace(
            loaded,
            open=_blaming(entry, self.called, loaded.open, opens),
            check=_blaming(entry, self.called, loaded.check),
        )
        return factory

    def _whole(self, entry: EntryPoint, part: T) -> T:
        missing = [name for name in self._has if not hasattr(part, name)]
        if missing:
            raise _broken(entry, self.called, f"what it opens has no {one_of(missing)}")
        return part

    def _twice(self, name: str, packages: Sequence[str]) -> PluginError:
        return PluginError(
            f"The packages {' and '.join(packages)} both bring a {self.called} called {name}.",
            todo=f"Keep one of them: {removed_line(packages[-1].split(' ')[0])}",
        )

    def _hidden(self, entry: EntryPoint) -> PluginError:
        return PluginError(
            f"{_named(entry, self.called)} is not used: Aloud has a {self.called} of that name itself.",
            todo="Its package has to give it another name.",
        )


def _blaming(
    entry: EntryPoint, called: str, call: Callable[..., Any], judge: Callable[[Any], Any] = lambda part: part
) -> Callable[..., Any]:
    """A fault in it is told as the plug-in's, and not as one of ours. ``judge``: what came of it."""

    @contextmanager
    def blaming() -> Iterator[None]:
        try:
            yield
        except AloudError:
            raise
        except Exception as error:
            raise _broken(entry, called, f"{type(error).__name__}: {error}") from error

    async def awaited(coming: Awaitable[Any]) -> Any:
        with blaming():
            return judge(await coming)

    def one_by_one(coming: Iterator[Any]) -> Iterator[Any]:
        with blaming():
            yield from coming

    @functools.wraps(call)
    def wrapped(*args: Any, **named: Any) -> Any:
        with blaming():
            result = call(*args, **named)
        if inspect.isawaitable(result):
            return awaited(result)
        return one_by_one(result) if inspect.isgenerator(result) else judge(result)

    return wrapped


def _named(entry: EntryPoint, called: str) -> str:
    return f"The plug-in {entry.name} ({called}) of the package {package_of(entry)}"


def _broken(entry: EntryPoint, called: str, why: str) -> PluginError:
    return PluginError(
        f"{_named(entry, called)} cannot be used: {' '.join(why.split()).rstrip('.')}.",
        todo=removal(entry),
    )


def removal(entry: EntryPoint) -> str:
    """What to do about one that cannot be used; ends with the line to type."""
    return f"Get a newer one, or remove it: {removed_line(package_of(entry).split(' ')[0])}"


def package_of(entry: EntryPoint) -> str:
    """Its name and version."""
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else "that has no name"


def installed(group: str) -> EntryPoints:
    """The entry points of a group. Looked for once, as long as Python looks in the same places."""
    return _scanned(group, tuple(sys.path))


@functools.lru_cache(maxsize=8)
def _scanned(group: str, path: tuple[str, ...]) -> EntryPoints:
    from importlib.metadata import entry_points

    return entry_points(group=group)


def one_of(forms: Sequence[str]) -> str:
    """``a, b or c``."""
    return " or ".join(filter(None, (", ".join(forms[:-1]), *forms[-1:])))
