"""What the bot posts by itself: reminders, the day's program, deadline alerts, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from bot.answer import Answer, Block, Bullets, Inline, Line, Paragraph, Status, Strong
from bot.event import Milestone, Moment, Occurrence, Role, Session, SessionKind, Talk, TalkKind
from bot.event import Status as RowStatus
from bot.find import Calendar
from bot.told import DateTold, SlotTold, Told
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


# -- sessions --------------------------------------------------------------------------------


def session_ahead(session: Session, o: Occurrence, due: datetime, world: Calendar) -> Answer:
    """That a session begins soon, or has begun: what, when, where, who."""
    line: list[Inline] = [Strong(session.name)]
    now = world.now
    ends: Line = () if o.end is None else (", until ", time(o.end, zone=True))
    if o.start > now:
        left = -int(-(o.start - now).total_seconds() // 60)
        line += [" starts in ", counted(left, "minute"), ", at ", time(o.start, zone=True)]
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
    return (Paragraph((f"Chair: {people_with_places(world, session.chairs)}.",)),)


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


def own_slot(
    session: Session, o: Occurrence, person: str, due: datetime, world: Calendar
) -> Answer:
    """To a person alone: that their own part of a session begins soon, with the occurrence `o`."""
    left = -int(-(o.start - world.now).total_seconds() // 60)
    parts: list[str] = []
    if any(a.person == person and a.role == Role.CHAIR for a in session.chairs):
        parts.append(f"chair {session.name}")
    talks = [world.event.talk_by_id[t] for t in session.talks]
    mine = [t for t in talks if any(a.person == person for a in t.people)]
    parts += [f"{_does(t, person)} {title(t)}" for t in mine]
    line: Line = (
        f"You {joined(parts)} in {counted(left, 'minute')}, at ",
        time(o.start, zone=True),
    )
    where = _in_rooms(o, world)
    order: tuple[Block, ...] = ()
    untimed = [t for t in mine if not t.occurrences and len(talks) > 1]
    if untimed:
        label = session.label or session.title
        order = (
            Paragraph(
                (f"{label} begins then; the times of its talks aren't published.",),
            ),
        )
    return _posted((*line, where, "."), late(due, world.now, *order), session.ref)


def _does(talk: Talk, person: str) -> str:
    role = next(a.role for a in talk.people if a.person == person)
    if role == Role.MODERATOR:
        return "moderate"
    if role == Role.PANELIST:
        return "are on the panel"
    return "give" if talk.kind in (TalkKind.KEYNOTE, TalkKind.INVITED) else "are in with"


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
    soon = f", in {counted(int(left.total_seconds()) // 3600, 'hour')}" if left < _BY_HOURS else ""
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
    if session is None:
        return (f"What was announced for {clock(told.start)} is no longer in the program.",)
    at = _day_and_clock(told.start, world)
    return (f"{session.name}, announced for {at}, ", Strong("is cancelled"), ".")


def _slot_changed(told: SlotTold, now: SlotTold, world: Calendar) -> Line:
    session = world.event.session_by_id[now.session]
    o = Occurrence(now.start, now.end, now.rooms)
    parts: list[Line] = []
    if told.off:
        day = f"{short_date(now.start.date())}, " if now.start.date() != world.now.date() else ""
        parts.append((f"takes place after all, at {day}", time(now.start, zone=True)))
    elif told.start != now.start:
        verb = "starts" if now.start > world.now else "started"
        day = f"{short_date(now.start.date())}, " if _other_day(told, now, world) else ""
        parts.append(
            (f"{verb} at {day}", time(now.start, zone=True), f" (not {_clock(told, now, world)})")
        )
    elif told.end != now.end and now.end is not None:
        old = f" (not {clock(told.end)})" if told.end else ""
        verb = "ends" if now.end > world.now else "ended"
        parts.append((f"{verb} at ", time(now.end, zone=True), old))
    if told.rooms != now.rooms:
        old_rooms = rooms(world, Occurrence(told.start, told.end, _known(told.rooms, world)))
        instead = f" (not {old_rooms})" if old_rooms else ""
        where = rooms(world, o) or "a room that isn't stated"
        parts.append((f"is in {where}{instead}",))
    elif (told.off or told.start != now.start) and o.rooms:
        parts.append((f"in {rooms(world, o)}",))
    come = [p for p in now.who if p not in told.who]
    gone = [p for p in told.who if p not in now.who]
    if come or gone:
        parts.append((_recast(come, gone, world),))
    line: list[Inline] = [f"{session.name} "]
    for number, part in enumerate(parts):
        line += [", " if number else "", *part]
    return (*line, ".")


def _recast(come: Sequence[str], gone: Sequence[str], world: Calendar) -> str:
    known = world.event.person_by_id
    new = joined([known[p].name for p in come if p in known])
    old = joined([known[p].name for p in gone if p in known])
    if not new:
        return f"is without {old}"
    return f"is with {new}" + (f" (not {old})" if old else "")


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
    found = _milestone(told.milestone, world)
    return found.ref if found else ""


def _posted(line: Line, blocks: tuple[Block, ...], *refs: str) -> Answer:
    records = tuple(dict.fromkeys(r for r in refs if r))
    return Answer(Status.ANSWERED, line, blocks, records)
