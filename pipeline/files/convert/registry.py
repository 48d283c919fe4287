"""Which kind of file a file is: by its bytes, and by its name only as far as its bytes allow that."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping

from pipeline.files import formats
from pipeline.files.formats.shared.format import Format
from pipeline.files.formats.shared.look import Look

_PLAIN = "texts.text"
_SHARED = "shared."


@functools.cache
def known_formats() -> Mapping[str, Format]:
    """By the name of its module; whatever lies in a folder of formats is one."""
    prefix = f"{formats.__name__}."
    found = (each.name for each in pkgutil.walk_packages(formats.__path__, prefix) if not each.ispkg)
    names = sorted(name.removeprefix(prefix) for name in found)
    ours = [name for name in names if not name.startswith(_SHARED)]
    return {name: importlib.import_module(f"{prefix}{name}").FORMAT for name in ours}


def format_of(look: Look) -> str | None:
    """The name of its module. None: it is of no kind that can be read."""
    sure = {name: format.recognises(look) for name, format in known_formats().items()}
    named = [name for name, format in known_formats().items() if look.suffix in format.suffixes]
    for names, wanted in ((named, "yes"), (named, "named"), (list(sure), "yes")):
        if found := next((name for name in names if sure[name] == wanted), None):
            return found
    return _PLAIN if look.text else None
