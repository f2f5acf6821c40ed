"""From a notice to what is posted, at the moment when it is: the words, and what they tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, Paragraph
from bot.event import (
    DayReminder,
    Event,
    ExtensionReminder,
    MilestoneReminder,
    Occurrence,
    Session,
    SessionReminder,
    SlotReminder,
)
from bot.find import Calendar
from bot.notices.mend import Change, mend
from bot.notices.notice import Notice
from bot.notices.timeline import day_of, last_day
from bot.told import SlotTold, Told, date_told, milestone, slot_told, slots
from bot.wording import notices as wording


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted, and what it tells."""

    answer: Answer
    told: tuple[Told, ...]


def post(notice: Notice, world: Calendar, believed: Mapping[str, Told] | None = None) -> Post:
    """What a notice says at the world's moment to those who believe what they were told before."""
    said = _said(notice, world)
    changes = mend(
        world.event,
        [b for t in said.told if (b := (believed or {}).get(t.subject)) is not None],
        world.now,
    )
    if not changes or isinstance(notice.rule, ExtensionReminder):
        return said
    notes = [Paragraph(wording.changed(c.told, c.now, world)) for c in changes]
    return replace(said, answer=replace(said.answer, blocks=(*said.answer.blocks, *notes)))


def _said(notice: Notice, world: Calendar) -> Post:
    event, rule = world.event, notice.rule
    match rule:
        case SessionReminder():
            session, o, told = _slot(notice, event)
            return Post(wording.session_ahead(session, o, notice.due, world), (told,))
        case SlotReminder():
            session, o, told = _slot(notice, event)
            mine = replace(o, start=notice.expires.astimezone(event.zone))
            answer = wording.own_slot(session, mine, notice.person, notice.due, world)
            return Post(answer, (told,))
        case DayReminder():
            return _day(notice, world)
        case MilestoneReminder():
            m = milestone(event, notice.about)
            assert m is not None
            answer = wording.alert(m, last_day(m, event), notice.due, world)
            return Post(answer, (date_told(m),))
        case ExtensionReminder():
            m = milestone(event, notice.about)
            assert m is not None
            return Post(wording.extension(m, world), (date_told(m),))
        case _:
            raise AssertionError(rule)


def _slot(notice: Notice, event: Event) -> tuple[Session, Occurrence, SlotTold]:
    session = event.session_by_id[notice.about]
    told = slot_told(event, session, notice.nth)
    assert told is not None
    return session, slots(session)[notice.nth], told


def _day(notice: Notice, world: Calendar) -> Post:
    """The sessions of a day that haven't ended yet."""
    event = world.event
    rows = [
        (o, session, nth)
        for session in event.sessions
        for nth, o in enumerate(slots(session))
        if day_of(o.start).isoformat() == notice.key.instant and not o.over(world.now)
    ]
    rows.sort(key=lambda row: row[0].start)
    told = [slot_told(event, session, nth) for _, session, nth in rows]
    day = day_of(rows[0][0].start)
    answer = wording.day_program(day, [(o, s) for o, s, _ in rows], notice.due, world)
    return Post(answer, tuple(t for t in told if t is not None))


def put_right(changes: Sequence[Change], world: Calendar) -> Post:
    """What is posted where something else was told before."""
    answer = wording.correction([(c.told, c.now) for c in changes], world)
    return Post(answer, tuple(c.now for c in changes))
