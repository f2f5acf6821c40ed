"""The rest of a row's card: what an answer about one session or talk hasn't said of it yet.

A question may be asked in words that mean "when does it begin" to one and "till when" to another;
who is told both has their answer either way.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from bot.answer import Inline, Line
from bot.event import Occurrence, Session, Talk
from bot.find import Row, World
from bot.query import Want
from bot.wording.voice import (
    all_rooms,
    authors,
    counted,
    minutes,
    names,
    people_with_places,
    span,
    verb,
)


_TIMES = frozenset({Want.WHEN, Want.START, Want.END, Want.UNTIL, Want.DURATION, Want.DAY})
_ASKED = _TIMES | {Want.WHERE, Want.SESSION, Want.OVER}
"""Wants whose answers are so short that the rest of the card has room behind them."""

_SPANS = frozenset({Want.WHEN, Want.DURATION, Want.SESSION})
"""Wants whose answers say from when to when."""


def rest(row: Row, wants: AbstractSet[Want], world: World) -> Line:
    """What a short answer to the wants leaves out of a row's time, place and people."""
    found = world.occurrences(row)
    if not wants <= _ASKED or not world.live(row) or len(found) != 1:
        return ()
    if isinstance(row, Session):
        return _of_session(row, found[0], wants, world)
    if isinstance(row, Talk):
        return _of_talk(row, wants, world)
    return ()


def _of_session(row: Session, o: Occurrence, wants: AbstractSet[Want], world: World) -> Line:
    parts: list[Line] = []
    told = wants & _SPANS or (Want.OVER in wants and o.start <= world.now)
    if not told:
        length = f", {counted(minutes(o.length), 'minute')}" if o.length is not None else ""
        parts.append((*span(world, o), length))
    where = all_rooms(world, row)
    if where and Want.WHERE not in wants:
        parts.append((f"in {where}",))
    if row.chairs:
        parts.append((f"chaired by {people_with_places(world, row.chairs)}",))
    return _sentence(f"It {verb(world, row)} ", parts)


def _of_talk(row: Talk, wants: AbstractSet[Want], world: World) -> Line:
    parts: list[Line] = []
    where = all_rooms(world, row)
    if where and Want.WHERE not in wants:
        parts.append((f"in {where}",))
    if row.people:
        parts.append((f"by {names(world, authors(row))}",))
    return _sentence(f"It {verb(world, row)} ", parts)


def _sentence(opening: str, parts: list[Line]) -> Line:
    if not parts:
        return ()
    line: list[Inline] = [opening]
    for at, part in enumerate(parts):
        line += [", " if at else "", *part]
    return (*line, ".")
