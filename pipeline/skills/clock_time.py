"""The time of day here and in the cities people ask about; and times of day as people say them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from config.language.normalise import listed, normalise
from config.language.number_words import ONES, TENS
from config.runtime.installation import aloud_command
from pipeline.skills.answer import SkillRequest, computed
from pipeline.tools.base import Tool, ToolError

_CITIES = {
    "Africa": "Abidjan Accra Addis_Ababa:ethiopia Algiers:algeria Cairo:egypt Casablanca:morocco "
    "Dakar:senegal "
    "Johannesburg:south_africa,cape_town Kampala:uganda Khartoum Kinshasa Lagos:nigeria,abuja Luanda "
    "Nairobi:kenya Tripoli:libya Tunis:tunisia Harare",
    "America": "Anchorage:alaska Argentina/Buenos_Aires:buenos_aires,argentina Bogota:colombia "
    "Caracas:venezuela "
    "Chicago:houston,dallas,austin,minneapolis,new_orleans Denver:salt_lake_city Detroit "
    "Edmonton:calgary Guatemala "
    "Halifax Havana:cuba Jamaica La_Paz:bolivia Lima:peru "
    "Los_Angeles:san_francisco,seattle,las_vegas,san_diego,portland,california "
    "Mexico_City Montevideo:uruguay New_York:boston,washington,miami,philadelphia,atlanta,new_york_city "
    "Panama Phoenix Puerto_Rico Santiago:chile Sao_Paulo:rio_de_janeiro,rio St_Johns "
    "Toronto:montreal,ottawa Vancouver Winnipeg",
    "Asia": "Almaty Baghdad:iraq Baku Bangkok:thailand Beirut:lebanon Colombo:sri_lanka Damascus:syria "
    "Dhaka:bangladesh Dubai:abu_dhabi Ho_Chi_Minh:saigon,hanoi,vietnam Hong_Kong Jakarta "
    "Jerusalem:tel_aviv,israel "
    "Kabul:afghanistan Karachi:pakistan,islamabad,lahore Kathmandu:nepal "
    "Kolkata:india,delhi,new_delhi,mumbai,bangalore,chennai "
    "Kuala_Lumpur:malaysia Kuwait Manila:philippines Qatar:doha Riyadh:saudi_arabia Seoul:south_korea "
    "Shanghai:beijing,china Singapore Taipei:taiwan Tashkent Tbilisi Tehran:iran "
    "Tokyo:japan,osaka,kyoto Yerevan",
    "Atlantic": "Azores Canary Reykjavik:iceland",
    "Australia": "Adelaide Brisbane Darwin Hobart Melbourne Perth Sydney:canberra",
    "Europe": "Amsterdam:netherlands Athens:greece Belgrade:serbia "
    "Berlin:germany,munich,hamburg,cologne,frankfurt "
    "Bratislava Brussels:belgium Bucharest:romania Budapest:hungary Copenhagen:denmark "
    "Dublin:ireland Helsinki:finland Istanbul:turkey,ankara Kyiv:ukraine,kiev Lisbon:portugal,porto "
    "Ljubljana London:england,scotland,edinburgh,manchester,glasgow Luxembourg Madrid:spain,barcelona Malta "
    "Moscow:saint_petersburg Oslo:norway Paris:france,lyon,marseille Prague Riga "
    "Rome:italy,milan,naples,venice "
    "Sarajevo Sofia:bulgaria Stockholm:sweden Tallinn:estonia Vienna:austria Vilnius Warsaw:poland "
    "Zagreb:croatia Zurich:switzerland,geneva,bern",
    "Pacific": "Auckland:new_zealand,wellington Fiji Honolulu:hawaii",
}


def _read_cities() -> dict[str, str]:
    zones: dict[str, str] = {}
    for area, cities in _CITIES.items():
        for entry in cities.split():
            zone, _, others = entry.partition(":")
            for name in (zone.rpartition("/")[2], *others.split(",")):
                zones[name.lower().replace("_", " ")] = f"{area}/{zone}"
    del zones[""]
    return zones | {"utc": "UTC", "greenwich": "UTC"}


ZONES = _read_cities()
"""Spoken place, lower case and without accents, to its name in the time zone database."""
_UNFINISHED = frozenset(listed("the a this that my your which what it"))

_NOW = re.compile(
    r"(?:(?:what|which|what is the|what is the current|the|the current) time(?: (?:is it|it is))?"
    r"|what is the time(?: now)?|(?:do you )?have (?:you )?(?:got )?the time|what time have you got|"
    r"how late is it|(?:give me|say) the (?:current )?time|time is it|current time)"
    r"(?: here| right now| now)?(?: (?:in|at) (?P<place>.+?))?(?: right now| now)?"
)


def say_time(moment: datetime) -> str:
    """``7:30 AM``, ``noon``, ``midnight``."""
    if moment.minute == 0 and moment.hour in {0, 12}:
        return "noon" if moment.hour else "midnight"
    half = "AM" if moment.hour < 12 else "PM"
    return f"{moment.hour % 12 or 12}:{moment.minute:02d} {half}"


@dataclass(frozen=True, slots=True)
class PlaceTime:
    """What the clocks show at ``place`` (empty: here), where it is ``day`` if that is another than here."""

    moment: datetime
    place: str = ""
    day: str = ""

    @property
    def text(self) -> str:
        said = f"it is {say_time(self.moment)}"
        return f"In {self.place} {said}{self.day and ' on ' + self.day}." if self.place else f"It{said[2:]}."


def get_time(now: datetime, place: str = "") -> PlaceTime:
    """Here, or in a city or country. Raises ``ToolError``."""
    if not place:
        return PlaceTime(now)
    there = now.astimezone(_zone(place))
    return PlaceTime(there, _spoken(place), "" if there.date() == now.date() else f"{there:%A}")


def time_tool(now: Callable[[], datetime]) -> Tool:
    return Tool(
        "get_time",
        "Tells what time it is now, here or in another city or country.",
        {
            "type": "object",
            "properties": {
                "place": {
                    "type": "string",
                    "maxLength": 60,
                    "description": "for example Tokyo; here when left out",
                }
            },
        },
        risk="read",
        run=computed(lambda place="": get_time(now(), place)),
    )


def _zone(place: str) -> ZoneInfo:
    """Of a place, or by its name in the time zone database. Raises ``ToolError``."""
    key = normalise(place.rpartition("/")[2].replace("_", " "))
    zone = ZONES.get(key.removeprefix("the ").removesuffix(" city").strip()) or ZONES.get(key)
    if zone is None:
        raise ToolError(f"I do not know the time zone of {_spoken(place)}.")
    try:
        return ZoneInfo(zone)
    except ZoneInfoNotFoundError:
        raise ToolError(
            "This machine has no time zone data, so I can tell only the time here. "
            f"To add it, see: {aloud_command()} doctor"
        ) from None


def _spoken(place: str) -> str:
    said = normalise(place)
    return said.upper() if said == "utc" else said.title()


def parse(text: str) -> SkillRequest | None:
    """``text`` is normalised. None when it does not ask for the time."""
    match = _NOW.fullmatch(text)
    if match is None or text in {"the time", "what time", "which time"}:
        return None
    place = match["place"]
    if place is None:
        return SkillRequest("get_time", certain=True)
    try:
        _zone(place)
    except ToolError:
        unfinished = place.split()[0] in _UNFINISHED or len(place.split()) > 3
        return None if unfinished else _request(place, certain=False)
    return _request(place, certain=True)


def _request(place: str, *, certain: bool) -> SkillRequest:
    return SkillRequest("get_time", {"place": _spoken(place)}, certain)


_CLOCK = re.compile(
    r"(?P<time>.+?)(?: (?P<half>am|pm|a m|p m|in the morning|in the afternoon|in the evening|at night|"
    r"tonight|this morning|this afternoon|this evening))?"
)
_AM = frozenset({"am", "a m", "in the morning", "this morning"})
_NIGHT = frozenset({"at night", "tonight"})
_AFTER_MIDNIGHT = frozenset({12, 0, 1, 2, 3, 4})
"""Hours of a night that belong to the next day: "12:30 tonight", "at two at night"."""
_NAMED = frozenset({"noon", "midday", "midnight"})
_OF_24_HOURS = re.compile(r"0\d\b.*|(?:oh|o|zero) \w+ (?:hundred|oh|o|zero|\w+teen|\w+ty).*|.+ hundred")
"""As a clock of 24 hours is read: "06:30", "oh seven hundred"."""
_PAST = re.compile(r"(?:(?P<minutes>.+?)(?: minutes?)? )?(?P<side>past|after|to|before|of) (?P<hour>\w+)")


def _small(words: list[str]) -> int | None:
    """0 to 59 in words or digits; ``oh five`` is 5."""
    if words and words[0] in {"oh", "o", "zero"} and len(words) == 2:
        words = words[1:]
    if len(words) == 1:
        word = words[0]
        if word.isdecimal() and len(word) <= 2:
            return int(word)
        return ONES.get(word, TENS.get(word))
    if len(words) == 2 and words[0] in TENS and 1 <= ONES.get(words[1], 0) <= 9:
        return TENS[words[0]] + ONES[words[1]]
    return None


def _hour_and_minute(text: str) -> tuple[int, int] | None:
    if text in {"noon", "midday", "midnight"}:
        return (0 if text == "midnight" else 12), 0
    if match := _PAST.fullmatch(text):
        quarter = {"half": 30, "quarter": 15, "a quarter": 15}.get(match["minutes"] or "")
        minutes = quarter if quarter is not None else _small((match["minutes"] or "").split())
        hour = _small(match["hour"].split())
        if minutes is None or hour is None:
            return None
        return (
            (hour, minutes) if match["side"] in {"past", "after"} else ((hour - 1) % 24, (60 - minutes) % 60)
        )
    if ":" in text:
        hours, _, rest = text.partition(":")
        return (int(hours), int(rest)) if hours.isdecimal() and rest.isdecimal() else None
    words = text.removesuffix(" oclock").removesuffix(" hundred").split()
    for split in range(1, len(words) + 1):
        hour, minute = _small(words[:split]), _small(words[split:]) if words[split:] else 0
        if hour is not None and minute is not None:
            return hour, minute
    return None


def clock_times(text: str) -> list[timedelta]:
    """What a time of day may mean, from midnight on: ``seven thirty``, ``7:30 pm``, ``half past six``. One,
    where the half of the day is said; else both, the one in the morning first; [] where it is no time.
    """
    match = _CLOCK.fullmatch(text)
    read = match and _hour_and_minute(match["time"])
    if not match or read is None or read[0] > 23 or read[1] > 59:
        return []
    (hour, minute), time, half = read, match["time"], match["half"] or ""
    minutes = timedelta(minutes=minute)
    if time == "midnight" or (half in _NIGHT and hour in _AFTER_MIDNIGHT):
        return [timedelta(hours=hour % 12 + (24 if half in _NIGHT else 0)) + minutes]
    if half and hour <= 12 and time not in _NAMED:
        return [timedelta(hours=hour % 12 + (0 if half in _AM else 12)) + minutes]
    if half or not 1 <= hour <= 12 or time in _NAMED or _OF_24_HOURS.fullmatch(time):
        return [timedelta(hours=hour) + minutes]
    return [timedelta(hours=hour) + minutes, timedelta(hours=(hour + 12) % 24) + minutes]


def read_clock(text: str, now: datetime) -> datetime | None:
    """The next moment of a time of day, in ``now``'s time zone: the nearer where both halves may be meant."""
    wall = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    times = [time % timedelta(days=1) for time in clock_times(text)]
    ahead = [in_zone(wall + time + timedelta(days=day), now) for time in times for day in (0, 1)]
    return min((moment for moment in ahead if seconds_between(now, moment) > 0), default=None)


def in_zone(wall: datetime, now: datetime) -> datetime:
    """A time on the wall as a moment. A fixed offset that is this machine's own follows its summer time."""
    if now.tzinfo is None:
        return wall
    if (
        isinstance(now.tzinfo, timezone)
        and now.replace(tzinfo=None).astimezone().utcoffset() == now.utcoffset()
    ):
        return wall.astimezone()
    return wall.replace(tzinfo=now.tzinfo)


def seconds_between(start: datetime, end: datetime) -> float:
    """Of real time: an hour that summer time skips does not count."""
    return end.timestamp() - start.timestamp()
