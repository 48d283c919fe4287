"""What type a column has: what all of its cells can be read as. Pure.

Nothing is guessed: where cells can be read in two ways and nothing in the file tells which, or where one cell
is no number among many, the column stays text, and that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from config.language.data import languages, table
from config.runtime.clean import clean
from pipeline.tables.base import Note, NoteKey
from pipeline.tables.loading.figures import STYLES, Figure, Style, all_plain, number
from pipeline.tables.loading.moments import moment


def _words(kind: str) -> frozenset[str]:
    """Of all languages: a file is in any."""
    return frozenset(word for code in languages() for word in table(code, "charts")["cells"][kind])


_NO_VALUES = (
    "- -- – — . ? n/a na null none nil nan nat #n/a #na #null! #div/0! #value! #ref! #num! #name? \\n"
)
MISSING = frozenset(_NO_VALUES.split()) | _words("missing")
"""What stands in a column of numbers or dates where there is none."""
TOTALS = _words("totals")
"""What stands before the sums of a last row."""
_MOST_DECIMALS = 9
"""With more it was measured and not counted, and is a float."""
_TRUTHS = {"true": "true", "false": "false"}
_SHOWN = 24

Convert = Callable[[str], str]


@dataclass
class Cells:
    """What was seen of a column so far. ``add`` takes all cells of a stretch of rows."""

    styles: set[Style] = field(default_factory=lambda: set(STYLES))
    ways: set[str] | None = None
    """To read its dates. None: there was none yet."""
    units: set[str] = field(default_factory=set)
    zones: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    ambiguous: bool = False
    """A cell is another number in the other style."""
    power: bool = False
    longest: dict[Style, tuple[int, int]] = field(default_factory=lambda: dict.fromkeys(STYLES, (0, 0)))
    """Digits before and behind the decimal sign."""
    numbers: int = 0
    moments: int = 0
    clocks: int = 0
    """Times without a date; ``days``: dates without a time."""
    days: int = 0
    truths: int = 0
    others: int = 0
    other: str = ""
    """The first that is none of all this."""
    machine: bool = False
    """Numbers in it have their own type in the file."""
    holds: bool = False
    """Anything at all."""

    def add(self, cells: Sequence[str]) -> None:
        if self.others > 1 and not (self.numbers or self.moments):
            return None  # it is text, whatever follows
        if self.styles and self.units == {""} and self._are_plain(cells):
            return self._take_plain(cells)
        found = set(cells) - {""}
        self.holds = self.holds or bool(found)
        for cell in found:
            self._take(cell)
        return None

    def _are_plain(self, cells: Sequence[str]) -> bool:
        return all_plain(cells, None) or (len(self.styles) == 1 and all_plain(cells, next(iter(self.styles))))

    def _take_plain(self, cells: Sequence[str]) -> None:
        """Of numbers that can be read in one way only, nothing is looked at but their length."""
        for style in self.styles:
            parts = [cell.partition("." if style == "dot" else ",") for cell in cells]
            before, behind = self.longest[style]
            before = max(before, *(len(whole) - (whole[:1] == "-") for whole, _, _ in parts))
            self.longest[style] = before, max(behind, *(len(part) for _, _, part in parts))

    def _take(self, cell: str) -> None:
        if cell.lower() in MISSING or cell.lower() in TOTALS:
            self.missing.add(cell)
        elif cell.lower() in _TRUTHS:
            self.truths += 1
        elif not (self._take_number(cell) or self._take_moment(cell)):
            self.others += 1
            self.other = self.other or cell[:_SHOWN]

    def _take_number(self, cell: str) -> bool:
        read = number(cell)
        if read is None:
            return False
        self.numbers += 1
        self.machine = self.machine or type(cell) is Figure
        self.units.add(read.unit)
        self.power = self.power or read.power
        self.styles &= {style for style in STYLES if read.read(style)}
        self.ambiguous = self.ambiguous or bool(read.dot and read.comma and read.dot != read.comma)
        for style in STYLES:
            whole, _, part = read.read(style).lstrip("-").partition(".")
            before, behind = self.longest[style]
            self.longest[style] = max(before, len(whole)), max(behind, len(part))
        return True

    def _take_moment(self, cell: str) -> bool:
        read = moment(cell)
        if read is None:
            return False
        self.moments += 1
        if not read.days:
            self.clocks += 1
            return True
        self.days += read.clock is None
        if read.clock is not None:
            self.zones.add(read.zone)
        self.ways = set(read.days) if self.ways is None else self.ways & set(read.days)
        return True

    @property
    def are_numbers(self) -> bool:
        return bool(self.numbers) and not (self.moments or self.truths or self.others)

    @property
    def are_moments(self) -> bool:
        return bool(self.moments) and not (self.numbers or self.truths or self.others)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the columns of a file tell each other: the style of its numbers, and the way its dates are."""

    style: Style | None = None
    ways: frozenset[str] = frozenset()

    @classmethod
    def of(cls, columns: Iterable[Cells], delimiter: str = "") -> Evidence:
        columns = list(columns)
        styles = {
            style
            for each in columns
            if each.are_numbers and len(each.styles) == 1 and not each.machine
            for style in each.styles
        }
        known = [each.ways for each in columns if each.are_moments and each.ways and len(each.ways) == 1]
        # Who parts cells with a comma does not write it before decimals.
        style: Style | None = styles.pop() if len(styles) == 1 else None
        if style is None and not styles and delimiter == ",":
            style = "dot"
        return cls(style, frozenset(way for ways in known for way in ways))


@dataclass(frozen=True, slots=True)
class Plan:
    """How a column is kept. ``convert``: from a cell to what SQL casts to ``sql_type``; None: as it stands.
    ``note``: what a person should know, but for the column's name.
    """

    sql_type: str = "VARCHAR"
    convert: Convert | None = None
    unit: str = ""
    note: Note | None = None
    style: Style | None = None


def plan(cells: Cells, evidence: Evidence) -> Plan:
    """What the column is."""
    if cells.are_numbers:
        return _numbers(cells, evidence)
    if cells.are_moments:
        return _moments(cells, evidence)
    if cells.truths and not (cells.numbers or cells.moments or cells.others):
        return Plan("BOOLEAN", lambda cell: _TRUTHS.get(cell.lower(), ""))
    if cells.others == 1 and cells.numbers + cells.moments > 1:
        kind: NoteKey = "stray_number" if cells.numbers else "stray_date"
        return Plan(note=Note(kind, {"cell": cells.other}))
    return Plan()


def _numbers(cells: Cells, evidence: Evidence) -> Plan:
    if len(cells.units) > 1:
        units = ", ".join(unit or "–" for unit in sorted(cells.units))
        return Plan(note=Note("units", {"units": units}))
    style = _style(cells, evidence)
    if style is None:
        return Plan(note=Note("numbers_two_ways"))
    before, behind = cells.longest[style]
    sql_type = _sql_type(before, behind, power=cells.power)
    if sql_type == "VARCHAR":
        return Plan()

    def convert(cell: str) -> str:
        read = number(cell)
        return read.read(style) if read else ""

    return Plan(sql_type, convert, next(iter(cells.units)), _missing(cells), style)


def _style(cells: Cells, evidence: Evidence) -> Style | None:
    if len(cells.styles) == 1:
        return next(iter(cells.styles))
    if not cells.styles:
        return None
    return "dot" if not cells.ambiguous else evidence.style


def _sql_type(before: int, behind: int, *, power: bool) -> str:
    if power or behind > _MOST_DECIMALS:
        return "DOUBLE"
    if before + behind > 38:
        return "VARCHAR"
    if behind:
        return f"DECIMAL({18 if before + behind <= 18 else 38},{behind})"
    return "BIGINT" if before <= 18 else "DECIMAL(38,0)"


def _moments(cells: Cells, evidence: Evidence) -> Plan:
    if cells.ways is None:
        return Plan("TIME", _moment_in("", utc=False), note=_missing(cells))
    if cells.clocks or not cells.ways or ("" in cells.zones and len(cells.zones) > 1):
        return Plan(note=Note("dates_unlike"))
    ways = cells.ways if len(cells.ways) == 1 else cells.ways & evidence.ways
    if len(ways) != 1:
        return Plan(note=Note("dates_two_ways"))
    if not cells.zones:
        return Plan("DATE", _moment_in(next(iter(ways)), utc=False, day=True), note=_missing(cells))
    utc = len(cells.zones) > 1
    if utc and cells.days:
        return Plan(note=Note("zones"))
    unit = "UTC" if utc else next(iter(cells.zones))
    return Plan("TIMESTAMP", _moment_in(next(iter(ways)), utc=utc), unit, _missing(cells))


def _moment_in(way: str, *, utc: bool, day: bool = False) -> Convert:
    def convert(cell: str) -> str:
        read = moment(cell)
        return "" if read is None else read.at(way, utc=utc)[: 10 if day else None]

    return convert


def _missing(cells: Cells) -> Note | None:
    said = ", ".join(f"“{cell}”" for cell in sorted(cells.missing)[:3])
    return Note("missing", {"cells": said}) if said else None


def is_figure(cell: str) -> bool:
    """Whether a cell is a number or a moment, as none of a heading is."""
    return number(cell) is not None or moment(cell) is not None


def kept(column: Sequence[str], how: Plan) -> Sequence[str]:
    """Its cells as SQL casts them; what stands there twice is read once."""
    if how.convert is None:
        return column if "".join(column).isprintable() else list(map(clean, column))
    if how.style and all_plain(column, how.style):
        return column if how.style == "dot" else "\n".join(column).replace(",", ".").split("\n")
    known = {cell: how.convert(cell) for cell in set(column)}
    return list(map(known.__getitem__, column))
