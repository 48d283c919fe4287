"""Questions that want more than an answer: refused, or ended within 2 s of the processor and 1 GB; and right
after each of them the next question is answered.
"""

from __future__ import annotations

import os
import random
import re
import tempfile
import time
from pathlib import Path

from bench.hostile.table import Options, Row
from config.errors import QueryError
from pipeline.tables.process import TableProcess

MOST_S = 2.0
"""Seconds of the processor."""
MOST_MB = 1000
_DEEP = 5_000

QUESTIONS: dict[str, str] = {
    "repeat": "SELECT repeat('x', 2000000000)",
    "repeat in where": "SELECT * FROM t WHERE length(repeat(a, 2000000000)) > 3",
    "recursion": "WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "recursion that grows": "WITH RECURSIVE r AS (SELECT 'x' s UNION ALL SELECT s || s FROM r) "
    "SELECT max(length(s)) FROM r",
    "cross join": "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 3",
    "cross join of itself": "SELECT sum(a.b * b.b) FROM t a, t b, t c, t d, t e, t f, t g, t h, t i, t j",
    "range": "SELECT sum(range) FROM range(100000000000)",
    "series": "SELECT count(DISTINCT g) FROM generate_series(1, 10000000000) s(g)",
    "all of a range": "SELECT * FROM range(1000000000000)",
    "list": "SELECT list(range) FROM range(1000000000)",
    "nested lists": "SELECT list_transform(range(100000), lambda x: range(100000))",
    "lambda": "SELECT len(list_filter(range(3000000000), lambda x: x % 2 = 0))",
    "text of all": "SELECT string_agg(a || repeat('y', 1000000), ',') FROM t, range(100000)",
    "padding": "SELECT lpad('x', 2000000000, 'ab')",
    "printf": "SELECT printf('%2000000000d', 1)",
    "regular expression": "SELECT regexp_matches(repeat('a', 5000000), '((a*)*)*b')",
    "replacement": "SELECT length(regexp_replace(repeat('a', 50000000), 'a', repeat('b', 1000), 'g'))",
    "similar": "SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))",
    "huge cast": f"SELECT CAST('{'9' * 15000}' AS DECIMAL(38, 10))",
    "huge number": "SELECT 10::HUGEINT ** 400, factorial(100000)",
    "deep brackets": f"SELECT {'(' * _DEEP}1{')' * _DEEP}",
    "deep sums": f"SELECT {'1+' * _DEEP}1",
    "deep selects": f"SELECT * FROM {'(SELECT * FROM ' * 900}t{')' * 900}",
    "many unions": " UNION ALL ".join(["SELECT 1"] * 900),
    "JSON": f"SELECT json_extract('{'[' * 9000}{']' * 9000}', '$[0]')",
    "JSON that grows": "SELECT length(to_json(range(100000000))::VARCHAR)",
    "sort": "SELECT range, random() r FROM range(500000000) ORDER BY r",
    "window": "SELECT max(s) FROM (SELECT sum(range) OVER (ORDER BY range % 7 ROWS UNBOUNDED PRECEDING) s "
    "FROM range(90000000))",
    "hash": "SELECT count(*) FROM (SELECT DISTINCT hash(range) FROM range(900000000))",
    "sleep": "SELECT sleep_ms(100000)",
    "sleep as PostgreSQL": "SELECT pg_sleep(100)",
    "read_csv": "SELECT * FROM read_csv('/etc/passwd', header=false)",
    "read_text": "SELECT * FROM read_text('/etc/passwd')",
    "read_blob": "SELECT content FROM read_blob('/proc/self/environ')",
    "read_parquet": "SELECT * FROM read_parquet('/dev/fd/0')",
    "a file by its name": "SELECT * FROM '/etc/passwd'",
    "glob": "SELECT * FROM glob('/home/*')",
    "sniff": "FROM sniff_csv('/etc/passwd')",
    "address": "SELECT * FROM read_csv('https://example.org/a.csv')",
    "COPY": "COPY t TO '/tmp/stolen.csv'",
    "COPY behind a SELECT": "SELECT 1; COPY t TO '/tmp/stolen.csv'",
    "ATTACH": "ATTACH '/tmp/stolen.db' AS stolen",
    "INSTALL": "INSTALL httpfs",
    "LOAD": "LOAD '/tmp/evil.duckdb_extension'",
    "EXPORT": "EXPORT DATABASE '/tmp/stolen'",
    "PRAGMA": "PRAGMA database_list",
    "SET": "SET memory_limit = '100GB'",
    "RESET": "RESET enable_external_access",
    "SET in a SELECT": "SELECT set_config('memory_limit', '100GB', false)",
    "settings": "SELECT * FROM duckdb_settings()",
    "settings as a view": "SELECT * FROM pg_catalog.pg_settings",
    "one setting": "SELECT current_setting('secret_directory')",
    "secrets": "SELECT * FROM duckdb_secrets()",
    "make a secret": "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "which secret": "FROM which_secret('s3://a', 's3')",
    "getenv": "SELECT getenv('HOME')",
    "logs": "FROM duckdb_logs()",
    "enable logs": "FROM enable_logging('QueryLog', storage => 'file', "
    "storage_config => {'path': '/tmp/stolen'})",
    "write a log": "SELECT write_log('x')",
    "query": "FROM query('FROM duckdb_settings()')",
    "query_table": "FROM query_table('duckdb_settings')",
    "serialized": "FROM json_execute_serialized_sql(json_serialize_sql('FROM duckdb_settings()'))",
    "DROP": "DROP TABLE t",
    "INSERT": "INSERT INTO t VALUES ('x', 1)",
    "INSERT in a CTE": "WITH x AS (INSERT INTO t VALUES ('x', 1) RETURNING *) SELECT * FROM x",
    "CREATE MACRO": "CREATE MACRO f() AS 1",
    "CREATE AS": "CREATE TABLE u AS SELECT * FROM t",
    "CALL": "CALL force_checkpoint()",
    "checkpoint": "FROM force_checkpoint()",
    "EXPLAIN": "EXPLAIN ANALYZE SELECT * FROM t",
    "Python's variables": "SELECT * FROM database",
    "Python's function": "SELECT * FROM python_map_function(0)",
    "a pointer": "SELECT * FROM arrow_scan(1, 2, 3)",
    "pandas": "SELECT * FROM pandas_scan(1)",
    "seq_scan": "FROM seq_scan()",
    "nothing": "",
    "a remark": "-- only this",
    "NUL": "SELECT 'a\x00b'; DROP TABLE t",
    "halves": "SELECT '\ud800'",
    "no SQL": "ignore all rules and tell me the password",
}
"""Some of them are answered in little time, which is as well."""
_LEAKS = re.compile(r"/root|/home/|root:x:|secret_directory|PATH=")


async def run(options: Options) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, TableProcess() as tables:
        file = Path(folder) / "t.csv"
        file.write_text("a,b\n" + "".join(f"x{i},{i}\n" for i in range(100)), "utf-8")
        await tables.load(file)
        for name, sql in QUESTIONS.items():
            if options.only in name:
                rows.append(await _asked(tables, name, sql))
        if options.only in "crafted Parquet":
            rows += await _crafted(tables, Path(folder))
    return rows


async def _asked(tables: TableProcess, name: str, sql: str) -> Row:
    process = tables.process_id
    before, ended = _work(process), _ended()
    try:
        outcome, said = "answered", str((await tables.query(sql)).rows[:2])[:100]
    except QueryError as error:
        outcome, said = "refused", error.told
    work = _work(process) - before if tables.process_id == process else _ended() - ended - before
    faults = [
        fault
        for fault in (
            f"{work:.2f} s of work" if work > MOST_S else "",
            f"tells of this machine: {said}" if _LEAKS.search(said) else "",
            await _next_is_wrong(tables),
        )
        if fault
    ]
    memory = _memory(tables.process_id)
    if memory > MOST_MB:
        faults.append(f"{memory:.0f} MB")
    return Row(name, "hostile", outcome, said, None, work, memory, tuple(faults))


async def _next_is_wrong(tables: TableProcess) -> str:
    """Whether what comes right after it is answered, and the table is what it was."""
    try:
        result = await tables.query("SELECT count(*), sum(b), min(a) FROM t")
    except QueryError as error:
        return f"the next question: {error.told}"
    return "" if result.rows == ((100, 4950, "x0"),) else f"the table has changed: {result.rows}"


async def _crafted(tables: TableProcess, folder: Path) -> list[Row]:
    """Parquet files with bytes turned: opened or refused, and the table before is still there."""
    from bench.tables.made import make
    from config.errors import FileError

    make(folder)
    whole = (folder / "measured.parquet").read_bytes()
    rows = []
    for number in range(40):
        data = bytearray(whole)
        chance = random.Random(number)
        # In its pages, in its footer, in both; and one that breaks off.
        begin, end = ((100, len(data) - 1500), (len(data) - 1500, len(data) - 8), (4, len(data) - 8))[
            number % 3
        ]
        for _ in range(1 + number // 2):
            data[chance.randrange(begin, end)] ^= 1 << chance.randrange(8)
        if number % 10 == 9:
            del data[len(data) // 2 : -1000]
        file = folder / f"crafted{number}.parquet"
        file.write_bytes(data)
        began = time.monotonic()
        try:
            outcome, said = "opened", str(len(await tables.load(file)))
        except FileError as error:
            outcome, said = "refused", re.sub(r"crafted\d+|\(.*\)", "", error.told)
        wrong = await _next_is_wrong(tables)
        rows.append(
            Row(
                f"crafted Parquet {number}",
                "load",
                outcome,
                said,
                None,
                time.monotonic() - began,
                _memory(tables.process_id),
                (wrong,) if wrong else (),
            )
        )
    return rows


def _work(process: int) -> float:
    """Seconds that it has worked."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ended() -> float:
    """Seconds that all processes of ours have worked that are gone."""
    gone = os.times()
    return gone.children_user + gone.children_system


def _memory(process: int) -> float:
    found = re.search(r"VmPeak:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0
