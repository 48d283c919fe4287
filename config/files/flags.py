"""How a file that others may have put there is opened: ``os.open``'s flags, 0 where a system has none."""

from __future__ import annotations

import os

WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
"""Nobody waits for the other end of a pipe; and a terminal does not become this program's."""
NO_LINK = WITHOUT_WAITING | getattr(os, "O_NOFOLLOW", 0)
"""And no link is followed."""
