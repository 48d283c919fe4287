"""How long nothing was typed, clicked or moved, as the X server counts it (MIT-SCREEN-SAVER)."""

from __future__ import annotations

import ctypes
import ctypes.util


class _Info(ctypes.Structure):
    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),
        ("events", ctypes.c_ulong),
    )


def idle_s() -> float | None:
    """None where it cannot be known: no display, no library."""
    names = ctypes.util.find_library("X11"), ctypes.util.find_library("Xss")
    if not all(names):
        return None
    x11, saver = (ctypes.CDLL(name) for name in names)
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    display = x11.XOpenDisplay(None)
    if not display:
        return None
    try:
        info = _Info()
        root = x11.XDefaultRootWindow(ctypes.c_void_p(display))
        known = saver.XScreenSaverQueryInfo(
            ctypes.c_void_p(display), ctypes.c_ulong(root), ctypes.byref(info)
        )
        return float(info.idle) / 1000 if known else None
    finally:
        x11.XCloseDisplay(ctypes.c_void_p(display))
