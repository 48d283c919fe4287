"""Files that hold no text: what they are, and what can be done with them instead."""

from __future__ import annotations

from config.errors import FileError
from config.runtime.clean import CleanText
from pipeline.files.formats.shared.look import Look

RECORDING, PICTURE, ARCHIVE = "recording", "picture", "archive"
_BEGINNINGS = {
    PICTURE: (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0"),
    RECORDING: (
        b"ID3",
        b"OggS",
        b"fLaC",
        b"\x1aE\xdf\xa3",
        b"FORM",
        b".snd",
        b"caff",
        b"#!AMR",
        b"\xff\xfb",
        b"\xff\xf3",
    ),
    ARCHIVE: (b"PK", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"),
    "program": (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"),
    "database": (b"SQLite format 3\0",),
}
_SOUND = frozenset(
    {
        *(".wav", ".mp3", ".ogg", ".oga", ".opus", ".flac", ".m4a", ".aac", ".wma", ".aiff", ".aif", ".amr"),
        *(".webm", ".mp4", ".mov", ".mkv", ".avi"),
    }
)


def kind_of(look: Look) -> str:
    """Empty: nobody knows."""
    head = look.head
    if head[:4] == b"RIFF":
        return {b"WAVE": RECORDING, b"AVI ": RECORDING, b"WEBP": PICTURE}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return PICTURE if head[8:12] in (b"heic", b"heix", b"mif1", b"avif", b"heif") else RECORDING
    for kind, beginnings in _BEGINNINGS.items():
        if head.startswith(beginnings):
            return kind
    return RECORDING if look.suffix in _SOUND else ""


def unreadable(name: CleanText, look: Look) -> FileError:
    kind = kind_of(look)
    if kind == PICTURE:
        return FileError(f"{name} is a picture.", todo="Show it with --image.")
    if look.head.startswith(b"PK") and not look.zipped:
        return FileError(f"{name} is damaged: its end is missing.", todo="Copy or download it again.")
    if kind == ARCHIVE:
        return FileError(f"{name} is an archive of files.", todo="Unpack it, and open one of them.")
    if kind:
        return FileError(
            f"{name} is a {kind}: there is no text in it.", todo="Open a document, a table or a text."
        )
    return FileError(
        f"{name} is of no kind that can be read, or is damaged.",
        todo="Save it as a document, a table or a text.",
    )
