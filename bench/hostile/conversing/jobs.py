"""Four jobs against one fault: ``ask``, ``talk``, ``rewrite``, ``dictate``. What came of each is a row.

``ask``, ``rewrite`` and ``dictate`` are the commands as they are typed, but in this process and on a loop on
which the server is too; ``talk`` is a session that hears a recording and speaks. What hears is told the words
and what speaks is silent, since the published engines would take hours over so many conversations.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import anyio
import typer

import pipeline.session.run as session_run
from aloud.cli.exit import run_command
from aloud.cli.main import app
from bench.conversation.told import ToldStt
from bench.hostile.conversing.faults import Fault
from bench.hostile.conversing.one_loop import OPTIONS
from bench.hostile.conversing.person import RECORDING, Person, SilentTts
from bench.hostile.conversing.server import HostileServer, serving
from bench.hostile.conversing.witness import TooMuchWorkError, Witness, unclean, witnessed
from bench.hostile.table import Row
from config.settings.loading import load
from pipeline.session.audio import frames_input, speaker_output
from pipeline.session.dictation import dictate as dictation
from pipeline.session.engines import EngineChoice
from pipeline.session.opened_engines import Engines, open_engines
from pipeline.session.session import Session

HEADERS_S, FIRST_WORD_S, ANSWER_S, MOST_MB = 10.0, 60.0, 300.0, 300.0
SLACK_S = 5.0
"""Work and the speech before it."""
MOST_CHANGES, RINGS_S = 10, 7200.0
"""What a model may do of its own accord in a turn; and the longest of its timers has rung by then."""
SPOKEN = "so um tell me about the cheese that we bought on monday"
WRITTEN = (
    "so um hello there my freind how are you doing today i would like to meet you tomorow at noon for lunch"
)
_SILENT = ("--speaker", "none", "--llm", "LLM")
_UNFIT = re.compile(
    r"https?://|[{}\\<>\[\]]|Traceback|0x[0-9a-f]|\d{1,3}(\.\d{1,3}){3}|:\d{2,5}\b|\w+Error\b"
)
"""What cannot be listened to."""


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str
    took_s: float


def _told(ended: Ended) -> str:
    """The sentence on standard error."""
    lines = (line for line in ended.err.splitlines() if line.strip() and "Delivered to" not in line)
    return " ".join(line.removeprefix("aloud: ") for line in lines)


@contextlib.contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


@functools.cache
def _parser() -> Any:
    return typer.main.get_command(app)


def _command(fault: Fault, *arguments: str, stdin: str = "") -> Ended:
    """One of the program's own, with the server beside it. ``LLM`` is the server's address."""
    took = [0.0]
    with _listening() as listener:
        url = _spec(fault, listener.getsockname()[1])

        def run(command: Callable[[], Any], **_: Any) -> Any:
            async def beside() -> Any:
                async with serving([fault], listener.dup()):
                    began = anyio.current_time()
                    try:
                        return await command()
                    finally:
                        took[0] = anyio.current_time() - began

            return anyio.run(beside, backend_options=OPTIONS)

        os.environ["ALOUD_LLM__API"] = fault.api
        session_run.anyio = SimpleNamespace(run=run)  # type: ignore[assignment]
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogatepass") for _ in range(2))
        kept, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                status = run_command(
                    lambda: _parser()([url if each == "LLM" else each for each in arguments])
                )
        finally:
            sys.stdin, session_run.anyio = kept, anyio
        port = listener.getsockname()[1]
    return Ended(
        status, _written(out), _written(err).replace(f":{port}", "").replace(fault.name, "NAME"), took[0]
    )


def _spec(fault: Fault, port: int) -> str:
    """As ``--llm`` takes it."""
    return f"http://127.0.0.1:{port}/{fault.name}{fault.base}{fault.ending}#m"


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data = stream.buffer
    assert isinstance(data, io.BytesIO)
    return data.getvalue().decode("utf-8", "surrogatepass")


def _row(fault: Fault, job: str, run: Callable[[Witness], Row]) -> Row:
    """With what was seen of it from beside."""
    with witnessed() as witness:
        try:
            row = run(witness)
        except (Exception, TooMuchWorkError) as error:
            witness.note(error)
            row = Row(fault.name, job, "fell", f"{type(error).__name__}: {error}"[:300])
    faults = [*row.faults, *witness.tracebacks]
    if witness.memory_mb > MOST_MB:
        faults.append(f"{witness.memory_mb:.0f} MB")
    return replace(row, memory_mb=round(witness.memory_mb, 1), faults=tuple(faults))


def _too_slow(fault: Fault, took_s: float, *, said: bool) -> list[str]:
    """``said``: something of an answer."""
    headless = fault.name.startswith(("hdr_", "drip_headers"))
    thinks = "reasoning" in fault.name  # who is seen to think may go on
    most_s = ANSWER_S if said or thinks else HEADERS_S if headless else FIRST_WORD_S
    return [f"took {took_s:.0f} s, and may take {most_s:.0f}"] if took_s > most_s + SLACK_S else []


def _faults_of(fault: Fault, ended: Ended, statuses: tuple[int, ...]) -> list[str]:
    faults = [] if ended.status in statuses else [f"status {ended.status}"]
    faults += _too_slow(fault, ended.took_s, said=bool(ended.out.strip()) and 4 in statuses)
    if found := unclean(ended.out) or unclean(ended.err):
        faults.append(f"let through: {found}")
    if ended.status and not _told(ended):
        faults.append("said nothing")
    if not ended.status and "aloud: " in ended.err:
        faults.append(f"said: {_told(ended)[:80]}")
    return faults


def ask(fault: Fault) -> Row:
    def run(_: Witness) -> Row:
        ended = _command(fault, "ask", "tell me about cheese", "--llm", "LLM")
        outcome = "answered" if ended.status == 0 else "in part" if ended.out.strip() else "refused"
        faults = _faults_of(fault, ended, (0, 4))
        if ended.status == 0 and not ended.out.strip():
            faults.append("an empty answer")
        return _made(fault, "ask", outcome, ended, faults)

    return _row(fault, "ask", run)


def rewrite(fault: Fault) -> Row:
    def run(_: Witness) -> Row:
        ended = _command(fault, "rewrite", "--style", "email", "--quiet", "--llm", "LLM", stdin=WRITTEN)
        as_it_was = ended.out.strip() == WRITTEN or "freind" in ended.out
        outcome = "rewritten" if ended.status == 0 else "as it was" if as_it_was else "lost"
        faults = _faults_of(fault, ended, (0, 6))
        if outcome == "lost":
            faults.append("the text is lost")
        return _made(fault, "rewrite", outcome, ended, faults)

    return _row(fault, "rewrite", run)


def dictate(fault: Fault, folder: Path) -> Row:
    def run(_: Witness) -> Row:
        text = folder / "text.txt"
        text.unlink(missing_ok=True)
        source = ("--fast", "--microphone", str(RECORDING), "--to", f"file:{text}")
        ended = _command(fault, "dictate", *source, "--style", "email", *_SILENT)
        written = text.read_text("utf-8") if text.exists() else ""
        as_said = "cheese that we bought" in written
        outcome = "rewritten" if ended.status == 0 else "as said" if as_said else "lost"
        faults = _faults_of(fault, ended, (0, 6))
        if not written.strip() or (ended.status and not as_said):
            faults.append("the text is lost")
        if found := unclean(written):
            faults.append(f"written: {found}")
        return _made(fault, "dictate", outcome, ended, faults)

    kept = dictation.choose_stt
    told = ToldStt(lambda: SPOKEN), EngineChoice("stt", "told", "its words are known")
    dictation.choose_stt = lambda *_, **__: told
    try:
        return _row(fault, "dictate", run)
    finally:
        dictation.choose_stt = kept


def _made(fault: Fault, job: str, outcome: str, ended: Ended, faults: list[str]) -> Row:
    said = _told(ended)[:600]
    return Row(fault.name, job, outcome, said, ended.status, round(ended.took_s, 2), faults=tuple(faults))


# Talk -----------------------------------------------------------------------------------------------------


def talk(fault: Fault) -> Row:
    def run(_: Witness) -> Row:
        return anyio.run(_talk, fault, backend_options=OPTIONS)

    return _row(fault, "talk", run)


async def _talk(fault: Fault) -> Row:
    person, tts = Person(), SilentTts()
    async with serving([fault]) as server:
        flags = {"llm.engine": _spec(fault, server.port), "llm.api": fault.api}
        flags |= {"speaker.sink": "none", "stt.language": "en"}
        settings = load(flags, environment={}).settings
        async with open_engines(settings, hears=False, tts=tts) as opened:
            engines = Engines(ToldStt(person.words), tts, opened.llm, opened.small)
            source = frames_input(person.frames(server))
            session = Session(engines, source, speaker_output(settings.speaker), settings, person.notify)
            with anyio.fail_after(RINGS_S):
                await session.run()
        return _of_talk(fault, person, tts, server)


def _of_talk(fault: Fault, person: Person, tts: SilentTts, server: HostileServer) -> Row:
    first = [event for event in person.failed if event.turn == 0]
    faults = _of_what_was_said(first, tts)
    alive = person.answers.get(1, "") == "All is well again."
    if not alive:
        faults.append(f"the next turn: {person.answers.get(1, 'nothing')[:80]!r}")
    if later := [event.message for event in person.failed if event.turn > 0]:
        faults.append(f"the next turn failed: {later[0][:100]}")
    if person.unclean:
        faults.append(f"let through: {' '.join(sorted(person.unclean))}")
    if found := unclean("".join(tts.said)):
        faults.append(f"spoken: {found}")
    done = [event.tool for event in person.tools if event.error is None and _changes(event.tool)]
    if len(done) > MOST_CHANGES:
        faults.append(f"done unasked: {len(done)} times {done[0]}")
    answered = bool(person.answers.get(0))
    outcome = "answered" if not first else "in part" if answered else "sorry"
    if not first and not answered:
        faults.append("nothing was said at all")
    said_at = person.said_at.get(0, 0.0)
    took = (first[0].at if first else person.speaking_at.get(0, said_at)) - said_at
    faults += _too_slow(fault, took, said=answered)
    message = first[0].message.replace(f":{server.port}", "").replace(fault.name, "NAME") if first else ""
    return Row(fault.name, "talk", outcome, message[:600], None, round(took, 2), faults=tuple(faults))


def _of_what_was_said(failed: list[Any], tts: SilentTts) -> list[str]:
    """It is said once, aloud, and can be listened to."""
    if len(failed) > 1:
        return [f"failed {len(failed)} times"]
    if not failed:
        return []
    sorry = failed[0].message.removesuffix(failed[0].todo).strip()
    spoken = [text for text in tts.said if text.split()[:3] == sorry.split()[:3]]
    if len(spoken) != 1:
        return [f"spoken {len(spoken)} times: {sorry[:80]}"]
    if len(spoken[0]) > 250 or _UNFIT.search(spoken[0]):
        return [f"not fit to be heard: {spoken[0][:160]}"]
    return []


def _changes(tool: str) -> bool:
    return tool.startswith(("set_", "add_", "remove_", "clear_", "create_", "take_", "delete_", "change_"))
