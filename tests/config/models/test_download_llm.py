"""A language model and its projector, from a real server that answers as the hub does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from config.errors import ModelError
from config.models import download as fetching
from config.models.catalogue import Model, find, installed, known, remove
from config.models.download import Progress, fetch
from config.models.verified import check_verified
from tests.hub import WEIGHTS, Hub, model_hub

NAME = "qwen3.5-0.8b"
PROJECTOR = WEIGHTS[:300_000]


@pytest.fixture
def model() -> Model:
    return known(f"gguf:{NAME}")


@pytest.fixture
def server(model: Model, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(fetching, "_PAUSE_S", 0.01)
    monkeypatch.delenv("HF_TOKEN", raising=False)
    assert model.llm
    with model_hub() as hub:
        hub.files[model.repo] = {
            model.llm.file: WEIGHTS,
            "Qwen3.5-0.8B-Q8_0.gguf": b"another size" * 2000,
            model.llm.projector: PROJECTOR,
            "mmproj-BF16.gguf": b"another projector",
            "README.md": b"read me",
        }
        yield hub


def test_it_comes_with_its_projector_cut_in_the_middle_and_resumed(server: Hub, model: Model) -> None:
    server.cuts, seen = 3, list[Progress]()
    assert find(model.spec) is None
    path = fetch(model, on_progress=seen.append, endpoint=server.address)
    assert path == find(model.spec) == model.path
    assert path.read_bytes() == WEIGHTS
    assert model.projector_path
    assert model.projector_path.read_bytes() == PROJECTOR
    assert {p.name for p in model.folder.glob("*.gguf")} == {path.name, model.projector_path.name}
    assert "bytes=700000-" in server.ranges
    assert seen[-1].done == seen[-1].total == len(WEIGHTS) + len(PROJECTOR)
    check_verified(model)
    assert [(one.name, one.kind, one.complete) for one in installed()] == [(NAME, "llm", True)]
    assert remove(model.spec) > len(WEIGHTS)
    assert find(model.spec) is None


def test_without_its_projector_it_is_not_whole(server: Hub, model: Model) -> None:
    assert model.llm
    server.flips = {model.llm.file}
    with pytest.raises(ModelError, match=rf"{model.llm.file} of {NAME} arrived damaged"):
        fetch(model, endpoint=server.address)
    assert find(model.spec) is None, "the projector alone is here"
    with pytest.raises(ModelError, match="was not compared"):
        check_verified(model)
    del server.files[model.repo][model.llm.projector]
    with pytest.raises(ModelError, match=r"lacks mmproj-F16\.gguf"):
        fetch(model, endpoint=server.address)


@pytest.mark.parametrize("size", [len(WEIGHTS) - 5, len(WEIGHTS) + 5])
def test_a_hub_that_lists_another_size_is_not_believed(server: Hub, model: Model, size: int) -> None:
    server.says_size = size
    with pytest.raises(ModelError, match=r"arrived damaged|connection .* was lost"):
        fetch(model, endpoint=server.address)
    assert find(model.spec) is None
