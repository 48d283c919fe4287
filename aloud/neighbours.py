"""Our packages have plain names (``config``, ``voice``): a file called so beside a script may be in the way.

The program takes its own, wherever it is started. A script that imports ``aloud`` is told which file is in
the way: were ours taken behind its back, its own ``import config`` would bring ours.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_OURS = ("config", "voice", "vision", "pipeline")


def is_program() -> bool:
    """Whether this is ``aloud`` or ``python -m aloud``, and not a script that imports it."""
    started = sys.argv[0] if sys.argv else ""
    return started == "-m" or Path(started).stem in ("aloud", "aloud-script", "__main__")


def make_way() -> None:
    """Before anything of ours is imported. Raises ``ImportError`` for a script with a file in the way."""
    strange = {name: file for name in _OURS if (file := _in_the_way(name))}
    if not strange:
        return
    if not is_program():
        name, file = next(iter(strange.items()))
        raise ImportError(
            f"The file {file} is in the way of Aloud's own package {name}. "
            "Call it otherwise, or keep the script that imports aloud in another folder.",
            name=name,
            path=file,
        )
    sys.path.insert(0, str(_ROOT))
    for name in strange:
        sys.modules.pop(name, None)


def _in_the_way(name: str) -> str:
    """Where Python would take it from; empty: from here."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):  # a module without a spec is somebody's own
        return str(getattr(sys.modules.get(name), "__file__", None) or name)
    places = [spec.origin or "", *(spec.submodule_search_locations or ())] if spec else []
    return (
        ""
        if not spec or any(Path(place).resolve().is_relative_to(_ROOT) for place in places if place)
        else (spec.origin or str(next(iter(places), name)))
    )
