"""Where things lie on this machine. ``ALOUD_HOME`` puts all of it into one folder."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def _folder(kind: str, fallback: str) -> Path:
    home = os.environ.get("ALOUD_HOME")
    return Path(os.path.expanduser(home)) / kind if home else Path(fallback)


def config_file() -> Path:
    return _folder("config", platformdirs.user_config_dir("aloud")) / "aloud.toml"


def models_dir() -> Path:
    """Engines' models, fetched once."""
    return _folder("models", platformdirs.user_data_dir("aloud") + "/models")


def state_dir() -> Path:
    """Conversations, takes, answers written for want of a speaker."""
    return _folder("state", platformdirs.user_state_dir("aloud"))


def documents_dir() -> Path:
    """The person's own documents, in which what they have saved has a folder."""
    return _folder("documents", platformdirs.user_documents_dir())
