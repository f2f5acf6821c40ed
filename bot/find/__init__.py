"""Query x event x now -> Finding: which rows a query gives, and how firmly."""

from __future__ import annotations

from dataclasses import replace

from bot.event import Person, Role, Session, SessionKind, Talk
from bot.find.calendar import Calendar
from bot.find.content import detail, evidence
from bot.find.facts import facts, topics
from bot.find.finding import Finding
from bot.find.ranking import ranking
from bot.find.register import Register, Row, kind_of
from bot.find.world import Missing, World
from bot.query import WORDLESS, About, At, Filter, From, Ids, Kinds, Near, Of, Query, Ref, Want


def find(query: Query, world: World) -> Finding:
    """The rows of a query, or what is missing."""
    try:
        return _found(query, world)
    except Missing as missing:
        return Finding(query, missing=missing.what, near=missing.near)


def _found(query: Query, world: World) -> Finding:
    if query.ref.of == Of.FACT:
        return facts(query, world)
    if query.ref.of == Of.TOPIC:
        return topics(query, world)
    if query.want in WORDLESS:
        return Finding(query)
    if query.want == Want.DETAIL:
        return detail(query, world)
    if query.tally is not None:
        return ranking(query, query.tally, world)
    if query.absent and query.plural and query.ref.bare:
        raise Missing(" ".join(query.absent))
    rows = _rows(query, world)
    other = world.rows(query.other) if query.other else []
    if query.other:
        side = replace(query, want=Want.WHEN)
        rows, other = _one_session(rows, side, world), _one_session(other, side, world)
    finding = Finding(query, tuple(rows), tuple(other))
    if query.claims:
        finding = replace(finding, claims=tuple(_holds(c, rows, world) for c in query.claims))
    described = query.want == Want.COUNT and query.ref.first(About) is not None
    if len(rows) == 1 and (described or query.want not in _NO_TEXT):
        finding = replace(finding, said=evidence(query, rows[0], world))
    return finding


_NO_TEXT = frozenset({Want.COUNT, Want.OVER, Want.UNTIL, Want.COAUTHORS, Want.ROLES})
"""Wants that leave no doubt that it isn't the content of a text that is asked about."""


def _last_begun(rows: list[Row], world: World) -> list[Row]:
    """Of several that one noun leads to, the one that began last: whether that is over is asked."""
    begun = [r for r in rows if any(o.start <= world.now for o in world.occurrences(r))]
    if not begun or not all(isinstance(r, (Session, Talk)) for r in rows):
        return rows
    last = max(o.start for r in begun for o in world.occurrences(r) if o.start <= world.now)
    return [r for r in begun if any(o.start == last for o in world.occurrences(r))]


def _rows(query: Query, world: World) -> list[Row]:
    """The rows that are asked about, where those that the words lead to stand for others."""
    rows = world.at_hand(query, world.rows(query.ref, plural=query.plural))
    rows = _running_talks(rows, query, world)
    rows = _one_session(rows, query, world)
    if query.want == Want.UNTIL:
        rows = world.running(rows, world.now) or _still_to_come(rows, world)
    if query.want in _PLACED and _daily(rows, query):
        rows = [r for r in rows if not _over(r, world)] or rows
    if query.want == Want.END:
        rows = world.running(rows, world.now) or rows
    if query.want in _SPOKEN and len(rows) > 1 and not query.plural:
        rows = _on_stage(rows, query, world)
    if query.want == Want.OVER and len(rows) > 1 and not query.plural and query.ref.pick is None:
        rows = _last_begun(rows, world)
    if query.want == Want.OVER:
        rows = [r for p in rows for r in (_talks_of([p], Query(Want.OVER, Ref(Of.TALK)), world))]
    if query.want in _ABOUT_TALKS and len(rows) > 1 and all(isinstance(r, Person) for r in rows):
        rows = _talks_of(rows, query, world)
    return rows


def _running_talks(rows: list[Row], query: Query, world: World) -> list[Row]:
    """Instead of sessions on now, their talks on now, where talks have times of their own."""
    if query.ref.pick != Near.NOW or query.want in (Want.CHAIR, Want.SESSION, Want.COUNT):
        return rows
    found: list[Row] = []
    for row in rows:
        talks = [world.event.talk_by_id[t] for t in row.talks] if isinstance(row, Session) else []
        now = [
            t for t in talks if world.live(t) and any(o.covers(world.now) for o in t.occurrences)
        ]
        found += now or [row]
    return found


_PLACED = frozenset({Want.WHEN, Want.WHERE, Want.START})


def _daily(rows: list[Row], query: Query) -> bool:
    """Whether rows are breaks and meals of which the next is meant: "where do we eat"."""
    kinds = {SessionKind.BREAK, SessionKind.MEAL, SessionKind.SOCIAL}
    return not query.plural and all(isinstance(r, Session) and r.kind in kinds for r in rows)


def _over(row: Row, world: World) -> bool:
    return all(o.over(world.now) for o in world.occurrences(row))


def _still_to_come(rows: list[Row], world: World) -> list[Row]:
    """Of several rows those that haven't begun, if there are any."""
    later = [r for r in rows if any(o.start > world.now for o in world.occurrences(r))]
    return later or rows


def _one_session(rows: list[Row], query: Query, world: World) -> list[Row]:
    """Instead of many talks without times, the session that all of them are in."""
    talks = [r for r in rows if isinstance(r, Talk)]
    if query.want in (Want.CHAIR, Want.SESSION) and len(rows) > 1 and len(talks) == len(rows):
        if len({r.session for r in talks}) == 1:
            return [world.event.session_by_id[talks[0].session]]
    timeless = [r for r in rows if isinstance(r, Talk) and not r.occurrences]
    if query.want not in (Want.WHEN, Want.WHERE, Want.START, Want.END, Want.DURATION):
        return rows
    few = 4 if query.other is None else 2
    if len(timeless) < few or len(timeless) != len(rows):
        return rows
    sessions = {r.session for r in timeless}
    return [world.event.session_by_id[s] for s in sessions] if len(sessions) == 1 else rows


_ABOUT_TALKS = frozenset(
    {
        Want.WHEN,
        Want.START,
        Want.END,
        Want.UNTIL,
        Want.DURATION,
        Want.OVER,
        Want.TITLE,
        Want.ABOUT,
        Want.ABSTRACT,
        Want.CHAIR,
        Want.SESSION,
    }
)


_SPOKEN = frozenset({Want.WHEN, Want.START, Want.END, Want.UNTIL})


def _on_stage(rows: list[Row], query: Query, world: World) -> list[Row]:
    """Of people told by where they are from, those of whom it is known that they speak."""
    if not all(isinstance(r, Person) for r in rows):
        return rows
    if not any(isinstance(f, From) for f in query.ref.filters):
        return rows
    speak = {Role.KEYNOTE, Role.PRESENTER, Role.PANELIST}
    known = [r for r in rows if any(a.role in speak for a in world.appearances_on(r))]
    return known or rows


def _talks_of(rows: list[Row], query: Query, world: World) -> list[Row]:
    """The talks of several people, where it is the talks that are asked about."""
    people = {r.id for r in rows if isinstance(r, Person)}
    named = any(isinstance(f, Ids) for f in query.ref.filters)
    if not people or (named and query.want != Want.DURATION):
        return rows
    talks: list[Row] = [t for t in world.register.talks if people & {a.person for a in t.people}]
    return talks or rows


def _holds(claim: Filter, rows: list[Row], world: World) -> bool | None:
    """Whether a claim is true of the rows."""
    if not rows:
        return None
    if isinstance(claim, Kinds) and all(isinstance(r, Person) for r in rows):
        return None
    if isinstance(claim, At) and claim.clock is not None:
        clock = world.at(claim.clock).time()
        starts = [o.start.time() for r in rows for o in world.occurrences(r)]
        return clock in starts if starts else None
    ref = Ref(kind_of(rows[0]), (claim,))
    kept = world.passing(list(rows), claim, ref)
    return bool(kept)


__all__ = ["Calendar", "Finding", "Missing", "Register", "Row", "World", "find", "kind_of"]
