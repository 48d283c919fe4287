"""How a model is told of open files: a short one whole, of a long one what it is; all behind a fence."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.files.open_files import OpenFile
from pipeline.files.reading.index import Index
from pipeline.files.reading.outcomes import about, as_json, placed
from pipeline.pictures.fence import Fence

SHORT = 6000
"""Letters of a file that goes to a model whole."""
_MOST_FOUND = 5
_WHOLE = "file {number} was opened and is here whole"
_TO_BE_SEARCHED = (
    "file {number} was opened and is too long to be here; search it before you tell of it and name the page"
)
_LONG = "file {number} was opened and is too long to be here"
_FOUND = "found in file {number} for this question"


def tell_file(file: OpenFile, *, searches: bool) -> str:
    """Once, with the first question after it was opened. ``searches``: the model can call tools."""
    facts, text = as_json(about(file.name, file.content).as_json()), whole_text(file)
    if text:
        return str(Fence(_WHOLE.format(number=file.number), (facts, text)))
    label = _TO_BE_SEARCHED if searches else _LONG
    return str(Fence(label.format(number=file.number), (facts,)))


def whole_text(file: OpenFile) -> str:
    """Empty: it is too long, or a table, which is computed with."""
    elements = file.content.elements
    if file.kind == "table" or sum(len(each.text) for each in elements) > SHORT:
        return ""
    return "\n\n".join(f"{'#' * each.level} {each.text}" if each.level else each.text for each in elements)


def tell_found(file: OpenFile, index: Index, question: str, language: str) -> Sequence[str]:
    """For a model that cannot search: what of a long file may answer the question. Blocking."""
    if whole_text(file):
        return ()
    hits = index.search(question, language, _MOST_FOUND)
    found = [
        as_json(placed(hit.sentence.place, file.kind) | {"text": index.around(hit.number)}) for hit in hits
    ]
    return (str(Fence(_FOUND.format(number=file.number), tuple(found))),) if found else ()
