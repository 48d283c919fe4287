"""Pipecat on the yardstick with its own local services: Whisper by faster-whisper, the voice by Piper.

Put together as in bench_pipecat.py. The services are as they come (language English, beam 5, faster-whisper's
own number of threads) but for the paths and the numbers: int8, as Aloud has it on a processor, where theirs
would be float32 and slower.
"""

import bench_pipecat
import real_engines
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService


def ears(oracle) -> WhisperSTTService:
    settings = WhisperSTTService.Settings(model=str(real_engines.WHISPER))
    return WhisperSTTService(device="cpu", compute_type="int8", settings=settings)


def mouth() -> PiperTTSService:
    voice = real_engines.VOICE
    return PiperTTSService(download_dir=voice.parent, settings=PiperTTSService.Settings(voice=voice.stem))


if __name__ == "__main__":
    bench_pipecat.StubSTT, bench_pipecat.EspeakTTS = ears, mouth
    real_engines.main(bench_pipecat.Session)
