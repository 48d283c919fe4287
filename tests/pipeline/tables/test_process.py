"""The tables in their process: what is asked is exact, what is hostile ends, and they are there again."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bench.hostile.table import Options
from bench.tables import hostile, queries
from config.errors import FileError, QueryError
from config.runtime.clock import in_thread
from pipeline.tables import process
from pipeline.tables.process import TableProcess

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TableProcess]:
    with TableProcess() as opened:
        yield opened


@pytest.fixture
async def t(tables: TableProcess, tmp_path_factory: pytest.TempPathFactory) -> TableProcess:
    """With a table ``t`` of a hundred rows."""
    if not tables.loaded:
        file = tmp_path_factory.mktemp("tables") / "t.csv"
        file.write_text("a,b\n" + "".join(f"x{i},{i}\n" for i in range(100)), "utf-8")
        await tables.load(file)
    return tables


async def test_forty_questions_over_twelve_tables_are_answered_as_python_answers_them() -> None:
    rows = await queries.run(Options())
    assert not [row for row in rows if row.faults]
    assert sum(row.job == "query" for row in rows) >= 40


async def test_values_are_of_their_types_and_their_texts_are_clean(t: TableProcess) -> None:
    sql = (
        "SELECT 1.50::DECIMAL(9,2), DATE '2024-02-29', TIMESTAMP '2024-01-01 10:00', TIME '10:30', "
        "INTERVAL '25 hours', true, NULL, 170141183460469231731687303715884105727::HUGEINT, 0.1::DOUBLE, "
        "'a' || chr(27) || '[2J' || chr(8238), [1, 2], {'k': 'ä'}, 'inf'::DOUBLE, chr(0)"
    )
    (row,) = (await t.query(sql)).rows
    assert row[:4] == (Decimal("1.50"), date(2024, 2, 29), datetime(2024, 1, 1, 10), time(10, 30))
    assert row[4:9] == (timedelta(hours=25), True, None, 2**127 - 1, 0.1)
    assert row[9:] == ("a[2J", "[1, 2]", '{"k": "ä"}', float("inf"), "")


async def test_of_many_rows_the_first_are_told_and_all_are_counted(t: TableProcess) -> None:
    result = await t.query("SELECT * FROM range(70000) r(n) ORDER BY n; -- that is all")
    assert (len(result.rows), result.rows[999], result.count) == (1000, (999,), 70_000)
    wide = await t.query("SELECT repeat('x', 9999) FROM range(500)")
    assert (wide.count, len(wide.rows)) == (500, 99)


async def test_what_is_no_question_is_told_in_a_sentence_and_nothing_changes(t: TableProcess) -> None:
    wrong = {
        "SELECT c FROM t": "not found",
        "SELEC 1": "syntax",
        "SELECT 1; DROP TABLE t": "exactly one",
        "DELETE FROM t": "DELETE",
        "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone": "DELETE",
        "SELECT * FROM u": "There are: t",
        "SELECT * FROM duckdb_settings()": "not allowed",
        "SELECT repeat('x', 2000000000)": "memory",
        "SELECT '\ud800'": "",
        "x" * 30_000: "too long",
    }
    for sql, said in wrong.items():
        with pytest.raises(QueryError) as refused:
            await t.query(sql)
        assert said in refused.value.told
        assert (await t.query("SELECT count(*), sum(b) FROM t")).rows == ((100, 4950),)


async def test_what_takes_too_long_is_ended_and_the_tables_are_there_again(
    t: TableProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = t.process_id
    with monkeypatch.context() as shorter:
        shorter.setattr(process, "QUERY_S", 0.2)
        with pytest.raises(QueryError, match="takes too long"):
            await t.query(
                "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 3"
            )
    assert (await t.query("SELECT count(*), sum(b) FROM t")).rows == ((100, 4950),)
    assert t.process_id != before


async def test_a_file_that_changed_is_read_anew_and_one_that_is_gone_is_not_told_of(tmp_path: Path) -> None:
    file, other = tmp_path / "a.csv", tmp_path / "b.csv"
    file.write_text("n\n1\n", "utf-8")
    other.write_text("n\n5\n", "utf-8")
    with TableProcess() as tables:
        assert (await tables.load(file)) == (await tables.load(file))
        await tables.load(other)
        assert len(tables.loaded) == 2
        file.write_text("n\n1\n20\n", "utf-8")
        await tables.load(file)
        assert (await tables.query("SELECT sum(n) FROM a")).rows == ((21,),)
        assert [table.name for table in tables.loaded] == ["b", "a"]
        other.unlink()
        os.kill(tables.process_id, signal.SIGKILL)
        await in_thread(os.waitid, os.P_PID, tables.process_id, os.WEXITED | os.WNOWAIT)
        with pytest.raises(FileError, match=r"b[.]csv"):
            await tables.query("SELECT 1")
        assert (await tables.query("SELECT sum(n) FROM a")).rows == ((21,),)
        tables.close()
        with pytest.raises(QueryError, match="closed"):
            await tables.query("SELECT sum(n) FROM a")
        assert not tables.process_id


async def test_what_is_no_table_is_refused_with_a_sentence(tables: TableProcess, tmp_path: Path) -> None:
    files = {
        "empty.csv": (b"", "is empty"),
        "blank.csv": (b"\n\n  \n", "no table"),
        "binary.csv": (bytes(range(32)) * 200, "no text"),
        "broken.json": (b'[{"a":', "no valid JSON"),
        "text.json": (b'"hello"', "no list"),
        "deep.json": (b"[" * 100_000, "too deeply"),
        "names.json": (
            json.dumps([{f"{at}_{key}": 1 for key in range(60)} for at in range(100)]).encode(),
            "5000",
        ),
        "long.csv": (b"a,b\n" + b"x" * 1_100_000 + b",1\n", "as rows"),
        "book.xlsx": (b"PK\x03\x04 no zip", "workbook"),
        "book.xls": (b"\xd0\xcf\x11\xe0" + bytes(500), "workbook"),
        "data.parquet": (b"PAR1 nothing PAR1", "Parquet"),
        "wide.csv": (b",".join(b"c%d" % i for i in range(1200)) + b"\n" + b"1," * 1199 + b"1\n", "columns"),
    }
    for name, (data, said) in files.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(FileError) as refused:
            await tables.load(tmp_path / name)
        assert name in refused.value.told
        assert said in refused.value.told
    os.mkfifo(tmp_path / "pipe.csv")
    for name in ("pipe.csv", ".", "absent.csv", "a\0b"):
        with pytest.raises(FileError):
            await tables.load(tmp_path / name)


async def test_hostile_questions_are_refused_or_ended() -> None:
    assert not [row.faults for row in await hostile.run(Options(only="repeat")) if row.faults]
