"""A person's files: what a model may read of them, and what is written."""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
import threading
from pathlib import Path
from typing import Any

import anyio
import pytest

from config.language.codes import LANGUAGES
from config.runtime.clean import CleanText, clean
from config.settings import paths
from pipeline.files.base import Element, FileContent, Place
from pipeline.files.left_out import LeftOut, left_out_told
from pipeline.llm.base import ToolCall
from pipeline.tools.base import Tool, ToolResult
from pipeline.tools.files import search_files as searching
from pipeline.tools.files.read_file import LONGEST_LINE, read_file_tool
from pipeline.tools.files.save_text import file_name, save_text_tool
from pipeline.tools.files.search_files import Search, search_files_tool
from pipeline.tools.plugins import PluginTools
from pipeline.tools.registry import Toolbox
from tests.tables import for_each

SECRET = "the secret words"
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\n"


def call(tool: Tool, **arguments: Any) -> ToolResult:
    toolbox = Toolbox(lambda: [tool], lambda: PluginTools((), ()))
    return anyio.run(toolbox.run, ToolCall("1", tool.name, arguments))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder that is allowed, beside one that is not."""
    files = {
        "work/plan.txt": "one\ntwo caf\u00e9\nthree", "work/deep/er/notes.md": "# Rye\nThe loaf is [done].\n",
        "work/.hidden": SECRET, "work/.git/config": SECRET, "work/.env": SECRET, "work/prod.env": SECRET,
        "work/server.PEM": SECRET, "work/id_ed25519": SECRET, "work/id_rsa.old": SECRET,
        "work/keyrings/login": SECRET, "work/Cookies": SECRET, "work/k\u200bey.pem": SECRET,
        "work/innocent.txt": f"{KEY}{SECRET}", "work/id_cards.txt": "cards", "work/monkey.md": "a monkey",
        "outside/other.txt": SECRET, "worker/other.txt": SECRET,
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    folder = tmp_path / "work"
    (folder / "out.txt").symlink_to("../outside/other.txt")
    (folder / "out").symlink_to("../outside")
    (folder / "round").symlink_to("round")
    (folder / "in.txt").symlink_to("plan.txt")
    (folder / "nowhere").symlink_to("missing")
    os.mkfifo(folder / "pipe.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(os.path.relpath(folder / "socket.txt"))
    return folder


def reader(work: Path, *opened: Path) -> Tool:
    return read_file_tool([str(work)], lambda: opened)


@for_each(
    "named",
    ["plan.txt", "work/plan.txt", "./plan.txt", "deep/../plan.txt", "in.txt", "{work}/plan.txt",
     "{work}/deep/er/../../plan.txt", "work/in.txt", "PLAN.TXT", "work/Plan.txt"],
)  # fmt: skip
def test_a_file_is_read_by_its_name_and_by_its_path(work: Path, named: str) -> None:
    result = call(reader(work), path=named.replace("{work}", str(work)))
    assert json.loads(result.text) == {
        "file": "plan.txt",
        "lines": "1 to 3 of 3",
        "text": "one\ntwo caf\u00e9\nthree",
    }
    assert result.untrusted


@for_each(
    "named",
    [".hidden", ".git/config", ".env", "prod.env", "server.PEM", "id_ed25519", "id_rsa.old", "keyrings/login",
     "Cookies", "k\u200bey.pem", "innocent.txt", "out.txt", "out/other.txt", "round", "nowhere", "pipe.txt",
     "device.txt", "socket.txt", "../outside/other.txt", "../worker/other.txt", "{work}/../outside/other.txt",
     "{work}er/other.txt", "/etc/passwd", "/proc/self/environ", "/proc/self/cwd/plan.txt", "/dev/stdin", "~",
     "~/.ssh/id_rsa", "file:///etc/passwd", "\0", "", " ", ".", "..", "/", "//", "deep", "work",
     "x" * 1000, "/".join("a" * 200), "plan.txt/x", "\u202eplan", "http://evil.example/"],
)  # fmt: skip
def test_what_may_not_be_read_is_refused_whatever_it_is_called(work: Path, named: str) -> None:
    result = call(reader(work), path=named.replace("{work}", str(work)))
    assert result.failed, result.text
    assert SECRET not in result.text
    assert "\u202e" not in result.text


def test_a_name_is_found_as_it_is_heard_and_as_a_search_gives_it(work: Path) -> None:
    for name in ("cafe\u0301.txt", "two\nlines.txt", "Twice.txt", "twice.txt", ".ENV2"):
        (work / name).write_text(SECRET)
    for named in ("caf\u00e9.txt", "CAF\u00c9.TXT", "work/two lines.txt", "twice.txt"):
        assert SECRET in call(reader(work), path=named).text
    for named in ("TWICE.TXT", ".env2", ".Env", "SERVER.pem"):
        assert call(reader(work), path=named).failed
    inner = read_file_tool([str(work), str(work / ".git")], tuple)
    assert SECRET in call(inner, path=str(work / ".git/config")).text, "a hidden folder that they named"
    assert call(read_file_tool([""], tuple), path="pyproject.toml").failed


def test_allowing_everything_does_not_allow_what_is_secret(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder above all others, and Aloud's own things in it."""
    monkeypatch.setenv("ALOUD_HOME", str(work / "aloud"))
    for own in (paths.config_file(), paths.state_dir() / "store.db", paths.models_dir() / "x.txt"):
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(SECRET)
        assert call(reader(work), path=str(own)).failed
    everything = read_file_tool(["/"], tuple)
    for named in ("/proc/self/status", "/dev/null", "/etc/shadow", str(work / ".env")):
        assert call(everything, path=named).failed
    assert call(everything, path=str(work / "plan.txt")).text.endswith('three"}')
    (work / ".ssh").mkdir()
    (work / ".ssh/config.txt").write_text(SECRET)
    assert call(read_file_tool([str(work / ".ssh")], tuple), path="config.txt").failed


def test_what_is_open_may_be_read_and_nothing_beside_it(work: Path) -> None:
    opened = (work.parent / "outside/other.txt", work / "in.txt")
    tool = read_file_tool([], lambda: opened)
    assert tool.available()
    assert not read_file_tool([], tuple).available()
    for named in ("other.txt", str(opened[0])):
        assert SECRET in call(tool, path=named).text
    assert "three" in call(tool, path="in.txt").text
    for named in ("plan2.txt", "monkey.md", str(work / "monkey.md"), "outside", "/etc/passwd"):
        assert call(tool, path=named).failed


def test_a_long_file_is_read_in_parts_and_every_line_once(work: Path) -> None:
    lines = [f"{n} {'[x] ' * (n % 40)}" for n in range(1, 400)] + ["y" * 9000]
    (work / "long.txt").write_text("\n".join(lines))
    at, read = 1, []
    while at:
        result = call(reader(work), path="long.txt", from_line=at)
        assert len(result.text) < 8000
        found = json.loads(result.text)
        read += found["text"].split("\n")
        at = int(found["more"].split()[-1]) if "more" in found else 0
    assert read[:-1] == lines[:-1]
    assert read[-1] == f"{'y' * LONGEST_LINE} … (7000 more letters in this line)"
    assert "has 400 lines" in call(reader(work), path="long.txt", from_line=401).text


@for_each(
    ("data", "text"),
    [
        ("\ufeffcaf\u00e9".encode(), "caf\u00e9"), ("caf\u00e9".encode("cp1252"), "caf\u00e9"),
        ("caf\u00e9".encode("utf-16"), "caf\u00e9"), (b"a\r\nb\rc", "a\nb\nc"), (b"", ""),
        ("a\u202eb\x1b[31m".encode(), "ab[31m"),
    ],
)  # fmt: skip
def test_texts_of_every_encoding(work: Path, data: bytes, text: str) -> None:
    (work / "a.txt").write_bytes(data)
    assert json.loads(call(reader(work), path="a.txt").text)["text"] == text


def test_a_document_is_read_page_by_page(work: Path) -> None:
    async def convert(path: Path) -> FileContent:
        pages = [Element(clean(f"page {n}"), Place(page=n)) for n in (1, 2, 2)]
        return FileContent(clean(path.name), "document", tuple(pages), pages=2, left_out=(LeftOut("time"),))

    left_out = left_out_told((LeftOut("time"),), "en")
    assert left_out
    (work / "a.pdf").write_bytes(b"%PDF-1.7\n")
    tool = read_file_tool([str(work)], tuple, convert)
    first, second = (json.loads(call(tool, path="a.pdf", page=n).text) for n in (1, 2))
    assert (first["page"], first["text"], first["more"]) == ("1 of 2", "page 1", "go on with page 2")
    assert (second["text"], "more" in second, second["left out"]) == ("page 2\npage 2", False, left_out)
    assert "has 2 pages" in call(tool, path="a.pdf", page=3).text
    assert "without pages" in call(tool, path="plan.txt", page=3).text
    (work / "a.bin").write_bytes(b"\0\1")
    assert "is no text" in call(reader(work), path="a.bin").text


# Searching --------------------------------------------------------------------------------------


def found(work: Path, words: str = "", folder: str = "") -> list[str]:
    result = call(search_files_tool([str(work)]), words=words, folder=folder)
    assert result.untrusted or result.failed
    return list(json.loads(result.text)["found"]) if not result.failed else [result.text]


@for_each(
    ("words", "folder", "hits"),
    [
        ("two CAFE", "", ["work/plan.txt:2: two caf\u00e9"]),
        ("loaf", "", ["work/deep/er/notes.md:2: The loaf is [done]."]),
        ("notes", "", ["work/deep/er/notes.md"]), ("loaf two", "", []), ("secret", "", []),
        ("loaf", "deep", ["work/deep/er/notes.md:2: The loaf is [done]."]),
        ("", "work/deep", ["work/deep/er/notes.md"]), ("PRIVATE", "", []),
        ("x", "../outside", ["There is no folder “../outside” that may be searched here."]),
        ("x", "/etc", ["There is no folder “/etc” that may be searched here."]),
        ("x", ".git", ["There is no folder “.git” that may be searched here."]),
        ("x", "out", ["There is no folder “out” that may be searched here."]),
    ],
)  # fmt: skip
def test_what_is_searched(work: Path, words: str, folder: str, hits: list[str]) -> None:
    assert found(work, words, folder) == hits


def test_a_folder_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    assert "is there" in call(search_files_tool([str(tmp_path / "gone")]), words="x").text


def test_every_file_that_a_search_names_can_be_read(work: Path) -> None:
    named = {hit for hit in found(work) if ":" not in hit}
    assert {"work/plan.txt", "work/monkey.md", "work/id_cards.txt"} <= named
    readable = {name for name in named if not call(reader(work), path=name).failed}
    assert named - readable == {"work/innocent.txt"}, "whose name does not tell that it is a key"


def test_a_search_is_bounded_and_says_so(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work / "many.txt").write_text("loaf\n" * 100)
    assert len([hit for hit in found(work, "loaf") if "many" in hit]) == searching.MOST_IN_A_FILE
    for name, value, why in (
        ("MOST_FILES", 2, "only 2 files"), ("MOST_BYTES", 5, "megabytes"), ("MOST_S", -1.0, "seconds"),
        ("MOST_FOUND", 1, "the first 1"), ("MOST_ENTRIES", 3, "only 3 names"),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(searching, name, value)
            assert why in json.loads(call(search_files_tool([str(work)]), words="o").text)["not all"]
    search = Search(("loaf",), threading.Event())
    search.ended.set()
    search.run([(work, work)])
    assert (search.files, search.why_ended) == (0, "it was given up")


def test_a_search_that_nobody_waits_for_ends(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Search] = []

    def run(search: Search, _: object) -> None:
        runs.append(search)
        search.ended.wait(20)

    monkeypatch.setattr(Search, "run", run)

    async def interrupted() -> None:
        with anyio.move_on_after(0.1):
            await search_files_tool([str(work)]).run(words="x")

    anyio.run(interrupted)
    assert runs[0].ended.is_set()


# Saving -----------------------------------------------------------------------------------------


@for_each(
    ("name", "kind", "file"),
    [
        ("shopping plan", "text", "shopping plan.txt"), ("plan.md", "markdown", "plan.md"),
        ("plan.md", "text", "plan.md.txt"), ("a.CSV", "table", "a.csv"), ("run.py", "code", "run.py"),
        ("run.sh", "code", "run.sh.txt"), ("evil.desktop", "code", "evil.desktop.txt"),
        ("x.html", "code", "x.html.txt"), ("x.svg", "code", "x.svg.txt"), ("a.exe", "text", "a.exe.txt"),
        ("../../.bashrc", "text", "bashrc.txt"), ("/etc/passwd", "text", "etc passwd.txt"),
        ("C:\\autoexec.bat", "text", "C autoexec.bat.txt"), (".", "text", "text.txt"),
        ("..", "text", "text.txt"), ("", "text", "text.txt"), ("   ", "text", "text.txt"),
        ("con", "text", "_con.txt"),
        ("aux.c", "code", "_aux.c"), ("a\0b\nc", "text", "ab c.txt"),
        ("cod\u202etxt.exe", "text", "codtxt.exe.txt"),
        ("a\u200bb", "text", "ab.txt"), ("caf\u0065\u0301", "text", "caf\u00e9.txt"),
        ("x" * 300, "text", "x" * 80 + ".txt"), ("\U0001f600" * 90, "text", "\U0001f600" * 50 + ".txt"),
        ("plan.", "text", "plan.txt"), ("plan .txt", "text", "plan.txt"), ("~", "text", "~.txt"),
        ("-rf", "text", "-rf.txt"), ("a.txt.lnk", "text", "a.txt.lnk.txt"),
    ],
)  # fmt: skip
def test_a_name_is_one_that_every_system_takes(name: str, kind: str, file: str) -> None:
    assert file_name(name, kind) == file


def test_a_text_is_saved_for_its_person_alone_over_nothing_and_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "Aloud"
    tool = save_text_tool(str(folder))
    old_mask = os.umask(0)
    try:
        results = [call(tool, name="plan", text=f"text {n}\u202e\x1b") for n in range(3)]
    finally:
        os.umask(old_mask)
    assert sorted(os.listdir(folder)) == ["plan 2.txt", "plan 3.txt", "plan.txt"]
    assert (folder / "plan 2.txt").read_text() == "text 1"
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in os.listdir(folder)} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert results[1].told
    assert results[1].told("de") == "Gespeichert als „plan 2.txt“ in „Aloud“."
    (folder / "plan.txt").write_text("theirs by now")
    assert [result.undo() for result in results if result.undo] == [False, True, True]
    assert os.listdir(folder) == ["plan.txt"]


def test_nothing_is_written_through_what_others_left_there(tmp_path: Path) -> None:
    outside = tmp_path / "theirs.txt"
    folder = tmp_path / "Aloud"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    os.mkfifo(folder / "a 2.txt")
    (folder / "a 3.txt").mkdir()
    assert Path(str(call(save_text_tool(str(folder)), name="a", text="b").value)).name == "a 4.txt"
    assert not outside.exists()


def test_on_a_disk_without_links_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    tool = save_text_tool(str(tmp_path))
    assert [Path(str(call(tool, name="a", text="b").value)).name for _ in range(2)] == ["a.txt", "a 2.txt"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}
    monkeypatch.setattr(Path, "read_bytes", link)  # as a full disk would, in the middle of it
    assert call(tool, name="a", text="b").failed
    assert sorted(os.listdir(tmp_path)) == ["a 2.txt", "a.txt"]


def test_where_nothing_can_be_written_is_a_sentence_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = call(save_text_tool(str(tmp_path / "file" / "Aloud")), name="a", text="b")
    assert result.failed
    assert "could not be saved" in result.text
    assert os.listdir(tmp_path) == ["file"]


@for_each("language", LANGUAGES)
def test_a_read_back_says_what_and_where(language: str) -> None:
    tool = save_text_tool("/of-somebody/Papers")
    assert tool.read_back
    text = CleanText(" ".join(f"w{n}" for n in range(30)))
    said = tool.read_back({"name": "../plan", "text": text}, language)
    for part in ("plan.txt", "Papers", "30", "w0 w1", "w11 …"):
        assert part in said
