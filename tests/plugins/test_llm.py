"""A wire of another package: one file more, none edited."""

from __future__ import annotations

from tests.plugins.kit import Site, entry_point, example

PAGE = "add-a-model-wire.md"


def test_it_answers(site: Site) -> None:
    site.add_example(PAGE)
    done = site.aloud("ask", "--llm", "echo:plain", "Where is the moon?")
    assert done.status == 0, done.err
    assert done.out.strip() == "Where is the moon?, you said."


def test_it_is_among_what_the_option_takes(site: Site) -> None:
    site.add_example(PAGE)
    done = site.aloud("ask", "--llm", "ecko:plain", "Where is the moon?")
    assert done.status == 2
    assert "http://HOST:PORT/v1#MODEL, echo." in done.err
    assert "names no model that answers" in site.aloud("ask", "--llm", "echo", "Where?").err


def test_what_would_leave_this_machine_is_refused_offline(site: Site) -> None:
    elsewhere = example(PAGE).replace('remote_host = ""', 'remote_host = "models.example"')
    site.add(elsewhere, *entry_point(PAGE))
    done = site.aloud("ask", "--offline", "--llm", "echo:plain", "Where is the moon?")
    assert (done.status, done.out) == (5, "")
    assert "echo:plain would send your words to models.example, and offline is set." in done.err
    told = site.aloud("ask", "--llm", "echo:plain", "Where is the moon?")
    assert told.status == 0
    assert "models.example" in told.out + told.err, "said once, before the first words go"
