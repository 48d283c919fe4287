"""Push-to-talk in a terminal, which tells no releases: held keys repeat, tapped ones do not."""

from __future__ import annotations

from pipeline.session.dictation.push_to_talk import Act, Keys


class Terminal:
    """Keys, and the take that they begin and end; seconds pass."""

    def __init__(self, *, holds: bool = True, talking: bool = False) -> None:
        self.talking = talking
        self.at = 0.0
        self._keys = Keys(lambda: self.talking, holds=holds)

    def press(self, data: bytes, after: float = 0.0) -> list[Act]:
        self.wait(after)
        return self._do(self._keys.push(data, self.at))

    def wait(self, seconds: float) -> list[Act]:
        acts: list[Act] = []
        for _ in range(round(seconds * 10)):
            self.at += 0.1
            acts += self._do(self._keys.tick(self.at))
        return acts

    def _do(self, acts: list[Act]) -> list[Act]:
        for act in acts:
            self.talking = act == "begin"
        return acts


def test_tapped_once_it_begins_and_once_more_it_ends() -> None:
    terminal = Terminal()
    assert terminal.press(b" ") == ["begin"]
    assert terminal.wait(5.0) == []
    assert terminal.press(b" ") == ["end"]
    assert terminal.press(b"\r", after=2.0) == ["begin"]


def test_held_it_ends_when_let_go() -> None:
    terminal = Terminal()
    assert terminal.press(b" ") == ["begin"]
    assert terminal.press(b" ", after=0.6) == []
    for _ in range(30):
        assert terminal.press(b"  ", after=0.1) == []
    assert terminal.wait(1.0) == ["end"]
    assert terminal.press(b" ") == ["begin"]


def test_a_take_that_ended_by_voice_begins_again_with_one_tap() -> None:
    terminal = Terminal()
    terminal.press(b" ")
    terminal.wait(3.0)
    terminal.talking = False
    assert terminal.press(b" ") == ["begin"]


def test_escape_gives_up_and_arrows_and_letters_do_nothing() -> None:
    terminal = Terminal(talking=True)
    assert terminal.press(b"\x1b[A") == terminal.press(b"x") == []
    assert terminal.press(b"\x1b") == ["cancel"]
    assert terminal.press(b"q") == terminal.press(b"\x04") == ["quit"]


def test_without_push_to_talk_a_key_only_ends() -> None:
    terminal = Terminal(holds=False, talking=True)
    assert terminal.press(b"\n") == ["end"]
    assert terminal.press(b"\n") == []
