"""The MCP servers of a session, and what the person is told of them while they talk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import anyio

from config.runtime.clean import clean
from config.settings.model import Settings
from pipeline import events
from pipeline.conversation.assistant import Assistant
from pipeline.session.privacy import Notices

if TYPE_CHECKING:
    from pipeline.skills.answer import Skill
    from pipeline.tools.mcp.servers import Notice, Servers

_MOST = 64
"""Notices that wait to be said: each is said once a session."""


@asynccontextmanager
async def servers_of(settings: Settings) -> AsyncIterator[Servers | None]:
    """None where the settings name none."""
    if not settings.mcp:
        yield None
        return
    from pipeline.tools.mcp.servers import open_servers  # who has no servers waits for no import

    async with open_servers(settings) as servers:
        yield servers


def approving(servers: Servers | None) -> list[Skill]:
    """What is asked of them in words."""
    if servers is None:
        return []
    from pipeline.tools.mcp.approving import ApprovingSkill

    return [ApprovingSkill(servers)]


def telling(
    servers: Servers, assistant: Assistant, notices: Notices
) -> Callable[[], Coroutine[None, None, None]]:
    """What runs and tells of them, as soon as nobody speaks. What waits for an approval is told once, and
    again when it is something else.
    """
    from pipeline.tools.mcp.approving import say

    send, receive = anyio.create_memory_object_stream["Notice"](_MOST)

    def tell(notice: Notice) -> None:
        known = f"mcp {notice.server} {notice.about}"
        if not (notice.about and notices.knows(known)):
            notices.note(known)
            send.send_nowait(notice)

    async def run() -> None:
        async with send, receive:
            async for notice in receive:
                text = clean(say(assistant.language, notice.kind, server=notice.server))
                assistant.notify(events.Noticed(at=assistant.now(), turn=-1, text=text, by="tools"))
                await assistant.announcer.say(text)

    servers.tell = tell
    return run
