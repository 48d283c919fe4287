"""Models fetched from hubs that mean ill (``bench.hostile.hubs.cases``): what is said, what it takes, what
lies on the disk afterwards, and who was shown the token. Waits are a twentieth of the real ones.
"""

from __future__ import annotations

import contextlib
import io
import os
import resource
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from aloud.cli.exit import run_command
from aloud.cli.models import show
from bench.hostile.hubs.cases import cases
from bench.hostile.hubs.replies import Case
from bench.hostile.hubs.server import FILES, Asked, RawHub, Reply, Respond, honest, raw_hub
from bench.hostile.table import Options, Row, progress
from config.models import catalogue, download, hub, hub_client
from config.models.catalogue import known

MODEL = "base.en"
TOKEN = "hf_0123456789abcdefghijSECRET"
MOST_MB, MOST_S = 200, 15.0
"""More than was held before, and of each fetch."""
_CLEARED = ("hf_token", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")
"""Of the environment, in letters of either size."""


def run(options: Options) -> list[Row]:
    chosen = [case for case in cases() if options.only in case.name][: options.most or None]
    rows = []
    with quick():
        for number, case in enumerate(chosen):
            progress(number, len(chosen))
            rows.append(row(case))
    return rows


@contextmanager
def quick() -> Iterator[None]:
    quick = {(download, "_PAUSE_S"): 0.01, (download, "_SLOWEST_S"): 1.5, (hub, "_LIST_S"): 3.0}
    with contextlib.ExitStack() as stack:
        for (module, name), value in quick.items():
            stack.enter_context(mock.patch.object(module, name, value))
        stack.enter_context(mock.patch.object(hub_client, "CONNECT_S", 1.0))
        yield


def row(case: Case) -> Row:
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        elsewhere = stack.enter_context(raw_hub(honest))
        asked = stack.enter_context(raw_hub(_with(case, elsewhere), _tls(case, scratch)))
        home, victim = scratch / "home", scratch / "others" / "victim"
        victim.parent.mkdir()
        victim.write_bytes(b"mine")
        stack.enter_context(_environment(case, home, asked, scratch))
        folder = known(MODEL).folder
        case.prepare(folder, victim)
        held = _forget_peak()
        began = time.monotonic()
        with _full_disk(case.most_bytes):
            status, sentence = _fetched()
        seconds, memory = time.monotonic() - began, _peak_mb() - held
        faults = (
            *_told_wrong(case, status, sentence, seconds, memory),
            *_left_wrong(folder, victim, home, status),
            *_shown_wrong(asked, elsewhere),
            *_looked_at_wrong(),
        )
    outcome = "fetched" if status == 0 else "refused"
    sentence = sentence.replace(str(scratch), "TEMPORARY").replace(str(asked.port), "PORT")
    return Row(case.name, "get", outcome, sentence, status, seconds, memory, faults)


def _fetched() -> tuple[int, str]:
    """As a command would end, and what it would say."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        status = run_command(lambda: download.fetch(MODEL, timeout=1.0))
    return status, said.getvalue().strip().removeprefix("aloud: ")


def _with(case: Case, elsewhere: RawHub) -> Respond:
    """``{elsewhere}`` in what is answered is the other server's address."""

    def respond(asked: Asked) -> Reply:
        reply = case.respond(asked)
        return (
            reply.replace(b"{elsewhere}", elsewhere.address.encode()) if isinstance(reply, bytes) else reply
        )

    return respond


@contextmanager
def _environment(case: Case, home: Path, asked: RawHub, scratch: Path) -> Iterator[None]:
    host = asked.address.partition("://")[2]
    own = {k: v.replace("{hub}", asked.address).replace("{host}", host) for k, v in case.environment.items()}
    kept = {name: value for name, value in os.environ.items() if name.lower() not in _CLEARED}
    trusted = {"SSL_CERT_FILE": str(scratch / "certificate")} if case.tls in ("trusted", "another") else {}
    new = {**kept, "ALOUD_HOME": str(home), "HF_ENDPOINT": asked.address, "HF_TOKEN": TOKEN, **trusted, **own}
    with mock.patch.dict(os.environ, new, clear=True):
        yield


def _tls(case: Case, scratch: Path) -> ssl.SSLContext | None:
    """With a certificate that was made just now."""
    if not case.tls:
        return None
    certificate, key = scratch / "certificate", scratch / "key"
    name = "IP:127.0.0.9" if case.tls == "another" else "IP:127.0.0.1"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    made = ["-keyout", key, "-out", certificate, "-subj", "/CN=a", "-addext", f"subjectAltName={name}"]
    subprocess.run(["openssl", "req", "-x509", *kind, *made], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def _told_wrong(case: Case, status: int, sentence: str, seconds: float, memory: float) -> Iterator[str]:
    if status not in case.statuses:
        yield f"status {status}"
    if "Traceback" in sentence or status == 1:
        yield "a fault of ours"
    if not sentence.isprintable() or len(sentence) > 1500:
        yield "a sentence that a terminal should not get"
    if (status == 0) == bool(sentence):
        yield "said nothing" if status else "said something"
    if case.says not in sentence:
        yield f"did not say “{case.says}”"
    if any(secret in sentence for secret in (TOKEN, "secret")):
        yield "said a secret"
    if seconds > MOST_S:
        yield f"took {seconds:.0f} s"
    if memory > MOST_MB:
        yield f"took {memory:.0f} MB"


def _left_wrong(folder: Path, victim: Path, home: Path, status: int) -> Iterator[str]:
    if victim.read_bytes() != b"mine" or len(list(victim.parent.iterdir())) != 1:
        yield "wrote outside"
    for path in home.rglob("*") if home.exists() else ():
        if not path.is_dir() and not {folder, folder.with_name("moved")} & {*path.parents}:
            yield f"left {path.name} outside its folder"
    for name, data in FILES.items():
        path = folder / name
        if path.is_file() and path.read_bytes() != data and not path.is_symlink():
            yield f"left half of {name} under its name"
        if status == 0 and not (path.is_file() and path.read_bytes() == data):
            yield f"said that {name} is here"
    names = {path.name for path in folder.iterdir()} if folder.is_dir() and not folder.is_symlink() else set()
    strange = {n for n in names - {*FILES, ".lock", "ORIGIN", "LICENCE"} if not n.endswith(".part")}
    if strange or (status == 0 and any(name.endswith(".part") for name in names)):
        yield f"left {sorted(strange) or 'a part'}"


def _shown_wrong(asked: RawHub, elsewhere: RawHub) -> Iterator[str]:
    if elsewhere.shown:
        yield "showed the token elsewhere"
    if not asked.shown <= {f"Bearer {TOKEN}"}:
        yield f"showed {asked.shown}"


@contextmanager
def _full_disk(most_bytes: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    if most_bytes >= 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _looked_at_wrong() -> Iterator[str]:
    """What came of it can be listed and looked for."""
    with contextlib.redirect_stdout(io.StringIO()):
        status = run_command(lambda: [show(json=True), catalogue.find(MODEL), catalogue.installed()])
    if status:
        yield "it cannot be listed"


def _forget_peak() -> float:
    """What is held now, in MB."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5")
    return _peak_mb()


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1000
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
