"""What is told of a room, a voice and an echo, and how they are drawn."""

from __future__ import annotations

from aloud.cli.machine.echo_path import EchoPath
from aloud.cli.machine.sound_level import SILENCE_DBFS, RoomLevel, SpeechLevel
from aloud.cli.machine.sound_test import EchoMeasured
from aloud.cli.setup import loudspeaker, microphone
from aloud.cli.setup.bars import level_bar, level_scale, response_line, time_scale
from config.settings.loading import load
from tests.tables import for_each

QUIET, LOUD, DEAD = RoomLevel(-62.0), RoomLevel(-38.0), RoomLevel(SILENCE_DBFS)
CLEAR = SpeechLevel(-24.0, -6.0, 0.0)


@for_each(
    ("room", "speech", "told"),
    [
        (QUIET, CLEAR, ["You are well heard, 38 dB above the room, and nothing was cut off."]),
        (DEAD, CLEAR, ["You are well heard, and nothing was cut off."]),
        (QUIET, None, ["The room is quiet enough."]),
        (DEAD, None, []),
        (LOUD, None, ["a headset would hear you better"]),
        (LOUD, SpeechLevel(-30.0, -9.0, 0.0), ["a headset", "go nearer"]),
        (QUIET, SpeechLevel(-8.0, 0.0, 0.01), ["cut off at its loudest"]),
        (RoomLevel(-80.0), SpeechLevel(-52.0, -30.0, 0.0), ["turn the microphone up"]),
    ],
)
def test_what_is_to_be_mended_of_a_voice(
    room: RoomLevel, speech: SpeechLevel | None, told: list[str]
) -> None:
    said = microphone.what_follows(room, speech)
    assert len(said) == len(told)
    assert all(part in sentence for part, sentence in zip(told, said, strict=True))


def path(delay_s: float = 0.132, level: float = -42.0) -> EchoPath:
    return EchoPath(delay_s, level, level + 21.0, (0.0,))


@for_each(
    ("measured", "speech", "settings", "told"),
    [
        (
            EchoMeasured(path(), 0.1), CLEAR, {},
            "heard 18 dB below your voice after 132 ms: interrupting works without headphones.",
        ),
        (EchoMeasured(path(), 0.1), None, {}, "heard at -42 dBFS after 132 ms: interrupting works"),
        (EchoMeasured(path(level=-12.0), 0.1), CLEAR, {}, "12 dB above your voice after 132 ms: turn"),
        (EchoMeasured(path(0.5), 0.1), CLEAR, {}, "wear headphones to interrupt"),
        (EchoMeasured(None, 0.1), CLEAR, {}, "did not hear it"),
        (EchoMeasured(path(), 0.1), CLEAR, {"echo.enabled": "off"}, "it listens again when it has finished"),
        (
            EchoMeasured(path(), 0.1), CLEAR, {"echo.enabled": "off", "interrupt.enabled": "on"},
            "wear headphones, or it hears itself",
        ),
    ],
)  # fmt: skip
def test_what_follows_of_an_echo(
    measured: EchoMeasured, speech: SpeechLevel | None, settings: dict[str, str], told: str
) -> None:
    assert told in loudspeaker.what_follows(measured, speech, load(settings, environment={}).settings)


def test_the_pictures_fit_and_each_bar_ends_below_its_number() -> None:
    response = (*[-60.0] * 13, 0.0, -20.0, *[-60.0] * 100)
    lines = [level_scale(), *(level_bar("your voice", db) for db in (-130.0, -80.0, -40.0, 0.0, 3.0))]
    assert (
        max(map(len, [*lines, *(f"{'':<15}{line}" for line in (response_line(response), time_scale()))]))
        <= 80
    )
    bars = [line.count("█") for line in lines]
    assert bars == [0, 0, 6, 26, 46, 46]
    for number, filled in (("-80", 6), ("-40", 26)):
        assert lines[0].index(number) + len(number) == 15 + filled
    assert response_line(response).index("█") == 13
