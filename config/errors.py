"""The one tree of errors. Each is a sentence for a person: what failed, what was kept, what to do.

::

    AloudError                 1   a fault of ours
    ├── UsageError             2   the command was typed wrongly
    ├── InputError             3   what was given cannot be used
    │   ├── RecordingError         a recording
    │   ├── PictureError           a picture
    │   ├── FileError              a document, a table, a text
    │   ├── QueryError             a question to a table
    │   └── StoreError             what is kept of a person
    ├── EngineError            4   an engine or a model failed
    │   ├── DeviceError            a microphone or a speaker
    │   ├── VisionError            a camera, the screen, the clipboard
    │   ├── SttError               speech to text
    │   ├── TtsError               text to speech
    │   ├── LlmError               the model that answers
    │   ├── ModelError             a model's files: absent, damaged, out of reach
    │   ├── PluginError            what another package brings
    │   └── TargetError            where a text was to go: a file, the clipboard, a window
    ├── RefusedError           5   refused for safety
    └── PartialError           6   done in part; what was kept is said

The numbers are the exit statuses of ``aloud``.
"""

import errno
from typing import ClassVar

from config.runtime.clean import CleanText, clean_sentence, joined
from config.runtime.installation import typed_here
from config.runtime.secrets import masked

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""An ``OSError`` of one of these: there is no room for more."""


class AloudError(Exception):
    """Base of all. ``failed`` is a sentence; ``kept`` and ``todo`` are sentences or empty.

    A command in them is written ``aloud COMMAND`` and becomes what is typed here
    (``config.runtime.installation``). Names, addresses and other programs' words in them are cleaned here;
    keys and passwords are left out (``config.runtime.secrets``).
    """

    status: ClassVar[int] = 1

    def __init__(self, failed: str, *, kept: str = "", todo: str = "") -> None:
        self.failed = clean_sentence(masked(failed))
        self.kept = clean_sentence(typed_here(masked(kept)))
        self.todo = clean_sentence(typed_here(masked(todo)))
        super().__init__(self.failed)

    @property
    def and_todo(self) -> CleanText:
        """What failed, and what to do."""
        return joined(filter(None, (self.failed, self.todo)), " ")

    @property
    def told(self) -> CleanText:
        """What failed, what was kept, what to do."""
        return joined(filter(None, (self.failed, self.kept, self.todo)), " ")

    def __str__(self) -> str:
        return self.told


class UsageError(AloudError):
    status = 2


class InputError(AloudError):
    status = 3


class RecordingError(InputError):
    pass


class PictureError(InputError):
    pass


class FileError(InputError):
    """A file that was given cannot be used."""


class QueryError(InputError):
    """A question to a table is none that it can answer."""


class StoreError(InputError):
    pass


class EngineError(AloudError):
    status = 4


class DeviceError(EngineError):
    pass


class VisionError(EngineError):
    pass


class SttError(EngineError):
    pass


class TtsError(EngineError):
    pass


class LlmError(EngineError):
    """``retryable``: nothing was said yet and another try may succeed."""

    def __init__(self, failed: str, *, kept: str = "", todo: str = "", retryable: bool = False) -> None:
        super().__init__(failed, kept=kept, todo=todo)
        self.retryable = retryable


class ModelError(EngineError):
    pass


class PluginError(EngineError):
    """What another package brings cannot be used."""


class TargetError(EngineError):
    pass


class RefusedError(AloudError):
    status = 5


class PartialError(AloudError):
    """Something was not recorded, delivered or rewritten; all the rest is done."""

    status = 6


def first_cause(error: BaseException) -> BaseException:
    """A task group wraps what went wrong in it; a person wants to hear of the thing itself."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        known = [inner for inner in error.exceptions if not isinstance(inner, KeyboardInterrupt)]
        error = (known or list(error.exceptions))[0]
    return error
