"""The languages that Whisper hears, by their codes (ISO 639; ``jw`` and ``yue`` as Whisper has them)."""

from __future__ import annotations

from collections.abc import Mapping

from config.errors import UsageError
from config.language.close_matches import neighbours
from config.language.data import languages
from config.language.phrases import phrases

LANGUAGES: Mapping[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani",
    "ba": "Bashkir", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan", "br": "Breton",
    "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian",
    "fi": "Finnish", "fo": "Faroese", "fr": "French", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa",
    "haw": "Hawaiian", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "ht": "Haitian creole",
    "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian",
    "ja": "Japanese", "jw": "Javanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada",
    "ko": "Korean", "la": "Latin", "lb": "Luxembourgish", "ln": "Lingala", "lo": "Lao", "lt": "Lithuanian",
    "lv": "Latvian", "mg": "Malagasy", "mi": "Maori", "mk": "Macedonian", "ml": "Malayalam",
    "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali",
    "nl": "Dutch", "nn": "Nynorsk", "no": "Norwegian", "oc": "Occitan", "pa": "Punjabi", "pl": "Polish",
    "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sa": "Sanskrit", "sd": "Sindhi",
    "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sn": "Shona", "so": "Somali", "sq": "Albanian",
    "sr": "Serbian", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "tg": "Tajik", "th": "Thai", "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar",
    "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish", "yo": "Yoruba",
    "yue": "Cantonese", "zh": "Chinese",
}  # fmt: skip


def code_of(named: str) -> str:
    """The code of a language by its name, in English or its own words; what is none stays as it is."""
    codes = {name.casefold(): code for name, code in _by_name().items()}
    return codes.get(named.casefold(), named)


def _by_name() -> dict[str, str]:
    own = {phrases(code).name("words", "language"): code for code in languages()}
    return own | {name: code for code, name in LANGUAGES.items()}


def no_language(wanted: str, came: str = "") -> UsageError:
    """For a code that is none, or a language's name in its place; ``came``: from where, in brackets."""
    by_name = _by_name()
    near = dict.fromkeys(by_name[name] for name in neighbours(wanted, by_name, most=3, alike=75))
    told = ", ".join(f"{code} ({LANGUAGES[code]})" for code in near)
    todo = f"Did you mean {told}?" if near else "For example en, de or fr; auto: found out by Whisper."
    return UsageError(f"There is no language with the code {wanted!r}{came}.", todo=todo)
