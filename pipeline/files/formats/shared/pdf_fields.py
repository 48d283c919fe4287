"""What lies over a PDF's page: the fields of a form with what is filled in, and what others remarked."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.files.formats.shared.format import Piece

_MOST = 2_000
_LONGEST = 20_000
_PASSWORD = 1 << 13
_HIDDEN = 1 << 1
_CHECKED, _NOT_CHECKED = "[x]", "[ ]"


def over_page(document: Any, page: Any, number: int) -> Iterator[Piece]:
    """In the order of the file. ``number``: of the page, from 1."""
    from pypdfium2 import raw

    for i in range(min(raw.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = raw.FPDFPage_GetAnnot(page, i)
        if not annotation:
            continue
        try:
            if not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN:
                yield from _annotation(document, annotation, number)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _annotation(document: Any, annotation: Any, number: int) -> Iterator[Piece]:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetSubtype(annotation)
    if text := _field(document.formenv, annotation) if kind == raw.FPDF_ANNOT_WIDGET else "":
        yield {"text": text, "page": number}
    elif kind not in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP) and (
        said := _told(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
    ):
        yield {"text": said, "page": number, "aside": "" if kind == raw.FPDF_ANNOT_FREETEXT else "comment"}


def _field(form: Any, annotation: Any) -> str:
    """``Family name: Okafor``; empty, where it is a button, has no name, or the document no form."""
    from pypdfium2 import raw

    if not form:
        return ""

    kind = raw.FPDFAnnot_GetFormFieldType(form, annotation)
    named = (raw.FPDFAnnot_GetFormFieldAlternateName, raw.FPDFAnnot_GetFormFieldName)
    name = next(filter(None, (_told(get, form, annotation) for get in named)), "")
    if not name or kind in (raw.FPDF_FORMFIELD_PUSHBUTTON, raw.FPDF_FORMFIELD_SIGNATURE):
        return ""
    value = _told(raw.FPDFAnnot_GetFormFieldValue, form, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        value = _CHECKED if raw.FPDFAnnot_IsChecked(form, annotation) else _NOT_CHECKED
    elif value and raw.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        value = "*" * len(value)
    return f"{name}: {value}".rstrip()


def _told(get: Callable[..., int], *which: Any) -> str:
    """As PDFium gives a text: its length first."""
    length = min(get(*which, None, 0), _LONGEST) // 2 * 2
    if length <= 2:
        return ""
    letters = ctypes.create_string_buffer(length)
    get(*which, ctypes.cast(letters, ctypes.POINTER(ctypes.c_ushort)), length)
    return letters.raw[: length - 2].decode("utf-16-le", "replace").strip()
