"""The model that answers, and the one that does where that does not: opened as the settings name them."""

from __future__ import annotations

import anyio

from config.errors import AloudError, RefusedError
from config.settings.key_address import origin
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
    return llm, f"{told}{_of_small_work(settings, llm)}" if llm else told


async def _open_answering(settings: Settings, spoken: bool) -> tuple[Llm | None, str]:
    if not settings.llm.fallback:
        llm = await _open(settings, settings.llm, spoken)
        return llm, _where(settings, llm.remote_host) if llm else ""
    first = _candidate(settings, settings.llm, spoken)
    second = _candidate(settings, beside(settings.llm, "fallback"), spoken)
    try:
        return await _open_both(settings, first, second)
    except BaseException:
        with anyio.CancelScope(shield=True):  # broken off while one opens: the other may be a process of ours
            await first.aclose()
            await second.aclose()
        raise


def small_candidate(settings: Settings, llm: Llm | None) -> Candidate | None:
    """For small work, opened when there is some; ``llm`` answers. None: that one does it, too."""
    small = settings.llm.small.strip()
    if small in ("", settings.llm.engine.strip(), llm.spec if llm else ""):
        return None
    if isinstance(llm, FallbackLlm) and small == llm.second.spec:
        return llm.second  # one in this program would be loaded twice
    return _candidate(settings, beside(settings.llm, "small"))


def may_be_sent(llm: Llm, host: str) -> bool:
    """Whether words that ``llm`` is sent may go to ``host``: to no other than they go to anyway."""
    return host in ("", *remote_hosts(llm))


def _of_small_work(settings: Settings, llm: Llm) -> str:
    small = small_candidate(settings, llm)
    if small is None:
        return ""
    if may_be_sent(llm, small.remote_host):
        return f"; {small.spec} does small work"
    return (
        f"; {small.spec} does no small work, since nothing that is said goes to {small.remote_host} for that"
    )


def beside(llm_settings: LlmSettings, which: str) -> LlmSettings:
    """For another model than the one that answers. The key that was named for that one goes to no other
    address, and the API that was named is that one's.
    """
    spec: str = getattr(llm_settings, which)
    main = llm_settings.engine
    kept = {} if _same_address(spec, main) else {"api_key_env": LlmSettings().api_key_env, "api": "auto"}
    return llm_settings.model_copy(update={"engine": spec, **kept})


def _same_address(one: str, other: str) -> bool:
    return origin(parse_spec(one).base_url) == origin(parse_spec(other).base_url)


async def _open_both(settings: Settings, first: Candidate, second: Candidate) -> tuple[Llm | None, str]:
    failed, missing = await _reason_against(first), await _reason_against(second)
    if failed and missing:
        if first.spec == "auto":
            return None, ""
        raise failed
    if isinstance(missing, RefusedError):
        return first.llm, f"{_of(settings, first)}; {second.spec} is not asked, since offline is set"
    if isinstance(failed, RefusedError):
        return second.llm, f"{_of(settings, second)}; {first.spec} is not asked, since offline is set"
    llm = FallbackLlm(first, second, after_s=settings.llm.fallback_after_s)
    if failed:
        llm.circuit.failed()
    told = f"{_of(settings, first, failed)}; where it does not answer, {second.spec} does,"
    return llm, f"{told} {_of(settings, second, missing)}"


async def _reason_against(candidate: Candidate) -> AloudError | None:
    """Why it cannot be asked; None: it can."""
    try:
        return await candidate.find()
    except RefusedError as error:
        return error


def _candidate(settings: Settings, llm_settings: LlmSettings, spoken: bool = False) -> Candidate:
    spec, shows = llm_settings.engine, settings.vision.engine == "auto"
    host = host_of(parse_spec(spec))
    return Candidate(spec, lambda: _open(settings, llm_settings, spoken), remote_host=host, sees=shows)


async def _open(settings: Settings, llm_settings: LlmSettings, spoken: bool) -> Llm | None:
    opened = await open_llm(LlmOptions(llm_settings, settings.vision, settings.offline, spoken))
    return opened if opened is None or settings.vision.engine == "auto" else TextOnly(opened)


def _of(settings: Settings, candidate: Candidate, failed: AloudError | None = None) -> str:
    told = _where(settings, candidate.remote_host)
    return f"{told} (it cannot be asked now: {failed.failed.rstrip('.')})" if failed else told


def _where(settings: Settings, host: str) -> str:
    sent = "what you say and show is" if settings.vision.engine == "auto" else "what you say is"
    return f"on {host}: {sent} sent there" if host else "on this machine"
