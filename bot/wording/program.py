"""Sentences about sessions and talks: which of the other rooms has the words for a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answer import Answer, Bullets, Facts, Line, Status
from bot.event import Person, Session, Talk
from bot.find import Finding, Row, World
from bot.query import Query, Want
from bot.wording import chat, people
from bot.wording.cards import rest
from bot.wording.lists import (
    MOST_CHOICES,
    MOST_LISTED,
    assembled,
    counted_rows,
    follow_ups,
    listed,
    room_behind,
    with_more,
)
from bot.wording.rows import SAYERS, overview, when, when_and_where
from bot.wording.texts import about, beside, gist
from bot.wording.verdicts import claimed, same_room, whether_over
from bot.wording.voice import (
    authors,
    names,
    people_with_places,
    spelt,
    time,
    title,
)


def answer(finding: Finding, world: World) -> Answer:
    """About the sessions or talks that were found."""
    query, rows = finding.query, finding.rows
    if query.want == Want.COUNT:
        return counted_rows(finding, world)
    if query.want == Want.ROOMS:
        return same_room(rows, world)
    if query.want == Want.OVER:
        return whether_over(finding, world)
    if query.want in (Want.LIST, Want.AGENDA) or (query.want == Want.OVERVIEW and len(rows) > 1):
        if query.ref.pick is None or len(rows) > 1:
            return listed(finding, world)
    if query.claims:
        return claimed(finding, world)
    if len(rows) > 1 and _one_meant(query, rows):
        return which(finding, world)
    wants = _told(query)
    if wants == [Want.OVERVIEW] and len(rows) == 1 and _has_card(rows[0], world):
        answered = _card(rows[0], world)
    else:
        answered = assembled(_lines(finding, wants, world), rows, world)
    told = with_more(answered, _rest(finding, wants, answered, world))
    if told.status != Status.ANSWERED or len(rows) != 1:
        return told
    return replace(told, actions=follow_ups(rows, frozenset(wants)))


def _has_card(row: Row, world: World) -> bool:
    return isinstance(row, Session) and len(row.talks) > 1 and world.live(row)


def _card(row: Row, world: World) -> Answer:
    """All about a session of several talks."""
    assert isinstance(row, Session)
    found = assembled([when_and_where(row, world)], [row], world)
    chairs: Line = (people_with_places(world, row.chairs),)
    facts = (Facts((("Chair" if len(row.chairs) == 1 else "Chairs", chairs),)),)
    talks = [world.event.talk_by_id[t] for t in row.talks]
    titles: list[Line] = [(f"{title(t)}{'' if world.live(t) else ' (cancelled)'}",) for t in talks]
    card = (*(facts if row.chairs else ()), Bullets(tuple(titles)))
    return replace(found, blocks=(*card, *found.blocks))


def _told(query: Query) -> list[Want]:
    """The wants that are answered: those that another covers are left out."""
    wants = [query.want, *(w for w in query.also if w in SAYERS and w != query.want)]
    covered = [_COVERED_BY.get(w, set()) & set(wants[:at]) for at, w in enumerate(wants)]
    return [w for w, by in zip(wants, covered, strict=True) if not by]


def _lines(finding: Finding, wants: list[Want], world: World) -> list[Line]:
    """What is said to each want of each row."""
    rows = finding.rows
    lines: list[Line] = [when(row, world) for row in rows[:MOST_LISTED] if not world.live(row)]
    for want in dict.fromkeys(wants):
        sayer = SAYERS.get(want, overview)
        told = [r for r in rows if world.live(r) or want not in _PLANNED]
        if want == Want.ABOUT and finding.said:
            lines += [about(row, world, beside(finding.said)) for row in told]
        else:
            lines += [sayer(row, world) for row in told[:MOST_LISTED]]
    return lines


def _rest(finding: Finding, wants: list[Want], answered: Answer, world: World) -> list[Line]:
    """What else there is to say of a single row: its sentences, its card, its gist."""
    if len(finding.rows) != 1:
        return []
    more: list[Line] = [(text,) for text in finding.said]
    more.append(rest(finding.rows[0], frozenset(wants), world))
    if wants == [Want.OVERVIEW]:
        more.append(gist(finding.rows[0], world, room_behind(answered, more)))
    return more


_COVERED_BY = {
    Want.START: {Want.WHEN, Want.UNTIL},
    Want.END: {Want.WHEN},
    Want.WHEN: {Want.START, Want.END, Want.UNTIL},
    Want.WHO: {Want.CHAIR, Want.AUTHORS, Want.SPEAKER, Want.AFFILIATION},
    Want.LIST: set(Want),
}


_PLANNED = frozenset(
    {
        Want.WHEN,
        Want.START,
        Want.END,
        Want.DURATION,
        Want.UNTIL,
        Want.WHERE,
        Want.DAY,
        Want.SESSION,
        Want.OVERVIEW,
    }
)
"""What isn't told of a cancelled row: a sentence says when it was planned for."""


def _one_meant(query: Query, rows: Sequence[Row]) -> bool:
    """Whether a single row was meant though several fit."""
    if query.plural or query.ref.pick is not None:
        return False
    if len(rows) <= 3 and query.want in (
        Want.WHEN,
        Want.WHERE,
        Want.START,
        Want.END,
        Want.DURATION,
    ):
        return False
    return all(isinstance(r, Talk) for r in rows) or len(rows) > MOST_LISTED


def which(finding: Finding, world: World) -> Answer:
    """Several fit where one was meant."""
    rows = finding.rows[:MOST_CHOICES]
    choices = tuple(_choice(r, world) for r in rows)
    more = f" ({len(finding.rows)} fit)" if len(finding.rows) > len(rows) else ""
    return chat.clarify(f"Which one do you mean?{more}", choices)


def _choice(row: Row, world: World) -> str:
    if isinstance(row, Talk) and row.people:
        return f"{title(row)} by {names(world, authors(row)[:1])}{' et al.' if len(authors(row)) > 1 else ''}"
    starts = world.occurrences(row)
    return f"{title(row)}, {time(starts[0].start).text}" if starts else title(row)


def detail(finding: Finding, world: World) -> Answer:
    """A sentence of a record that answers a question about its content."""
    query, rows = finding.query, finding.rows
    meaning = (spelt(finding.spelt),) if finding.spelt else ()
    said = (*meaning, *finding.said)
    asks_nothing = not (query.words or query.details or query.absent)
    if not said and asks_nothing and len(rows) == 1:
        wants = [w for w in query.also if w in SAYERS] or [Want.ABOUT]
        return assembled([SAYERS[w](rows[0], world) for w in wants[:1]], rows)
    if said and rows:
        row = rows[0]
        lead = f"{title(row)}: " if isinstance(row, Talk) else ""
        own = isinstance(row, Talk) and not row.summary
        text = " ".join(said)
        return Answer(
            Status.ANSWERED,
            (f"{lead}“{text}”" if own else f"{lead}{text}",),
            records=tuple(r.ref for r in rows[:1]),
            actions=follow_ups(rows),
        )
    if not rows:
        return chat.not_understood(query, world)
    if len(rows) > 1:
        told = not (query.words or query.absent or query.counted) or query.plural
        if any(isinstance(r, Person) for r in rows) and told:
            return people.answer(finding, world)
        return which(finding, world)
    return chat.not_stated(f"that about {title(rows[0])}", world, records=(rows[0].ref,))
