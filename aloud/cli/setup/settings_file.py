"""What was chosen is written into the settings file: shown before, comments kept, nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aloud.cli.config import toml, write_settings
from aloud.cli.setup.chosen import value_of
from aloud.cli.setup.dialogue import Dialogue
from aloud.cli.setup.options import WRITE
from config.runtime.installation import typed_here
from config.settings.loading import Configuration, checked
from config.settings.paths import config_file


def write_chosen(
    chosen: Mapping[str, Any], before: Configuration, dialogue: Dialogue, file: Path | None
) -> None:
    """Only what differs from what is in force; of nothing nothing is said.

    Raises ``UsageError`` for a file that is no TOML.
    """
    path = file or config_file()
    new = {name: value for name, value in chosen.items() if value_of(before.settings, name) != value}
    if not new:
        if chosen or dialogue.asks:
            dialogue.say(f"There is nothing to change in the settings: {path}")
        dialogue.step("settings", file=str(path), changed={})
        return
    dialogue.head("The settings")
    dialogue.say(f"In {path}:")
    for name, value in new.items():
        dialogue.say(f"{name} = {toml(value)} (now {toml(value_of(before.settings, name))})", first="  ")
    if not dialogue.agree(WRITE, "Write that? (Enter: yes; n: leave them as they are)"):
        dialogue.say("The settings are as they were.")
        dialogue.step("settings", file=str(path), changed={})
        return
    for name, value in new.items():
        checked(name, value)
    write_settings(path, new)
    dialogue.say(typed_here("Written. To see all: aloud config show"))
    for name in new:
        _tell_what_goes_over(name, before.origins.get(name, ""), dialogue)
    dialogue.step("settings", file=str(path), changed=dict(new))


def _tell_what_goes_over(name: str, origin: str, dialogue: Dialogue) -> None:
    if origin.startswith("environment"):
        variable = origin.partition(" ")[2]
        dialogue.say(f"{variable} is set in your environment, and goes over {name} in the file.")
