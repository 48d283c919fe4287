"""What answers: a model server that runs here, one in this program, one elsewhere that is named, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from urllib.parse import urlsplit

from aloud.cli.setup.chosen import changed
from aloud.cli.setup.dialogue import Choice, Dialogue
from aloud.cli.setup.fetching import Fetching
from aloud.cli.setup.options import LLM
from config.errors import AloudError, UsageError
from config.models.catalogue import Model, catalogue
from config.models.llm_choice import LlmOffer, llm_offers
from config.runtime.installation import added_line, typed_here
from config.settings.model import Settings
from pipeline.llm.base import Capabilities
from pipeline.llm.discovery import PORTS, FoundServer, open_llm, probe
from pipeline.llm.probe import probe_llm
from pipeline.llm.registry import LLM as WIRES
from pipeline.llm.shown import Shown
from pipeline.llm.spec import parse_spec, split
from pipeline.llm.wire import LlmOptions
from pipeline.session.run import run_async

_OF_A_SERVER = 4
"""Models of one that are offered by number; any other by its name."""
_LOCAL = 5
_PROBE_S = 60.0
_NONE = Choice(
    "skills",
    "skills: without a model; time, timers, lists, sums, units, and pictures read and described here",
)
_BY_NAME = (
    "A model elsewhere is chosen by its name alone: openai:MODEL, anthropic:MODEL, gemini:MODEL, or an "
    "address http://HOST:PORT/v1#MODEL. What you say is sent there then."
)
_BY_FILE = " A model file that you have, for this program, is chosen as gguf:PATH; nothing is sent."


class ModelStep:
    """``wanted``: a SPEC, ``auto``, ``none``; "" where nobody said. ``tried``: what it can do is shown by a
    test.
    """

    def __init__(
        self,
        settings: Settings,
        wanted: str,
        language: str,
        dialogue: Dialogue,
        fetching: Fetching,
        *,
        tried: bool,
    ) -> None:
        self._settings = settings
        self._tried = tried
        self._wanted = "skills" if wanted == "none" else wanted
        self._language = language
        self._dialogue = dialogue
        self._fetching = fetching
        self.spec = ""
        """What the setting is to be; "" where it is to stay."""
        self.model: Model | None = None
        """One of the catalogue, to be fetched."""
        self.answers = False
        """A model was opened."""

    def choose(self) -> None:
        """Raises ``UsageError`` for a SPEC that is none."""
        if self._wanted and self._wanted != "auto":
            self._take(_checked(self._wanted))
            return
        servers = run_async(probe)
        self._dialogue.head("What answers")
        self._dialogue.say(_what_runs(servers))
        if self._wanted == "auto":
            self._take("auto")
        elif self._dialogue.asks:
            self._ask(servers)

    def _take(self, spec: str) -> None:
        self.spec, self.model = spec, _of_catalogue(spec)

    def _ask(self, servers: Sequence[FoundServer]) -> None:
        offers = self._local_offers()
        choices = [*_served(servers), *(Choice(f"gguf:{o.model.name}", _told(o)) for o in offers), _NONE]
        now = self._settings.llm.engine
        if now != "auto" and all(choice.value != now for choice in choices):
            choices.insert(0, Choice(now, f"{now}: as it is set now"))
        marked = now if now != "auto" else _default(servers, offers)
        self._dialogue.say(_BY_NAME + (_BY_FILE if find_spec("xllamacpp") else ""))
        value, typed = self._dialogue.choose(
            LLM, choices, marked, "What shall answer? A number or a name", _checked
        )
        found_by_itself = bool(servers) and value == choices[0].value
        if typed or (now == "auto" and value != _NONE.value and not found_by_itself):
            self._take(value)

    def _local_offers(self) -> list[LlmOffer]:
        """Those that can run here."""
        if find_spec("xllamacpp") is None:
            line = added_line("xllamacpp")
            self._dialogue.say(f"A model can also run in this program, once its package is here: {line}")
            return []
        offers = [offer for offer in llm_offers(self._language) if offer.fits]
        reached = {model.name for model in self._fetching.within_reach([offer.model for offer in offers])}
        if offers and not reached:
            self._dialogue.say(
                "The models that would run in this program are on the hub, which cannot be reached from here."
            )
        return [offer for offer in offers if offer.model.name in reached][:_LOCAL]

    def bring(self) -> None:
        """Fetch, open, and tell what it can do."""
        if self.model and not self.model.is_complete() and not self._fetching.fetched(self.model):
            self._dialogue.step("llm", engine=self.spec, works=False)
            self.spec = ""
            return
        settings = changed(self._settings, {"llm.engine": self.spec or self._settings.llm.engine})
        try:
            opened = run_async(partial(_open, settings, self._dialogue.say, tried=self._tried))
        except AloudError as error:
            self._dialogue.say(str(error))
            self._dialogue.step("llm", engine=settings.llm.engine, works=False, why=error.failed)
            return
        self.answers = opened.spec != _NONE.value
        silent = self.answers and self._tried and not opened.shown
        self._dialogue.say(_shown_nothing(opened) if silent else _what_it_can(opened))
        self._dialogue.step(
            "llm",
            engine=opened.spec,
            works=not silent,
            remote_host=opened.remote_host,
            sees=opened.capabilities.sees,
            calls_tools=opened.capabilities.calls_tools,
            context=opened.capabilities.context,
            said_by=opened.capabilities.said_by,
            shown=bool(opened.shown),
            **({"why": _why(opened.shown)} if silent else {}),
        )


@dataclass(frozen=True, slots=True)
class _Opened:
    spec: str = "skills"
    remote_host: str = ""
    capabilities: Capabilities = field(default_factory=Capabilities)
    shown: Shown = field(default_factory=Shown)


async def _open(settings: Settings, say: Callable[[str], None], *, tried: bool) -> _Opened:
    llm = await open_llm(LlmOptions(settings.llm, settings.vision, settings.offline))
    if llm is None:
        return _Opened()
    try:
        where = (
            f" Sent to {llm.remote_host} are drawings and the names of two tools." if llm.remote_host else ""
        )
        if tried:
            say(f"{llm.spec} is tried: does it see, does it call tools? That may take a minute.{where}")
        shown = await probe_llm(llm, within_s=_PROBE_S) if tried else Shown()
        return _Opened(llm.spec, llm.remote_host, llm.capabilities, shown)
    finally:
        await llm.aclose()


def _checked(spec: str) -> str:
    """Raises ``UsageError`` for what names no model. A key that is missing is no hindrance: it is told."""
    spec = "skills" if spec == "none" else spec
    parse_spec(spec)
    if spec in ("auto", "skills") or _of_catalogue(spec):  # which is fetched
        return spec
    if wire := WIRES.find(split(spec)[0]):
        try:
            wire.check(split(spec)[1], "")
        except UsageError:
            raise
        except AloudError as error:
            raise UsageError(error.failed, todo=error.todo) from None
    return spec


def _of_catalogue(spec: str) -> Model | None:
    """The model that ``gguf:NAME`` names; None for a path, and for a model elsewhere."""
    kind, name = split(spec)
    listed = (model for model in catalogue() if model.kind == "llm" and model.name == name)
    return next(listed, None) if kind == "gguf" else None


def _what_runs(servers: Sequence[FoundServer]) -> str:
    if not servers:
        looked = ", ".join(f"{name} at {port}" for name, port in PORTS.items())
        return f"No model server runs on this machine (looked for: {looked})."
    told = [
        f"{server.name} at {urlsplit(server.base_url).netloc} with "
        f"{', '.join(server.models[:_OF_A_SERVER]) or 'no model to talk to'}"
        + (f" and {len(server.models) - _OF_A_SERVER} more" if len(server.models) > _OF_A_SERVER else "")
        for server in servers
    ]
    return f"On this machine runs {'; '.join(told)}."


def _served(servers: Sequence[FoundServer]) -> list[Choice]:
    return [
        Choice(_spec_of(server, model), f"{model}: of {server.name}, which runs on this machine")
        for server in servers
        for model in server.models[:_OF_A_SERVER]
    ]


def _spec_of(server: FoundServer, model: str) -> str:
    return f"ollama:{model}" if server.name == "Ollama" else f"{server.base_url}#{model}"


def _told(offer: LlmOffer) -> str:
    where = "here" if offer.here else f"{offer.model.about_mb} MB to fetch"
    sees = ", sees pictures" if offer.model.llm and offer.model.llm.projector else ""
    return (
        f"{offer.model.name}: in this program, {where}{sees}, licence {offer.model.licence}, about "
        f"{offer.memory_mb} MB of memory. {offer.reason}"
    )


def _default(servers: Sequence[FoundServer], offers: Sequence[LlmOffer]) -> str:
    """What runs already, else the best that is quick enough to talk with, else none."""
    if served := _served(servers):
        return served[0].value
    quick = [offer for offer in offers if offer.quick_enough]
    best = next((offer for offer in quick if offer.here), next(iter(quick), None))
    return f"gguf:{best.model.name}" if best else _NONE.value


def _why(shown: Shown) -> str:
    return next(iter(shown.why.values()), f"it took more than {_PROBE_S:g} s").rstrip(".")


def _shown_nothing(opened: _Opened) -> str:
    return (
        f"{opened.spec} was found, and has shown nothing in the test: {_why(opened.shown)}. "
        f"{typed_here('To test it again: aloud setup --only llm')}"
    )


def _what_it_can(opened: _Opened) -> str:
    if opened.spec == "skills":
        return f"Without a model it answers by itself: {_NONE.told.partition('; ')[2]}."
    can, shown = opened.capabilities, opened.shown
    sees = "sees pictures" if can.sees else "is given pictures in words"
    calls = "calls tools" if can.calls_tools else "calls no tools"
    can_do = [
        f"{sees} ({_who(shown.sees, can)})",
        f"{calls} ({_who(shown.calls_tools, can)})",
        *([f"takes in {can.context} tokens"] if can.context else []),
    ]
    where = (
        f"on {opened.remote_host}, where what you say is sent" if opened.remote_host else "on this machine"
    )
    return f"{opened.spec} answers, {where}. It {', '.join(can_do)}."


def _who(shown: bool | None, can: Capabilities) -> str:
    if shown is not None:
        return "shown"
    return f"says {can.said_by}" if can.said_by else "nobody said so; it will be seen"
