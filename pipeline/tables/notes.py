"""How a table was read, as sentences in the person's language."""

from __future__ import annotations

from collections.abc import Iterable

from config.language.data import DEFAULT, known, table
from config.runtime.clean import CleanText, clean_sentence, joined
from pipeline.tables.base import Note, Table


def notes_told(of: Table, language: str) -> CleanText:
    """Empty, where there is nothing to tell."""
    return told(of.notes, language) or of.left_out


def told(notes: Iterable[Note], language: str = DEFAULT) -> CleanText:
    said = table(known(language), "charts")["notes"]
    return joined((clean_sentence(said[note.key].format(**note.values)) for note in notes), " ")
