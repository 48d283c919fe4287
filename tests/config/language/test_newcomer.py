"""A language more is a folder more: nothing else is edited."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from config.language.data import FOLDER

PROGRAM = """
import sys
from pathlib import Path
from config.language import data
data.FOLDER = Path(sys.argv[1])
assert data.languages()[-1] == "xx"

from voice.turns.endpointing.completeness import read
assert read("che ore sono", "xx") == "complete" and read("imposta un timer di", "xx") == "incomplete"

from voice.tts.text.normalizer import Spoken
said = Spoken("xx").push("Mancano 5 km e 3,50 €.")[0].said
assert said == "Mancano 5 chilometri e 3 euro e 50 centesimi.", said

from pipeline.dictation.text.cleanup import cleaned_up
from pipeline.dictation.text.document import TranscriptDocument
document = TranscriptDocument("xx")
document.push("ehm quanto costa virgola per venti chilometri")
tidied = cleaned_up(document.text, "xx")[-1].text
assert tidied == "Quanto costa, per 20 chilometri?", tidied

from pipeline.dictation.rewrite.guards import objection
from pipeline.dictation.rewrite.styles import style
assert "not" in objection("Domani non vengo da te.", "Domani vengo da te.", style("clean"), language="xx")
"""


def test_a_folder_is_enough_to_be_heard_spoken_and_written_down(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "language", ignore=shutil.ignore_patterns("*.py"))
    shutil.copytree(folder / "it", folder / "xx")
    subprocess.run([sys.executable, "-c", PROGRAM, str(folder)], check=True)
