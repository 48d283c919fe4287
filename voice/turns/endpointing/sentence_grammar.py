"""What a language's ``Grammar`` tells of words so far: whether they lack their end, what kind of sentence
they are. Of the languages there are English alone has one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from voice.turns.endpointing.completeness_words import EndpointingWords, Grammar

_TWO_CLAUSES = 11
"""Words; more of them after an "if" are hardly one clause."""


def has_one_clause(preflight: str, words: list[str], plain: str, grammar: Grammar) -> bool:
    """``if you are hungry``, ``to hear it again``: of two clauses, and the second has not begun."""
    if len(words) > _TWO_CLAUSES or not grammar.clause.fullmatch(plain) or grammar.to.fullmatch(plain):
        return False
    return not re.search(r",\s*\w", preflight)


def answers_shortly(words: list[str], plain: str, grammar: Grammar) -> bool:
    """``yes I do``, ``neither can I``."""
    ends = words[-1] in grammar.auxiliaries or words[-1] in grammar.subjects
    return ends and grammar.short_answer.match(plain) is not None


def stated(
    words: list[str], plain: str, ours: EndpointingWords, *, asks: bool
) -> Literal["complete", "leading", "stated", "phrase", "unclear"]:
    """What neither dangles nor begins as a question or a command."""
    grammar = _grammar_of(ours)
    if _is_sentence(words, ours):
        if asks or _asks_late(words, ours) or grammar.wish.match(plain):
            return "complete"
        return "leading" if grammar.situation.match(plain) else "stated"
    return "phrase" if _has_no_verb(words, plain, grammar) else "unclear"


def lacks_its_end(words: list[str], plain: str, ours: EndpointingWords) -> bool:
    grammar, last = _grammar_of(ours), words[-1]
    if _lacks_object(words, plain, ours):
        return True
    if last in ours.prepositions:
        return not _may_end_in_preposition(words, plain, ours)
    if last in grammar.auxiliaries:
        return not _may_end_in_auxiliary(words, plain, ours)
    before = words[-2] if len(words) > 1 else ""
    if last in grammar.lone_owners and before in ours.prepositions - grammar.before_lone_owners:
        return True
    if last in grammar.refusing:
        return before not in grammar.subjects
    if _is_adverb(last, grammar) and before in grammar.before_adverb:
        return words[0] not in ours.wh and words[0] not in grammar.answers
    if last in grammar.subjects and before in grammar.asked_for:
        return not grammar.echoes.match(plain) and last not in grammar.not_last_subjects
    return last in grammar.lonely and before not in grammar.auxiliaries and before not in grammar.comparing


def ends_in_particle(words: list[str], ours: EndpointingWords) -> bool:
    """``turn the light on``, ``schalte das Licht an``; but ``stell einen Timer auf`` wants a number."""
    ends = (words[0], words[-1])
    return words[0] in ours.particle_verbs and len(words) > 2 and ends not in ours.not_particles


def _grammar_of(ours: EndpointingWords) -> Grammar:
    assert ours.grammar is not None  # nobody asks here without one
    return ours.grammar


def _has_no_verb(words: list[str], plain: str, grammar: Grammar) -> bool:
    return (
        grammar.phrase.fullmatch(plain) is not None
        and words[-1] not in grammar.broke
        and not any(word in grammar.auxiliaries or word in grammar.subjects for word in words)
    )


def _asks_late(words: list[str], ours: EndpointingWords) -> bool:
    """A statement that has come to its question: ``I have a meeting at nine when should I leave``."""
    grammar = _grammar_of(ours)
    return any(
        (word in ours.wh or word in grammar.asked_for)
        and (following in grammar.subjects or following in grammar.auxiliaries)
        for word, following in pairwise(words)
    )


def _is_sentence(words: list[str], ours: EndpointingWords) -> bool:
    """``I want a coffee``, ``the light is too bright``: subject, verb and more."""
    grammar = _grammar_of(ours)
    if len(words) < 4 or words[-2] in ours.wh:  # "I would like to know who wrote"
        return False
    happens = words[0] in grammar.owners and (
        words[2] in grammar.broke or grammar.happens.fullmatch(words[2]) is not None
    )
    return words[0] in grammar.begin or happens or any(word in grammar.auxiliaries for word in words[1:-1])


def _is_adverb(word: str, grammar: Grammar) -> bool:
    ending = word.endswith(tuple(grammar.adverb_ending))
    return word in grammar.adverbs or (ending and word not in grammar.not_adverbs)


def _lacks_object(words: list[str], plain: str, ours: EndpointingWords) -> bool:
    """``could you tell me``, ``tell my wife that``, ``the nearest``, ``what happens when``."""
    grammar = _grammar_of(ours)
    if grammar.lacks_object.fullmatch(plain):
        return True
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in ours.wh and before and before not in grammar.before_wh:
        return True
    opens = words[0] in ours.openers or words[0] in grammar.courtesy
    named = before in ours.wh or before in grammar.pronouns
    return last in grammar.objectless and opens and not named


def _may_end_in_preposition(words: list[str], plain: str, ours: EndpointingWords) -> bool:
    """``what is it for``, ``turn it on``, ``I think so``, ``what is the weather like`` are whole."""
    grammar = _grammar_of(ours)
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if grammar.strands.fullmatch(plain) or grammar.to.fullmatch(plain):
        return True
    if last in grammar.strands_only:
        return False
    if last in grammar.particles and ends_in_particle(words, ours):
        return True
    wh = next((at for at, word in enumerate(words) if word in ours.wh), None)
    if grammar.whole_preposition.fullmatch(plain) or (last in grammar.like and wh is not None):
        return True
    if wh is None or grammar.asks_time.match(plain):
        return False
    named = words[-3] in grammar.articles if len(words) > 2 else False
    doing = before.endswith(tuple(grammar.doing_ending)) and not named  # no "king"
    stranding = before in grammar.subjects or doing or before in grammar.stranding_verbs
    after_be = before in grammar.be and words[-3] in grammar.subjects if len(words) > 3 else False
    return len(words) - wh > 2 and (stranding or after_be)


def _may_end_in_auxiliary(words: list[str], plain: str, ours: EndpointingWords) -> bool:
    """``yes I do``, ``tell me what it is``, ``what can I do`` are whole; ``my number is`` is not."""
    grammar = _grammar_of(ours)
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    subject = before in grammar.subjects
    if subject and grammar.comparisons & set(words[1:-2]):
        return True  # "more than it was"
    wh = next((at for at, word in enumerate(words) if word in ours.wh), None)
    if last in grammar.bare_auxiliaries and subject and wh is not None and len(words) > 3:
        return True
    if subject and (grammar.known_be.match(plain) or (wh is not None and wh < len(words) - 2)):
        return True
    return grammar.whole_auxiliary.fullmatch(plain) is not None
