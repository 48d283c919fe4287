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


def test_what_steers_is_understood_at_once_in_the_first_turn() -> None:
    program = (
        "from pipeline.session.warmup import import_language; import_language()\n"
        "import re; made = []; before = re.compile\n"
        "re.compile = lambda *given: made.append(given) or before(*given)\n"
        "from pipeline.intents import about, barge_in, controls, doubt, reading_controls\n"
        "from config.settings.model import ListenSettings\n"
        "from voice.tts.text.normalizer import Spoken\n"
        "from voice.tts.text.sentence_splitter import Sentences\n"
        "from voice.turns.endpointing.silence_timeout import EndpointingDelay\n"
        "endpointing = EndpointingDelay(ListenSettings()); made.clear()\n"
        "for each in ('Stop!', 'slower please', 'mhm', 'help', 'next paragraph', 'are you sure'):\n"
        "    barge_in.meaning(each), controls.control_intent(each), reading_controls.reading_control(each)\n"
        "    about.asks_capabilities(each), doubt.wants_second_look(each)\n"
        "    endpointing.silence_ms(each), endpointing.silence_ms(each, asked='What is your number?')\n"
        "    Sentences().push(f'{each} And so on etc. '), Spoken('en').push(f'{each} costs $5 or 3 km.')\n"
        "assert not made, made"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
