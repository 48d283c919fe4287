"""Keys and passwords in a text: found where they are not to be kept, and left out where it is shown. Pure."""

from __future__ import annotations

import functools
import re

_USER = r"(?i)(?P<scheme>[a-z][a-z0-9+.-]+:/{1,3})[^\s/?#“”\"'<>]*@"
"""``https://NAME:PASSWORD@``; with one stroke where it was taken for a path."""
_UNQUOTED = r"(?i)(?P<scheme>[a-z][a-z0-9+.-]+:/{1,3})[^\s/:@\[\]“”\"'<>]+:(?!\d|port\b|/|\s)[^\s“”\"'<>]*"
"""The same with a stroke, a question mark or a hash in the password, which then ends the host."""
_PARAMETER = (
    r"(?i)(?P<name>[?&;]"
    r"(?:api[_-]?key|key|auth|(?:access[_-]?|id[_-]?)?token|secret|passw(?:or)?d|sig(?:nature)?)=)"
    r"[^\s&;#“”\"'<>]+"
)
_KEY = (
    r"(?<![\w/.-])(?:"
    r"(?:sk|pk|rk|ek|gsk|xai|pplx|nvapi|glpat|r8|hf|ghp|gho|ghs|github_pat|tgp|csk|fw)[-_](?=[\w-]*\d)[\w-]{16,}"
    r"|hf_[A-Za-z0-9]{30,}"
    r"|AIza[\w-]{30,}"
    r"|AKIA[0-9A-Z]{16}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r")"
)
"""As the makers of models, hubs and clouds begin theirs; Hugging Face's may be letters alone."""
_SHORTEST = 19
_KEYLIKE = r"(?i)key|token|secret|passw|credential|authorization|bearer"
_VARIABLE = r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+"
_RANDOM = r"[A-Za-z0-9+/=_.~-]{20,}"


def masked(text: str) -> str:
    """Without the passwords of addresses and without keys."""
    if ":/" in text:
        text = _compiled(_USER).sub(r"\g<scheme>…@", text)
        text = _compiled(_UNQUOTED).sub(r"\g<scheme>…", text)
    if "=" in text:
        text = _compiled(_PARAMETER).sub(r"\g<name>…", text)
    return _compiled(_KEY).sub("[key]", text) if len(text) >= _SHORTEST else text


def holds_key(text: str) -> bool:
    """A key by its beginning, or the password of an address."""
    return masked(text) != text


def may_be_key(text: str) -> bool:
    """As ``holds_key``, or a long word of chance; for where a key is near: a path would be one, too."""
    text = text.strip().removeprefix("Bearer ")
    random = re.fullmatch(_RANDOM, text) and re.search("[0-9]", text) and re.search("[A-Za-z]", text)
    return holds_key(text) or bool(random and not re.fullmatch(_VARIABLE, text))


def is_about_key(name: str) -> bool:
    """A setting, or a variable, by whose name a key could be meant."""
    return bool(re.search(_KEYLIKE, name))


_MAKERS = {
    "hf_": "HF_TOKEN",
    "sk-ant-": "ANTHROPIC_API_KEY",
    "AIza": "GEMINI_API_KEY",
    "sk-or-": "OPENROUTER_API_KEY",
    "gsk_": "GROQ_API_KEY",
}


def variable_of(key: str) -> str:
    """The environment variable that its maker's own tools read."""
    return next((name for start, name in _MAKERS.items() if start in key), "OPENAI_API_KEY")


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """When it is first needed: every start imports this, and few meet an error."""
    return re.compile(pattern)
