"""``make bench ARGS="dictate --crash"``: dictations killed at random moments; what is lost, what comes twice?

Each take is fed in real time over standard input and killed (SIGKILL) at a moment drawn from the whole life
of the process: while it starts, records, hears, delivers. Then it is taken up again, and that is killed too,
as often as it takes to come to ``KILLS`` in all; at last nobody disturbs it.
"""

from __future__ import annotations

import random
import signal
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

from aloud.cli.bench import Figure, Options
from aloud.cli.bench.process import ALOUD
from bench.dictation.kit import SENTENCES, home
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Take
from pipeline.dictation.wav_file import length_s
from voice.audio.samples import HEARING_RATE, to_int16
from voice.tts.espeak import Espeak

TAKES, KILLS = 30, 100
_BLOCK_S = 0.02
_IN_FLIGHT_S = 0.1
"""Written to the pipe and not yet on disk: the pace of standard input, a frame, and the reading thread."""
_RETRY_S = {"pocketsphinx": 1.8, "whisper": 3.5}
"""How long a retry takes, about: its start, and the hearing of a take."""


def measure_crashes(options: Options) -> list[Figure]:
    rng = random.Random(20)
    takes = options.rounds or TAKES
    kills = [KILLS * (n + 1) // TAKES - KILLS * n // TAKES for n in range(takes)]
    stt = options.choose_stt()
    with home() as folder:
        out = folder / "text.txt"
        ends = [_one_take(n, kills[n], stt, out, rng, options) for n in range(takes)]
        with Takes() as account:
            known = account.listed()
            written = Counter(out.read_text("utf-8").splitlines())
            delivered = Counter(take.final for take in known if take.state == "delivered")
            lost, killed = [each[0] for each in ends], sum(each[1] for each in ends)
            return _figures(known, lost, killed, written, delivered)


def _figures(
    known: list[Take], lost: list[float], kills: int, written: Counter[str], delivered: Counter[str]
) -> list[Figure]:
    ended = [take for take in known if take.state in ("delivered", "cancelled")]
    wordless = [take for take in ended if take.state == "cancelled"]
    return [
        Figure("takes", len(known), ""),
        Figure("kills", kills, ""),
        Figure("sound that was fed and is not on disk, at most", 1000 * max(lost), "ms", 1000 * _IN_FLIGHT_S),
        Figure("takes that end neither delivered nor wordless", len(known) - len(ended), "", 0.0),
        Figure("takes killed before a word was said", len(wordless), ""),
        Figure("texts delivered and missing", sum((delivered - written).values()), "", 0.0),
        Figure("texts written twice, or by no take", sum((written - delivered).values()), "", 0.0),
    ]


def _one_take(
    number: int, kills: int, stt: str, out: Path, rng: random.Random, options: Options
) -> tuple[float, int]:
    """Seconds of sound that were fed and are not on disk; how often a process was really killed."""
    sound = Espeak().say(SENTENCES[number % len(SENTENCES)]).audio.at_rate(HEARING_RATE)
    # Every sentence is its own, lest a text that came twice pass for another take's.
    pcm = bytes(HEARING_RATE // 5) + to_int16(sound.samples)[: -2 * 97 * number or None]
    with Takes() as account:
        before, killed = {take.id for take in account.listed()}, 0
        began: list[Take] = []
        while not began:  # one that is killed before it has begun is no take
            fed_s, hit = _killed_dictation(pcm, stt, out, rng)
            killed += hit
            began = [take for take in account.listed() if take.id not in before]
        # Delivered before the kill: its recording has been removed, as it should.
        kept_s = length_s(account.sound(began[0])) if began[0].open else fed_s
        lost = max(0.0, fed_s - kept_s)
        while killed < kills:
            killed += _killed_retry(stt, rng)
        for _ in range(3):
            subprocess.run([*ALOUD, "dictate", "--retry", "--quiet", "--stt", stt], check=False)
            if not account.undelivered():
                break
        state = account.take(began[0].id).state
        options.note(
            f"take {number + 1}: fed {fed_s:.2f} s, lost {1000 * lost:.0f} ms, {killed} kills, {state}"
        )
    return lost, killed


def _killed_dictation(pcm: bytes, stt: str, out: Path, rng: random.Random) -> tuple[float, bool]:
    """Seconds that had been fed after the take began; whether it was killed before its end."""
    command = [*ALOUD, "dictate", "--microphone", "-", "--style", "raw", "--json", "--quiet"]
    command += ["--llm", "skills", "--language", "en", "--stt", stt, "--to", f"file:{out}"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    events, fed = process.stdout, 0
    speech_s = len(pcm) / 2 / HEARING_RATE
    kill = time.monotonic() + rng.uniform(0.3, 1.5 + speech_s + 1.0)
    killer = threading.Timer(kill - time.monotonic(), process.send_signal, (signal.SIGKILL,))
    killer.start()
    begun = any(b"take_began" in line for line in events)
    began = time.monotonic()
    step = round(2 * HEARING_RATE * _BLOCK_S)
    try:
        while begun and fed < len(pcm) and time.monotonic() < kill:
            process.stdin.write(pcm[fed : fed + step])
            process.stdin.flush()
            fed = min(len(pcm), fed + step)
            time.sleep(max(0.0, began + fed / 2 / HEARING_RATE - time.monotonic()))
        process.stdin.close()
    except BrokenPipeError:
        fed = max(0, fed - step)
    events.read()
    process.wait()
    killer.cancel()
    return fed / 2 / HEARING_RATE, process.returncode == -signal.SIGKILL


def _killed_retry(stt: str, rng: random.Random) -> bool:
    process = subprocess.Popen([*ALOUD, "dictate", "--retry", "--quiet", "--stt", stt])
    try:
        process.wait(rng.uniform(0.3, _RETRY_S[stt.partition(":")[0]]))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return process.returncode == -signal.SIGKILL
