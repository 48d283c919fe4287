"""Aloud on the yardstick with the engines that ``aloud talk`` would take: chosen, loaded and joined as there.

STT, TTS, their threads, the judge of the end of a turn and its model (where it was fetched), the way it gives
way to a voice: all by default, but for which Whisper and which voice. The language is ``auto``, as shipped.
"""

import bench_aloud
import kit
import real_engines

from pipeline.session.engines import choose_stt, choose_tts
from voice.stt.base import Stt
from voice.turns.vad.base import Vad
from voice.tts.base import Tts
from voice.audio.output.speaker import Speaker
from voice.turns.endpointing.early_ducking import EarlyDucking


class Session(bench_aloud.Session):
    flags = {
        "stt.engine": f"whisper:{real_engines.WHISPER.name}",
        "tts.engine": f"piper:{real_engines.VOICE.stem}",
    }

    def stt(self, oracle: kit.SttOracle) -> Stt:
        return choose_stt(self.settings.stt)[0]

    def tts(self) -> Tts:
        return choose_tts(self.settings)[0]

    def ear(self, vad: Vad, speaker: Speaker) -> Vad:
        return EarlyDucking(vad, speaker, self.settings.interrupt.duck_db)


if __name__ == "__main__":
    real_engines.main(Session)
