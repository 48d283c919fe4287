"""The model that answers, and the one that does where that does not: opened as the settings name them."""

from __future__ import annotations

from config.errors import EngineError, RefusedError
from config.settings.model import LlmSettings, Settings
from pipeline.llm.base import Llm
from pipeline.llm.bridges.text_only import TextOnly
from pipeline.llm.candidate import Candidate
from pipeline.llm.discovery import host_of, open_llm
from pipeline.llm.fallback import FallbackLlm, remote_hosts
from pipeline.llm.spec import parse_spec
from pipeline.llm.wire import LlmOptions


async def open_llms(settings: Settings, *, spoken: bool = False) -> tuple[Llm | None, str]:
    """And what there is to say of it, as a doctor does. None: no model server runs here.

    ``spoken``: its answers are. Raises as ``pipeline.llm.discovery.open_llm`` does, when none of those named
    can be asked.
    """
    llm, told = await _open_answering(settings, spoken)
    return llm, f"{told}; {_small_told(settings.llm.small, llm)}" if llm and settings.llm.small else told


async def _open_answering(settings: Settings, spoken: bool) -> tuple[Llm | None, str]:
    if not settings.llm.fallback:
        llm = await _open(settings, settings.llm, spoken)
        return llm, _where(settings, llm.remote_host) if llm else ""
    first = _candidate(settings, settings.llm, spoken)
    second = _candidate(settings, beside(settings.llm, "fallback"), spoken)
    try:
        return await _open_both(settings, first, second)
    except BaseException:
        await first.aclose()
        raise


def is_given_the_talk(host: str, llm: Llm) -> bool:
    """Whether what is said is on that host anyway, where ``llm`` answers; "" is this machine."""
    return host in ("", *remote_hosts(llm))


def _small_told(small: str, llm: Llm) -> str:
    host = host_of(parse_spec(small))
    if is_given_the_talk(host, llm):
        return f"{small} does small work"
    return f"{small} does no small work, since nothing that is said goes to {host} for that"


def small_candidate(settings: Settings) -> Candidate | None:
    """For small work, opened when there is some. None: the one that answers does it."""
    return _candidate(settings, beside(settings.llm, "small")) if settings.llm.small else None


def beside(llm_settings: LlmSettings, which: str) -> LlmSettings:
    """For another model than the one that answers. The key that was named for that one goes to no other host,
    and the API that was named is that one's.
    """
    spec: str = getattr(llm_settings, which)
    main = llm_settings.engine
    kept = {} if _same_host(spec, main) else {"api_key_env": LlmSettings().api_key_env, "api": "auto"}
    return llm_settings.model_copy(update={"engine": spec, **kept})


def _same_host(one: str, other: str) -> bool:
    return parse_spec(one).host == parse_spec(other).host


async def _open_both(settings: Settings, first: Candidate, second: Candidate) -> tuple[Llm | None, str]:
    refused = failed = None
    try:
        failed = await first.find()
    except RefusedError as error:
        refused = error
    try:
        missing = await second.find()
    except RefusedError:
        if reason := refused or failed:
            raise reason from None
        return first.llm, f"{_of(settings, first)}; {second.spec} is not asked, since offline is set"
    if refused and missing:
        raise refused
    if refused:
        return second.llm, f"{_of(settings, second)}; {first.spec} is not asked, since offline is set"
    if failed and missing:
        if first.spec == "auto":
            return None, ""
        raise failed
    llm = FallbackLlm(first, second, after_s=settings.llm.fallback_after_s)
    if failed:
        llm.circuit.failed()
    told = f"{_of(settings, first, failed)}; where it does not answer, {second.spec} does,"
    return llm, f"{told} {_of(settings, second, missing)}"


def _candidate(settings: Settings, llm_settings: LlmSettings, spoken: bool = False) -> Candidate:
    spec, shows = llm_settings.engine, settings.vision.engine == "auto"
    host = host_of(parse_spec(spec))
    return Candidate(spec, lambda: _open(settings, llm_settings, spoken), remote_host=host, sees=shows)


async def _open(settings: Settings, llm_settings: LlmSettings, spoken: bool) -> Llm | None:
    opened = await open_llm(LlmOptions(llm_settings, settings.vision, settings.offline, spoken))
    return opened if opened is None or settings.vision.engine == "auto" else TextOnly(opened)


def _of(settings: Settings, candidate: Candidate, failed: EngineError | None = None) -> str:
    told = _where(settings, candidate.remote_host)
    return f"{told} (it cannot be asked now: {failed.failed.rstrip('.')})" if failed else told


def _where(settings: Settings, host: str) -> str:
    sent = "what you say and show is" if settings.vision.engine == "auto" else "what you say is"
    return f"on {host}: {sent} sent there" if host else "on this machine"
