"""One take while it is worked on, and what all takes of a run share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from config.errors import AloudError, PartialError
from config.settings.model import DictateSettings, ListenSettings
from pipeline.dictation.rewrite.styles import spoken_styles
from pipeline.dictation.store import Takes
from pipeline.dictation.take import Keep, State, Take, TakeUtterance
from pipeline.dictation.targets.base import Receipt, Target
from pipeline.dictation.text.document import Outcome, TranscriptDocument
from pipeline.dictation.text.stages import CleanupStage
from pipeline.dictation.text.vocabulary import Vocabulary
from pipeline.dictation.wav_file import Recording
from pipeline.events import Notify
from pipeline.llm.base import Llm
from voice.stt.base import Stt
from voice.stt.context import Conversation
from voice.turns.vad.base import Vad

EndReason = Literal["end", "stop", "send", "new_take", "cancel", "pause"]


async def _nothing(*_: str) -> None:
    pass


@dataclass(frozen=True)
class DictationContext:
    """What all takes of a run share. ``targets``: by their specs, in the order of delivery."""

    takes: Takes
    stt: Stt
    vad: Vad
    listen: ListenSettings
    targets: Mapping[str, Target]
    notify: Notify
    now: Callable[[], float]
    open_llm: Callable[[], Awaitable[Llm | None]]
    say: Callable[[str], Awaitable[None]]
    """Speak a text, to its end."""
    open_target: Callable[[str], Target]
    settings: DictateSettings
    language: str = "auto"
    conversation: Conversation = field(default_factory=Conversation)
    """Of all takes: their language, once it is known, and the names to expect."""
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    learn: Callable[[str], Awaitable[None]] = _nothing
    """Told what was learned, ``old → new``, to keep it."""
    explain: Callable[[Sequence[CleanupStage]], None] = lambda stages: None
    """Told the stages of each text."""
    live: bool = True
    """Somebody watches: words are shown as they come."""
    keep: Keep = field(default_factory=Keep)
    keep_sound: Keep = field(default_factory=lambda: Keep(takes=0))
    loaded: Callable[[], Awaitable[None]] = _nothing
    """Until the STT is: what is said meanwhile lies on the disk."""
    names_llm: bool = False
    """An LLM was named: without it something is not done that was asked for."""


@dataclass
class ActiveTake:
    """A take, its recording, its text so far. ``origin``: seconds on the microphone's clock."""

    take: Take
    recording: Recording
    turn: int
    origin: float = 0.0
    style: str = ""
    language: str = "en"
    document: TranscriptDocument = field(default_factory=TranscriptDocument)
    by: EndReason = "end"
    """What ended it."""
    count: int = 0
    """Utterances in the account."""
    heard_to: int = 0
    """Samples, up to the end of the last one."""
    speech_end: float | None = None
    heard_at: float | None = None
    receipts: dict[str, Receipt] = field(default_factory=dict)
    state: State = "recorded"
    reason: str = ""
    error: AloudError | None = None
    """Why it failed, at the first target where it did."""
    left: bool = False
    """Something that was asked for was left undone: it was not rewritten, or not changed."""

    @property
    def status(self) -> int:
        """The exit status that tells of it: 0 done, 6 done in part, else its failure's."""
        if self.error and not self.receipts:
            return self.error.status
        return PartialError.status if self.error or self.left or self.recording.cut else 0


def open_document(context: DictationContext, language: str) -> TranscriptDocument:
    """An empty one, in the language that is spoken."""
    return TranscriptDocument(language, context.vocabulary, modes=spoken_styles(), settings=context.settings)


def write(current: ActiveTake, utterance: TakeUtterance) -> Outcome:
    """What an utterance does to the text; the same again when a take is taken up after a crash."""
    outcome = current.document.push(utterance.text)
    match outcome.kind:
        case "mode":
            current.style = outcome.detail
        case "raw":
            current.style = "raw"
        case _ if utterance.became is not None:
            current.document.replace(utterance.became)
        case _:
            pass
    current.count += 1
    current.heard_to = utterance.ended
    return outcome
