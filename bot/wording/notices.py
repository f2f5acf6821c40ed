"""What the bot posts by itself: reminders, the day's program, deadline alerts, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.answer import Answer, Block, Bullets, Facts, Inline, Line, Paragraph, Status, Strong
from bot.event import Milestone, Moment, Occurrence, Role, Session, SessionKind, Talk
from bot.event import Status as RowStatus
from bot.find import Calendar
from bot.told import DateTold, SlotTold, TalkTold, Told, own_start
from bot.wording.voice import (
    authors,
    clock,
    counted,
    days_between,
    full_date,
    joined,
    moment,
    names,
    people_with_places,
    rooms,
    short_date,
    time,
    title,
)


_LATE: Final = timedelta(minutes=2)
"""What is later than this is said to be late."""

_BY_HOURS: Final = timedelta(hours=48)
_MOST_TALKS: Final = 12


def late(due: datetime, now: datetime, *blocks: Block) -> tuple[Block, ...]:
    """The blocks of a notice, and behind them how late it is, if it is."""
    behind = now - due
    if behind < _LATE:
        return blocks
    note = f"This comes {_length(behind)} late."
    return (*blocks, Paragraph((note,)))


def _length(span: timedelta) -> str:
    """As in "7 minutes", "3 hours", "2 days": whole ones, those that have begun counted."""
    minutes = -int(-span.total_seconds() // 60)
    if minutes < 120:
        return counted(minutes, "minute")
    return counted(minutes // 60, "hour") if minutes < 60 * 48 else counted(minutes // 1440, "day")


def _left(span: timedelta) -> str:
    """How long somebody still has: whole minutes or hours, never more than there are."""
    minutes = int(span.total_seconds()) // 60
    return counted(minutes, "minute") if minutes < 120 else counted(minutes // 60, "hour")


# -- sessions --------------------------------------------------------------------------------


def session_ahead(session: Session, o: Occurrence, due: datetime, world: Calendar) -> Answer:
    """That a session begins soon, or has begun: what, when, where, who."""
    line: list[Inline] = [Strong(session.name)]
    now = world.now
    ends: Line = () if o.end is None else (", until ", time(o.end, zone=True))
    if o.start > now:
        line += [" starts ", *_ahead(o.start, world)]
    elif now - o.start < _LATE:
        line += [" starts now", *ends]
    else:
        line += [" started at ", time(o.start), *ends]
    line += [_in_rooms(o, world), "."]
    blocks = (*_chaired(session, world), *_talks(session, world))
    return _posted(tuple(line), late(due, now, *blocks), session.ref)


def _in_rooms(o: Occurrence, world: Calendar) -> str:
    return f", in {rooms(world, o)}" if o.rooms else ""


def _chaired(session: Session, world: Calendar) -> tuple[Block, ...]:
    if not session.chairs:
        return ()
    label = "Chair" if len(session.chairs) == 1 else "Chairs"
    return (Facts(((label, (people_with_places(world, session.chairs),)),)),)


def _talks(session: Session, world: Calendar) -> tuple[Block, ...]:
    talks = [world.event.talk_by_id[t] for t in session.talks]
    if len(talks) == 1:
        return (Paragraph(_talk(talks[0], world)),)
    items = tuple(_talk(t, world) for t in talks[:_MOST_TALKS])
    if len(talks) > len(items):
        items = (*items, (f"and {len(talks) - len(items)} more",))
    return (Bullets(items),) if items else ()


def _talk(talk: Talk, world: Calendar) -> Line:
    by = authors(talk)
    who = f"{names(world, by[:1])} et al." if len(by) > 3 else people_with_places(world, by)
    own = talk.occurrences[0].start if len(talk.occurrences) == 1 else None
    at: Line = (time(own), " ") if own is not None else ()
    gone = " (cancelled)" if talk.status == RowStatus.CANCELLED else ""
    return (*at, title(talk), f" by {who}" if who else "", gone)


def _ahead(start: datetime, world: Calendar) -> Line:
    """When something starts that is still to come: how long until then today, else on which day."""
    if start.date() == world.now.date():
        left = start.astimezone(UTC) - world.now.astimezone(UTC)
        return (f"in {_length(left)}, at ", time(start, zone=True))
    return (f"on {short_date(start.date())}, at ", time(start, zone=True))


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody has to do in a session, and when, if that has a time of its own."""

    does: str
    start: datetime | None = None


def parts_of(
    session: Session, o: Occurrence, person: str, roles: Sequence[Role], world: Calendar
) -> tuple[Part, ...]:
    """What a person has to do in one of a session's times, in the roles that are asked for."""
    chairs = any(a.person == person and a.role in roles for a in session.chairs)
    found = [Part(f"chair {session.name}", o.start)] if chairs else []
    for talk in (world.event.talk_by_id[t] for t in session.talks):
        mine = [a.role for a in talk.people if a.person == person and a.role in roles]
        if mine and talk.status != RowStatus.CANCELLED:
            found.append(Part(f"{_DOES.get(mine[0], 'present')} {title(talk)}", own_start(talk, o)))
    return tuple(found)


_DOES: Final = {
    Role.KEYNOTE: "give",
    Role.MODERATOR: "moderate",
    Role.PANELIST: "are on the panel",
    Role.AUTHOR: "are an author of",
}


def own_slot(
    session: Session, o: Occurrence, parts: Sequence[Part], due: datetime, world: Calendar
) -> Answer:
    """To a person alone: that their own part of a session begins soon, and what follows."""
    begin = min((p.start or o.start for p in parts), key=lambda start: start.astimezone(UTC))
    first = [p.does for p in parts if (p.start or o.start) == begin]
    line: Line = (f"You {joined(first)} ", *_ahead(begin, world), _in_rooms(o, world), ".")
    blocks: list[Block] = [
        Paragraph((f"You {part.does} at ", time(part.start), "."))
        for part in parts
        if part.start is not None and part.start != begin
    ]
    if any(p.start is None for p in parts) and len(session.talks) > 1:
        label = session.label or session.title
        note = f"{label} begins then; the times of its talks aren't published."
        blocks.append(Paragraph((note,)))
    return _posted(line, late(due, world.now, *blocks), session.ref)


def day_program(
    day: date, sessions: Sequence[tuple[Occurrence, Session]], due: datetime, world: Calendar
) -> Answer:
    """What a day brings, or what of it is still to come."""
    rest = "The rest of today" if late(due, world.now) else "Today"
    items = tuple(_entry(o, s, world) for o, s in sessions)
    line: Line = (Strong(f"{rest} at {world.event.short}"), f" ({full_date(day)}):")
    refs = [s.ref for _, s in sessions]
    return _posted(line, (Bullets(items),), *refs)


def _entry(o: Occurrence, session: Session, world: Calendar) -> Line:
    end: Line = ("–", time(o.end)) if o.end else ()
    who = ""
    if session.kind == SessionKind.KEYNOTE and len(session.talks) == 1:
        talk = world.event.talk_by_id[session.talks[0]]
        who = f" – {title(talk)} by {names(world, authors(talk))}"
    return (time(o.start), *end, f" {session.name}{who}{_in_rooms(o, world)}")


# -- dates of the call -----------------------------------------------------------------------


def alert(m: Milestone, last: date, due: datetime, world: Calendar) -> Answer:
    """That a date of the call comes near; `last` is its last day by the venue's calendar."""
    days = days_between(world.now.date(), last)
    label = _called(m, world)
    when = _date(m.current, world)
    if days > 0:
        line: Line = (Strong(label), f": {counted(days, 'day')} left, until ", *when, ".")
    else:
        line = (Strong(label), ": today is the last day. It is ", *when, ".")
    return _posted(line, late(due, world.now, *_about_dates(m)), m.ref)


def extension(m: Milestone, world: Calendar) -> Answer:
    """That a later date is in force."""
    old = m.history[-2]
    line: Line = (
        Strong(f"{_called(m, world)} extended"),
        ": now ",
        *_date(m.current, world),
        f", instead of {short_date(old.date)}.",
    )
    return _posted(line, _open_ends(m.current), m.ref)


def _called(m: Milestone, world: Calendar) -> str:
    """A milestone with its track and cycle, where its label doesn't name them."""
    call = world.event.call
    labels = (*call.tracks, *call.cycles) if call else ()
    own = [x.name for x in labels if x.id in (*m.tracks, m.cycle)]
    extra = [n for n in own if n.casefold() not in m.label.casefold()]
    return f"{m.label} ({', '.join(extra)})" if extra else m.label


def _date(m: Moment, world: Calendar) -> Line:
    """A date as printed; if its instant is known, the same at the venue, and the hours left."""
    if m.instant is None:
        return (moment(m),)
    here = m.instant.astimezone(world.event.zone)
    left = here.astimezone(UTC) - world.now.astimezone(UTC)
    shown = f"{short_date(here.date())}, " if here.date() != m.date else ""
    if left <= timedelta():
        soon = ", which has passed"
    else:
        soon = f", in {_left(left)}" if left < _BY_HOURS else ""
    return (f"{moment(m)}, which is {shown}", time(here, zone=True), f" at the venue{soon}")


def _about_dates(m: Milestone) -> tuple[Block, ...]:
    """What it replaced, and what of it isn't stated."""
    found: list[Block] = []
    if len(m.history) > 1:
        found.append(Paragraph((f"It was extended from {short_date(m.history[0].date)}.",)))
    return (*found, *_open_ends(m.current))


def _open_ends(m: Moment) -> tuple[Block, ...]:
    if m.instant is not None:
        return ()
    what = "The time of day" if m.time is None else "The time zone"
    return (Paragraph((f"{what} isn't stated.",)),)


# -- corrections -----------------------------------------------------------------------------


def correction(changes: Sequence[tuple[Told, Told]], world: Calendar) -> Answer:
    """That things are otherwise than a place was told: what each was, and how it is now."""
    lines = tuple(changed(told, now, world) for told, now in changes)
    refs = [_ref(told, world) for told, _ in changes]
    if len(lines) == 1:
        return _posted((Strong("Correction: "), *lines[0]), (), *refs)
    what = "dates" if all(isinstance(t, DateTold) for t, _ in changes) else "program"
    verb = "have" if what == "dates" else "has"
    return _posted((Strong(f"The {what} {verb} changed:"),), (Bullets(lines),), *refs)


def changed(told: Told, now: Told, world: Calendar) -> Line:
    """How something is that a place was told otherwise."""
    match told, now:
        case SlotTold(), SlotTold(off=True):
            return _called_off(told, world)
        case SlotTold(), SlotTold():
            return _slot_changed(told, now, world)
        case TalkTold(), TalkTold():
            return _talk_changed(told, now, world)
        case DateTold(moment=old), DateTold(off=True):
            return (f"The date that was announced, {full_date(old.date)}, holds no longer.",)
        case DateTold(moment=old), DateTold():
            m = _milestone(now.milestone, world)
            label = _called(m, world) if m else now.milestone
            return (f"{label}: ", *_date(now.moment, world), f", not {short_date(old.date)}.")
        case _:
            raise AssertionError(now)


def _called_off(told: SlotTold, world: Calendar) -> Line:
    session = world.event.session_by_id.get(told.session)
    at = _day_and_clock(told.start, world)
    if session is None:
        return (f"What was announced for {at} is no longer in the program.",)
    if session.status != RowStatus.CANCELLED:
        return (f"{session.name} doesn't take place at {at}.",)
    return (f"{session.name}, announced for {at}, ", Strong("is cancelled"), ".")


def _talk_changed(told: TalkTold, now: TalkTold, world: Calendar) -> Line:
    talk = world.event.talk_by_id.get(now.talk)
    if talk is None:
        return ("A talk that was announced is no longer in the program.",)
    if now.off:
        return (title(talk), " ", Strong("is cancelled"), ".")
    if told.off or now.start is None or told.start is None:
        at: Line = () if now.start is None else (", at ", time(now.start, zone=True))
        return (f"{title(talk)} takes place after all", *at, ".")
    verb = "starts" if now.start > world.now else "started"
    old = _day_and_clock(told.start, world)
    return (f"{title(talk)} {verb} at ", time(now.start, zone=True), f" (not {old}).")


def _slot_changed(told: SlotTold, now: SlotTold, world: Calendar) -> Line:
    session = world.event.session_by_id[now.session]
    o = Occurrence(now.start, now.end, now.rooms)
    moved = told.start.astimezone(UTC) != now.start.astimezone(UTC)
    parts: list[Line] = []
    if told.off:
        day = f"{short_date(now.start.date())}, " if now.start.date() != world.now.date() else ""
        parts.append((f"takes place after all, at {day}", time(now.start, zone=True)))
    elif moved:
        verb = "starts" if now.start > world.now else "started"
        day = f"{short_date(now.start.date())}, " if _other_day(told, now, world) else ""
        old = _clock(told, now, world)
        parts.append((f"{verb} at {day}", time(now.start, zone=True), f" (not {old})"))
    elif told.end is not None and now.end is None:
        parts.append(("has no stated end any more",))
    elif told.end != now.end and now.end is not None:
        old = f" (not {clock(told.end)})" if told.end else ""
        verb = "ends" if now.end > world.now else "ended"
        parts.append((f"{verb} at ", time(now.end, zone=True), old))
    if {*told.rooms} != {*now.rooms}:
        old_rooms = rooms(world, Occurrence(told.start, told.end, _known(told.rooms, world)))
        instead = f" (not {old_rooms})" if old_rooms else ""
        where = rooms(world, o) or "a room that isn't stated"
        parts.append((f"is in {where}{instead}",))
    elif (told.off or moved) and o.rooms:
        parts.append((f"in {rooms(world, o)}",))
    recast = _recast(told, now, world)
    if recast:
        parts.append((recast,))
    line: list[Inline] = [f"{session.name} "]
    for number, part in enumerate(parts):
        line += [", " if number else "", *part]
    return (*line, ".")


def _recast(told: SlotTold, now: SlotTold, world: Calendar) -> str:
    known = world.event.person_by_id
    new = joined([known[p].name for p in now.who if p not in told.who and p in known])
    old = joined([known[p].name for p in told.who if p not in now.who and p in known])
    if new:
        return f"is with {new}" + (f" (not {old})" if old else "")
    return f"is without {old}" if old else ""


def _known(ids: Sequence[str], world: Calendar) -> tuple[str, ...]:
    return tuple(r for r in ids if r in world.event.room_by_id)


def _other_day(told: SlotTold, now: SlotTold, world: Calendar) -> bool:
    return told.start.date() != now.start.date() or now.start.date() != world.now.date()


def _clock(told: SlotTold, now: SlotTold, world: Calendar) -> str:
    if told.start.date() == now.start.date():
        return clock(told.start)
    return _day_and_clock(told.start, world)


def _day_and_clock(start: datetime, world: Calendar) -> str:
    day = f"{short_date(start.date())}, " if start.date() != world.now.date() else ""
    return f"{day}{clock(start)}"


def _milestone(id_: str, world: Calendar) -> Milestone | None:
    call = world.event.call
    return next((m for m in call.milestones if m.id == id_), None) if call else None


def _ref(told: Told, world: Calendar) -> str:
    if isinstance(told, SlotTold):
        session = world.event.session_by_id.get(told.session)
        return session.ref if session else ""
    if isinstance(told, TalkTold):
        talk = world.event.talk_by_id.get(told.talk)
        return talk.ref if talk else ""
    found = _milestone(told.milestone, world)
    return found.ref if found else ""


def _posted(line: Line, blocks: tuple[Block, ...], *refs: str) -> Answer:
    records = tuple(dict.fromkeys(r for r in refs if r))
    return Answer(Status.ANSWERED, line, blocks, records)
