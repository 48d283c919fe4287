"""Keys and passwords in a text: found where they are not to be kept, and left out where it is shown. Pure."""

from __future__ import annotations

import re

_USER = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^\s/?#“”\"'<>]*@", re.IGNORECASE)
"""``https://NAME:PASSWORD@``"""
_UNQUOTED = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^\s/:@\[\]“”\"'<>]+:(?!\d|PORT\b|port\b|/|\s)[^\s“”\"'<>]*",
    re.IGNORECASE,
)
"""The same with a stroke, a question mark or a hash in the password, which then ends the host."""
_PARAMETER = re.compile(
    r"(?P<name>[?&;]"
    r"(?:api[_-]?key|key|auth|(?:access[_-]?|id[_-]?)?token|secret|passw(?:or)?d|sig(?:nature)?)=)"
    r"[^\s&;#“”\"'<>]+",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?:sk|pk|rk|ek|gsk|xai|pplx|nvapi|glpat|r8|hf|ghp|gho|ghs|github_pat|tgp|csk|fw)[-_](?=[\w-]*\d)[\w-]{16,}"
    r"|AIza[\w-]{30,}"
    r"|AKIA[0-9A-Z]{16}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"
    r")"
)
"""As the makers of models, hubs and clouds begin theirs."""
_KEYLIKE = re.compile(r"key|token|secret|passw|credential|authorization|bearer", re.IGNORECASE)
_VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_RANDOM = re.compile(r"[A-Za-z0-9+/=_.~-]{20,}")


def masked(text: str) -> str:
    """Without the passwords of addresses and without keys."""
    if "://" in text:
        text = _USER.sub(r"\g<scheme>…@", text)
        text = _UNQUOTED.sub(r"\g<scheme>…", text)
    if "=" in text:
        text = _PARAMETER.sub(r"\g<name>…", text)
    return _KEY.sub("[key]", text)


def holds_key(text: str) -> bool:
    """A key by its beginning, or the password of an address."""
    return masked(text) != text


def may_be_key(text: str) -> bool:
    """As ``holds_key``, or a long word of chance; for where a key is near: a path would be one, too."""
    text = text.strip().removeprefix("Bearer ")
    random = _RANDOM.fullmatch(text) and re.search("[0-9]", text) and re.search("[A-Za-z]", text)
    return holds_key(text) or bool(random and not _VARIABLE.fullmatch(text))


def is_about_key(name: str) -> bool:
    """A setting, or a variable, by whose name a key could be meant."""
    return bool(_KEYLIKE.search(name))
