"""What comes from a file or a page, as a model is given it: JSON that nothing in it can end. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from config.runtime.clean import CleanText, clean
from pipeline.pictures.fence import quoted

Data = str | int | Sequence["Data"] | Mapping[str, "Data"]


def as_data(found: Data) -> CleanText:
    """On one line; what is not seen, and brackets in texts, stand as numbers."""
    return clean(_json(found))


def _json(found: Data) -> str:
    if isinstance(found, str):
        return quoted(clean(found))
    if isinstance(found, int):
        return str(found)
    if isinstance(found, Mapping):
        return f"{{{', '.join(f'{quoted(name)}: {_json(each)}' for name, each in found.items())}}}"
    return f"[{', '.join(map(_json, found))}]"
