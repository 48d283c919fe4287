"""One line of markdown to plain words: code, formulas, links, addresses, emphasis, HTML, emoji."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from voice.tts.text import latex as formulas
from voice.tts.text.fixed_phrases import FixedPhrases
from voice.tts.text.spoken_form import SpokenForm

_PLAIN = re.compile(r"[A-Za-zÀ-ɏ\s,.!?;:'’“”()\-…\"]*")
"""Prose without anything to be done, if it has no abbreviations and no names with dots inside."""
_DOTTED = re.compile(r"[A-Za-z]\.[A-Za-z]")

EMOJI = (
    "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u25a0-\u25ff\u231a\u231b\u2328\u23cf\u23e9-\u23fa"
    "\u2190\u2191\u2193-\u21d1\u21d3-\u21ff\u3030\u303d\u3297\u3299\u2139\u2122\u00a9\u00ae\u203c\u2049"
    "\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f\ue000-\uf8ff\u200b\u2060\ufeff\u2022\u2023\u2043"
)
"""For a character class: emoji, pictographs, arrows, bullets, flags and what joins them; never spoken."""
_EMOJI = re.compile(rf"[0-9#*]\ufe0f?\u20e3|[{EMOJI}][{EMOJI}\u200d]*")
_EMOJI_BEFORE_MARK = re.compile(rf"\s+[{EMOJI}][{EMOJI}\u200d\s]*(?=[,.!?;:)]|\s*$)")

_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_DISPLAY = re.compile(r"\$\$(.+?)\$\$|\\\[(.+?)\\\]|\\\((.+?)\\\)", re.DOTALL)
_MATH = re.compile(r"(?<![\w$\\])\$(?![\s$])([^$\n]{1,200}?)(?<![\s\\])\$(?![\d$\w])")
_MATHEMATICAL = re.compile(r"[\\^_={}+*<>/|()]|^[A-Za-z]$|^-?[\d.,]*[A-Za-z]?$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|li|h[1-6]|tr)>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|strong|code|pre|div|span|ul|ol|li|h[1-6]|hr|table|thead|tbody|tr|td|th|sub|sup|kbd"
    r"|mark|small|details|summary|img|blockquote|q|del|ins|font|center|var|samp|abbr|cite|figure|figcaption"
    r"|section|article|video|audio|source|iframe|svg|script|style|input|button|label|form|dl|dt|dd|picture|time)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_FOOTNOTE = re.compile(r"\s*\[\^[^\]\s]+\]|(?<=[\w.!?,)\"”])\[\d{1,3}(?:[,–-]\s?\d{1,3})*\](?!\()|【[^】]*】")
_LINKED_PICTURE = re.compile(r"\[!\[([^\]]*)\]\([^)]*\)\]\([^)]*\)")
_PICTURE = re.compile(r"!\[([^\]]*)\](?:\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\s*\)|\[[^\]]*\])")
_LINK = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])+)\](?:\(((?:[^()]|\([^()]*\))*)\)|\[[^\]]*\])")
_URL = re.compile(r"<?\b(?:https?|ftp)://[^\s<>\"'”`|]+>?|(?<![\w@./-])www\.[^\s<>\"'”`|]+", re.IGNORECASE)
_SITE_PATH = re.compile(
    r"(?<![\w@./-])((?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|edu|gov|app|ai|co|de|fr|es|it|uk|eu))/[^\s<>\"'”`|]*",
    re.I,
)
_EMAIL = re.compile(r"<?(?:mailto:)?\b([\w.+%-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)>?")
_PATH = re.compile(
    r"(?<![\w/.])(~|\.{1,2})?((?:/[\w.\-]+){2,}/?|(?<=~|\.)(?:/[\w.\-]+)+/?)(?!\w)"
    r"|(?<![\w/.])(?:[\w\-]+/)+[\w\-]+\.[A-Za-z]\w{0,4}\b"
)
_DRIVE = re.compile(r"\b([A-Z]):\\((?:[\w.\- ]+\\)*[\w.\-]+)?")
_FILE = re.compile(
    r"(?<![\w/])([\w\-]+)\.(py|js|ts|tsx|jsx|txt|md|json|toml|ya?ml|html|css|csv|pdf|docx?|xlsx?|pptx?|png"
    r"|jpe?g|gif|svg|mp3|mp4|wav|zip|tar|gz|sh|cpp|rs|go|java|rb|php|sql|xml|ini|cfg|conf|log|exe|dll|so|onnx|gguf|lock)\b(?!\.\w)"
)
_DOTTED_FILE = re.compile(r"(?<![\w/.])\.(?=(?:env|git\w*|bashrc|zshrc|profile|config|ssh)\b)")
_STRONG = re.compile(r"(?<!\\)(\*\*\*|\*\*|~~|==)(?=[^\s*])(.+?)(?<=[^\s\\])\1")
_STRONG_LOW = re.compile(r"(?<![\w\\])(___|__)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*(?![\w*])")
_EMPHASIS_INSIDE = re.compile(r"(?<=[A-Za-z]{2})\*([A-Za-z]{2,})\*(?=[A-Za-z]{2})")
_EMPHASIS_LOW = re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]+?)(?<=[^\s_\\])_(?!\w)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ARROWS = re.compile("[→⇒]")
_OPTION = re.compile(r"(?<!\S)--(?=[a-z][a-z-]*\b)")
"""As it is typed behind a command; a voice would leave the dashes out, and with them how it is typed."""
_SIGN = re.compile(r"[*_`|\\^{}<>~#\ufffc\ufffd]+")
"""What signs of markdown are left, paired with nothing: never spoken."""
_LONGEST_CODE = 80


def plain(text: str, words: FixedPhrases, form: SpokenForm | None) -> str:
    """The line as it is said, whitespace made single. Prose comes out as it went in."""
    if "--" in text and form and form.option:
        text = _OPTION.sub(form.option, text)
    abbreviated = form and form.abbreviated.search(text)
    if _PLAIN.fullmatch(text) and not (abbreviated or _DOTTED.search(text)):
        return " ".join(text.split())
    if "`" in text:
        text = _CODE.sub(lambda m: code(m[2], words), text)
    if "$" in text or "\\" in text:
        text = _formulas(text, words, form)
    if "<" in text or "&" in text:
        text = _TAG.sub("", _BREAK.sub(", ", _COMMENT.sub("", text)))
        text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    if "[" in text or "【" in text:
        text = _links(_FOOTNOTE.sub("", text), words)
    if "/" in text or "." in text or "\\" in text:
        text = _addresses(text, words)
    if any(c in text for c in "*_~=\\"):
        text = _emphasis(text)
    without = _EMOJI.sub(" ", _EMOJI_BEFORE_MARK.sub("", text))
    said = form.read(without) if form else _ARROWS.sub(" ", without)
    return " ".join(_SIGN.sub(" ", said).split())


def code(source: str, words: FixedPhrases) -> str:
    """Inline code by its words: ``get_user(id)`` is "get user id", ``--all`` is "dash dash all"."""
    source = source.strip()
    if len(source) > _LONGEST_CODE:
        return words.code_block(1, "").rstrip(".")
    if paths := words.paths:
        for sign, said in paths["signs"]:
            source = source.replace(sign, said)
        source = re.sub(r"(?<![\w-])-(?=\w)", paths["dash"], source)
        source = re.sub(r"(?<![\w])/(?=\w)|(?<=\w)/", paths["slash"], source)
    source = re.sub(r"(?<=\w)\.(?=[A-Za-z_])", f" {words.dot} ", source)
    source = re.sub(r"(?<![\w.])\.(?=\w)", f"{words.dot} ", source)
    source = re.sub(r"(?<=[a-z\d])(?=[A-Z][a-z])", " ", source)
    return " ".join(re.sub(r"[`_(){}\[\]<>;|\\\"*#~^$=/&%!?@:]", " ", source).split()).strip(" ,")


def formula(tex: str, words: FixedPhrases, form: SpokenForm | None) -> str:
    if form and form.formulas:
        return formulas.spoken(tex, form.formulas)
    return tex if re.fullmatch(r"[\w\s+=,.]+", tex) and "_" not in tex else words.formula


def _formulas(text: str, words: FixedPhrases, form: SpokenForm | None) -> str:
    def display(match: re.Match[str]) -> str:
        return formula(match[1] or match[2] or match[3], words, form)

    def inline(match: re.Match[str]) -> str:
        if not _MATHEMATICAL.search(match[1]):
            return match[0]
        return formula(match[1], words, form)

    return _MATH.sub(inline, _DISPLAY.sub(display, text))


def _links(text: str, words: FixedPhrases) -> str:
    def picture(match: re.Match[str]) -> str:
        return match[1] or words.picture

    text = _PICTURE.sub(picture, _LINKED_PICTURE.sub(picture, text))
    return _LINK.sub(lambda m: m[1], text)


def _addresses(text: str, words: FixedPhrases) -> str:
    if "@" in text:
        text = _EMAIL.sub(lambda m: _email(m, words), text)
    if "://" in text or "www." in text.lower() or "/" in text:
        text = _SITE_PATH.sub(lambda m: _link(m[0], words), _URL.sub(lambda m: _link(m[0], words), text))
    paths = words.paths
    if paths is None:
        return text
    dot = f" {words.dot} "
    if "/" in text:
        text = _PATH.sub(lambda m: _path(m[0], words.dot, paths), text)
    if ":\\" in text:
        text = _DRIVE.sub(
            lambda m: paths["drive"].format(m[1]) + (m[2] or "").replace("\\", ", ").replace(".", dot), text
        )
    text = _FILE.sub(lambda m: f"{m[1].replace('_', ' ')}{dot}{m[2]}", text)
    return _DOTTED_FILE.sub(dot.lstrip(), text)


def _email(match: re.Match[str], words: FixedPhrases) -> str:
    host, marks = match[2], ""
    name = (
        match[1]
        .replace(".", f" {words.dot} ")
        .replace("_", f" {words.underscore} ")
        .replace("+", f" {words.plus} ")
        .replace("-", f" {words.dash} ")
    )
    return f"{' '.join(name.split())} {words.at} {host.replace('.', f' {words.dot} ')}{marks}"


def _link(address: str, words: FixedPhrases) -> str:
    """The site's name; marks that end the sentence, not the address, are put back."""
    bare = address.strip("<>")
    tail = re.search(r"[.,;:!?*_)\]]*$", bare)
    marks = tail[0] if tail else ""
    while marks.startswith((")", "/")) and bare.count("(") >= bare.count(")"):
        marks = marks[1:]
    site = re.sub(r"^\w+://|^www\.", "", bare[: len(bare) - len(marks)], flags=re.IGNORECASE)
    site = re.sub(r"^www\.", "", re.split(r"[/?#]", site)[0].rpartition("@")[2], flags=re.IGNORECASE)
    return words.link.format(site) + marks


def _path(path: str, dot: str, paths: Mapping[str, str]) -> str:
    tail = "." if path.endswith(".") else ""
    said = (
        path.removesuffix(".")
        .rstrip("/")
        .replace("~", paths["home"])
        .replace("..", paths["dots"])
        .replace("/", paths["slash"])
    )
    return " ".join(re.sub(r"\.(?=\w)", f" {dot} ", said).replace("_", " ").split()) + tail


def _emphasis(text: str) -> str:
    for pattern, group in (
        (_STRONG, 2),
        (_STRONG_LOW, 2),
        (_EMPHASIS, 1),
        (_EMPHASIS_INSIDE, 1),
        (_EMPHASIS_LOW, 1),
    ):
        text = pattern.sub(lambda m, group=group: m[group], text)  # type: ignore[misc]
    text = re.sub(r"\*\*+|(?<!\w)__+|__+(?!\w)|~~+|(?<!\S)[*_](?=\w)|(?<=[\w.,!?])[*_](?!\S)", "", text)
    return _ESCAPE.sub(r"\1", text)


def sounds(text: str) -> bool:
    """Whether signs without a letter or digit still have words: a plus, a percent, a euro."""
    return any(c in "+=%&@$€£¥§°×÷±≤≥≠≈∞√½¼¾" for c in text)
