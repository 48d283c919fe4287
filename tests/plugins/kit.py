"""A package outside: one file and its entry point, as an installer would leave them; and Aloud beside it."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aloud.cli.exit import run_command
from aloud.cli.main import app

ROOT = Path(__file__).parent.parent.parent


def example(page: str) -> str:
    """The Python file that a page of docs/ shows."""
    (code,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / page).read_text("utf-8"), re.M | re.S)
    return str(code)


def entry_point(page: str) -> tuple[str, str, str]:
    """(group, name, module:attribute) that the page shows."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    (found,) = re.findall(r'^\[project\.entry-points\."(.+?)"\]\n(\w+) = "(.+?)"$', text, re.M)
    return found[0], found[1], found[2]


@dataclass(frozen=True)
class Done:
    status: int
    out: str
    err: str


class Site:
    """A folder that Python looks in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, code: str, group: str, name: str, place: str, *, package: str = "") -> Path:
        """A package of one file; it leaves a mark beside itself when it is imported."""
        module = place.partition(":")[0]
        package = package or module.replace("_", "-")
        file = self.folder / f"{module}.py"
        file.write_text(f"{code}\n\nopen(__file__ + '.imported', 'w').close()\n", "utf-8")
        about = self.folder / f"{package.replace('-', '_')}-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", "utf-8")
        (about / "entry_points.txt").write_text(f"[{group}]\n{name} = {place}\n", "utf-8")
        return file

    def add_example(self, page: str) -> Path:
        return self.add(example(page), *entry_point(page))

    def aloud(self, *arguments: str) -> Done:
        """The command, in this process; nothing of the folder is imported before it or known after it."""
        out, err = io.StringIO(), io.StringIO()
        with self._on_the_path(), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run_command(lambda: app(list(arguments)))
        return Done(status, out.getvalue(), err.getvalue())

    @contextlib.contextmanager
    def _on_the_path(self) -> Iterator[None]:
        sys.path.insert(0, str(self.folder))
        importlib.invalidate_caches()
        try:
            yield
        finally:
            sys.path.remove(str(self.folder))
            for file in self.folder.glob("*.py"):
                sys.modules.pop(file.stem, None)

    def aloud_process(self, *arguments: str) -> Done:
        """The same as a person types it: in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "aloud", *arguments],
            capture_output=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(self.folder)},
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def was_imported(file: Path) -> bool:
    return Path(f"{file}.imported").exists()
