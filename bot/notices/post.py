"""From a notice to what is posted, at the moment when it is: the words, and what they tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer import Answer, Paragraph
from bot.event import (
    DayReminder,
    ExtensionReminder,
    MilestoneReminder,
    SessionReminder,
    SlotReminder,
)
from bot.find import Calendar
from bot.notices.mend import Change, mend
from bot.notices.notice import Notice
from bot.notices.timeline import day_of, last_day
from bot.told import Beliefs, Told, date_told, milestone, slot_told, slots, talks_told
from bot.wording import notices as wording


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted, and what it tells."""

    answer: Answer
    told: tuple[Told, ...]


def post(notice: Notice, world: Calendar, believed: Beliefs | None = None) -> Post:
    """What a notice says at the world's moment to those who believe what they were told before."""
    said = _said(notice, world)
    subjects = {t.subject for t in said.told}
    before = [b for b in (believed or {}).values() if b.subject in subjects]
    changes = mend(world.event, before, world.now)
    told = {(t.subject, t.instant): t for t in said.told}
    told |= {(c.now.subject, c.now.instant): c.now for c in changes}
    said = replace(said, told=tuple(told.values()))
    if isinstance(notice.rule, ExtensionReminder):
        return said
    notes = [Paragraph(wording.changed(c.told, c.now, world)) for c in changes if not c.implied]
    return replace(said, answer=replace(said.answer, blocks=(*said.answer.blocks, *notes)))


def _said(notice: Notice, world: Calendar) -> Post:
    event, rule = world.event, notice.rule
    match rule:
        case SessionReminder() | SlotReminder():
            session, o = event.session_by_id[notice.about], notice.slot
            assert o is not None
            told: tuple[Told, ...] = (slot_told(event, session, o), *talks_told(event, session, o))
            if isinstance(rule, SessionReminder):
                return Post(wording.session_ahead(session, o, notice.due, world), told)
            parts = wording.parts_of(session, o, notice.person, rule.roles, world)
            return Post(wording.own_slot(session, o, parts, notice.due, world), told)
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


def _day(notice: Notice, world: Calendar) -> Post:
    """The sessions of a day that haven't ended yet."""
    event = world.event
    rows = [
        (o, session)
        for session in event.sessions
        for o in slots(session)
        if day_of(o.start).isoformat() == notice.key.instant and not o.over(world.now)
    ]
    rows.sort(key=lambda row: row[0].start)
    told = tuple(slot_told(event, session, o) for o, session in rows)
    day = day_of(rows[0][0].start)
    return Post(wording.day_program(day, rows, notice.due, world), told)


def put_right(changes: Sequence[Change], world: Calendar) -> Post:
    """What is posted where something else was told before."""
    answer = wording.correction([(c.told, c.now) for c in changes if not c.implied], world)
    return Post(answer, tuple(c.now for c in changes))
