"""What is kept of a person is closed to everybody else on this machine, where a copy left it open."""

from __future__ import annotations

import sys

from config.files.private import close_to_others, open_to_others
from config.runtime.clean import clean
from config.runtime.printing import print_text
from config.settings.paths import state_dir


def close_what_is_kept() -> None:
    """Tells of it the one time that it was open."""
    state = state_dir()
    if open_to_others(state):
        close_to_others(state)
        told = f"Others on this machine could read what is kept of you in {state}."
        print_text(clean(f"aloud: {told} Now only you can."), file=sys.stderr, flush=True)
