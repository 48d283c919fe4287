"""The tools for files and the web that the settings allow. Nothing is read and nobody asked to know which."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from config.settings.model import Settings
from pipeline.files.base import FileContent
from pipeline.tools.base import Tool


def own_tools(settings: Settings, opened: Callable[[], Iterable[Path]] = tuple) -> tuple[Tool, ...]:
    """``opened``: the files that the person has opened."""
    # Imported when a model is first offered tools: nothing of it delays listening.
    from pipeline.tools.files.read_file import read_file_tool
    from pipeline.tools.files.save_text import save_text_tool
    from pipeline.tools.files.search_files import search_files_tool

    chosen = settings.tools
    files = (
        read_file_tool(chosen.folders, opened, _content_of),
        search_files_tool(chosen.folders),
        save_text_tool(chosen.save_folder),
    )
    return (*files, *_web(chosen.search_url, offline=settings.offline)) if chosen.web == "on" else files


async def _content_of(path: Path) -> FileContent:
    from pipeline.files.convert.read import read_content

    return await read_content(path)


def _web(search_url: str, *, offline: bool) -> tuple[Tool, ...]:
    from pipeline.tools.web.fetch import web_fetch_tool
    from pipeline.tools.web.search import web_search_tool

    search = (web_search_tool(search_url, offline=offline),) if search_url else ()
    return (web_fetch_tool(offline=offline), *search)
