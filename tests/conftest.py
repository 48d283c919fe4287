"""What every test may lean on: where the real parts lie, and a home that is nobody's."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from config.runtime import clock, logs
from tests import loaded, processes
from tests.published import STT, VOICE, published
from voice.stt.whisper.engine import Whisper
from voice.tts.piper.engine import Piper

TESTS = Path(__file__).parent

# Whisper's threads wait for each other asleep, here and in processes that tests begin: where there are more
# of those than cores they would spin for one that cannot run. It is read when the library is loaded.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return processes.count()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> processes.Shared:
    config.option.loadscopereorder = False  # the order is that of the collection
    return processes.Shared(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and found stays to the end: the garbage collector would go through it in vain, now and
    during each test. So it looks less often, as in the program itself (``gc.freeze`` would hide it all from
    Hypothesis, which looks for whoever refers to a generator of random numbers).
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.set_threshold(10_000, 10, 10)
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = processes.in_order(items, config.rootpath)


@pytest.fixture(scope="session")
def models() -> Path:
    """The small models that the real engines load; their story is in its README."""
    return TESTS / "models"


@pytest.fixture(scope="session")
def tiny_en() -> Path:
    """The published Whisper: the smallest that a person has."""
    return published(STT)


@pytest.fixture(scope="session")
def joe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published Piper voice that an English speaker has at first; it wavers from call to call, and here
    it does not, so that what a test hears is the same each time.
    """
    voice, folder = published(VOICE), tmp_path_factory.mktemp("joe")
    steady = json.loads(Path(f"{voice}.json").read_text("utf-8"))
    steady["inference"] |= {"noise_scale": 0.0, "noise_w": 0.0}
    (folder / f"{voice.name}.json").write_text(json.dumps(steady), "utf-8")
    (folder / voice.name).symlink_to(voice)
    return folder / voice.name


@pytest.fixture(scope="session")
def hearing(tiny_en: Path) -> Whisper:
    """The published Whisper, loaded once."""
    stt = Whisper(tiny_en, threads=1, name=STT)
    stt.warm()
    return stt


@pytest.fixture(scope="session")
def speaking(joe: Path) -> Piper:
    """The published voice, loaded once."""
    tts = Piper(joe, threads=1, name=VOICE)
    tts.warm()
    return tts


@pytest.fixture(scope="session")
def recordings() -> Path:
    """Spoken questions and pictures; made by ``scripts/make_samples``."""
    return TESTS / "recordings"


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """New folders. Numbered here: ``mktemp`` looks through all that there are for the next number."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the person's own settings, models or conversations."""
    for name in list(os.environ):
        if name.startswith("ALOUD_"):
            monkeypatch.delenv(name)
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("ALOUD_HOME", str(home))


@pytest.fixture(scope="session", autouse=True)
def _on_the_path() -> Iterator[None]:
    """Sentences name the command as it is typed; here it is ``aloud``, wherever the tests were started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
        yield


@pytest.fixture(scope="session", autouse=True)
def _as_from_a_terminal() -> Iterator[None]:
    """Signals that whoever started the tests has ignored (``nohup``, ``&``) are not ignored by a child."""
    ignored = [
        number for number in (signal.SIGINT, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_IGN
    ]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command in this process sets them up for the whole of it, and another test reads them."""
    yield
    for package in logs.PACKAGES:
        logger = logging.getLogger(package)
        logger.handlers, logger.propagate = [], True
        logger.setLevel(logging.NOTSET)


@pytest.fixture(scope="session", autouse=True)
def _work_takes_no_time() -> Iterator[None]:
    """On the fast clock only what is waited for takes time, so that a busy machine changes no event's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "work_clock", lambda: 1000.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def _text_is_found_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        loaded.finds_once(patch)
        yield


@pytest.fixture
def work_takes_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a person: for a test of just that."""
    monkeypatch.setattr(clock, "work_clock", time.monotonic)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def serve_micro(folder: Path, *, sees: bool = True, batch: int = 2048, template: str = "") -> Any:
    """A real llama.cpp server on a free loopback port, until nothing refers to it. See tests/models.

    ``template``: a chat's, in place of the model's own; it then never ends by itself.
    """
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(folder / "llm-micro.gguf")
    if sees:
        parameters.mmproj.path = str(folder / "mmproj-llm-micro.gguf")
        parameters.mmproj_use_gpu = False
    parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 2048, 1, 0
    parameters.n_batch = batch
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    parameters.model_alias = {"llm-micro"}
    parameters.sampling.temp = 0.0  # of a request that names none
    if template:
        parameters.chat_template, parameters.sampling.ignore_eos = template, True
    return xllamacpp.Server(parameters)


@pytest.fixture(scope="session")
def serve_llama() -> Callable[..., Any]:
    return serve_micro


@pytest.fixture(scope="session")
def llama(models: Path) -> Iterator[str]:
    """The base URL of a llama.cpp server whose model ``llm-micro`` sees: ``http://127.0.0.1:PORT/v1``."""
    server = serve_micro(models / "llm-micro")
    yield f"{server.listening_address}/v1"
    del server
