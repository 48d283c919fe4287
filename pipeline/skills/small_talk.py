"""A few kind words, and honest ones about who speaks."""

from __future__ import annotations

import re

from pipeline.skills.answer import SkillRequest

_WHO = (
    "I am Aloud, a voice assistant that runs on your own machine. What I say now comes from built-in skills, "
    "not from a language model."
)
_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?:hello|hi|hey|hiya|greetings|howdy)(?: there| aloud| computer| again)?", "Hello. What can I do "
                                                                                  "for you?"),
    (r"(?:(?:hello|hi|hey) )?(?:how are you|how are you doing|how do you do|how is it going)(?: today)?",
     "I am working as I should. What can I do for you?"),
    (r"(?:no )?(?:thank you|thanks|thank you very much|thank you so much|thanks a lot|many thanks|"
     r"cheers)(?: aloud)?",
     "You are welcome."),
    (r"(?:good night|goodnight|sleep well)(?: aloud)?", "Good night."),
    (r"(?:good ?bye|bye|bye bye|see you|see you later|farewell)(?: aloud)?", "Goodbye."),
    (r"(?:who|what) are you|what is your name|who am i talking to|are you (?:a robot|human|an ai|a "
     r"computer)", _WHO),
)  # fmt: skip
_COMPILED = tuple((re.compile(form), said) for form, said in _FORMS)
_GREETING = re.compile(r"good (?P<part>morning|afternoon|evening|day)(?: aloud| to you)?")


def parse(text: str) -> SkillRequest | None:
    """``text`` is normalised, with its courtesy still on."""
    if match := _GREETING.fullmatch(text):
        return SkillRequest(text=f"Good {match['part']}.")
    for form, said in _COMPILED:
        if form.fullmatch(text):
            return SkillRequest(text=said)
    return None
