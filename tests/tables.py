"""Tables of a hundred cases, each of which takes no time, in one test: to find a test and to report it takes
longer than such a case does.
"""

from __future__ import annotations

import functools
import inspect
import reprlib
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 300


def for_each(names: str | Sequence[str], table: Iterable[Any]) -> Callable[[Test], Test]:
    """As ``pytest.mark.parametrize``, but one test, which goes through them all and names each that is wrong.
    What else it takes (fixtures) the cases share.
    """
    named = [names] if isinstance(names, str) else [*names]
    rows = [(row,) if isinstance(names, str) else row for row in table]
    every = [dict(zip(named, row, strict=True)) for row in rows]
    assert every, "a table without a case would show nothing"

    def decorated(test: Test) -> Test:
        @functools.wraps(test)
        def through(**shared: Any) -> None:
            __tracebackhide__ = True
            wrong = [told for case in every if (told := _wrong(test, case, shared))]
            if wrong:
                raise AssertionError(f"{len(wrong)} of {len(every)} are wrong:\n" + "\n".join(wrong))

        signature = inspect.signature(test)
        left = [each for each in signature.parameters.values() if each.name not in named]
        vars(through)["__signature__"] = signature.replace(parameters=left)
        return through

    return decorated


def _wrong(test: Test, case: dict[str, Any], shared: dict[str, Any]) -> str:
    """Which case, where in the test, and what; empty where it is right."""
    try:
        test(**case, **shared)
    except (Exception, pytest.fail.Exception) as error:
        file = inspect.unwrap(test).__code__.co_filename
        frames = traceback.extract_tb(error.__traceback__)
        line = next((f"line {frame.lineno}: " for frame in reversed(frames) if frame.filename == file), "")
        kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
        return f"{', '.join(map(_SHORT.repr, case.values()))}: {line}{kind}{error}"
    return ""
