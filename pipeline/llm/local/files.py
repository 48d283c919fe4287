"""Which files a ``gguf:NAME`` or ``gguf:PATH`` means, and whether they may be loaded."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from os.path import expanduser, isfile  # unlike those of a Path, they raise for no name whatever
from pathlib import Path

from config.errors import ModelError, UsageError
from config.models.catalogue import LlmFacts, Model, catalogue
from config.models.gguf_header import GgufError, GgufHeader, read_header
from config.models.named import check_model
from config.models.verified import check_verified
from pipeline.llm.local.worker import damaged


@dataclass(frozen=True, slots=True)
class LocalFiles:
    path: Path
    projector: Path | None
    header: GgufHeader
    facts: LlmFacts
    """Those of the catalogue, or, of a path, what the files say."""
    model: Model | None = None
    """Of the catalogue."""

    @property
    def name(self) -> str:
        return self.model.name if self.model else self.path.stem

    @property
    def spec(self) -> str:
        return self.model.spec if self.model else f"gguf:{self.path}"


def typed_path(text: str) -> Path | None:
    """The path that was typed; None: it is the name of a model."""
    looks_so = "/" in text or "\\" in text or text.startswith("~") or text.lower().endswith(".gguf")
    if looks_so or (_listed(text) is None and isfile(text)):
        return Path(expanduser(text))
    return None


def check_named(text: str, came: str) -> None:
    """``came``: where it came from, in brackets. Raises ``UsageError`` for what there cannot be,
    ``ModelError`` for what is not on this machine.
    """
    path = typed_path(text)
    if path is None:
        check_model("llm", text, came, called="language model", needs="a GGUF file")
    elif not isfile(path):
        raise absent(path)


def local_files(text: str) -> LocalFiles:
    """Blocking. Raises as ``check_named``, and ``ModelError`` for files that may not or cannot be loaded."""
    check_named(text, "")
    if path := typed_path(text):
        projector, header = find_mmproj(path), _header(path)
        return LocalFiles(path, projector, header, _facts(path, projector, header))
    model = _listed(text)
    if model is None or model.llm is None:
        raise UsageError(f"There is no language model {text!r}.", todo="See all: aloud models list")
    check_verified(model)
    return LocalFiles(model.path, model.projector_path, _header(model.path), model.llm, model)


def _listed(name: str) -> Model | None:
    return next((model for model in catalogue() if model.kind == "llm" and model.name == name), None)


def absent(path: Path) -> ModelError:
    return ModelError(f"There is no model file {path}.", todo="Name a .gguf file: aloud talk --llm gguf:PATH")


def _header(path: Path) -> GgufHeader:
    try:
        return read_header(path)
    except (GgufError, OSError):
        raise damaged(path) from None


def _facts(path: Path, projector: Path | None, header: GgufHeader) -> LlmFacts:
    return LlmFacts(
        path.name,
        path.stat().st_size,
        parameters=0.0,
        context=header.context or 8192,
        kv_bytes=header.kv_bytes,
        projector=projector.name if projector else "",
        projector_bytes=projector.stat().st_size if projector else 0,
    )


def find_mmproj(path: Path) -> Path | None:
    """The eyes of a model lie beside it: ``mmproj*.gguf``; of several, the one whose name is most alike."""

    def likeness(candidate: Path) -> tuple[int, str]:
        name = candidate.stem.lower().replace("mmproj", "").strip("-_.")
        alike = itertools.takewhile(
            lambda pair: pair[0] == pair[1], zip(name, path.stem.lower(), strict=False)
        )
        return len(list(alike)), candidate.name

    found = [p for p in path.parent.glob("*.gguf") if "mmproj" in p.name.lower() and p != path]
    return max(found, key=likeness, default=None)
