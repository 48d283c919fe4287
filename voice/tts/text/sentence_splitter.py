"""A streamed answer into chunks to speak: the first as early as it can be, the others whole sentences.

``"".join`` of all chunks is the input, and the cuts do not depend on how the input was split into deltas,
only their moment does: every decision waits until the characters it looks at are there.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from voice.tts.text.abbreviations import abbreviations

FIRST_LETTERS = 10
FIRST_WORDS = 8
SENTENCE = 20
"""Characters; a shorter sentence is spoken with the next. A Chinese, Japanese or Korean one counts two."""
LONGEST = 300
"""A run without a sentence's end is cut at its last clause mark or space before this many characters."""
_SOONEST = 100  # where such a cut may lie at the earliest
_SPAN = 200  # code, links, bold text and formulas longer than this are not kept whole
_ENDLESS = 1000  # a single "word" this long is cut anywhere

_ENDS = frozenset(".!?…。！？")
_CLAUSES = frozenset(",;:—–、，；：")
_WIDE = frozenset("。！？、，；：")
_ZOOM_IN = frozenset("\"'”’»)]}*_」』”）】")
# Whitespace, marks, and whatever may begin something that must stay whole.
_STOPS = re.compile(r"[\s.!?…。！？,;:—–、，；：`*\[$\\]")
_FENCE = re.compile(r"(`{3,}|~{3,})")

_HURRIED = re.compile(r"(?:^|[\s\"'(“‘-])([^\W\d_]+)([,;:.!?])$")


class Sentences:
    """Push deltas, get chunks; ``flush`` gives what is left. No I/O."""

    def __init__(self) -> None:
        self._text = ""
        self._first = True
        self._line_start = True
        self._fence = ""
        self._restart()

    def push(self, delta: str) -> list[str]:
        """Every chunk that is complete now."""
        self._text += delta
        return self._drain(final=False)

    def hurry(self, covered: Callable[[str], bool] = lambda _: False) -> list[str]:
        """The first chunk if what is there ends like a clause, without the space that would prove it.

        ``covered``: whether a clause under ``FIRST_LETTERS`` lasts until the next one is there.

        A token's time is a syllable's wait, and only the first chunk is waited for. Where the mark may belong
        to a number, an abbreviation, an address or markdown, it is waited for all the same.
        """
        ended = self._first and not self._fence and _HURRIED.search(self._text)
        if not ended or any(mark in self._text for mark in "`*[$\\|/@\n"):
            return []
        word, mark = ended.group(1).lower(), ended.group(2)
        if mark == "." and abbreviations().known(word):
            return []
        if sum(map(str.isalnum, self._text)) < FIRST_LETTERS and not covered(self._text):
            return []
        chunk, self._text, self._first, self._line_start = self._text, "", False, False
        self._restart()
        return [chunk]

    def flush(self) -> list[str]:
        """The answer is over: all that is left."""
        return self._drain(final=True)

    def _restart(self) -> None:
        self._at = 0
        self._words = self._letters = 0
        self._clause = self._space = 0

    def _drain(self, *, final: bool) -> list[str]:
        chunks: list[str] = []
        while self._text:
            cut = self._cut(final)
            if cut is None:
                if not final:
                    break
                cut = len(self._text)
            chunks.append(self._text[:cut])
            self._text = self._text[cut:]
            self._first = self._first and not any(map(str.isalnum, chunks[-1]))
            self._line_start = chunks[-1].endswith("\n")
            self._restart()
        return chunks

    def _cut(self, final: bool) -> int | None:
        """Where the first chunk of the text ends; None when that is not to be known yet."""
        text = self._text
        if self._fence:
            return self._fenced_line()
        begin = len(text) - len(text.lstrip())
        if begin == len(text):
            return None
        if self._line_start or "\n" in text[:begin]:
            if len(text) - begin < 3 and text[begin] in "`~" and not final:
                return None  # perhaps a fence
            fence = _FENCE.match(text, begin)
            if fence or text[begin] == "|":
                end = text.find("\n", begin)
                if end >= 0 and fence and "`" not in text[fence.end() : end]:
                    self._fence = fence.group()
                return end + 1 or None
        return self._scan(max(begin, self._at), final)

    def _fenced_line(self) -> int | None:
        end = self._text.find("\n")
        line = self._text[:end].strip() if end >= 0 else ""
        if line.startswith(self._fence) and not line.strip(self._fence[0]):
            self._fence = ""
        return end + 1 or None

    def _scan(self, at: int, final: bool) -> int | None:
        text = self._text
        while stop := _STOPS.search(text, at):
            here = stop.start()
            self._count(text[at:here])
            if here >= LONGEST and (forced := self._forced(here)):
                return forced
            self._at = here
            end = self._span_end(here, final)
            if end < 0:
                return None
            if end:
                self._count(text[here:end])
            else:
                cut = self._try(here, final)
                if cut != 0:
                    return cut
            at = self._at = end or here + 1
        self._count(text[at:])
        self._at = len(text)
        return (self._forced(len(text)) or None) if len(text) >= LONGEST else None

    def _count(self, part: str) -> None:
        if self._first and self._letters < FIRST_LETTERS:
            self._letters += sum(map(str.isalnum, part))

    def _forced(self, here: int) -> int:
        """A cut in a run that is too long; 0: none to be had yet."""
        if self._clause >= _SOONEST:
            return self._clause
        return self._space or (_ENDLESS if here >= _ENDLESS else 0)

    def _span_end(self, here: int, final: bool) -> int:
        """Past the end of what must stay whole and begins here; 0: nothing does; -1: not to be known yet."""
        text = self._text
        match text[here]:
            case "`":
                ticks = re.compile("`+").match(text, here)
                opener = closer = ticks.group() if ticks else "`"
            case "*":
                opener = closer = "**"
            case "[":
                opener, closer = "[", "]"
            case "$":
                opener = closer = "$$" if text.startswith("$$", here) else "$"
            case "\\":
                opener = "\\("
                closer = "\\)"
            case _:
                return 0
        start = here + len(opener)
        if len(text) <= start:
            return 0 if final else -1
        if (
            not text.startswith(opener, here)
            or text[start].isspace()
            or (opener == "$" and text[start].isdigit())
        ):
            return 0
        end = self._find(closer, start, final)
        if end <= 0 or opener != "[":
            return end
        return self._link_end(end, final)

    def _find(self, closer: str, start: int, final: bool) -> int:
        """Past ``closer`` on this line and within the limit, 0 when it is not there, -1 when it may come."""
        text = self._text
        limit = start + _SPAN
        line_end = text.find("\n", start, limit)
        found = text.find(closer, start, line_end if line_end >= 0 else limit)
        if found >= 0:
            return found + len(closer)
        return 0 if final or line_end >= 0 or len(text) >= limit else -1

    def _link_end(self, end: int, final: bool) -> int:
        """``[text]`` ends at ``end``: past its ``(address)`` if one follows."""
        if end == len(self._text):
            return end if final else -1
        if self._text[end] != "(":
            return end
        return self._find(")", end, final) or end

    def _try(self, here: int, final: bool) -> int | None:
        """The cut at a mark or a space; 0: no cut here; None: not to be known yet."""
        text = self._text
        mark = text[here]
        if mark.isspace():
            return self._at_space(here)
        if mark not in _ENDS and mark not in _CLAUSES:
            return 0
        after = here + 1
        while after < len(text) and (text[after] in _ENDS or text[after] in _ZOOM_IN):
            after += 1
        if after == len(text):
            return after if final else None
        wide = mark in _WIDE
        if not wide and not text[after].isspace() and mark != "—":
            return 0
        end = after + 1 if text[after].isspace() else after
        if mark in _ENDS:
            return self._at_end(here, after, end, final)
        self._clause = end
        return end if self._first and self._letters >= FIRST_LETTERS else 0

    def _at_space(self, here: int) -> int:
        end = here + 1
        if self._text[here] == "\n":
            return end
        self._words = len(self._text[:here].split()) if self._first else 0
        if self._words >= FIRST_WORDS:
            return end
        if here >= _SOONEST:
            self._space = end
        return 0

    def _at_end(self, here: int, after: int, end: int, final: bool) -> int | None:
        text = self._text
        if text[after] == "\n":
            return end
        last = self._is_last(here, after, final)
        if last is None:
            return None
        if not last:
            return 0
        self._clause = end
        if self._first:
            return end if self._letters >= FIRST_LETTERS else 0
        return end if _length(text[:end]) >= SENTENCE else 0

    def _is_last(self, here: int, after: int, final: bool) -> bool | None:
        """Whether the mark ends a sentence. Needs the next word's first letter where that tells."""
        text = self._text
        word = text[:here].rsplit(None, 1)[-1].lstrip("(\"'“‘«[*_").lower() if text[:here].strip() else ""
        full_stop = text[here] == "." and after == here + 1
        short = abbreviations()
        if full_stop:
            if word in short.never_last or (len(word) == 1 and word != "i" and text[here - 1].isupper()):
                return False
            if word.isdigit() and not self._before_on_line(here - len(word)):
                return False  # the number of a list's item
            if re.fullmatch(r"(?:\w\.)+\w", word) and word not in short.seldom_last:
                return False  # U.S., z.B.
            if word in short.before_numbers:
                following = text[after:].lstrip()[:1]
                return not following.isdigit() if following or final else None
        closed = text[after - 1] in _ZOOM_IN
        dots = text[here] == "…" or text.startswith("..", here)
        ordinal = full_stop and word.isdigit() and len(word) <= 2
        if not (closed or dots or ordinal or (full_stop and word in short.seldom_last)):
            return True
        return self._next_begins(after, final, ordinal=ordinal)

    def _before_on_line(self, at: int) -> str:
        """What stands on the line before a position; a chunk that begins in mid-line counts as something."""
        line = self._text[:at].rpartition("\n")
        return (line[2] if line[1] or self._line_start else "…" + line[2]).strip(" \t>*-+")

    def _next_begins(self, after: int, final: bool, *, ordinal: bool) -> bool | None:
        """Whether what follows can begin a sentence: not a small letter, not a month after "3."."""
        following = self._text[after:].lstrip()
        if not following:
            return True if final else None
        if following[0].islower():
            return False
        if ordinal and following[0].isupper():
            word = re.match(r"\w+", following)
            if word and word.end() == len(following) and not final:
                return None
            return not (word and word.group() in abbreviations().ordinal_months)
        return True


def _length(text: str) -> int:
    return len(text) + sum(ord(c) > 0x2E7F for c in text)
