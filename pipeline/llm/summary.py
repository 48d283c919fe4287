"""What an LLM can do, in a sentence for whoever sets it up, and who says so."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.llm.base import Capabilities


def summarise(known: Capabilities) -> str:
    """``It sees pictures, calls tools and takes in 8,192 tokens; it does not hear. So says llama.cpp.``"""
    told = f"It {_listed([*_can(known)])}"
    if lacks := [*_lacks(known)]:
        told += f"; it {_listed(lacks)}"
    said = f" So says: {known.said_by}." if known.said_by else " Nobody says so: it is tried."
    return f"{told}.{said}"


def _can(known: Capabilities) -> Iterator[str]:
    if known.sees:
        yield "sees pictures"
    if known.prompted_tools:
        yield "calls tools by prompting"
    elif known.calls_tools:
        yield "calls tools (several at once)" if known.parallel_tools else "calls tools"
    if known.hears:
        yield "hears (not used yet)"
    if known.reads_pdf:
        yield "reads PDF files (not used yet)"
    if known.thinks:
        yield "thinks before it answers"
    yield f"takes in {known.context:,} tokens" if known.context else "takes in words"


def _lacks(known: Capabilities) -> Iterator[str]:
    if not known.sees:
        yield "sees no pictures (it is told what this machine finds in them)"
    if not known.calls_tools and not known.prompted_tools:
        yield "calls no tools"


def _listed(parts: list[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
