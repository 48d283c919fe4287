"""Somebody speaks over an answer, or coughs: how soon it is down, and silent; and what it loses.

On a stage (``bench.conversation.staging``) a long answer is spoken, by espeak and, where a Piper voice is
here, by Piper.

1. *By voice.* Recorded sentences and espeak's voices, at random points, -26 dBFS over a hiss. The onset of a
   voice is its first window of 10 ms within 30 dB of the loudest. It is *down* at the first window of 10 ms
   in which the answer sounds 18 dB below its own sound, and *silent* after its last sample above -60 dBFS.
2. *Stop words*, of voices whose "stop", "wait" and "hold on" the STT hears rightly alone. Measured from the
   preflight, the moment at which the words are known.
3. *False interruptions*: forty sounds that take no turn (``bench.conversation.disturbances``). The answer is
lost
   when it is not told to its end, or when any of it was not heard at full volume, compared to the sample.
   STT that takes a spoken "uh huh" for words end the answer, and rightly so by what they heard: those are
   counted apart, and the answer must survive them with an STT that is told the words.
4. *Heard text.* The answer is cut at random points; the words that the history keeps are compared with those
   that had sounded to their middle. Where words lie is found in the sound by PocketSphinx's forced alignment
   (``bench.conversation.aligning``), which knows nothing of the engine; how much sounded is counted in
   samples.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import cycle

import numpy as np

from aloud.cli.bench import Figure, Options, percentile
from bench.conversation.aligning import Aligner
from bench.conversation.disturbances import ASSENTS, Disturbance, disturbances
from bench.conversation.reacting import VOICES, gaps, onset, over, people, reaction, survived
from bench.conversation.staging import AUDIBLE, RATE, Cast, Remembering, Scene, play, play_told
from bench.conversation.told import HISS, ToldStt
from bench.room.reciting import SENTENCES
from bench.room.voices import PERSON_DBFS, at_level
from config.settings.loading import load
from config.settings.model import Settings
from pipeline import events
from pipeline.intents.barge_in import meaning
from pipeline.session.engines import choose_stt, choose_tts
from voice.audio.samples import HEARING_RATE, Audio, Samples
from voice.stt.base import Stt, hear
from voice.stt.events import (
    FinalTranscript,
    MinInterruptionReached,
    PreflightTranscript,
    SpeechEvent,
    SpeechStarted,
)
from voice.tts.base import Tts
from voice.turns.vad.silero import Silero

STOPS = ("stop", "wait", "hold on")
ANSWER = " ".join(SENTENCES[:4])
CUTS = 50
_SOONEST_S, _LATEST_S = 1.5, 7.0
"""Of the answer: a disturbance falls between."""


class Bench:
    def __init__(self, settings: Settings, stt: Stt, options: Options) -> None:
        self._settings = settings
        self._stt = stt
        self._vad = Silero()
        self._vad.warm()
        self._options = options
        self._rng = np.random.default_rng(5)

    def _cast(self, tts: Tts) -> Cast:
        return Cast(self._settings, self._vad, self._stt, tts)

    def _at(self) -> float:
        return float(self._rng.uniform(_SOONEST_S, _LATEST_S))

    def by_voice(self, voices: list[Tts], rounds: int) -> list[Figure]:
        found = []
        for number, (sound, tts) in enumerate(zip(people(), cycle(voices), strict=False)):
            if number == rounds:
                break
            progress("by voice", number, rounds)
            at = self._at()
            found.append(reaction(play(self._cast(tts), ANSWER, over(sound, at, self._rng)), at))
        down, silent = [1000 * each.down for each in found], [1000 * each.silent for each in found]
        return [
            Figure("from a voice to the answer 18 dB down, p50", percentile(down, 50), "ms"),
            Figure("from a voice to the answer 18 dB down, p95", percentile(down, 95), "ms", 270.0),
            Figure("from a voice to silence, p50", percentile(silent, 50), "ms"),
            Figure("from a voice to silence, p95", percentile(silent, 95), "ms", 350.0),
            Figure("audible after the interruption was told", sum(r.late > AUDIBLE for r in found), "", 0.0),
        ]

    def by_stop_word(self, voices: list[Tts]) -> list[Figure]:
        from voice.tts.espeak import Espeak

        found: list[tuple[float, float]] = []
        said = [(word, voice) for voice in VOICES for word in STOPS]
        sounds = [
            at_level(Espeak(voice).say(word).audio.at_rate(HEARING_RATE).samples, PERSON_DBFS)
            for word, voice in said
        ]
        known = [sound for sound in sounds if self._meaning(sound) == "stop"]
        for number, (sound, tts) in enumerate(zip(known, cycle(voices), strict=False)):
            progress("stop words", number, len(known))
            at = self._at()
            scene = play(self._cast(tts), ANSWER, over(sound[onset(sound) :], at, self._rng))
            preflights = [
                preflight.at
                for preflight in scene.of(events.PreflightTranscript)
                if meaning(preflight.text) == "stop"
            ]
            silent = scene.silent_at(at)
            found += [
                (1000 * (silent - at_preflight), 1000 * (silent - at)) for at_preflight in preflights[:1]
            ]
        late = [max(0.0, after) for after, _ in found] or [float("inf")]
        return [
            Figure("from a stop word, once known, to silence, p95", percentile(late, 95), "ms", 150.0),
            Figure("  from its onset, p50", percentile([whole for _, whole in found] or late, 50), "ms"),
            Figure("  heard by the STT, and measured", len(found), f"of {len(said)}"),
        ]

    def _meaning(self, sound: Samples) -> str:
        hiss = self._rng.normal(0, HISS, HEARING_RATE // 2).astype(np.float32)
        return meaning(hear(self._stt, Audio(np.concatenate([hiss, sound, hiss]), HEARING_RATE)).text)

    def false_alarms(self, voices: list[Tts], sounds: list[Disturbance]) -> list[Figure]:
        lost: Counter[str] = Counter()
        ducked = silenced = misheard = 0
        for number, (sound, tts) in enumerate(zip(sounds, cycle(voices), strict=False)):
            progress("false interruptions", number, len(sounds))
            cast, microphone = self._cast(tts), over(sound.samples, self._at(), self._rng)
            scene = play(cast, ANSWER, microphone)
            if sound.name in ASSENTS and _took_for_words(scene):
                misheard += 1
                scene = play(replace(cast, stt=ToldStt(partial(str, sound.name))), ANSWER, microphone)
            ducked += bool(scene.of(events.SpeechStarted))
            silenced += bool(gaps(scene))
            if not survived(scene):
                lost[sound.name] += 1
                words = [
                    *(e.text for e in scene.of(events.PreflightTranscript)),
                    *(e.text for e in scene.of(events.FinalTranscript)[1:]),
                ]
                cut = "cut" if scene.of(events.Interrupted) else "not all was heard again"
                self._options.note(f"lost to a {sound.name}: {cut}; the STT heard {words}")
        return [
            Figure("answers lost to a false interruption", lost.total(), f"of {len(sounds)}", 0.0),
            Figure("  taken for the beginning of a voice", ducked, ""),
            Figure("  silenced for a moment", silenced, ""),
            Figure("  spoken assents that this STT takes for words", misheard, f"of {3 * len(ASSENTS)}"),
        ]

    def heard_text(self, tts: Tts, cuts: int) -> list[Figure]:
        aligner, wrong = Aligner(), []
        for number in range(cuts):
            progress(f"heard text, {tts.name.partition(':')[0]}", number, cuts)
            wrong.append(self._off(tts, aligner, float(self._rng.uniform(0.5, 11.0))))
        kind = tts.name.partition(":")[0]
        return [
            Figure(f"words kept but not sounded, or the reverse, {kind}, most", max(wrong), "", 1.0),
            Figure(f"  mean of {cuts}", float(np.mean(wrong)), ""),
        ]

    def _off(self, tts: Tts, aligner: Aligner, at: float) -> int:
        confirm = self._settings.interrupt.confirm_ms / 1000
        script: list[tuple[float, SpeechEvent]] = [
            (at + 0.2, SpeechStarted(at)),
            (at + confirm, MinInterruptionReached()),
            (at + confirm + 0.1, PreflightTranscript("stop")),
            (at + confirm + 0.5, FinalTranscript("stop", at, at + confirm)),
        ]
        scene = play_told(self._cast(tts), ANSWER, script)
        left, truth = len(scene.heard) / RATE, 0
        for speech in scene.given:
            middles = [(start + end) / 2 for start, end in aligner.align(speech.text, speech.audio)]
            truth += sum(middle <= left for middle in middles)
            left -= len(speech.audio.at_rate(RATE).samples) / RATE
        return abs(len(scene.kept.split()) - truth)


def _took_for_words(scene: Scene) -> bool:
    heard = [e.text for e in scene.of(events.PreflightTranscript)] + [
        e.text for e in scene.of(events.FinalTranscript)[1:]
    ]
    return any(meaning(text) in ("words", "stop") for text in heard)


def voices_of(options: Options) -> list[Tts]:
    """The one asked for; else espeak, and the Piper voice that is here."""
    chosen = options.choose_tts()
    names = [chosen] if options.tts or chosen.startswith("espeak") else ["espeak:en-us", chosen]
    found = [choose_tts(load({"tts.engine": name}, environment={}).settings)[0] for name in names]
    if len(found) > 1:
        options.engines.tts = f"{found[0].name} and {options.engines.tts}"
    for tts in found:
        tts.warm()
    return [Remembering(tts) for tts in found]


def measure(options: Options) -> list[Figure]:
    settings = load({"stt.engine": options.choose_stt()}, environment={}).settings
    stt = choose_stt(settings.stt)[0]
    stt.warm()
    rounds, voices = options.rounds or 20, voices_of(options)
    bench = Bench(settings, stt, options)
    figures = bench.by_voice(voices, rounds) + bench.by_stop_word(voices)
    figures += bench.false_alarms(voices, disturbances())
    for tts in voices:
        figures += bench.heard_text(tts, CUTS)
    return figures


def progress(what: str, done: int, whole: int) -> None:
    """A line on standard error that counts up, where somebody looks at it."""
    if sys.stderr.isatty():
        end = "\n" if done == whole - 1 else ""
        print(f"\r{what}: {done + 1} of {whole} ", end=end, file=sys.stderr, flush=True)
