"""What the cells of a file are read as, without a database."""

import io
from datetime import date

from pipeline.tables.loading.columns import Cells, Evidence, plan
from pipeline.tables.loading.delimited import delimited, delimiter_of, encoding_of
from pipeline.tables.loading.figures import Figure, number
from pipeline.tables.loading.json_rows import json_sheet
from pipeline.tables.loading.kinds import kind_of
from pipeline.tables.loading.moments import moment
from pipeline.tables.loading.sheets import column_names, layout, table_name
from tests.tables import for_each

NO = ("", "", "")


@for_each(
    ("cell", "dot", "comma", "unit"),
    [
        ("12", "12", "12", ""),
        ("-12", "-12", "-12", ""),
        ("1.5", "1.5", "", ""),
        ("1,5", "", "1.5", ""),
        ("1.234", "1.234", "1234", ""),
        ("1,234", "1234", "1.234", ""),
        ("0.123", "0.123", "", ""),
        ("0,123", "", "0.123", ""),
        ("1.234,56", "", "1234.56", ""),
        ("1,234.56", "1234.56", "", ""),
        ("1.234.567", "", "1234567", ""),
        ("1 234,5", "", "1234.5", ""),
        ("1\u202f234", "1234", "1234", ""),
        ("1'234.50", "1234.50", "", ""),
        ("1’234", "1234", "1234", ""),
        (".5", "0.5", "", ""),
        ("$1,234.00", "1234.00", "", "$"),
        ("-$5", "-5", "-5", "$"),
        ("$-5", "-5", "-5", "$"),
        ("1.234,00 €", "", "1234.00", "€"),
        ("CHF 1'000", "1000", "1000", "CHF"),
        ("12,5%", "", "12.5", "%"),
        ("12 %", "12", "12", "%"),
        ("(1,234.50)", "-1234.50", "", ""),
        ("5-", "-5", "-5", ""),
        ("−7", "-7", "-7", ""),
        ("+4", "4", "4", ""),
        ("1e3", "1e3", "", ""),
        ("R$ 5", "5", "5", "R$"),
        ("5 kg", "5", "5", "kg"),
        ("1.234,5 kr.", "", "1234.5", "kr."),
        ("20 m²", "20", "20", "m²"),
        ("21.5 °C", "21.5", "", "°C"),
        ("12 Jan", *NO),
        ("ABC123", *NO),
        ("ORD 123", *NO),
        ("EUR12", "12", "12", "EUR"),
        ("5 pm", *NO),
        ("1٢", *NO),
        ("007", *NO),
        ("-05", *NO),
        ("+49 30 1234567", *NO),
        ("1.2.3", *NO),
        ("12.34.56", *NO),
        ("1,23,4", *NO),
        ("1 23", *NO),
        ("--5", *NO),
        ("-5-", *NO),
        ("(-5)", *NO),
        ("$5€", *NO),
        ("5 apples", *NO),
        ("5kg", *NO),
        ("12/5", *NO),
        ("", *NO),
        (".", *NO),
        ("-", *NO),
        ("9" * 60, *NO),
        ("١٢", *NO),
    ],
)
def test_number(cell: str, dot: str, comma: str, unit: str) -> None:
    read = number(cell)
    assert (read.dot, read.comma, read.unit) == (dot, comma, unit) if read else not dot + comma


@for_each(
    ("cell", "way", "at"),
    [
        ("2024-02-29", "ymd", "2024-02-29 00:00:00"),
        ("2024/2/9", "ymd", "2024-02-09 00:00:00"),
        ("3.4.24", "dmy.", "2024-04-03 00:00:00"),
        ("31.12.1999", "dmy.", "1999-12-31 00:00:00"),
        ("31.12.70", "dmy.", "1970-12-31 00:00:00"),
        ("03/04/2024", "dmy/", "2024-04-03 00:00:00"),
        ("03/04/2024", "mdy/", "2024-03-04 00:00:00"),
        ("13/04/2024", "dmy/", "2024-04-13 00:00:00"),
        ("2024-01-01T10:30", "ymd", "2024-01-01 10:30:00"),
        ("2024-01-01 10:30:05.25", "ymd", "2024-01-01 10:30:05.250000"),
        ("2024-01-01T10:30:00Z", "ymd", "2024-01-01 10:30:00"),
        ("1/2/2024 1:05 PM", "mdy/", "2024-01-02 13:05:00"),
        ("12:30", "", "12:30:00"),
        ("12:30 am", "", "00:30:00"),
        *(
            (cell, "", "")
            for cell in ("2024-02-30", "31.02.2024", "24:00", "1.5", "12.5.", "99/99/2024", "2024-1")
        ),
        *(
            (cell, "", "")
            for cell in ("2024-01-01 25:00", "1.2/2024", "13:00 PM", "5", "2024-01-01x", "1.2.345")
        ),
    ],
)
def test_moment(cell: str, way: str, at: str) -> None:
    read = moment(cell)
    assert (read.at(way) if read else "") == at


def test_a_date_that_can_be_read_in_one_way_only_has_no_other() -> None:
    read = moment("13/04/2024")
    assert read is not None
    assert dict(read.days) == {"dmy/": date(2024, 4, 13)}
    zoned = moment("2024-01-01T00:30:00+02:00")
    assert zoned is not None
    assert zoned.at("ymd", utc=True) == "2023-12-31 22:30:00"


def _plan(column: list[str], *others: list[str], delimiter: str = "") -> tuple[str, str, str]:
    columns = []
    for each in (column, *others):
        cells = Cells()
        for at in range(0, len(each), 2):  # in stretches, as a long file comes
            cells.add(each[at : at + 2])
        columns.append(cells)
    found = plan(columns[0], Evidence.of(columns, delimiter))
    return found.sql_type, found.unit, found.note.key if found.note else ""


@for_each(
    ("column", "others", "sql_type", "said"),
    [
        ("1|2|3", "", "BIGINT", ""),
        ("1|-2.50|", "", "DECIMAL(18,2)", ""),
        ("1,5|1.234,75", "", "DECIMAL(18,2)", ""),
        ("1.234|5.678", "", "VARCHAR", "numbers_two_ways"),
        ("1.234|5.678", "1,5|2", "BIGINT", ""),
        ("1.234|5.678", "1.5|2", "DECIMAL(18,3)", ""),
        ("1.234|5.6", "", "DECIMAL(18,3)", ""),
        ("1.5|1,5", "", "VARCHAR", "numbers_two_ways"),
        ("$1|$2", "", "BIGINT", ""),
        ("$1|€2", "", "VARCHAR", "units"),
        ("5%|6", "", "VARCHAR", "units"),
        ("1|2|n/a|-", "", "BIGINT", "missing"),
        ("1|2|x", "", "VARCHAR", "stray_number"),
        ("a|b|n/a", "", "VARCHAR", ""),
        ("007|12", "", "VARCHAR", ""),
        ("1e5|2", "", "DOUBLE", ""),
        ("0.1234567890123|1", "", "DOUBLE", ""),
        (f"{'9' * 30}|1", "", "DECIMAL(38,0)", ""),
        (f"{'9' * 39}|1", "", "VARCHAR", ""),
        ("true|FALSE", "", "BOOLEAN", ""),
        ("2024-01-01|2024-12-31", "", "DATE", ""),
        ("2024-01-01|2024-12-31 10:00", "", "TIMESTAMP", ""),
        ("2024-01-01T00:00Z|2024-01-01T00:00+02:00", "", "TIMESTAMP", ""),
        ("2024-01-01T00:00Z|2024-01-01T00:00", "", "VARCHAR", "dates_unlike"),
        ("1/2/2024|3/4/2024", "", "VARCHAR", "dates_two_ways"),
        ("1/2/2024|13/4/2024", "", "DATE", ""),
        ("1/2/2024|3/4/2024", "1/31/2024|1/2/2024", "DATE", ""),
        ("13/1/2024|1/13/2024", "", "VARCHAR", "dates_unlike"),
        ("1.2.2024|2024-01-01", "", "VARCHAR", "dates_unlike"),
        ("10:00|23:59:59", "", "TIME", ""),
        ("10:00|2024-01-01", "", "VARCHAR", "dates_unlike"),
        ("3|Total", "", "BIGINT", "missing"),
        ("|", "", "VARCHAR", ""),
        ("5\n6|7", "", "VARCHAR", ""),
        ("1|2|3|4\n5", "", "VARCHAR", ""),
    ],
)
def test_the_type_of_a_column(column: str, others: str, sql_type: str, said: str) -> None:
    rest = [others.split("|")] if others else []
    found, _, note = _plan(column.split("|"), *rest)
    assert found == sql_type
    assert note == said or "\n" in column


def test_what_parts_the_cells_tells_the_decimal_sign_and_a_machine_needs_none() -> None:
    assert _plan(["1.234", "5.678"], delimiter=",")[0] == "DECIMAL(18,3)"
    assert _plan([Figure("1.234"), Figure("5.678")])[0] == "DECIMAL(18,3)"
    assert _plan(["1.234", "5.678"], [Figure("1.5")])[2], "a cell's own type tells nothing of texts beside it"
    assert _plan(["5 €", "1.234,00 €"])[1] == "€"


@for_each(
    ("sample", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n3,5;1\n", ";"),
        ("1,5;2,5\n1,5;2,5\n", ";"),
        ("a\tb, c\n1\t2, 3\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('a,b\n"x;y\nz",2\n', ","),
        ("name\nAnna\nBob\n", "\x1f"),
        ("Report; of 2024\n\na,b,c\n1,2,3\n4,5,6\n", ","),
    ],
)
def test_what_parts_cells(sample: str, delimiter: str) -> None:
    assert delimiter_of(sample) == delimiter


@for_each(
    ("data", "encoding"),
    [
        ("ä".encode(), "utf-8"),
        ("\ufeffä".encode(), "utf-8-sig"),
        ("ä".encode("cp1252"), "cp1252"),
        ("aä1".encode("utf-16"), "utf-16"),
        ("abcdef".encode("utf-16-le"), "utf-16-le"),
        ("abcdef".encode("utf-16-be"), "utf-16-be"),
        (b"a" * 5000 + b"\xff", "cp1252"),
    ],
)
def test_encoding(data: bytes, encoding: str) -> None:
    assert encoding_of(io.BytesIO(data)) == encoding


@for_each(
    ("text", "names", "first", "above"),
    [
        ("a,b\n1,2\n", ["a", "b"], ["1", "2"], 0),
        ("\n\nTitle,\nmore,\n\na,b\n1,2\n", ["a", "b"], ["1", "2"], 2),
        ("Anna,12\nBob,13\n", [], ["Anna", "12"], 0),
        ("land,2020,2021\nDE,5,6\n", ["land", "2020", "2021"], ["DE", "5", "6"], 0),
        (",Q1,Q2\nNorth,1,2\n", ["", "Q1", "Q2"], ["North", "1", "2"], 0),
        ("name\nAnna\n", ["name"], ["Anna"], 0),
        ("5\n6\n", [], ["5"], 0),
        ('sep=;\na;"b\nc"\n1;" x "\n', ["a", "b\nc"], ["1", "x"], 0),
        ('a,b\n"5"" nut",2\n', ["a", "b"], ['5" nut', "2"], 0),
        ('a,b\n"never closed,2\n3,4\n', ["a", "b"], ['"never closed', "2"], 0),
        ("a,b\n", ["a", "b"], [], 0),
    ],
)
def test_where_the_table_begins(text: str, names: list[str], first: list[str], above: int) -> None:
    sheet = delimited("t", io.BytesIO(text.encode()))
    found = layout(sheet)
    rows = [row for row in sheet.rows() if any(row)][found.skipped :]
    assert list(found.names) == names
    assert (rows[0] if rows else []) == first
    assert len(found.above) == above


def test_names_are_unique_and_sayable() -> None:
    assert column_names(["a", "A", "", 'say "x"\n', "a 2"], 6) == (
        "a",
        "A 2",
        "column 3",
        "say x",
        "a 2 2",
        "column 6",
    )
    assert table_name("Umsatz 2024 (Öst)") == "umsatz_2024_öst"
    assert table_name("2024") == "t_2024"
    assert table_name("order", ()) == "order_table"
    assert table_name("../../x; DROP", ("x_drop",)) == "x_drop_2"
    assert table_name("--") == "table_table" or table_name("--").isidentifier()


@for_each(
    ("text", "names", "rows"),
    [
        ('[{"a":1.50,"b":null},{"c":"x"}]', ["a", "b", "c"], [["1.50", "", ""], ["", "", "x"]]),
        ('{"a":1}\n{"a":{"b":2}}\n', ["a", "a.b"], [["1", ""], ["", "2"]]),
        ('{"meta":1,"rows":[{"x":true}]}', ["x"], [["true"]]),
        ('{"x":[1,2],"y":[3,4]}', ["x", "y"], [["1", "3"], ["2", "4"]]),
        ('{"a":{"b":{"c":1}}}', ["a.b"], [['{"c": 1}']]),
        ("[[1,2],[3,4]]", [], [["1", "2"], ["3", "4"]]),
    ],
)
def test_json(text: str, names: list[str], rows: list[list[str]]) -> None:
    sheet = json_sheet("t", io.BytesIO(text.encode()))
    assert list(sheet.headed) == names
    assert [list(row) for row in sheet.rows()] == rows


def test_what_a_file_is_its_bytes_say() -> None:
    assert kind_of(b"PAR1...", "a.csv") == "parquet"
    assert kind_of(b"PK\x03\x04", "a.csv") == "workbook"
    assert kind_of(b"a,b", "a.xlsx") == "delimited"
    assert kind_of(b' [{"a":1}]', "a.txt") == "json"
    assert kind_of(b"[note],b", "a.csv") == "delimited"
