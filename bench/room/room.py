"""The room: an hour of noise without a hallucination turn; its echo without a turn by itself; people noticed.

Noise: a quarter each of silence, pink noise, music and babble (``bench.room.noises``) through the whole
conversation, on the fast clock. Echo: the assistant talks for ``seconds`` in all, its voice comes back at -6,
-12 and -20 dB and 30 to 200 ms late, and ``rounds`` times somebody speaks over it, as loud as the echo of
-6 dB. Once in a room that is made up (``synthetic_room``, anywhere), once over a virtual sound card in real
time (``echoing_card``, where PulseAudio is). What was not measured is not met.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice, repeat

from aloud.cli.bench import Figure, Options
from bench.room.echoing_card import converse_on, reciting_server
from bench.room.empty_room import listen_to
from bench.room.noises import NOISES
from bench.room.sound_card import PACKAGES, SoundCard, is_possible
from bench.room.synthetic_room import Levelled, converse_in
from bench.room.trials import Trials
from bench.room.voices import Utterance, utterances
from config.runtime.installation import system_line
from config.settings.loading import load
from config.settings.model import Settings
from pipeline.session.engines import choose_stt, choose_tts
from pipeline.session.run import run_async

ROUNDS, ECHO_S, NOISE_S = 40, 600.0, 3600.0
ROOMS = [(-6, 0.03), (-12, 0.1), (-20, 0.2), (-6, 0.1), (-12, 0.2), (-20, 0.03), (-6, 0.2), (-12, 0.03)]
"""dB and seconds of the echo; one conversation each."""
_CARDS = 2
"""At once: each is a conversation in real time, a sound server and a player."""
_NOTICED = 95.0


def _settings(stt_spec: str, tts_spec: str) -> Settings:
    llm_settings = {
        "stt.engine": stt_spec,
        "tts.engine": tts_spec,
        "llm.engine": "skills",
        "speaker.sink": "none",
    }
    return load(llm_settings, environment={}).settings


def _noise(options: Options, stt_spec: str, tts_spec: str) -> list[Figure]:
    """``options.seconds``, where given, is that of the noise as well: a short trial is all short."""
    seconds = options.seconds or NOISE_S
    stt = choose_stt(_settings(stt_spec, tts_spec).stt)[0]
    stt.warm()
    figures, hallucinations = [], 0
    for seed, (name, noise) in enumerate(NOISES.items(), 1):
        listen = functools.partial(
            listen_to, _settings(stt_spec, tts_spec), stt, noise(seed), name, seconds / len(NOISES)
        )
        account = run_async(listen, fast=True)
        hallucinations += len(account.hallucinations)
        figures.append(Figure(f"  in {name}", len(account.hallucinations), ""))
        for words in account.hallucinations:
            options.note(f"phantom in {name}: {words}")
    whole = f"phantom turns in {seconds / 60:.0f} min of noise, {stt.name.partition(':')[0]}"
    return [Figure(whole, hallucinations, "", 0.0), *figures]


def conversations(rounds: int, seconds: float, people: Iterator[Utterance]) -> list[Trials]:
    """One a room; the trials are dealt out evenly."""
    count = min(len(ROOMS), rounds)
    shares = [rounds // count + (number < rounds % count) for number in range(count)]
    return [
        Trials(iter(list(islice(people, share))), share, seconds / rounds, seed)
        for seed, share in enumerate(shares)
    ]


def _synthetic(settings: Settings, talks: Sequence[Trials]) -> None:
    stt, tts = choose_stt(settings.stt)[0], Levelled(choose_tts(settings)[0])
    stt.warm()
    for seed, ((db, delay_s), trials) in enumerate(zip(cycle(ROOMS), talks, strict=False)):
        converse = functools.partial(
            converse_in, settings, stt, tts, trials, delay_s=delay_s, db=db, seed=seed
        )
        run_async(converse, fast=True)


def on_cards(stt_spec: str, tts_spec: str, talks: Sequence[Trials]) -> None:
    """In real time, over virtual sound cards, ``_CARDS`` at once."""

    def one(room: tuple[float, float], trials: Trials, base_url: str) -> None:
        with SoundCard() as card:
            converse_on(card, trials, stt_spec, tts_spec, delay_s=room[1], db=room[0], base_url=base_url)

    with reciting_server() as base_url, ThreadPoolExecutor(_CARDS) as pool:
        list(pool.map(one, ROOMS[: len(talks)], talks, repeat(base_url)))


def echo(where: str, talks: Sequence[Trials], options: Options, rounds: int) -> list[Figure]:
    made = [trial for trials in talks for trial in trials.trials]
    own = [words for trials in talks for words in trials.by_itself]
    for words in own:
        options.note(f"turn by itself, {where}: {words}")
    for trial in made:
        if not trial.met:
            options.note(f"not noticed, {where}: {trial.said.text} ({trial.said.voice})")
    noticed = 100 * sum(trial.met for trial in made) / rounds
    spoken = sum(trials.spoken_s for trials in talks)
    startled = sum(trials.startled for trials in talks)
    return [
        Figure(f"turns by itself, {where}", len(own), "", 0.0),
        Figure(f"interruptions noticed within 2 s, {where}", noticed, "%", _NOTICED, "higher"),
        Figure(f"  of so many, {where}", len(made), "", float(rounds), "higher"),
        Figure(f"  seconds of its own voice, {where}", spoken, "s"),
        Figure(f"  took a sound for a voice, {where}", startled, ""),
    ]


def measure(options: Options) -> list[Figure]:
    """``options.rounds`` interruptions, ``options.seconds`` of echo (40 and 600)."""
    stt_spec, tts_spec = options.choose_stt(), options.choose_tts()
    rounds, seconds = options.rounds or ROUNDS, options.seconds or ECHO_S
    figures = _noise(options, stt_spec, tts_spec)
    made_up = conversations(rounds, seconds, utterances())
    _synthetic(_settings(stt_spec, tts_spec), made_up)
    figures += echo("room made up", made_up, options, rounds)
    if not is_possible():
        line = system_line(*PACKAGES)
        options.note(f"Not measured: echo over a virtual sound card. It needs PulseAudio:\n  {line}")
        return [*figures, Figure("echo over a sound card measured", 0.0, "", 1.0, "higher")]
    on_card = conversations(rounds, seconds, utterances())
    on_cards(stt_spec, tts_spec, on_card)
    return figures + echo("sound card", on_card, options, rounds)
