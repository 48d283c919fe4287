"""A server of MCP, run as ``wall.py FOLDER``: a wall on which anybody writes, and on which it writes too."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_TEXT = {"type": "object", "properties": {"text": {"type": "string"}}}
_TOOLS = [
    {"name": "read", "description": "Reads the wall.", "inputSchema": {"type": "object", "properties": {}}},
    {"name": "write", "description": "Writes on the wall, for all to read.", "inputSchema": _TEXT},
]


def answer(asked: dict[str, Any], folder: Path) -> dict[str, Any]:
    method, params = asked["method"], asked.get("params") or {}
    if method == "initialize":
        told = {"name": "wall", "version": "1"}
        return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": told}
    if method == "tools/list":
        return {"tools": _TOOLS}
    text = "It is written."
    if params.get("name") == "read":
        text = (folder / "wall.txt").read_text("utf-8")
    else:
        with (folder / "written.txt").open("a", encoding="utf-8") as file:
            file.write(f"{params['arguments']['text']}\n")
    return {"content": [{"type": "text", "text": text}]}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        if "id" in asked and "method" in asked:
            result = answer(asked, Path(sys.argv[1]))
            print(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": result}), flush=True)


if __name__ == "__main__":
    main()
