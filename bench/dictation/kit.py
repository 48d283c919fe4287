"""What the benchmarks of dictation have in common."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SENTENCES = (
    "Please send a friendly message to Peter about the report.",
    "The blue bicycle is in the garage and the red car is in the garden.",
    "We are going to Vienna in October and to Madrid in December.",
    "Remind me in twenty minutes to call Martin and to water the plants.",
    "Add milk and bread to the shopping list and turn off the lamp in the kitchen.",
    "I bought seven apples and some cheese at the market on Monday.",
)
"""Of words that the Whisper of the tests knows as well."""


@contextmanager
def home() -> Iterator[Path]:
    """A state folder that is nobody's."""
    before = os.environ.get("ALOUD_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ALOUD_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            os.environ.pop("ALOUD_HOME")
            if before is not None:
                os.environ["ALOUD_HOME"] = before
