"""Whether ALSA really gives a device, asked before PortAudio opens it (Linux).

PortAudio 19.6 keeps the result of its calls in one variable that all its threads write (``paUtilErr_``).
While one stream runs, the failure of another's opening is often lost; its start then fails in a thread that
dies holding a lock, and ``Pa_StartStream`` waits for that lock for ever (PortAudio issue 535). ALSA's own
answer is sure, and costs about 2 ms.
"""

from __future__ import annotations

import ctypes
import re
from typing import Any

_PLAYBACK, _CAPTURE = 0, 1
_NONBLOCK = 1
_S16_LE, _INTERLEAVED = 2, 3
_LATENCY_US = 100_000

_HARDWARE = re.compile(r"\((hw:\d+,\d+)\)$")
"""How PortAudio names a device of a card; others it calls what ALSA calls them."""


def refusal(name: str, *, capture: bool, channels: int, rate: int) -> str:
    """Why ALSA does not give the device that PortAudio calls ``name``, in ALSA's words; empty when it does.

    Also empty where there is no ALSA to ask. A card's device is only opened: its formats are PortAudio's to
    choose. Not while a stream of this process uses a card that allows one. Blocking.
    """
    library = _library()
    if library is None:
        return ""
    hardware = _HARDWARE.search(name)
    pcm = ctypes.c_void_p()
    wanted = (hardware[1] if hardware else name).encode()
    status = library.snd_pcm_open(ctypes.byref(pcm), wanted, _CAPTURE if capture else _PLAYBACK, _NONBLOCK)
    if status < 0:
        return _told(library, status)
    try:
        if not hardware:
            status = library.snd_pcm_set_params(
                pcm, _S16_LE, _INTERLEAVED, channels, rate, 1, _LATENCY_US
            )  # ends with snd_pcm_prepare, which is where a sound server says that it has no such device
    finally:
        library.snd_pcm_close(pcm)
    return _told(library, status) if status < 0 else ""


def _told(library: Any, status: int) -> str:
    return str(library.snd_strerror(status).decode(errors="replace"))


def _library() -> Any:
    try:
        library = ctypes.CDLL("libasound.so.2")
    except OSError:
        return None
    library.snd_pcm_open.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_int]
    library.snd_pcm_set_params.argtypes = [ctypes.c_void_p, *[ctypes.c_int] * 2, *[ctypes.c_uint] * 2]
    library.snd_pcm_set_params.argtypes += [ctypes.c_int, ctypes.c_uint]
    library.snd_pcm_close.argtypes = [ctypes.c_void_p]
    library.snd_strerror.restype = ctypes.c_char_p
    return library
