from __future__ import annotations

from pipeline.llm.base import Capabilities
from pipeline.llm.summary import summarise
from tests.tables import for_each

FULL = Capabilities(True, True, 8192, True, True, True, True, said_by="its list of models")
BLIND = Capabilities(prompted_tools=True, said_by="a test on 2026-11-29, llama.cpp")


@for_each(
    ("known", "told"),
    [
        (
            FULL,
            "It sees pictures, calls tools (several at once), hears (not used yet), reads PDF files (not used"
            " yet), thinks before it answers and takes in 8,192 tokens. So says: its list of models.",
        ),
        (
            BLIND,
            "It calls tools by prompting and takes in words; it sees no pictures (it is told what this"
            " machine finds in them). So says: a test on 2026-11-29, llama.cpp.",
        ),
        (
            Capabilities(said_by="Ollama"),
            "It takes in words; it sees no pictures (it is told what this machine finds in them) and calls no"
            " tools. So says: Ollama.",
        ),
        (
            Capabilities(True),
            "It sees pictures and takes in words; it calls no tools. Nobody says so: it is tried.",
        ),
    ],
)
def test_what_it_can_do_is_told(known: Capabilities, told: str) -> None:
    assert summarise(known) == told
