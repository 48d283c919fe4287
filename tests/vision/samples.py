"""Files made for the tests: a PDF written by hand, so that every part of it is known, and a short film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


def words(*lines: str, at: tuple[int, int] = (72, 760)) -> str:
    """The content of a page: lines below each other, 24 points apart."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    return f"BT /F1 18 Tf {at[0]} {at[1]} Td 24 TL {shown} ET"


def pdf(pages: Sequence[str], *, turned: int = 0, extra: str = "", count: int | None = None) -> bytes:
    """``pages``: the content of each. ``extra`` goes into each page's dictionary; ``count``: told pages."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count or len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, content in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate {turned} /Contents {5 + 2 * i} 0 R"
            f" /Resources << /Font << /F1 3 0 R >> >> {extra} >>"
        )
        bodies.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return pdf_of(bodies)


def pdf_of(bodies: Sequence[str], trailer: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n"
    table += "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(bodies) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(out)}\n%%EOF"
    return out + (table + end).encode()


def film(path: Path, frame: Callable[[int], NDArray[np.uint8]], count: int, fps: int = 10) -> Path:
    """A y4m of ``count`` frames, each RGB of shape (240, 320, 3)."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("rawvideo", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for number in range(count):
            for packet in stream.encode(av.VideoFrame.from_ndarray(frame(number), format="rgb24")):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return path
