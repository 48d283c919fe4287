"""A table's row as one element; of one that only places things side by side, what is in its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.files.formats.shared.format import Piece

BETWEEN_CELLS = "; "
_MOST = 3
"""Paragraphs of a cell: in a table there are few."""


def row_pieces(cells: Sequence[Sequence[Piece]]) -> Iterator[Piece]:
    """``cells``: the paragraphs of each."""
    pieces = [piece for cell in cells for piece in cell]
    if len(cells) == 1 or any(len(cell) > _MOST for cell in cells) or any(p.get("level") for p in pieces):
        yield from pieces
    elif pieces:
        texts = (" ".join(" ".join(piece["text"].split()) for piece in cell) for cell in cells)
        yield {**pieces[0], "text": BETWEEN_CELLS.join(texts)}
