"""One row and one want, as a line: when, where, who, how long."""

from __future__ import annotations

from bot.answer import Inline, Line, Strong
from bot.event import Occurrence, Role, Session, SessionKind, Talk, TalkKind
from bot.find import Row, World
from bot.query import Want
from bot.wording.texts import about, abstract
from bot.wording.voice import (
    affiliation,
    all_rooms,
    authors,
    counted,
    days_between,
    duration,
    full_date,
    joined,
    minutes,
    names,
    people_with_places,
    position,
    span,
    spans,
    speakers,
    time,
    title,
    unstated,
    verb,
)


def when(row: Row, world: World) -> Line:
    """When a row is; a talk without a time of its own by its place in its session."""
    if not world.live(row):
        return (f"{subject(row)} was planned for ", *spans(world, row), ", but it is cancelled.")
    if not world.occurrences(row):
        place = position(world, row) if isinstance(row, Talk) else spans(world, row)
        return unstated(f"{subject(row)} {verb(world, row)} ", *place, ".")
    if isinstance(row, Talk) and not row.occurrences:
        return (f"{subject(row)} {verb(world, row)} ", *position(world, row), ".")
    return (subject(row), f" {verb(world, row)} ", *spans(world, row), ".")


def subject(row: Row) -> str:
    """A row as the subject of a sentence."""
    if isinstance(row, Talk) and row.kind == TalkKind.KEYNOTE:
        return f"The keynote {title(row)}"
    return title(row)


def _start(row: Row, world: World) -> Line:
    return _edge(row, world, end=False)


def _end(row: Row, world: World) -> Line:
    return _edge(row, world, end=True)


def _edge(row: Row, world: World, *, end: bool) -> Line:
    found = world.occurrences(row)
    if isinstance(row, Talk) and not row.occurrences and _crowded(row, world):
        return when(row, world)
    if len(found) != 1:
        return when(row, world)
    o = found[0]
    past = o.over(world.now)
    verbs = (
        ("ended" if past else "ends") if end else ("started" if o.start <= world.now else "starts")
    )
    instant = o.end if end else o.start
    if instant is None:
        return unstated(
            f"The end of {subject(row)} isn't stated; it starts at ", time(o.start, zone=True), "."
        )
    day = f" on {full_date(instant.date())}" if instant.date() != world.now.date() else ""
    return (subject(row), f" {verbs} at ", time(instant, zone=True), f"{day}.")


def _crowded(talk: Talk, world: World) -> bool:
    return len(world.event.session_by_id[talk.session].talks) > 1


def _duration(row: Row, world: World) -> Line:
    if isinstance(row, Talk) and not row.occurrences and _crowded(row, world):
        session = world.event.session_by_id[row.session]
        o = next(iter(session.occurrences), None)
        if o is None or o.length is None:
            return unstated(f"How long {title(row)} takes isn't stated.")
        count = len(session.talks)
        each = minutes(o.length) // count
        return (
            (
                f"How long single talks take isn't published; {session.label or session.title} has"
                f" {duration(o.length)} for {count} talks, so about {each} minutes each."
            ),
        )
    found = world.occurrences(row)
    lengths = list(dict.fromkeys(o.length for o in found if o.length is not None))
    if not lengths:
        return unstated(f"How long {subject(row)} takes isn't stated.")
    first = found[0]
    return (
        f"{subject(row)} {'took' if verb(world, row) == 'was' else 'takes'} ",
        joined([duration(x) for x in lengths]),
        " (",
        *span(world, first, dated=False),
        ").",
    )


def _until(row: Row, world: World) -> Line:
    coming = [o for o in world.occurrences(row) if o.start > world.now]
    if not coming:
        running = [o for o in world.occurrences(row) if o.covers(world.now)]
        if running and running[0].end:
            left = duration(running[0].end - world.now)
            return (
                f"{subject(row)} is on now; {left} left, until ",
                time(running[0].end, zone=True),
                ".",
            )
        return when(row, world)
    o = min(coming, key=lambda o: o.start)
    return (f"{subject(row)} starts ", *ahead(o, world), ".")


def ahead(o: Occurrence, world: World) -> Line:
    """How long until something starts, and when that is."""
    days = days_between(world.now.date(), o.start.date())
    if days == 0:
        return (f"in {duration(o.start - world.now)}, at ", time(o.start, zone=True))
    weeks = f" ({_weeks(days)})" if days >= 14 else ""
    return (
        f"in {counted(days, 'day')}{weeks}, on {full_date(o.start.date())} at ",
        time(o.start, zone=True),
    )


def _weeks(days: int) -> str:
    weeks, rest = divmod(days, 7)
    if rest >= 4:
        return f"almost {counted(weeks + 1, 'week')}"
    return ("just over " if rest else "") + counted(weeks, "week")


def _where(row: Row, world: World) -> Line:
    where = all_rooms(world, row)
    if not where and isinstance(row, Session) and row.summary:
        return (f"No room is stated for {subject(row)}. {row.summary}",)
    if not where:
        return unstated(f"The room of {subject(row)} isn't stated.")
    return (f"{subject(row)} {verb(world, row)} in {where}.",)


def _chair(row: Row, world: World) -> Line:
    session = world.event.session_by_id[row.session] if isinstance(row, Talk) else row
    if not isinstance(session, Session):
        return ()
    chairs = session.chairs or tuple(
        a for a in world.appearances_on(row) if a.role == Role.MODERATOR
    )
    if not chairs:
        return unstated(f"No chair is stated for {session.name}.")
    named = people_with_places(world, chairs)
    moderators = all(a.role == Role.MODERATOR for a in chairs)
    does = "moderate" if moderators else "chair"
    ending = "d" if moderators else "ed"
    if verb(world, session) != "was":
        ending = "s" if len(chairs) == 1 else ""
    return (f"{named} {does}{ending} {session.name}.",)


def _authors(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        who = authors(row)
        if not who:
            return unstated(f"The records don't say who {subject(row)} is by.")
        return (f"{subject(row)} is by {people_with_places(world, who)}.",)
    return _speakers(row, world)


def _speakers(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        front = speakers(row)
        if front:
            who = people_with_places(world, front)
            past = verb(world, row) == "was"
            if row.kind == TalkKind.PANEL:
                return (f"The panelists of {title(row)} {'were' if past else 'are'} {who}.",)
            return (f"{who} {'gave' if past else 'gives'} {title(row)}.",)
        who = people_with_places(world, authors(row))
        if not who:
            return unstated(f"The records don't say who presents {title(row)}.")
        return (f"Who presents {title(row)} isn't stated; its authors are {who}.",)
    if isinstance(row, Session):
        talks = [world.event.talk_by_id[t] for t in row.talks]
        if not talks and row.kind in _SILENT:
            return (Strong(row.name), ", ", *spans(world, row), ", has no speakers listed.")
        if not talks:
            return unstated(f"{row.name} has no speakers listed.")
        if len(talks) == 1:
            return (f"{row.name}: ", *_speakers(talks[0], world))
        heads = [f"{title(t)} ({names(world, authors(t))})" for t in talks]
        return (f"{row.name}: {'; '.join(heads)}.",)
    return ()


_SILENT = frozenset(
    {
        SessionKind.BREAK,
        SessionKind.MEAL,
        SessionKind.CEREMONY,
        SessionKind.SOCIAL,
        SessionKind.REGISTRATION,
    }
)
"""Kinds of sessions in which nobody need speak."""


def _who(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        return _authors(row, world)
    if isinstance(row, Session) and row.kind == SessionKind.TALKS and not row.talks:
        return _chair(row, world)
    return _speakers(row, world)


def _affiliation(row: Row, world: World) -> Line:
    if not isinstance(row, Talk):
        return _speakers(row, world)
    who = authors(row)
    places = list(dict.fromkeys(affiliation(world, a) for a in who if a.affiliations))
    if len(places) == 1:
        return (
            f"All authors of {title(row)} are from {places[0]}: {names(world, who)}."
            if len(who) > 1
            else f"{names(world, who)} ({title(row)}) is from {places[0]}.",
        )
    if not places:
        return unstated(f"No affiliations are stated for {title(row)}.")
    return (f"{title(row)} is by {people_with_places(world, who)}.",)


def _title(row: Row, world: World) -> Line:
    if isinstance(row, Session) and len(row.talks) == 1 and row.kind == SessionKind.KEYNOTE:
        return _title(world.event.talk_by_id[row.talks[0]], world)
    if isinstance(row, Talk):
        session = world.event.session_by_id[row.session]
        label = f"{session.label}: " if row.kind == TalkKind.KEYNOTE and session.label else ""
        return (label, Strong(f"“{row.title}”"), "." if not label else "")
    if isinstance(row, Session) and row.talks:
        talks = joined([title(world.event.talk_by_id[t]) for t in row.talks[:_MOST_TITLES]])
        return (Strong(title(row)), f". Its talks: {talks}.")
    return (Strong(title(row)),)


_MOST_TITLES = 6


def _session(row: Row, world: World) -> Line:
    if isinstance(row, Talk):
        session = world.event.session_by_id[row.session]
        place = position(world, row) if not row.occurrences else spans(world, row)
        return (f"{subject(row)} {verb(world, row)} in {session.name}: ", *place, ".")
    return (title(row), f" {verb(world, row)} ", *spans(world, row), ".")


def _day(row: Row, world: World) -> Line:
    days = list(dict.fromkeys(o.start.date() for o in world.occurrences(row)))
    return (f"{subject(row)} {verb(world, row)} on {joined([full_date(d) for d in days])}.",)


def overview(row: Row, world: World) -> Line:
    """All about a row in a sentence or two."""
    if isinstance(row, Session):
        return _session_overview(row, world)
    if isinstance(row, Talk):
        by = f" by {people_with_places(world, authors(row))}" if row.people else ""
        where = all_rooms(world, row)
        place = position(world, row) if not row.occurrences else spans(world, row)
        room = f", {where}" if where else ""
        return (f"{subject(row)}{by}: ", *place, f"{room}.")
    return (title(row),)


def when_and_where(row: Session, world: World) -> Line:
    """A session with its time and room."""
    where = all_rooms(world, row)
    return (Strong(row.name), ", ", *spans(world, row), f", {where}." if where else ".")


def _session_overview(row: Session, world: World) -> Line:
    parts: list[Inline] = [*when_and_where(row, world)]
    if row.chairs:
        parts.append(f" Chair: {people_with_places(world, row.chairs)}.")
    talks = [world.event.talk_by_id[t] for t in row.talks]
    if len(talks) == 1:
        talk = talks[0]
        parts.append(f" {title(talk)} by {people_with_places(world, authors(talk))}.")
    elif talks and len(talks) <= 8:
        heads = [f"{title(t)}{'' if world.live(t) else ' (cancelled)'}" for t in talks]
        parts.append(f" Talks: {'; '.join(heads)}.")
    elif talks:
        parts.append(f" {len(talks)} talks.")
    return tuple(parts)


SAYERS = {
    Want.WHEN: when,
    Want.START: _start,
    Want.END: _end,
    Want.DURATION: _duration,
    Want.UNTIL: _until,
    Want.WHERE: _where,
    Want.WHO: _who,
    Want.AUTHORS: _authors,
    Want.SPEAKER: _speakers,
    Want.CHAIR: _chair,
    Want.AFFILIATION: _affiliation,
    Want.SECTOR: _affiliation,
    Want.TITLE: _title,
    Want.ABOUT: about,
    Want.ABSTRACT: abstract,
    Want.SESSION: _session,
    Want.DAY: _day,
    Want.OVERVIEW: overview,
}
