"""Choosing what answers: one that is found and then gone, and what may be typed."""

from __future__ import annotations

import json

import pytest

from aloud.cli.setup.options import SetupOptions
from aloud.cli.setup.walk import set_up
from config.settings.loading import load
from tests.serving import Answering, serving


class _GoneWhenAsked(Answering):
    def get(self) -> None:
        listed = {"object": "list", "data": [{"id": "m1", "object": "model"}]}
        self.answer(200, json.dumps(listed).encode(), Content_Type="application/json")

    def post(self) -> None:
        self.close_connection = True


def test_a_server_that_ends_while_it_is_tested_is_not_told_to_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving(_GoneWhenAsked) as address:
        set_up(load({}, environment={}), SetupOptions(llm=f"{address}/v1#m1", only=("llm",)), json=True)
    said = capsys.readouterr()
    llm, written = map(json.loads, said.out.splitlines())
    assert (llm["step"], llm["works"], llm["shown"]) == ("llm", False, False)
    assert llm["why"]
    assert f"has shown nothing in the test: {llm['why']}" in said.err
    assert "answers, on this machine" not in said.err
    assert written["changed"] == {"llm.engine": f"{address}/v1#m1"}, "it is what was wished"
