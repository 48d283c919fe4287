"""What is asked of pictures: each way to say it, in each language, however it is written and how politely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from config.language.data import languages, table
from config.language.normalise import normalise
from config.language.phrases import phrases
from config.runtime.clean import clean
from pipeline.intents.image_references import referred
from pipeline.intents.look import CaptureIntent, read_capture_intent
from pipeline.intents.read_aloud import agrees, wants_reading
from pipeline.intents.watch import (
    names_screen,
    stops_watching,
    verdict,
    wants_telling,
    watch_condition,
)
from pipeline.intents.zoom import ZoomRequest, zoom_request
from pipeline.skills import pictures
from tests.sayings import polite, said, written
from tests.tables import for_each
from vision.ocr.locate import locate
from vision.ocr.read import Code, Line, OcrResult
from vision.ocr.regions import part_named


def slots(language: str) -> dict[str, str]:
    """Something for each slot; a name, where anything may stand."""
    numbers = table(language, "numbers")
    second = numbers["ordinals"]["words"][1].split("|")[0] + numbers["ordinals"]["endings"][0]
    name = dict.fromkeys(("rest", "thing", "where", "how", "text", "words", "what", "before"), "Adelheid")
    place = table(language, "zoom")["places"]["top"][0]
    return {
        **name,
        "after": "Adelheid",
        "nth": second,
        "count": numbers["words"]["under_hundred"][2].split("|")[0],
        "number": "42",
        "place": place,
    }


def captured(text: str) -> CaptureIntent | None:
    return read_capture_intent(text, running=True, page=4, pages=20)


def wanted(text: str) -> str:
    request = pictures.parse(normalise(text))
    return request.wants if request else ""


def page(number: int) -> CaptureIntent:
    return CaptureIntent("page", number)


Asked = tuple[str, str, Callable[[str], Any], Any]
ASKED: tuple[Asked, ...] = (
    ("look", "captures.camera", captured, CaptureIntent("camera")),
    ("look", "captures.screen", captured, CaptureIntent("screen")),
    ("look", "captures.clipboard", captured, CaptureIntent("clipboard")),
    ("look", "captures.shown", captured, CaptureIntent("camera")),
    ("look", "captures.pointed", captured, CaptureIntent("camera")),
    ("look", "pages.next", captured, page(5)),
    ("look", "pages.back", captured, page(3)),
    ("look", "pages.last", captured, page(20)),
    ("look", "pages.number", captured, page(2)),
    ("pictures", "pictures.read", wants_reading, True),
    ("pictures", "pictures.read", wanted, "read"),
    ("pictures", "pictures.text", wanted, "read"),
    ("pictures", "pictures.describe", wanted, "describe"),
    ("watch", "watch.tell", wants_telling, True),
    ("watch", "watch.stop", stops_watching, True),
    ("watch", "conditions.screen", names_screen, True),
    ("zoom", "zoom.whole", zoom_request, ZoomRequest(whole=True)),
)


@for_each(("name", "path", "understand", "meant"), ASKED)
@for_each("language", languages())
def test_every_way_to_say_it(
    language: str, name: str, path: str, understand: Callable[[str], Any], meant: object
) -> None:
    wrong = []
    for number, text in enumerate(said(language, name, path, slots(language))):
        asked = written(polite(language, text, number), number // 4)
        if understand(asked) != meant:
            wrong.append(asked)
    assert wrong == []


@pytest.mark.parametrize("language", languages())
def test_a_closer_look_has_what_was_named(language: str) -> None:
    fill = slots(language)
    closer = [
        text
        for number, each in enumerate(said(language, "zoom", "zoom.closer", fill))
        if (zoom := zoom_request(text := written(polite(language, each, number), number // 4))) is None
        or zoom.thing != ("adelheid" if "adelheid" in text.lower() else "")
        or zoom.reads
    ]
    assert closer == []
    fill["thing"] = f"Adelheid {fill['place']}"
    read = [
        text
        for number, each in enumerate(said(language, "zoom", "zoom.read", fill))
        if (zoom := zoom_request(text := written(polite(language, each, number), number // 4))) is None
        or (zoom.thing, zoom.part, zoom.reads) != ("adelheid", (0.0, 0.0, 1.0, 0.55), True)
    ]
    assert read == []


@pytest.mark.parametrize("language", languages())
def test_a_yes_is_one_to_the_offer(language: str) -> None:
    offer = phrases(language).say("describing.offer")
    for text in said(language, "pictures", "pictures.agree", {}):
        assert agrees(text.upper(), f"A page. {offer}", language), text
        assert not agrees(text, "A page.", language)


REFERENCES: Mapping[str, tuple[int, ...]] = {
    "both": (4, 5),
    "all": (1, 2, 3, 4, 5),
    "before": (4, 5),
    "before_at_end": (4, 5),
    "latest": (5,),
    "ordinal": (2, 5),
    "ordinal_at_end": (2, 5),
    "cardinal": (2, 5),
}


@for_each("key", REFERENCES)
@for_each("language", languages())
def test_each_way_to_name_an_earlier_picture(language: str, key: str) -> None:
    compare = next(iter(said(language, "pictures", "references.beside_latest", {})))
    wrong = []
    for number, text in enumerate(said(language, "pictures", f"references.{key}", slots(language))):
        asked = written(f"{compare}: {text}", number)
        if not set(referred(asked, (1, 2, 3, 4, 5))) >= set(REFERENCES[key]):
            wrong.append((asked, referred(asked, (1, 2, 3, 4, 5))))
    assert wrong == []


@pytest.mark.parametrize("language", languages())
def test_what_is_waited_for(language: str) -> None:
    fill = {**slots(language), "text": "Zürich"}
    for text in said(language, "watch", "says.text", fill):
        assert (watch_condition(text).kind, watch_condition(text).text) == ("text", "zurich"), text
    for text in said(language, "watch", "says.number", fill):
        assert (watch_condition(text).kind, watch_condition(text).text) == ("text", "42"), text
    for kind in ("light", "change", "code"):
        for number, text in enumerate(said(language, "watch", f"conditions.{kind}", fill)):
            assert watch_condition(written(text, number)).kind == kind, text
    light = next(iter(said(language, "watch", "conditions.light", fill)))
    for colour in ("red", "yellow", "green"):
        for word in table(language, "watch")["colours"][colour]:
            assert watch_condition(f"{light} {word.upper()}").colour == colour, word
    for yes in table(language, "watch")["verdict"]["yes"]:
        assert verdict(f"{yes.upper()}, Adelheid kommt.") == "Adelheid kommt."


THINGS = OcrResult(
    (
        Line(clean("B AL 4711"), 0.9, (0, 0, 100, 20)),
        Line(clean("3.20 €"), 0.9, (0, 100, 100, 120)),
        Line(clean("030 901820"), 0.9, (0, 200, 100, 220)),
        Line(clean("14.03.2027"), 0.9, (0, 300, 100, 320)),
        Line(clean("ann@example"), 0.9, (0, 400, 100, 420)),
        Line(clean("www.example.org"), 0.9, (0, 500, 100, 520)),
        Line(clean("EXIT"), 0.9, (0, 600, 100, 620)),
    ),
    (Code("QR Code", clean("x"), (800, 800, 900, 900)),),
)


@pytest.mark.parametrize("language", languages())
def test_things_are_found_by_what_they_are_called(language: str) -> None:
    for line, kind in enumerate(("plate", "price", "phone", "date", "email", "web")):
        for number, text in enumerate(said(language, "zoom", f"things.{kind}", {})):
            box = locate(written(text, number), THINGS, (1000, 1000))
            assert box is not None, text
            assert box[1] <= 100 * line + 10 <= box[3], text
    for text in said(language, "zoom", "things.code", {}):
        assert locate(text, THINGS, (1000, 1000)) == (790, 790, 910, 910), text
    for text in said(language, "zoom", "saying.words", {"thing": "Adelheid", "words": "exit"}):
        box = locate(text, THINGS, (1000, 1000))
        assert box is not None, text
        assert box[1] > 500, text


@pytest.mark.parametrize("language", languages())
def test_places(language: str) -> None:
    for place, words in table(language, "zoom")["places"].items():
        for word in words:
            part = part_named(word.upper())
            assert part is not None
            assert {"top": part[3] < 0.6, "bottom": part[1] > 0.4, "left": part[2] < 0.6,
                    "right": part[0] > 0.4, "middle": part[0] == 0.2}[place]  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_months_make_a_date(language: str) -> None:
    for month in table(language, "zoom")["months"]["names"].split():
        lines = OcrResult(
            (Line(clean("12345"), 0.9, (0, 0, 9, 9)), Line(clean(f"3 {month.upper()}"), 0.9, (0, 90, 90, 99)))
        )
        box = locate("date", lines, (200, 200))
        assert box is not None
        assert box[3] > 90, month
