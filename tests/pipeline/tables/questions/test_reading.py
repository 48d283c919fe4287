"""Questions to tables are read to the same arguments in each language, whatever stands around them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from string import Formatter
from typing import Any

from config.language.data import languages
from config.language.data import table as table_of
from config.runtime.clean import EMPTY, clean
from pipeline.tables.base import Column, ColumnType, Table
from pipeline.tables.questions.asked.reading import read_question
from pipeline.tables.questions.question import PARAMETERS, Question, Where, question_of
from pipeline.tools.schema import fault
from tests.tables import for_each

ASKED = tomllib.loads(Path(__file__).with_name("asked.toml").read_text("utf-8"))
TYPES: tuple[ColumnType, ...] = ("date", "text", "text", "text", "number", "number", "text")
TODAY = date(2026, 3, 18)


def table(names: list[str], types: tuple[ColumnType, ...] = TYPES) -> Table:
    columns = (Column(clean(name), kind, "") for name, kind in zip(names, types, strict=True))
    return Table("sales", clean("sales.csv"), tuple(columns), 60, EMPTY)


TABLES = {language: table(names) for language, names in ASKED["columns"].items()}


def sentences() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for each in ASKED["asked"]:
        for language in languages():
            yield from ((language, text, each) for text in each.get(language, ()))


def named(arguments: Any, language: str) -> Any:
    """With the columns' names of a language."""
    names = dict(zip(ASKED["columns"]["en"], ASKED["columns"][language], strict=True))
    if isinstance(arguments, dict):
        return {key: named(value, language) for key, value in arguments.items()}
    if isinstance(arguments, list):
        return [named(value, language) for value in arguments]
    return names.get(arguments, arguments) if isinstance(arguments, str) else arguments


@for_each(("language", "text", "expected"), sentences())
def test_a_sentence_means_the_same_in_each_language(
    language: str, text: str, expected: Mapping[str, Any]
) -> None:
    asked = read_question(text, TABLES[language], language, TODAY)
    if expected.get("none"):
        assert asked is None
        return
    assert asked is not None
    arguments = asked.question.arguments()
    assert arguments.pop("table") == "sales"
    assert arguments == named(expected["means"], language)
    assert asked.certain is not expected.get("unsure", False)
    assert fault(arguments, PARAMETERS) == ""
    assert question_of(arguments).arguments() == arguments


LAST = Question("sales", aggregate="sum", column="Amount", by=("City",))


@for_each(
    ("text", "changed"),
    [
        ("and by month?", {"by": [], "period": "month"}),
        ("and the average", {"aggregate": "mean"}),
        ("and in Paris?", {"where": [{"is": "equals", "value": "Paris"}]}),
        ("what about the quantity", {"column": "Quantity"}),
        ("only in 2024", {"where": [{"is": "in", "value": "2024"}]}),
        ("by customer", {"by": ["Customer"]}),
        ("for Berlin", {"where": [{"is": "equals", "value": "Berlin"}]}),
    ],
)
def test_a_part_of_the_last_question_is_asked_anew(text: str, changed: dict[str, Any]) -> None:
    asked = read_question(text, TABLES["en"], "en", TODAY, LAST)
    assert asked is not None
    assert asked.follows
    expected = {name: value for name, value in (LAST.arguments() | changed).items() if value}
    assert asked.question.arguments() == expected


def test_a_condition_takes_the_place_of_that_of_the_same_kind() -> None:
    before = Question("sales", aggregate="sum", column="Amount", where=(Where("equals", "", "Berlin"),))
    asked = read_question("and in Paris?", TABLES["en"], "en", TODAY, before)
    assert asked is not None
    assert asked.question.where == (Where("equals", "", "Paris"),)


def test_a_whole_question_is_no_part_of_the_last() -> None:
    for text in ("which cities are there", "average quantity", "how many rows are there"):
        asked = read_question(text, TABLES["en"], "en", TODAY, LAST)
        assert asked is not None
        assert not asked.question.by, text


@for_each(
    ("name", "said"),
    [
        ("OrderDate", "order date"),
        ("unit_price (EUR)", "unit price"),
        ("Net Amount", "net amount"),
        ("Net Amount", "amount"),
        ("Betrag", "amount"),
        ("Cities", "city"),
        ("Quantitiy", "quantity"),
        ("Prix unitaire", "price"),
        ("Q1 2024", "Q1 2024"),
        ("a|b", "a b"),
        ("Order Total", "order total"),
    ],
)
def test_a_column_is_known_by_what_people_call_it(name: str, said: str) -> None:
    of = table([name, "Other"], ("number", "text"))
    asked = read_question(f"average of {said} by other", of, "en", TODAY)
    assert asked is not None
    assert (asked.question.column, asked.question.by) == (name, ("Other",))


def test_where_a_name_may_be_of_two_columns_it_stays_as_it_was_said() -> None:
    of = table(["Net Amount", "Gross Amount"], ("number", "number"))
    asked = read_question("total of the amount", of, "en", TODAY)
    assert asked is not None
    assert asked.question.column == "amount"


@for_each("word", ["at", "no", "o", "is", "for", "by", "and", "the", "in"])
def test_a_column_called_like_a_little_word_changes_no_other_question(word: str) -> None:
    of = table([word, "Amount", "City"], ("number", "number", "text"))
    asked = read_question("What is the total amount for Berlin and Paris by city?", of, "en", TODAY)
    assert asked is not None
    assert (asked.question.aggregate, asked.question.column, asked.question.by) == (
        "sum",
        "Amount",
        ("City",),
    )


def test_words_of_a_language_that_is_not_spoken_are_no_values() -> None:
    asked = read_question("total amount for Berlin and the rest of the world", TABLES["en"], "de", TODAY)
    assert asked is None or not asked.certain


@for_each("language", languages())
def test_each_language_has_all_that_is_asked_and_said(language: str) -> None:
    own, english = table_of(language, "tables"), table_of("en", "tables")
    assert own["columns"].keys() == english["columns"].keys()
    assert own["words"].keys() == english["words"].keys()
    for part in ("say", "tests"):
        for key, text in english[part].items():
            assert slots_of(own[part][key]) == slots_of(text), key
        assert own[part].keys() == english[part].keys()


def slots_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
