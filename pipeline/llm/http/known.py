"""What is known of a model behind a server: what is claimed, what a test has shown, what it has refused."""

from __future__ import annotations

from dataclasses import replace

import anyio

from config.runtime.clock import busy
from pipeline.llm.apis.base import Api
from pipeline.llm.apis.chat import ChatCompletions
from pipeline.llm.base import Capabilities
from pipeline.llm.capabilities import LLAMA_CPP, Claimed, describe, discover, version_of
from pipeline.llm.http.connection import Connection
from pipeline.llm.image_limits import image_limits_for
from pipeline.llm.server import Server
from pipeline.llm.shown import Identity, Shown, keep_shown, shown_before
from pipeline.llm.wire import LlmOptions
from vision.images.picture import ImageLimits

WARM_S = 20.0


class KnownModel:
    """``capabilities`` are "try it" until ``discover`` has asked the server; where nobody says whether the
    model sees, ``sees_known`` stays False and the first picture shows it.
    """

    def __init__(
        self, server: Server, options: LlmOptions, *, spec: str, api: Api, remote_host: str = ""
    ) -> None:
        vision = options.vision
        self.spec = spec
        self.remote_host = remote_host
        self.capabilities = Capabilities(sees=True, calls_tools=True)
        self.sees_known = False
        self.image_limits: ImageLimits | None = image_limits_for(server.host, remote_host, vision)
        self._vision = vision
        self._server = server
        self._api = api
        self._llm_settings = options.settings
        self._connection = Connection(server, options.settings, self._api.headers(server.key))
        self._claimed, self._shown = Claimed(), Shown()
        self._warmed: float | None = None

    async def warm(self) -> None:
        """Open the connection while the person still speaks; at most once in ``WARM_S``. Never raises."""
        now = anyio.current_time()
        if self._warmed is not None and now - self._warmed < WARM_S:
            return
        first, self._warmed = self._warmed is None, now
        if first and self._api.describes:
            await self._describe()
        elif first and self._shown.version:
            if await self.version() not in ("", self._shown.version):
                self._believe(Shown())  # another server than the one that was tested
        else:
            await self._connection.models()

    async def models(self) -> tuple[str, ...]:
        """What the server lists; () when it lists nothing. Never raises."""
        return await self._connection.models()

    async def discover(self) -> Capabilities:
        """Ask the server what the model can do; what it does not say is tried. Never raises."""
        server, within_s = self._server, self._llm_settings.connect_s
        with busy():
            found = await discover(self._connection.client, server.base_url, server.model, within_s=within_s)
        return self.assume(found)

    async def _describe(self) -> None:
        server, within_s = self._server, self._llm_settings.connect_s * 2
        with busy():
            found = await describe(self._connection.client, server.base_url, server.model, within_s=within_s)
        self.assume(found)

    async def version(self) -> str:
        """Of the server, where it can be asked for; else "". Never raises."""
        within_s = self._llm_settings.connect_s
        base_url, build = self._server.base_url, self._claimed.build
        with busy():
            return await version_of(self._connection.client, base_url, build, within_s=within_s)

    @property
    def identity(self) -> Identity:
        address = self.spec if self.spec.startswith("gguf:") else self._server.base_url
        return Identity(address, self._api.name, self._server.model, self._claimed.build)

    def assume(self, found: Claimed) -> Capabilities:
        """``found`` is claimed; what was shown before counts for more."""
        self._claimed = found
        if found.program == LLAMA_CPP and isinstance(self._api, ChatCompletions):
            self._api = ChatCompletions(progress=True)
        if found.passed_on_to and not self.remote_host:
            self.remote_host = found.passed_on_to
            self.image_limits = image_limits_for(self.remote_host, self.remote_host, self._vision)
        return self._believe(shown_before(self.identity))

    def learn(self, shown: Shown) -> Capabilities:
        """From a test just now, for every start to come."""
        known = shown.over(shown_before(self.identity))
        if shown:
            keep_shown(self.identity, known)
        return self._believe(known)

    def try_all(self) -> None:
        """Whatever was claimed or shown: for a test."""
        self.capabilities = replace(self.capabilities, sees=True, calls_tools=True)

    def _believe(self, shown: Shown) -> Capabilities:
        self._shown = shown
        believed = shown.claimed.over(self._claimed)
        self.sees_known = believed.sees is not None
        self.capabilities = believed.capabilities
        return self.capabilities
