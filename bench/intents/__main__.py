"""``python -m bench.intents``: how many of the sentences do what they must, by language and kind.

``--check`` ends with 1 unless at least 97 % of each language are right and none has a wrong effect.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from bench.intents.judge import Judged, Verdict, judge
from bench.intents.table import FOLDER, HELD_BACK, languages, sentences

LEAST_RIGHT = 0.97
_TITLES: dict[Verdict, str] = {
    "right": "right", "refused": "refused", "to_llm": "to the LLM", "wrong_answer": "wrong answer",
    "wrong_effect": "WRONG EFFECT",
}  # fmt: skip


def judged(language: str, kind: str = "", folder: Path = FOLDER) -> list[Judged]:
    return [judge(sentence) for sentence in sentences(language, folder) if kind in sentence.kind]


def holds(found: Sequence[Judged]) -> bool:
    count = Counter(each.verdict for each in found)
    return count["right"] >= LEAST_RIGHT * len(found) and not count["wrong_effect"]


def _line(name: str, found: Sequence[Judged]) -> str:
    count = Counter(each.verdict for each in found)
    columns = "".join(f"{count[verdict]:>14}" for verdict in get_args(Verdict))
    return f"{name:<44}{len(found):>6}{columns}{count['right'] / len(found):>9.1%}"


def _print(language: str, found: Sequence[Judged], *, faults: bool) -> None:
    titles = "".join(f"{_TITLES[verdict]:>14}" for verdict in get_args(Verdict))
    print(f"{language:<44}{'all':>6}{titles}")
    for kind in dict.fromkeys(each.sentence.kind for each in found):
        print(_line(f"  {kind}", [each for each in found if each.sentence.kind == kind]))
    print(_line("  all kinds", found), end="\n\n")
    for verdict in reversed(get_args(Verdict)[1:] if faults else ()):
        for each in (each for each in found if each.verdict == verdict):
            print(f"  {_TITLES[verdict]}: {each.sentence.text}\n      -> {each.became}")
            print(f"      must: {_must(each)}")
    print()


def _must(each: Judged) -> str:
    return ", ".join(f"{key}={value}" for key, value in each.sentence.must.items())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.intents", description=__doc__)
    parser.add_argument("--language", choices=languages(), action="append")
    parser.add_argument("--kind", default="", help="a part of a kind's name")
    parser.add_argument("--held-back", action="store_true", help="the sentences held back, instead")
    parser.add_argument("--brief", action="store_true", help="without the sentences that went wrong")
    parser.add_argument("--check", action="store_true", help="end with 1 where a bound does not hold")
    asked = parser.parse_args()
    folder = HELD_BACK if asked.held_back else FOLDER
    found = {language: judged(language, asked.kind, folder) for language in asked.language or languages()}
    for language, each in found.items():
        if each:
            _print(language, each, faults=not asked.brief)
    everything = [each for of_one in found.values() for each in of_one]
    print(_line("all languages", everything))
    return 1 if asked.check and not all(map(holds, filter(None, found.values()))) else 0


if __name__ == "__main__":
    raise SystemExit(main())
