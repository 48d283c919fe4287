"""What a question may name, by its syntax tree: the tables that are open, and functions that only compute.

DuckDB's own locks refuse files, addresses and settings; this refuses what is left: what tells of the program,
its settings and its folders, what writes a log, and what waits. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

_COMPUTING = "range generate_series unnest json_each json_tree repeat repeat_row summary"
TABLE_FUNCTIONS = frozenset(_COMPUTING.split())
_TELLING = """
current_setting getvariable write_log getenv sleep_ms current_query currval nextval error txid_current
json_deserialize_sql json_execute_serialized_sql parse_duckdb_log_message in_search_path create_sort_key
"""
_FORBIDDEN = frozenset(_TELLING.split())
_SHOWN = frozenset({"SUMMARY", "DESCRIBE"})


def objection(tree: Any, tables: Collection[str]) -> str:
    """Why a question is not run, as a sentence; empty: it is. ``tree``: of ``json_serialize_sql``."""
    nodes = list(_nodes(tree))
    known = (
        {name.lower() for name in tables}
        | {
            str(entry.get("key", "")).lower()
            for node in nodes
            if isinstance(cte := node.get("cte_map"), dict)
            for entry in cte.get("map", ())
        }
        | {str(node["cte_name"]).lower() for node in nodes if node.get("cte_name")}
    )
    return next(filter(None, (_wrong(node, known, tables) for node in nodes)), "")


def _wrong(node: dict[str, Any], known: Collection[str], tables: Collection[str]) -> str:
    kind = str(node.get("type", ""))
    if kind.endswith("_QUERY_NODE"):
        return f"Only SELECT is allowed, and in it is {kind.partition('_')[0]}. Nothing can be changed here."
    if kind == "TABLE_FUNCTION":
        function = node.get("function") or {}
        name = str(function.get("function_name", "")).lower()
        return "" if name in TABLE_FUNCTIONS else f"The table function {name} is not allowed."
    if kind == "BASE_TABLE":
        name, elsewhere = str(node.get("table_name", "")), node.get("schema_name") or node.get("catalog_name")
        if name.lower() in known and elsewhere in (None, "", "main", "memory"):
            return ""
        return f"There is no table {name}. There are: {', '.join(tables) or 'none'}."
    if kind == "SHOW_REF" and (node.get("show_type") not in _SHOWN or not node.get("query")):
        return "Only DESCRIBE and SUMMARIZE of a table are allowed."
    if node.get("class") == "FUNCTION":
        name = str(node.get("function_name", "")).lower()
        if name in _FORBIDDEN or name.startswith(("pg_", "has_")):
            return f"The function {name} is not allowed."
    return ""


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
