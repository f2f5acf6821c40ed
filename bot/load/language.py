"""Loading how people ask: data/language/en.yaml and the everyday words beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot.errors import BadData, Mistake
from bot.load.files import read
from bot.question.language import Language, expand, language
from bot.source import Mapping, Scalar, Sequence, Value


_NEEDED: Final = ("contractions", "glue", "filler", "subjects", "details")
_ENTRIES: Final = {
    "subjects": ({"name", "ask"}, {"scope", "then"}),
    "details": ({"look", "ask"}, {"must", "number"}),
}
"""The keys that an entry must have, and those that it may have."""
_LISTS: Final = frozenset({"ask", "look"})


def load_language(folder: Path, name: str = "en") -> Language:
    """The language called `name` in `folder`; raises `BadData` with every mistake of its files."""
    phrases = _top(folder / f"{name}.yaml")
    common = _top(folder / f"{name}-common.yaml")
    if mistakes := [*_mistakes(phrases), *_not_texts(common)]:
        raise BadData(mistakes)
    try:
        return language(phrases, " ".join(str(words) for words in common.values()))
    except ValueError as error:
        raise BadData(_bad_notations(phrases)) from error


def _top(path: Path) -> Mapping:
    document = read(path, path.name)
    if document.mistakes:
        raise BadData(document.mistakes)
    if not isinstance(document.root, Mapping):
        raise BadData([Mistake(path.name, 1, "the file is not a map", "keys and lists of phrases")])
    return document.root


# -- the form of the file --------------------------------------------------------------------


def _mistakes(top: Mapping) -> Iterator[Mistake]:
    """Whatever would be passed over without a word, or would stop the reading half-way."""
    for key in _NEEDED:
        if key not in top:
            yield _mistake(top, f'missing key "{key}"', f"all of {', '.join(_NEEDED)}")
    for key, value in top.items():
        if key == "contractions":
            yield from _not_texts(value)
        elif key in _ENTRIES:
            yield from _not_entries(key, value)
        elif isinstance(value, Mapping):
            for phrases in value.values():
                yield from _not_a_list(phrases)
        else:
            yield from _not_a_list(value)


def _not_texts(value: Value) -> Iterator[Mistake]:
    if isinstance(value, Mapping):
        wrong = [v for v in value.values() if not isinstance(v, Scalar) or not v]
        yield from (_mistake(v, "no text", "a word and what it stands for") for v in wrong)
    else:
        yield _mistake(value, "not a map", "words, each with what it stands for")


def _not_a_list(value: Value) -> Iterator[Mistake]:
    if isinstance(value, Sequence):
        wrong = [v for v in value if not isinstance(v, Scalar) or not v]
        yield from (_mistake(v, "no phrase", "a word or a phrase") for v in wrong)
    else:
        yield _mistake(value, "not a list of phrases", "a list such as [when, what time]")


def _not_entries(kind: str, value: Value) -> Iterator[Mistake]:
    must, may = _ENTRIES[kind]
    shown = ", ".join(sorted(must | may))
    if not isinstance(value, Mapping):
        yield _mistake(value, f"{kind} are not a map", "ids, each with its keys")
        return
    for name, entry in value.items():
        if not isinstance(entry, Mapping):
            yield _mistake(entry, f'"{name}" is not a map', f"the keys {shown}")
            continue
        for key in sorted(must - entry.keys()):
            yield _mistake(value.key(name), f'missing key "{key}" in "{name}"', shown)
        for key, found in entry.items():
            if key not in must | may:
                yield _mistake(entry.key(key), f'unknown key "{key}" in "{name}"', shown)
            elif key in _LISTS:
                yield from _not_a_list(found)


def _bad_notations(top: Mapping) -> Iterator[Mistake]:
    """A mistake for every phrase whose brackets don't match."""
    for phrase in _phrases(top):
        try:
            expand(phrase)
        except ValueError as error:
            yield _mistake(phrase, str(error), "(a|b), [a] or (a)?, each bracket closed")


def _phrases(value: Value) -> Iterator[Scalar]:
    """Every text in a list, however deep."""
    if isinstance(value, Sequence):
        yield from (v for v in value if isinstance(v, Scalar))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _phrases(inner)


def _mistake(at: Value, what: str, expected: str) -> Mistake:
    return Mistake(at.file, at.line, what, expected)
