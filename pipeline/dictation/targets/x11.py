"""What xdotool does not tell: the program of a window, and how long nobody has touched anything."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class _Info(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),
        ("events", ctypes.c_ulong),
    )


class _ClassHint(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("program", ctypes.c_char_p))


_Ignore = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)


@contextmanager
def _display() -> Iterator[tuple[Any, ctypes.c_void_p] | None]:
    """Xlib and a connection; None without. A window that has gone is an error that would end the process."""
    name = ctypes.util.find_library("X11")
    x11 = ctypes.CDLL(name) if name else None
    if x11 is None:
        yield None
        return
    x11.XOpenDisplay.restype = x11.XSetErrorHandler.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = x11.XOpenDisplay(None)
    if not display:
        yield None
        return
    ignore = _Ignore(lambda display, error: 0)
    before = x11.XSetErrorHandler(ignore)
    try:
        yield x11, ctypes.c_void_p(display)
    finally:
        x11.XCloseDisplay(ctypes.c_void_p(display))
        x11.XSetErrorHandler(ctypes.c_void_p(before))


def idle_s() -> float | None:
    """Since anything was typed, clicked or moved (MIT-SCREEN-SAVER); None where it cannot be known."""
    name = ctypes.util.find_library("Xss")
    with _display() as opened:
        if opened is None or name is None:
            return None
        x11, display = opened
        info = _Info()
        root = ctypes.c_ulong(x11.XDefaultRootWindow(display))
        known = ctypes.CDLL(name).XScreenSaverQueryInfo(display, root, ctypes.byref(info))
        return float(info.idle) / 1000 if known else None


def program_of(window: int) -> str:
    """The class of the window, or of the nearest around it that has one: ``XTerm``; empty where unknown."""
    with _display() as opened:
        if opened is None:
            return ""
        x11, display = opened
        while window > 1:
            hint = _ClassHint()
            if x11.XGetClassHint(display, ctypes.c_ulong(window), ctypes.byref(hint)):
                return (hint.program or hint.name or b"").decode("utf-8", "replace")
            window = _around(x11, display, window)
    return ""


def _around(x11: Any, display: ctypes.c_void_p, window: int) -> int:
    root, parent = ctypes.c_ulong(), ctypes.c_ulong()
    children, count = ctypes.c_void_p(), ctypes.c_uint()
    places = (ctypes.byref(place) for place in (root, parent, children, count))
    if not x11.XQueryTree(display, ctypes.c_ulong(window), *places):
        return 0
    if children.value:
        x11.XFree(children)
    return 0 if parent.value == root.value else int(parent.value)
