"""What kreuzberg reads of a file, as pieces. What of it calls out, learns or looks at pictures is off."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, Literal, get_args

from pipeline.files.formats.shared.format import Piece, RefusedError
from pipeline.files.formats.shared.lines import paragraphs, split_lines

PACKAGE = "kreuzberg"
_PICTURE = re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)|\[Image: [^\]\n]*\]")
_Plain = Literal["paragraph", "list_item", "code", "formula", "definition_item", "raw_block"]
_PLAIN = frozenset(get_args(_Plain))
_BETWEEN_CELLS = "; "


def kreuzberg_pieces(file: BinaryIO, type: str) -> Iterator[Piece]:
    """``type``: what it is, by its bytes; it is not asked to guess. Raises ``RefusedError``."""
    result = _extracted(file.read(), type)
    about = result.metadata or {}
    if title := str(about.get("title") or about.get("subject") or "").strip():
        yield {"title": title}
    nodes = (result.document or {}).get("nodes") or []
    if not nodes and not result.content.strip():
        raise RefusedError("nothing")
    for node in nodes:
        yield from _piece(node["content"], node.get("content_layer") or "body")
    if attached := [name for each in about.get("attachments") or () if (name := _name(each))]:
        yield {"attached": attached}


def _extracted(data: bytes, type: str) -> Any:
    import kreuzberg

    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        include_document_structure=True,
        postprocessor=kreuzberg.PostProcessorConfig(enabled=False),
        tree_sitter=kreuzberg.TreeSitterConfig(enabled=False),  # it would fetch grammars
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
    )
    config.max_archive_depth = 0
    try:
        return kreuzberg.extract_bytes_sync(data, type, config=config)
    except Exception as error:
        told = str(error).lower()
        locked = "password" in told or "encrypt" in told
        raise RefusedError("locked" if locked else "damaged") from None


def _name(attachment: Any) -> str:
    named = (
        attachment.get("filename") or attachment.get("name")
        if isinstance(attachment, Mapping)
        else attachment
    )
    return str(named or "")


def _piece(content: Mapping[str, Any], layer: str) -> Iterator[Piece]:
    kind, text = content.get("node_type", ""), _PICTURE.sub(r"\1", str(content.get("text") or "")).strip()
    if kind == "table":
        yield from _rows(content.get("grid") or {})
    elif kind == "metadata_block":  # who wrote a message to whom
        for name, value in content.get("entries") or ():
            yield {"text": f"{name}: {value}"}
    elif not text:
        return
    elif kind in ("heading", "title"):
        yield {"text": text, "level": min(9, max(1, int(content.get("level") or 1)))}
    elif kind == "footnote" or layer == "footnote":
        yield {"text": text, "aside": "note"}
    elif layer in ("header", "footer"):
        yield {"text": text, "aside": "header"}
    elif kind in _PLAIN:
        for part in paragraphs(split_lines(text)):
            yield {"text": part["text"]}


def _rows(grid: Mapping[str, Any]) -> Iterator[Piece]:
    rows: dict[int, list[str]] = {}
    for cell in grid.get("cells") or ():
        rows.setdefault(int(cell["row"]), []).append(" ".join(str(cell.get("content") or "").split()))
    for _, cells in sorted(rows.items()):
        if any(cells):
            yield {"text": _BETWEEN_CELLS.join(cells)}
