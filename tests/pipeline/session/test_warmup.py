"""What is loaded behind the listening."""

from __future__ import annotations

import subprocess
import sys


def test_the_tables_are_brought_behind_the_listening_and_not_before() -> None:
    program = (
        "import sys; from pipeline.session.warmup import import_language\n"
        "tables = {'pipeline.skills.skills', 'voice.tts.text.normalizer'}\n"
        "assert not tables & set(sys.modules); import_language(); assert tables <= set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
