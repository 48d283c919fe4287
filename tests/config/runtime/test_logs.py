"""Logs: whose they are, how a line looks, and that no conversation is in them above ``debug``."""

from __future__ import annotations

import io
import json
import logging

from config.runtime.logs import set_up


def test_a_line_is_an_object_for_a_collector() -> None:
    out = io.StringIO()
    set_up("info", json=True, stream=out)
    logging.getLogger("voice.stt").info("%s took %.1f s", "it", 0.25)
    try:
        raise ValueError("so")
    except ValueError:
        logging.getLogger("pipeline").exception("failed")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["level"], first["logger"], first["message"]) == ("info", "voice.stt", "it took 0.2 s")
    assert "ValueError: so" in second["error"]


def test_only_our_packages_are_heard_and_a_second_set_up_takes_the_place_of_the_first() -> None:
    first, second = io.StringIO(), io.StringIO()
    set_up("debug", stream=first)
    set_up("warning", stream=second)
    logging.getLogger("vision").info("no")
    logging.getLogger("vision").warning("yes")
    logging.getLogger("httpx").warning("of others")
    assert first.getvalue() == ""
    assert second.getvalue().endswith(" WARNING vision: yes\n")
