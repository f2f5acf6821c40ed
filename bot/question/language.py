"""How people ask in one language: phrases as data, expanded from their short notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from bot.question.grammar import Piece
from bot.question.words import Word, base, fold, phrase, stem


@dataclass(frozen=True, slots=True)
class Subject:
    """Something people ask of every event: what to call it, and whose it may be.

    `scope` is "talk" or "person" where single talks or people can have it, else empty. `then`
    gives, for a want that follows ("by whom?"), the subject that it leads to.
    """

    name: str
    scope: str = ""
    then: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """A side of a paper or a life: stems of words by which a sentence tells of it.

    `must`: without one of them there is no answer, and the side is one of a life, such as a
    degree; `number`: the sentence should hold a number.
    """

    look: frozenset[str]
    must: bool = False
    number: bool = False


@dataclass(frozen=True, slots=True)
class WordLists:
    """Words that the reading looks at one by one, as folded; the file says what each list is for.

    A language may lack any of them.
    """

    question_words: frozenset[str] = frozenset()
    clause_words: frozenset[str] = frozenset()
    asking_what: frozenset[str] = frozenset()
    asking_which: frozenset[str] = frozenset()
    asking_when: frozenset[str] = frozenset()
    leading: frozenset[str] = frozenset()
    having: frozenset[str] = frozenset()
    much: frozenset[str] = frozenset()
    joining: frozenset[str] = frozenset()
    pairing: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    finished: frozenset[str] = frozenset()
    by_now: frozenset[str] = frozenset()
    mine: frozenset[str] = frozenset()
    me: frozenset[str] = frozenset()
    this: frozenset[str] = frozenset()
    being: frozenset[str] = frozenset()
    calling: frozenset[str] = frozenset()
    excluding: frozenset[str] = frozenset()
    coming_from: frozenset[str] = frozenset()
    made_by: frozenset[str] = frozenset()
    placing: frozenset[str] = frozenset()
    up_to: frozenset[str] = frozenset()
    then: frozenset[str] = frozenset()
    so_far: frozenset[str] = frozenset()
    going_on: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    further: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    at_a_time: frozenset[str] = frozenset()
    in_a_time: frozenset[str] = frozenset()
    dates: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    deadlines: frozenset[str] = frozenset()
    timelines: frozenset[str] = frozenset()
    notified: frozenset[str] = frozenset()
    submitted: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    letters: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    in_organizations: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


MEANING = "meaning"
"""The detail that asks what a word stands for."""

Node = dict[str, Any]
"""A place in the tree of phrases: by word, what may follow; by "", (kind, value) of what ends."""


@dataclass(frozen=True)
class Language:
    """The phrases of a language, as a tree of words, and its plain words.

    `titles` gives, for nouns whose kind says too little, words of the titles of such sessions;
    `alike`, by a word's stem, the stems of words that say nearly the same; `related`, by subject,
    the subjects that are near to it.
    """

    phrases: Node
    contractions: Mapping[str, str]
    glue: frozenset[str]
    filler: frozenset[str]
    common: frozenset[str]
    subjects: Mapping[str, Subject]
    details: Mapping[str, Detail]
    lists: WordLists = WordLists()
    titles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    alike: Mapping[str, frozenset[str]] = field(default_factory=dict)
    related: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: frozenset[str] = field(default=frozenset())
    nouns: frozenset[str] = field(default=frozenset())

    @cached_property
    def musts(self) -> frozenset[str]:
        """The details that are told only by their own words: sides of a life."""
        return frozenset(name for name, d in self.details.items() if d.must)

    def annotate(self, words: Sequence[Word]) -> Iterator[Piece]:
        """Every phrase that stands in the words."""
        bases = [w.base for w in words]
        for start in range(len(bases)):
            node, end = self.phrases, start
            while end < len(bases) and bases[end] in node:
                node, end = node[bases[end]], end + 1
                for kind, value in node.get("", ()):
                    yield Piece(kind, value, start, end, "phrase")


def language(raw: Mapping[str, object], common: str = "") -> Language:
    """A language from the plain values of its file, and a text of its commonest words."""
    tree = dict(raw)
    contractions = {
        fold(k).replace("'", ""): v for k, v in _texts(tree.pop("contractions")).items()
    }
    glue = frozenset(base(fold(w)) for w in _list(tree.pop("glue")))
    filler = frozenset(base(fold(w)) for w in _list(tree.pop("filler")))
    subjects = _maps(tree.pop("subjects"))
    details = _maps(tree.pop("details"))
    lists = _word_lists(tree.pop("words", {}))
    titles = _titles(tree.pop("titles", {}))
    alike = _groups({stem(fold(w)) for w in g.split()} for g in _list(tree.pop("alike", ())))
    related = _groups(set(g.split()) for g in _list(tree.pop("related", ())))
    entries = [*_plain(tree)]
    entries += [("subject", k, p) for k, v in subjects.items() for p in _list(v["ask"])]
    entries += [("detail", k, p) for k, v in details.items() for p in _list(v["ask"])]
    tree_of_phrases, single, vocabulary = _tree(entries, contractions)
    return Language(
        phrases=tree_of_phrases,
        contractions=contractions,
        glue=glue,
        filler=filler,
        common=frozenset(base(fold(w)) for w in common.split()),
        subjects={k: _subject(v) for k, v in subjects.items()},
        details={k: _detail(v) for k, v in details.items()},
        lists=lists,
        titles=titles,
        alike=alike,
        related=related,
        nouns=frozenset(word for word, kind in single if kind == "noun"),
        words=filler | vocabulary,
    )


def _subject(raw: Mapping[str, object]) -> Subject:
    then = tuple(_texts(raw.get("then", {})).items())
    return Subject(str(raw["name"]), str(raw.get("scope", "")), then)


def _detail(raw: Mapping[str, object]) -> Detail:
    look = frozenset(stem(fold(w)) for w in _list(raw["look"]))
    return Detail(look, must=raw.get("must") == "yes", number=raw.get("number") == "yes")


def _word_lists(raw: object) -> WordLists:
    named = raw if isinstance(raw, Mapping) else {}
    found = {f.name: named.get(f.name) for f in fields(WordLists)}
    return WordLists(**{k: frozenset(fold(w) for w in _list(v)) for k, v in found.items()})


def _titles(raw: object) -> dict[str, tuple[str, ...]]:
    named = raw if isinstance(raw, Mapping) else {}
    return {str(noun): tuple(fold(w) for w in _list(words)) for noun, words in named.items()}


def _groups(groups: Iterable[set[str]]) -> dict[str, frozenset[str]]:
    """By member, the others of all groups that it is in."""
    found: dict[str, set[str]] = {}
    for group in groups:
        for one in group:
            found.setdefault(one, set()).update(group - {one})
    return {one: frozenset(others) for one, others in found.items()}


def _plain(tree: Mapping[str, object]) -> Iterator[tuple[str, str, str]]:
    """(kind, value, notation) of every phrase that stands in a list or a map of lists."""
    for kind, value in tree.items():
        if isinstance(value, Mapping):
            for name, notations in value.items():
                yield from ((kind, str(name), n) for n in _list(notations))
        else:
            yield from ((kind, kind, n) for n in _list(value))


def _tree(
    entries: Sequence[tuple[str, str, str]], contractions: Mapping[str, str]
) -> tuple[Node, set[tuple[str, str]], set[str]]:
    """The tree of all phrases, (word, kind) of those that are one word, and all their words."""
    root: Node = {}
    single: set[tuple[str, str]] = set()
    vocabulary: set[str] = set()
    for kind, value, notation in entries:
        entry = (kind, value)
        for shown in expand(notation):
            words = shown
            if not contractions.keys().isdisjoint(shown):  # as they will be in a question
                words = tuple(b for w in shown for b in phrase(contractions.get(w, w)))
            node = root
            for word in words:
                if word not in node:
                    node[word] = {}
                    vocabulary.add(word)
                node = node[word]
            ends = node.setdefault("", [])
            if entry not in ends:
                ends.append(entry)
            if len(words) == 1:
                single.add((words[0], kind))
    return root, single, vocabulary


def expand(notation: str) -> list[tuple[str, ...]]:
    """Every phrase that a notation stands for, as the bases of its words.

    (a|b) is either, [a] and (a)? are there or not; brackets may lie inside others. Raises
    `ValueError` for a bracket that is never opened or closed.
    """
    if not any(c in notation for c in "([|])"):
        return [phrase(notation)]
    parts = [p for p in _BRACKETS.split(notation) if p and not p.isspace()]
    found, at = _alternatives(parts, 0)
    if at != len(parts):
        message = f"a bracket too many in the phrase {notation!r}"
        raise ValueError(message)
    return [words for words in dict.fromkeys(found) if words]


_BRACKETS = re.compile(r"(\)\?|[()\[\]|])")


def _alternatives(parts: Sequence[str], at: int) -> tuple[list[tuple[str, ...]], int]:
    """The alternatives from `at` to the bracket that closes them, and where they stop."""
    found: list[tuple[str, ...]] = []
    run: list[tuple[str, ...]] = [()]
    while at < len(parts) and parts[at] not in (")", ")?", "]"):
        part = parts[at]
        if part == "|":
            found += run
            run = [()]
        elif part in ("(", "["):
            inner, at = _alternatives(parts, at + 1)
            if at == len(parts):
                message = f"a bracket too few in the phrase {' '.join(parts)!r}"
                raise ValueError(message)
            if (part == "[") != (parts[at] == "]"):
                message = f"a bracket of another kind closes in the phrase {' '.join(parts)!r}"
                raise ValueError(message)
            if parts[at] != ")":
                inner = [*inner, ()]
            run = [(*before, *after) for before in run for after in inner]
        else:
            words = phrase(part)
            run = [(*before, *words) for before in run]
        at += 1
    return [*found, *run], at


def _list(value: object) -> list[str]:
    return (
        [str(v) for v in value]
        if isinstance(value, Sequence) and not isinstance(value, str)
        else []
    )


def _texts(value: object) -> dict[str, str]:
    return {str(k): str(v) for k, v in value.items()} if isinstance(value, Mapping) else {}


def _maps(value: object) -> dict[str, Mapping[str, object]]:
    if not isinstance(value, Mapping):
        return {}
    return {str(k): v for k, v in value.items() if isinstance(v, Mapping)}
