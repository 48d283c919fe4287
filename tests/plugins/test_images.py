"""A source of pictures of another package: one file more, none edited."""

from __future__ import annotations

from tests.plugins.kit import Site, entry_point, example

PAGE = "add-a-picture-source.md"


def test_what_it_gives_is_described(site: Site) -> None:
    site.add_example(PAGE)
    done = site.aloud("describe", "--speaker", "none", "--llm", "skills", "paint:red")
    assert done.status == 0, done.err
    assert "red" in done.out.lower()
    assert "(a sheet of red, 640" in done.err


def test_it_is_shown_with_a_question(site: Site) -> None:
    site.add_example(PAGE)
    done = site.aloud("ask", "--llm", "skills", "--image", "paint:#0000ff", "what colour is it")
    assert done.status == 0, done.err
    assert "blue" in done.out.lower()


def test_its_sentences_are_told(site: Site) -> None:
    site.add_example(PAGE)
    done = site.aloud("describe", "--llm", "skills", "paint:nonsense")
    assert (done.status, done.out) == (3, "")
    assert "There is no colour nonsense. Name one, like red or #ff8800." in done.err


def test_several_one_after_the_other(site: Site) -> None:
    several = f"""{example(PAGE)}
def each(colours, options):
    for colour in colours.split("+"):
        yield from_pixels(Image.new("RGB", (64, 48), colour), colour)


paint = Factory(open=each, rest="COLOURS")
"""
    site.add(several, *entry_point(PAGE))
    done = site.aloud("describe", "--speaker", "none", "--llm", "skills", "paint:red+blue")
    assert done.status == 0, done.err
    assert done.err.count("64 × 48") == 2
    broken = site.aloud("describe", "--llm", "skills", "paint:red+nonsense")
    assert broken.status == 4
    assert (
        "The plug-in paint (images) of the package aloud-paint 1.0 cannot be used: ValueError" in broken.err
    )


def test_an_address_cannot_be_taken_over(site: Site) -> None:
    group, _, place = entry_point(PAGE)
    site.add(example(PAGE), group, "http", place)
    done = site.aloud("describe", "--offline", "--llm", "skills", "http://pictures.example/red")
    assert (done.status, done.out) == (5, "")
    assert "offline is set" in done.err
