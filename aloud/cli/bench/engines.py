"""What a benchmark measures with: what was asked for, or what ``auto`` chooses; and how it says so."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.runtime.installation import typed_here

TOLD = "told words"
"""In place of STT, where all but the STT is measured."""


@dataclass(slots=True)
class Engines:
    """Names, told with the figures; empty where a benchmark has none."""

    stt: str = ""
    tts: str = ""
    lacking: list[str] = field(default_factory=list)
    """The published models that would have been taken and are not here."""

    def as_json(self) -> dict[str, str]:
        return {sense: name for sense, name in (("stt", self.stt), ("tts", self.tts)) if name}

    def __str__(self) -> str:
        """A line above the figures; empty where there are no engines."""
        names = ", ".join(self.as_json().values())
        if not self.lacking:
            return f"with {names}" if names else ""
        lacking = f"with {names}: no published {' or '.join(self.lacking)} is here."
        return f"{lacking} {typed_here('To fetch one: aloud setup')}"

    def choose_stt(self, asked: str | None) -> str:
        """A SPEC that is understood from any home. Raises what ``pipeline.session.engines.choose_stt``
        raises.
        """
        from config.settings.loading import load
        from pipeline.session.engines import choose_stt

        # What the benchmarks say is English, whatever this account speaks.
        settings = load({"stt.engine": asked or "auto", "stt.language": "en"}, environment={}).settings
        self.stt = choose_stt(settings.stt)[0].name
        if not asked and not self.stt.startswith("whisper"):
            self.lacking.append("Whisper")
        return _anywhere(self.stt)

    def choose_tts(self, asked: str | None) -> str:
        """As ``choose_stt``."""
        from config.settings.loading import load
        from pipeline.session.engines import choose_tts

        settings = load({"tts.engine": asked or "auto", "stt.language": "en"}, environment={}).settings
        self.tts = choose_tts(settings)[0].name
        if not asked and not self.tts.startswith("piper"):
            self.lacking.append("voice")
        return _anywhere(self.tts)


def _anywhere(name: str) -> str:
    """``whisper:tiny.en`` by its path: some benchmarks have a home of their own, without models."""
    from config.models.catalogue import find

    kind, _, model = name.partition(":")
    path = find(model) if kind in ("whisper", "piper") else None
    return f"{kind}:{path}" if path else name
