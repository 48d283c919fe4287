"""Questions in five languages over twelve tables, answered without a model, each worked out by plain Python
as well; and how many of the sentences that were written before any template are understood.
"""

from __future__ import annotations

import re
import statistics
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from bench.hostile.table import Options, Row
from bench.tables.made import make
from bench.tables.queries import FILES
from config.language.data import languages
from config.runtime.clean import EMPTY, clean
from pipeline.skills.answer import SkillRequest
from pipeline.tables.base import Column, QueryResult, Table
from pipeline.tables.process import TableProcess
from pipeline.tables.questions.asked.reading import read_question
from pipeline.tables.questions.outcomes import Computed
from pipeline.tables.questions.skill import TableQuestions
from pipeline.tools.base import ToolResult

HERE = Path(__file__).parent
TODAY = date(2026, 3, 18)

Made = dict[str, Any]
Expected = list[tuple[Any, ...]]


def _total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal())


def _filled(rows: Iterable[Any]) -> list[Decimal]:
    return [row.amount for row in rows if row.amount is not None]


def _mean(values: Iterable[Any]) -> Fraction:
    some = [Fraction(value) for value in values]
    return sum(some, Fraction()) / len(some)


def _by(rows: Iterable[Any], key: Callable[[Any], Any], value: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(value(row))
    return groups


def _totals(rows: Iterable[Any], key: Callable[[Any], Any]) -> Expected:
    """The largest in front."""
    groups = {name: _total(found) for name, found in _by(rows, key, lambda row: row.amount).items()}
    return sorted(groups.items(), key=lambda each: (-each[1], each[0]))


def _with_total(rows: list[Any]) -> Expected:
    """With the last row of the file, which is a total and of no region."""
    return sorted(
        [*_totals(rows, lambda s: s.region), (None, _total(_filled(rows)))], key=lambda each: -each[1]
    )


def _means(rows: Iterable[Any], key: Callable[[Any], Any], value: Callable[[Any], Any]) -> Expected:
    groups = {name: _mean(found) for name, found in _by(rows, key, value).items()}
    return sorted(groups.items(), key=lambda each: (-each[1], each[0]))


def _largest(made: Made) -> Expected:
    most = max(_filled(made["sales"]))
    return [(most, sale.region) for sale in made["sales"] if sale.amount == most]


def _share(rows: list[Any]) -> Expected:
    return [(_total(s.amount for s in rows if s.region == "East"), _total(s.amount for s in rows))]


def _smallest(rows: list[Any]) -> Expected:
    least = min(_filled(rows))
    return [(least, s.day, s.region) for s in rows if s.amount == least]


def _oldest(people: list[Mapping[str, Any]]) -> Expected:
    most = max(each["age"] for each in people)
    return [(most, each["name"]) for each in people if each["age"] == most]


def _months(rows: list[Any]) -> Expected:
    return sorted(_totals(rows, lambda s: f"{s.day:%Y-%m}"))


def _sensors(rows: list[tuple[Any, ...]]) -> Expected:
    groups = {name: _total(found) for name, found in _by(rows, lambda r: r[1], lambda r: r[3]).items()}
    return sorted(groups.items(), key=lambda each: (-each[1], each[0]))


RIGHT: Mapping[str, Callable[[Made], Expected]] = {
    "total": lambda made: [(_total(_filled(made["sales"])),)],
    "mean_by_region": lambda made: _means(made["sales"], lambda s: s.region, lambda s: s.quantity),
    "largest": _largest,
    "different": lambda made: [(len({s.goods for s in made["sales"]}),)],
    "count_over": lambda made: [(sum(amount > 10_000 for amount in _filled(made["sales"])),)],
    "march_by_region": lambda made: _totals(
        (s for s in made["sales"] if s.day.month == 3), lambda s: s.region
    ),
    "of_aland": lambda made: [(_total(s.amount for s in made["umsatz"] if s.region == "Åland"),)],
    "median": lambda made: [(statistics.median(s.quantity for s in made["umsatz"]),)],
    "top_regions": lambda made: _with_total(made["umsatz"])[:3],
    "by_month": lambda made: _months(made["tabs"]),
    "share": lambda made: _share(made["tabs"]),
    "smallest": lambda made: _smallest(made["ventes"]),
    "empty": lambda made: [(sum(s.amount is None for s in made["ventes"]),)],
    "mean_where": lambda made: [
        (_mean(each["age"] for each in made["people"] if each["address"]["city"] == "City 3"),)
    ],
    "truth": lambda made: [(sum(each["member"] for each in made["people"]),)],
    "oldest": lambda made: _oldest(made["people"]),
    "by_level": lambda made: _means(made["log"], lambda each: each["level"], lambda each: each["ms"]),
    "without_user": lambda made: [(sum("user" not in each for each in made["log"]),)],
    "difference": lambda made: [
        (region, _total(s.amount for s in made["book"] if s.region == region))
        for region in ("North", "South")
    ],
    "after": lambda made: [(_total(s.amount for s in made["book"] if s.day > date(2024, 6, 30)),)],
    "of_year": lambda made: [(_total(row[2] for row in made["plan"]),)],
    "first_half": lambda made: [
        (_mean(amount for amount in _filled(s for s in made["calc"] if s.day <= date(2024, 6, 30))),)
    ],
    "between": lambda made: [(sum(100 <= row[2] <= 200 for row in made["measured"]),)],
    "sum_by_sensor": lambda made: _sensors(made["measured"]),
    "rows": lambda made: [(len(made["plain"]),)],
    "row": lambda made: [tuple(made["twice"][4])],
}  # fmt: skip


class _Chosen:
    """One table of a process, as if it alone were open."""

    def __init__(self, process: TableProcess, name: str) -> None:
        self._process = process
        self.loaded = tuple(table for table in process.loaded if table.name == name)

    async def load(self, path: Path) -> tuple[Table, ...]:
        return await self._process.load(path)

    async def query(self, sql: str) -> QueryResult:
        return await self._process.query(sql)


async def run(options: Options) -> list[Row]:
    asked = tomllib.loads((HERE / "asked.toml").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder, TableProcess() as process:
        made = make(Path(folder))
        for file in FILES:
            await process.load(Path(folder) / file)
        rows = []
        for name, ways in asked.items():
            tables = _Chosen(process, ways["table"])
            for language in languages():
                if options.only in f"{name} {language}":
                    skill = TableQuestions(tables, lambda: TODAY)
                    wrong = await _wrong(skill, ways[language], language, name, made)
                    rows.append(_row(f"{name} {language}", wrong))
    return [*rows, *(_understood(language) for language in languages())]


def _row(case: str, wrong: str) -> Row:
    return Row(case, "questions", "wrong" if wrong else "right", faults=(wrong,) if wrong else ())


async def _wrong(skill: TableQuestions, text: str, language: str, name: str, made: Made) -> str:
    """What is not as plain Python has it; empty: nothing."""
    request = skill.parse(text, language)
    if request is None or request.language != language:
        return f"not understood: {text}"
    result = await skill.tools[0].run(**request.arguments)
    assert isinstance(result, ToolResult)
    outcome = result.value
    if not isinstance(outcome, Computed):
        return f"{text}: {request.answer(result)}"
    expected = RIGHT[name](made)
    found = [tuple(row[: len(expected[0])]) for row in _values(outcome)]
    if not _same(found, expected):
        return f"{text}: {found[:3]} instead of {expected[:3]}"
    return "" if _is_said(request, result, expected, language) else f"{text}: said {request.answer(result)!r}"


def _values(outcome: Computed) -> Iterable[tuple[Any, ...]]:
    """What was computed; how many values differ stands in the count."""
    return [(outcome.count,)] if outcome.question.aggregate == "distinct" else outcome.rows


def _same(found: Expected, expected: Expected) -> bool:
    return len(found) == len(expected) and all(
        len(one) == len(other) and all(map(_equal, one, other))
        for one, other in zip(found, expected, strict=True)
    )


def _equal(one: Any, other: Any) -> bool:
    if isinstance(other, (Decimal, Fraction, float)) and isinstance(one, (int, float, Decimal)):
        return abs(Fraction(one) - Fraction(other)) <= abs(Fraction(other)) * Fraction(1, 10**12)
    return bool(one == other)


def _is_said(request: SkillRequest, result: ToolResult, expected: Expected, language: str) -> bool:
    """Whether the first figure that was computed stands, to two decimals, in the sentence."""
    numbers = (value for value in expected[0] if isinstance(value, (int, Decimal, Fraction, float)))
    number = next(numbers, None)
    text = request.answer(result).partition("\n")[0]
    if number is None or isinstance(number, bool):
        return False
    plain = re.sub(r"(?<=\d)\s(?=\d{3})", "", text)
    plain = plain if language == "en" else plain.replace(".", "").replace(",", ".")
    said = {Fraction(each) for each in re.findall(r"-?\d+(?:\.\d+)?", plain.replace(",", ""))}
    return any(abs(each - Fraction(number)) <= Fraction(1, 200) for each in said)


def _understood(language: str) -> Row:
    """How many of the sentences written beforehand are read as they are meant."""
    data = tomllib.loads((HERE / "held_back" / f"{language}.toml").read_text("utf-8"))
    columns = tuple(Column(clean(name), kind, "") for name, kind in data["columns"].items())
    table = Table("sales", clean("sales.csv"), columns, 60, EMPTY)
    wrong = [
        each["said"] for each in data["asked"] if _meant(each["said"], table, language) != each.get("means")
    ]
    count = len(data["asked"])
    return Row(f"held back {language}", "questions", "told", f"{count - len(wrong)} of {count}; not: {wrong}")


def _meant(text: str, table: Table, language: str) -> dict[str, Any] | None:
    asked = read_question(text, table, language, TODAY)
    if asked is None:
        return None
    return {name: each for name, each in asked.question.arguments().items() if name != "table"}
