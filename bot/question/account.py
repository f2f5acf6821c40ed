"""The account of a reading: which names and words of a question its query does nothing with."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

from bot.query import Query
from bot.question.grammar import Piece, covered
from bot.question.slots import Slots
from bot.question.things import SESSION_NOUNS, Thing


_NAMES = frozenset({"person", "titled"})
"""Names that nothing else could mean; an organization's or a room's may be a fact's own word."""


def names_lost(s: Slots, *queries: Query) -> int:
    """How many of the names that stand in a question none of the queries uses."""
    used = _used(queries)
    return sum(not any(i in used for i in named) for p in s.firm if (named := _named(p)))


def sessions_lost(s: Slots, *queries: Query) -> int:
    """How many sessions told by name or number ("session 2") none of the queries uses."""
    used = _used(queries)
    return sum(not any(i in used for i in told) for p in s.firm if (told := _session_told(p)))


def _session_told(p: Piece) -> tuple[str, ...]:
    if isinstance(p.value, Thing):
        numbered = p.value.number and p.value.noun in SESSION_NOUNS
        return (*p.value.sessions, *((p.value.number,) if numbered else ()))
    return p.value if p.kind == "session" and isinstance(p.value, tuple) else ()


def words_lost(s: Slots, *queries: Query) -> tuple[str, ...]:
    """The content words, as typed, that none of the queries uses and no cue or name accounts for."""
    used = _used(queries)
    inside = covered(p for p in (*s.firm, *s.soft) if p.kind not in _LOOSE)
    words = [s.words[i] for i in s.places if i not in inside]
    return tuple(dict.fromkeys(w.text for w in words if w.stem not in used))


_LOOSE = frozenset({"thing", "term"})
"""Pieces whose describing words a query must use by themselves."""


def _named(p: Piece) -> tuple[str, ...]:
    if isinstance(p.value, Thing):
        return (*p.value.people, *p.value.talks)
    return p.value if p.kind in _NAMES and isinstance(p.value, tuple) else ()


def _used(value: object) -> set[object]:
    """All texts and numbers that stand anywhere in a value."""
    found: set[object] = set()
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, (str, int)):
            found.add(here)
        elif isinstance(here, (tuple, frozenset)):
            waiting += here
        elif is_dataclass(here):
            waiting += [getattr(here, f.name) for f in fields(here)]
    return found
