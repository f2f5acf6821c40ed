"""Folding and splitting text into words (the Snowball stemmer comes from PyStemmer)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import Stemmer


LONGEST_QUESTION = 1_500
"""Characters of a question that are read; of a longer one, the beginning and the end."""

_LONGEST_WORD = 40
_MOST_WORDS = 300
_DRAWN_OUT = re.compile(r"([a-z])\1+$")
_MARK = re.compile(r"[,()/=+\u2013\u2014]|\s-+\s")
_SENTENCE = re.compile(r"[.?!;:\n\u2026]")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`\uff07]")
_TOKEN = re.compile(
    r"""
    (?:y/n|w/o|i/o)\b
  | \d{4}-\d{2}-\d{2}                         # 2017-08-21
  | \d{1,2}[:.h]\d{2}(?:\s?[ap](?:m\b|\.m\.?))? # 3:40, 15h40, 3.40 p.m.
  | \d{1,2}\s?[ap](?:m\b|\.m\.?)               # 3pm
  | \d{1,2}/\d{1,2}(?:/\d{2,4})?(?!\w)        # 3/31
  | \d+[a-z]\b
  | \d+(?:[.,]\d+)*(?:%|x\b|st\b|nd\b|rd\b|th\b)?
  | [^\W\d_]+(?:'[^\W\d_]+)*\d*
  | [^\W_]+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COMPOUND = re.compile(r"\b[A-Za-z]*[a-z][A-Z][A-Za-z]*|\b[A-Z]{2,}[a-z][A-Za-z]*")
_CAMEL = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_STEM = Stemmer.Stemmer("english").stemWord


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question: as typed, folded, without its plural ending, and its stem.

    `opens` if it is the first of a sentence; `apart` if any mark stands before it.
    """

    text: str
    folded: str
    base: str
    stem: str
    possessive: bool = False
    opens: bool = False
    apart: bool = False


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case without accents and marks: "Håland" and "haland" are one."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain.translate(_LETTERS)


@lru_cache(maxsize=65_536)
def base(word: str) -> str:
    """A folded word without its plural or third-person ending."""
    if len(word) <= 3 or not word.endswith("s"):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word[:-1]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The Snowball stem of a folded word."""
    return str(_STEM(word))


def shortened(text: str) -> str:
    """At most `LONGEST_QUESTION` characters: the beginning and, mostly, the end.

    People who write at length put their question last.
    """
    if len(text) <= LONGEST_QUESTION:
        return text
    head = LONGEST_QUESTION // 4
    return f"{text[:head]} {text[-(LONGEST_QUESTION - head) :]}"


def tokens(text: str) -> list[str]:
    """The raw tokens of a text, apostrophes made plain."""
    return [t for t in _TOKEN.findall(_APOSTROPHES.sub("'", text)) if len(t) <= _LONGEST_WORD]


def split(text: str, contractions: Mapping[str, str]) -> tuple[Word, ...]:
    """A question's words; contractions and slang are written out ("who's" -> who is)."""
    plain = _APOSTROPHES.sub("'", shortened(text))
    found: list[Word] = []
    behind = 0
    for match in _TOKEN.finditer(plain):
        token = match[0]
        opens = not found or bool(_SENTENCE.search(plain, behind, match.start()))
        apart = opens or bool(_MARK.search(plain, behind, match.start()))
        behind = match.end()
        if len(token) <= _LONGEST_WORD:
            for folded, possessive in _parts(fold(token), contractions):
                found.append(_word(token, folded, possessive, opens, apart))
                opens = apart = False
    left_out = max(0, len(found) - _MOST_WORDS)
    return (*found[: _MOST_WORDS // 4], *found[_MOST_WORDS // 4 + left_out :])


def _parts(folded: str, contractions: Mapping[str, str]) -> Iterable[tuple[str, bool]]:
    whole = folded.replace("'", "")
    if (
        len(whole) > 3
        and whole not in contractions
        and (drawn := _DRAWN_OUT.sub(r"\1", whole)) in contractions
    ):
        whole = drawn
    if whole in contractions:
        return [(part, False) for part in contractions[whole].split()]
    head, apostrophe, tail = folded.partition("'")
    if apostrophe and tail == "s":
        return [(head, True)]
    if not apostrophe or len(head) <= 1:
        return [(whole, False)]
    return [(part, False) for part in (head, tail) if part]


def word(text: str, folded: str) -> Word:
    """A word from its folded form."""
    return Word(text, folded, base(folded), stem(folded))


def _word(text: str, folded: str, possessive: bool, opens: bool, apart: bool) -> Word:
    return Word(text, folded, base(folded), stem(folded), possessive, opens, apart)


@lru_cache(maxsize=4_096)
def text_words(text: str) -> tuple[str, ...]:
    """The folded words of a record's text, in order, possessives without their ending."""
    return tuple(fold(t.partition("'")[0]) for t in tokens(text))


@lru_cache(maxsize=16_384)
def text_stems(text: str) -> tuple[str, ...]:
    """The stems of a record's text, in order; "LogMemcached" gives its parts as well."""
    return tuple(_text_stems(text))


def _text_stems(text: str) -> Iterable[str]:
    yield from map(stem, text_words(text))
    for compound in _COMPOUND.findall(text):
        yield from (stem(fold(p)) for p in _CAMEL.findall(compound) if len(p) >= 4)


@lru_cache(maxsize=4_096)
def phrase(text: str) -> tuple[str, ...]:
    """A phrase of the language file as the bases of its words."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return tuple(base(w) for w in text.lower().split())
    return tuple(base(fold(t).replace("'", "")) for t in tokens(text))
