"""Rules that gather a noun and what stands around it: "the second coffee", "michigan rdma talk"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.question.grammar import Piece, Rule
from bot.question.words import Word


PERSON_NOUNS = frozenset(
    {"author", "speaker", "people", "person", "keynoter", "panelist", "organizer"}
)
CROWD = frozenset({"people", "person"})
"""Nouns that speak of people in no role."""

TALK_NOUNS = frozenset({"paper", "talk", "keynote", "panel", "poster", "demo", "tutorial"})
SESSION_NOUNS = frozenset(
    [
        "session",
        "block",
        "break",
        "coffee",
        "lunch",
        "dinner",
        "breakfast",
        "reception",
        "meal",
        "opening",
        "closing",
        "social",
        "registration-desk",
    ]
)
_DESCRIBED = PERSON_NOUNS | TALK_NOUNS | {"one", "session", "organization", "company", "university"}
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun with its number, place in an order, nearness to now, and describing words."""

    noun: str
    number: str = ""
    nth: int = 0
    near: str = ""
    part: str = ""
    stems: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    talks: tuple[str, ...] = ()
    sessions: tuple[str, ...] = ()

    @property
    def bare(self) -> bool:
        """Whether nothing but the noun is known."""
        return self == Thing(self.noun)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word that the records use."""

    stem: str
    word: str


def annotate(words: Sequence[Word], is_term: Sequence[bool]) -> Iterator[Piece]:
    """A light piece for each content word."""
    for at, w in enumerate(words):
        if is_term[at]:
            yield Piece("term", Term(w.stem, w.text), at, at + 1, "word", weight=0.3)


def _describable(thing: Thing) -> bool:
    return thing.noun in _DESCRIBED and len(thing.stems) < _MOST_WORDS


def _described(noun: str) -> Thing | None:
    return Thing(noun)


def _with_number(thing: Thing, number: str) -> Thing | None:
    counted = thing.noun in TALK_NOUNS | SESSION_NOUNS
    return replace(thing, number=number) if thing.bare and counted else None


def _so_many(_number: str, thing: Thing) -> Thing | None:
    """As in "the 3 authors": a number before a noun only says how many there are."""
    return thing if thing.noun != "one" and not thing.number else None


def _with_nth(ordinal: str, thing: Thing) -> Thing | None:
    n = int(ordinal)
    free = not (thing.nth or thing.number)
    return replace(thing, nth=n) if free and abs(n) <= 12 else None


def _with_near(near: str, thing: Thing) -> Thing | None:
    fixed = thing.near or thing.nth or thing.noun in ("one", "room")
    return None if fixed else replace(thing, near=near)


def _with_part(part: str, thing: Thing) -> Thing | None:
    return None if thing.part else replace(thing, part=part)


def _with_term(term: Term, thing: Thing) -> Thing | None:
    if not _describable(thing) or thing.number or thing.nth or thing.near:
        return None
    return replace(thing, stems=(term.stem, *thing.stems), words=(term.word, *thing.words))


def _with_organization(ids: tuple[str, ...], thing: Thing) -> Thing | None:
    if thing.noun not in _DESCRIBED or thing.organizations:
        return None
    return replace(thing, organizations=ids)


def _with_person(ids: tuple[str, ...], thing: Thing) -> Thing | None:
    if thing.noun not in TALK_NOUNS | {"one"} or thing.people or not ids:
        return None
    return replace(thing, people=ids)


def _with_talk(ids: tuple[str, ...], thing: Thing) -> Thing | None:
    if thing.noun not in TALK_NOUNS | PERSON_NOUNS | {"one"} or thing.talks:
        return None
    return replace(thing, talks=ids)


def _with_session(ids: tuple[str, ...], thing: Thing) -> Thing | None:
    if thing.noun not in TALK_NOUNS | PERSON_NOUNS | {"one", "session"} or thing.sessions:
        return None
    return replace(thing, sessions=ids)


def _about(thing: Thing, relation: str, term: Term) -> Thing | None:
    if relation not in ("about", "with", "by") or thing.noun in PERSON_NOUNS - CROWD:
        return None
    if not _describable(thing):
        return None
    return replace(thing, stems=(*thing.stems, term.stem), words=(*thing.words, term.word))


def _more_about(thing: Thing, term: Term) -> Thing | None:
    if not thing.stems or not _describable(thing):
        return None
    return replace(thing, stems=(*thing.stems, term.stem), words=(*thing.words, term.word))


def _from(thing: Thing, relation: str, ids: tuple[str, ...]) -> Thing | None:
    return _with_organization(ids, thing) if relation in ("from", "by", "with", "about") else None


def _by(thing: Thing, relation: str, ids: tuple[str, ...]) -> Thing | None:
    return _with_person(ids, thing) if relation in ("by", "with", "from") else None


def _by_people(thing: Thing, relation: str, people: Thing) -> Thing | None:
    """As in "talks by the Microsoft folks"."""
    if relation not in ("by", "with", "from") or people.noun not in PERSON_NOUNS:
        return None
    if thing.noun not in TALK_NOUNS or people != Thing(
        people.noun, organizations=people.organizations
    ):
        return None
    return _with_organization(people.organizations, thing) if people.organizations else None


def _beside(relation: str, anchor: object) -> tuple[str, object] | None:
    return (relation, anchor) if relation in ("before", "after") else None


def _once_over(_once: str, anchor: object, _ended: str) -> tuple[str, object]:
    """As in "what comes when the keynote is over"."""
    return "after", anchor


def _beside_word(relation: str, term: Term) -> tuple[str, object] | None:
    return _beside(relation, Thing("talk", stems=(term.stem,), words=(term.word,)))


def _between(
    relation: str, first: object, and_: str, second: object
) -> tuple[object, object] | None:
    if relation != "between" or and_ not in ("and", "about"):
        return None
    return (first, second)


def _numbers(relation: str, first: Thing, and_: str, second: str) -> tuple[object, object] | None:
    """As in "between sessions 2 and 3"."""
    if relation != "between" or and_ != "and" or not first.number:
        return None
    return first, Thing(first.noun, number=second)


def _between_all(relation: str, thing: Thing) -> tuple[object, object] | None:
    if relation != "between" or not thing.bare:
        return None
    return replace(thing, nth=1), replace(thing, nth=2)


_ANCHOR = "thing|session|titled|person|time"

THING_RULES = (Rule("noun", ("noun",), "thing", _described, 1.05),)
NUMBER_RULES = (
    Rule("numbered", ("thing", "number|code"), "thing", _with_number, 1.15, tight=True),
)
BEFORE_RULES = (
    Rule("words before", ("term", "thing"), "thing", _with_term, 1.05, tight=True),
    Rule("organization before", ("org", "thing"), "thing", _with_organization, 1.25, tight=True),
    Rule("person before", ("person", "thing"), "thing", _with_person, 1.25, tight=True),
    Rule("title before", ("titled", "thing"), "thing", _with_talk, 1.3, tight=True),
    Rule("session before", ("session", "thing"), "thing", _with_session, 1.25, tight=True),
    Rule("part before", ("part", "thing"), "thing", _with_part, 1.1, tight=True),
    Rule("near before", ("near", "thing"), "thing", _with_near, 1.1, tight=True),
    Rule("nth", ("ordinal", "thing"), "thing", _with_nth, 1.1, tight=True),
    Rule("so many", ("number", "thing"), "thing", _so_many, 1.05, tight=True),
    Rule(
        "first so many",
        ("ordinal", "number", "thing"),
        "thing",
        lambda _, n, t: _so_many(n, t),
        1.2,
        tight=True,
    ),
)
BEHIND_RULES = (
    Rule("near behind", ("thing", "near"), "thing", lambda t, n: _with_near(n, t), 1.05),
    Rule("part behind", ("thing", "part"), "thing", lambda t, p: _with_part(p, t), 1.05),
    Rule("about words", ("thing", "relation", "term"), "thing", _about, 1.05),
    Rule("from", ("thing", "relation", "org"), "thing", _from, 1.2, tight=True),
    Rule("by", ("thing", "relation", "person"), "thing", _by, 1.2),
    Rule("by people from", ("thing", "relation", "thing"), "thing", _by_people, 1.3),
)
MORE_RULES = (Rule("more words", ("thing", "term"), "thing", _more_about, 1.0),)
BESIDE_RULES = (
    Rule("beside", ("relation", _ANCHOR), "beside", _beside, 1.15),
    Rule("beside words", ("relation", "term"), "beside", _beside_word, 1.1),
    Rule("once it is over", ("once", _ANCHOR, "ended"), "beside", _once_over, 1.3),
    Rule("between", ("relation", _ANCHOR, "relation", _ANCHOR), "between", _between, 1.15),
    Rule(
        "between edges",
        ("relation", "edge", _ANCHOR, "relation", _ANCHOR),
        "between",
        lambda r, _, first, a, second: _between(r, first, a, second),
        1.15,
    ),
    Rule(
        "between two edges",
        ("relation", "edge", _ANCHOR, "relation", "edge", _ANCHOR),
        "between",
        lambda r, _, first, a, __, second: _between(r, first, a, second),
        1.15,
    ),
    Rule("between numbers", ("relation", "thing", "relation", "number"), "between", _numbers, 1.2),
    Rule("between all", ("relation", "thing"), "between", _between_all, 1.1),
)
