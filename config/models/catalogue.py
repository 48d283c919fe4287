"""The models we know, where they lie on this machine, and which to begin with.

A model has a folder of its own: ``MODELS/whisper/base.en/`` with faster-whisper's files, or
``MODELS/piper/en_US-lessac-medium/`` with the voice and its ``.onnx.json``, or
``MODELS/turn/smart-turn-v3.2-cpu/`` with the one ``.onnx`` that hears the end of a turn, or
``MODELS/llm/qwen3.5-2b/`` with a GGUF and, where it sees, its projector. Files copied there by hand count
like fetched ones, except that a language model's are not loaded by name (``config.models.verified``).
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

from config.errors import ModelError, UsageError
from config.language.close_matches import perhaps
from config.settings.paths import models_dir

Kind = Literal["whisper", "piper", "turn", "llm"]
KINDS: tuple[Kind, ...] = ("whisper", "piper", "turn", "llm")
VOICES = "rhasspy/piper-voices"

_VOICE = re.compile(
    r"(?P<family>[a-z]{2,3})_(?P<region>[A-Z]{2})-(?P<speaker>\w{1,60})-(?P<quality>x_low|low|medium|high)"
)
_REPO = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}(?<!\.)", re.ASCII)
_FILES = {
    # What faster_whisper/utils.py downloads; the vocabulary is .txt in some repositories, .json in others.
    "whisper": ("config.json", "model.bin", "tokenizer.json", "vocabulary.*", "preprocessor_config.json"),
    "piper": ("{name}.onnx", "{name}.onnx.json", "MODEL_CARD"),
    "turn": ("{name}.onnx",),
    "llm": ("{file}", "{projector}"),
}
_OPTIONAL = frozenset({"preprocessor_config.json", "MODEL_CARD"})


@dataclass(frozen=True, slots=True)
class LlmFacts:
    """What is known of a language model before it is fetched. Each figure has its ``sources``."""

    file: str
    """Its GGUF in the repository, and here."""
    bytes: int
    """Of that file. The exact size is the hub's, asked for at each fetch."""
    parameters: float
    """In billions."""
    context: int
    """Tokens that it was trained to take in."""
    kv_bytes: int
    """Memory for each token of context that is used, at 16 bits."""
    active: float = 0.0
    """Billions of parameters that each token goes through, where those are not all."""
    projector: str = ""
    """The file that makes it see; empty: it does not."""
    projector_bytes: int = 0
    score: float | None = None
    """Of the tests that others published of it, joined (``sources.score``); None: we know of none."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """Of ``bytes``, ``kv_bytes`` and ``score``: where the figure is from."""
    date: str = ""
    """The day on which the sources were read."""

    @property
    def goes_through(self) -> float:
        """Billions of parameters for each token."""
        return self.active or self.parameters


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be fetched. ``about_mb`` is 0 where we do not know."""

    name: str
    kind: Kind
    repo: str
    """Empty: the hub does not have it, or we do not know where."""
    languages: tuple[str, ...] = ()
    licence: str = "not known to us; see its page on the hub"
    about_mb: int = 0
    note: str = ""
    kernels: float = 0.0
    """Of a Whisper: what a preflight of three seconds of speech costs, in units of ``config.runtime.kernel``,
    or 0.
    """
    llm: LlmFacts | None = None

    @property
    def spec(self) -> str:
        """As ``--stt``, ``--tts`` and ``--llm`` take it, and ``aloud models``."""
        return f"{'gguf' if self.kind == 'llm' else self.kind}:{self.name}"

    @property
    def sees(self) -> bool:
        return bool(self.llm and self.llm.projector)

    @property
    def place(self) -> str:
        """Its folder in the repository, empty for the root: ``en/en_US/lessac/medium``."""
        match = _VOICE.fullmatch(self.name) if self.kind == "piper" else None
        if match is None:
            return ""
        region = f"{match['family']}_{match['region']}"
        return f"{match['family']}/{region}/{match['speaker']}/{match['quality']}"

    @property
    def patterns(self) -> tuple[str, ...]:
        """Names of the files to fetch."""
        facts = {
            "name": self.name,
            "file": self._file,
            "projector": self.llm.projector if self.llm else "",
        }
        return tuple(filter(None, (pattern.format(**facts) for pattern in _FILES[self.kind])))

    @property
    def needed(self) -> tuple[str, ...]:
        """Those without which it cannot be loaded."""
        return tuple(pattern for pattern in self.patterns if pattern not in _OPTIONAL)

    @property
    def folder(self) -> Path:
        return models_dir() / self.kind / self.name.replace("/", "--")

    @property
    def path(self) -> Path:
        """What the engine opens: the folder of a Whisper, the one file of any other."""
        return self.folder if self.kind == "whisper" else self.folder / self._file

    @property
    def projector_path(self) -> Path | None:
        return self.folder / self.llm.projector if self.llm and self.llm.projector else None

    @property
    def _file(self) -> str:
        if self.kind == "llm":
            return self.llm.file if self.llm else f"{self.name}.gguf"
        return f"{self.name}.onnx"

    def is_complete(self) -> bool:
        return all(_has(self.folder, pattern) for pattern in self.needed)


@dataclass(frozen=True, slots=True)
class Installed:
    name: str
    kind: Kind
    path: Path
    size: int
    """Bytes of its folder, leftovers of an unfinished fetch included."""
    complete: bool


def _has(folder: Path, pattern: str) -> bool:
    """Nothing that is no file counts, be it a link that leads nowhere or a pipe."""
    with contextlib.suppress(OSError):
        return any(
            fnmatchcase(file.name, pattern)
            and not file.name.endswith(".part")
            and os.path.isfile(file)
            and os.path.getsize(file) > 0
            for file in folder.iterdir()
        )
    return False


@functools.cache
def _read() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("catalogue.toml").read_text("utf-8"))


def hub() -> str:
    """The address of the model hub: ``HF_ENDPOINT``, as its other clients read it, or the public one."""
    return (os.environ.get("HF_ENDPOINT") or str(_read()["hub"])).rstrip("/")


@functools.cache
def catalogue() -> tuple[Model, ...]:
    """The models of ``catalogue.toml``, in its order."""
    return tuple(map(_model, _read()["model"]))


def _model(entry: Mapping[str, Any]) -> Model:
    told = {"repo": VOICES, **entry, "languages": tuple(entry["languages"])}
    if facts := entry.get("llm"):
        told["llm"] = LlmFacts(**facts)
    return Model(**told)


def _plain(name: str) -> str:
    kind, colon, rest = name.partition(":")
    return rest if colon and kind in (*KINDS, "gguf") else name


def known(name: str) -> Model:
    """The model of that name (``base.en``, ``whisper:base.en``), any other voice or ``OWNER/NAME``.

    Raises ``UsageError`` for a name that cannot be one.
    """
    plain = _plain(name)
    listed = next((model for model in catalogue() if model.name == plain), None)
    if listed:
        return listed
    if match := _VOICE.fullmatch(plain):
        return Model(plain, "piper", VOICES, (match["family"],))
    if _REPO.fullmatch(plain):
        return Model(plain, "whisper", plain)
    near = perhaps(plain, [model.name for model in catalogue()])
    todo = f"{near} See all: aloud models list".strip()
    raise UsageError(f"There is no model called {name}.", todo=todo)


def how_to_get(name_or_path: str) -> str:
    """What a person does about a model that is not here: fetch it, if it is one that can be fetched."""
    try:
        return f"Fetch it: aloud models get {known(name_or_path).name}"
    except UsageError:
        return "See those there are: aloud models list"


def works_meanwhile(*but: str) -> str:
    """What hears and speaks while a model cannot be had; ``but``: these are here and do not work."""
    models = [one.name for one in installed() if one.complete and one.kind in ("whisper", "piper")]
    here = [name for name in models if name not in but]
    return f"What is here works meanwhile: {', '.join([*here, 'pocketsphinx'])} and espeak."


def how_to_mend(name: str, path: Path) -> str:
    """What a person does about one whose files are damaged, ours or copied from elsewhere."""
    if not path.resolve().is_relative_to(models_dir().resolve()):
        return f"Put its files there anew: {path}"
    return f"Fetch it anew: aloud models get {name}"


def find(name_or_path: str) -> Path | None:
    """What an engine can open, or None when it is not on this machine. Never looks anywhere else.

    A name is looked for among Aloud's models and, for a Whisper, in the hub client's own cache; a path is
    taken when a folder with a ``model.bin``, an ``.onnx`` file or a folder with one voice lies there.
    Raises ``UsageError`` for a folder with several voices.
    """
    plain = _plain(name_or_path)
    path = path_of(plain)
    if os.path.isfile(path / "model.bin") or (path.suffix == ".onnx" and os.path.isfile(path)):
        return path
    if (
        os.path.isdir(path)
        and all(plain != model.name for model in catalogue())
        and (voice := _voice_in(path))
    ):
        return voice
    try:
        model = known(plain)
    except UsageError:
        return None
    if model.is_complete():
        return model.path
    return _in_hub_cache(model) if model.kind == "whisper" else None


def path_of(text: str) -> Path:
    """What a person typed, as a path: of anybody's text, also one that no system takes."""
    return Path(os.path.expanduser(text))


def _voice_in(folder: Path) -> Path | None:
    """The voice of a folder; one that lacks its ``.onnx.json`` only where there is no other."""
    files = sorted(folder.glob("*.onnx"))
    voices = [file for file in files if file.with_name(f"{file.name}.json").is_file()] or files
    if len(voices) > 1:
        names = ", ".join(file.name for file in voices)
        raise UsageError(
            f"The folder {folder} holds several voices: {names}.",
            todo=f"Name one: --tts piper:{voices[0]}",
        )
    return voices[0] if voices else None


def _in_hub_cache(model: Model) -> Path | None:
    """Where faster-whisper itself would have put it (layout: huggingface_hub, ``snapshots/COMMIT``)."""
    home = os.environ.get("HF_HOME") or "~/.cache/huggingface"
    cache = path_of(os.environ.get("HF_HUB_CACHE") or f"{home}/hub")
    place = cache / f"models--{model.repo.replace('/', '--')}"
    try:
        snapshot = place / "snapshots" / (place / "refs" / "main").read_text("utf-8").strip()
        return snapshot if all(_has(snapshot, pattern) for pattern in model.needed) else None
    except OSError:
        return None


def installed() -> list[Installed]:
    """All that lies among Aloud's models, unfinished ones too."""
    found = []
    for kind in KINDS:
        folder = models_dir() / kind
        for place in sorted(folder.iterdir()) if folder.is_dir() else ():
            if place.is_dir():
                found.append(_look(kind, place))
    return found


def _look(kind: Kind, place: Path) -> Installed:
    name = place.name.replace("--", "/")
    model = next((m for m in catalogue() if (m.name, m.kind) == (name, kind)), Model(name, kind, ""))
    size = sum(os.path.getsize(file) for file in place.rglob("*") if os.path.isfile(file))
    return Installed(model.name, kind, model.path, size, model.is_complete())


def remove(name: str) -> int:
    """Delete a model's folder; returns the bytes that are free again.

    Raises ``ModelError`` when it is not there or cannot be deleted.
    """
    plain = _plain(name)
    here = next((one for one in installed() if one.name == plain), None)
    if here is None:
        raise ModelError(f"The model {name} is not installed.", todo="See what is: aloud models list")
    folder = Model(here.name, here.kind, "").folder
    try:
        folder.unlink() if folder.is_symlink() else shutil.rmtree(folder)
    except OSError as error:
        raise ModelError(
            f"The model {name} could not be deleted: {error.strerror}.", todo=f"Delete it yourself: {folder}"
        ) from None
    return here.size
