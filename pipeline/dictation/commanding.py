"""Commands that ears without Whisper mishear: told apart by a grammar, obeyed where it surely was one. Pure.

An utterance becomes a command only where its sound is as likely the command's as any other, and what the ears
wrote ("scratch fat") is like it as well. Fitted on three of flite's voices, 58 commands and 20 sentences that
begin like them ("scratch the surface"). Measured with four voices and other sentences
(``aloud.bench.commanding``): 97 of 100 commands are obeyed, where 56 are without it; but 12 of 100
sentences, half of them chosen to sound like one, are taken for a command. So nothing uses it by itself.
"""

from __future__ import annotations

from rapidfuzz.distance import Indel

from config.dictation import Commands
from voice.phrases import PhraseHeard

LONGEST_S = 3.0
"""Seconds of an utterance that may be a command."""
SURE = 0.08
"""Likelihood and likeness of the letters (0 to 1) together from which on it is the command."""


def command_phrases(table: Commands) -> tuple[str, ...]:
    """What ``voice.phrases.PhraseEars`` listens for: the commands of a whole utterance without free words."""
    return table.phrases_whole


def as_command(written: str, heard: PhraseHeard | None) -> str:
    """``written``, or the command that it is a mishearing of."""
    if heard is None or not written:
        return written
    alike = Indel.normalized_similarity(written.lower().replace(" ", ""), heard.phrase.replace(" ", ""))
    return heard.phrase if heard.likelihood + alike >= SURE else written
