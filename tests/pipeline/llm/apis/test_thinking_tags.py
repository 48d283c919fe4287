from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from config.runtime.clean import clean
from pipeline.llm.apis.thinking_tags import _TAGS, ThinkingTags
from tests.tables import for_each

PIECES = st.lists(
    st.sampled_from(
        [
            *_TAGS,
            *_TAGS.values(),
            "<THINK>",
            "<thi",
            "nk>",
            "</",
            "<",
            ">",
            "[",
            "İ",
            " ",
            "\n",
            "Paris.",
            "a",
        ]
    ),
    max_size=8,
)


def run(*pieces: str) -> str:
    reasoning = ThinkingTags()
    return "".join([reasoning.push(clean(piece)) for piece in pieces] + [reasoning.flush()])


@for_each("tag", _TAGS)
@for_each("case", [str, str.upper, str.title])
def test_a_block_at_the_start_is_removed(tag: str, case: type[str]) -> None:
    assert run(f"\n{case(tag)}Hm. <b> 3 < 4{case(_TAGS[tag])}\n\nParis.") == "Paris."


@for_each(
    ("answer", "spoken"),
    [
        ("Write <think> before it.", "Write <think> before it."),
        ("<thinker> is no tag", "<thinker> is no tag"),
        ("<thi", "<thi"),
        ("< 3 apples", "< 3 apples"),
        (" leading", " leading"),
        ("<think>a</think><think>b</think> c", "c"),
        ("<think></think>\n\nYes.", "Yes."),
        ("<think>never closed", ""),
        ("<think>a</thinking> still</think>b", "b"),
        ("<think>İİİ</think>İ", "İ"),
        ("", ""),
    ],
)
def test_examples(answer: str, spoken: str) -> None:
    assert run(answer) == spoken
    assert run(*answer) == spoken


@settings(max_examples=200, deadline=None)
@given(PIECES, st.data())
def test_where_the_pieces_are_cut_does_not_matter(pieces: list[str], data: st.DataObject) -> None:
    answer = "".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(answer)), max_size=6)))
    parts = [answer[a:b] for a, b in zip([0, *cuts], [*cuts, len(answer)], strict=True)]
    assert run(*parts) == run(answer)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40).map(clean))
def test_what_does_not_begin_with_a_block_is_given_back_whole(answer: str) -> None:
    if not answer.lstrip().lower().startswith(tuple(_TAGS)):
        assert run(*answer) == answer


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40).map(clean), st.text(alphabet="abc .", min_size=1, max_size=20))
def test_thinking_is_never_spoken(thinking: str, answer: str) -> None:
    if "</think>" not in thinking.lower():
        assert run(*f"<think>{thinking}</think>{answer}") == answer.lstrip()


def test_it_tells_that_there_was_thinking() -> None:
    reasoning = ThinkingTags()
    reasoning.push(clean("<think>"))
    assert reasoning.thought
