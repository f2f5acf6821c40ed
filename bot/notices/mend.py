"""What a place was told that isn't so any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.event import Event
from bot.notices.notice import Delivery, State
from bot.told import (
    Beliefs,
    DateTold,
    SlotTold,
    TalkTold,
    Told,
    at_venue,
    believing,
    date_told,
    milestone,
    slot_told,
    slots,
    talk_told,
)


@dataclass(frozen=True, slots=True)
class Change:
    """What was told of a subject, and how it is now.

    It is `implied` if another one says it already: that a talk moves with its session.
    """

    told: Told
    now: Told
    implied: bool = False


def believed(posted: Iterable[Delivery]) -> Beliefs:
    """What those in a place believe, by what was posted there and in which order."""
    found: Beliefs = {}
    for delivery in sorted(posted, key=lambda d: (d.settled or d.due, d.id)):
        if delivery.state == State.SENT:
            found = believing(found, delivery.told)
    return found


def mend(event: Event, beliefs: Iterable[Told], now: datetime) -> tuple[Change, ...]:
    """What of it is to be put right: what isn't so, as long as it mattered or matters again."""
    told = [at_venue(t, event.zone) for t in beliefs]
    by_session: dict[str, list[SlotTold]] = {}
    for each in told:
        if isinstance(each, SlotTold):
            by_session.setdefault(each.session, []).append(each)
    found = [c for id_, slots_ in by_session.items() for c in _slots_changed(event, id_, slots_)]
    moved = [c for c in found if isinstance(c.told, SlotTold)]
    found += [
        replace(c, implied=_implied(c, event, moved))
        for t in told
        if isinstance(t, TalkTold)
        for c in _talk_changed(event, t)
    ]
    found += [c for t in told if isinstance(t, DateTold) for c in _date_changed(event, t)]
    zone = event.zone
    return tuple(c for c in found if max(c.told.until(zone), c.now.until(zone)) > now)


def _slots_changed(event: Event, id_: str, told: list[SlotTold]) -> Iterator[Change]:
    """Each time of a session that was told, next to the one that it is now.

    That is the one at the same instant, or else the first that nothing else was told of.
    """
    session = event.session_by_id.get(id_)
    there = {_at(o.start): slot_told(event, session, o) for o in slots(session)} if session else {}
    left = []
    for t in sorted(told, key=lambda t: _at(t.start)):
        same = there.pop(_at(t.start), None)
        if same is None:
            left.append(t)
        elif t.off or _differ(event, t, same):
            yield Change(t, same)
    for t in left:
        if t.off:
            continue
        if there:
            other = there.pop(min(there))
            yield Change(t, replace(other, was=t.start))
        else:
            yield Change(t, replace(t, off=True))


def _differ(event: Event, told: SlotTold, now: SlotTold) -> bool:
    """Whether one sees a difference between two tellings of one instant."""
    known = event.person_by_id
    gone = [p for p in told.who if p not in now.who and p in known]
    come = [p for p in now.who if p not in told.who]
    ends = told.end is not None and (now.end is None or _at(told.end) != _at(now.end))
    return bool(gone or come) or ends or {*told.rooms} != {*now.rooms}


def _talk_changed(event: Event, told: TalkTold) -> Iterator[Change]:
    """A talk that was told, if it is otherwise now."""
    talk = event.talk_by_id.get(told.talk)
    if talk is None:
        if not told.off:
            yield Change(told, replace(told, off=True))
        return
    there = slots(event.session_by_id[talk.session])
    near = min(there, key=lambda o: abs(_at(o.start) - _at(told.within)), default=None)
    if near is None:
        if not told.off:
            yield Change(told, replace(told, off=True))
        return
    now = talk_told(talk, near)
    started = told.start is not None and now.start is not None and _at(told.start) != _at(now.start)
    if now.off != told.off or started:
        was = told.start or told.within
        yield Change(told, now if now.off else replace(now, was=was if started else None))


def _implied(change: Change, event: Event, sessions: list[Change]) -> bool:
    """Whether a change of a talk goes without saying, as its whole session is off or moves alike."""
    told, now = change.told, change.now
    assert isinstance(told, TalkTold)
    assert isinstance(now, TalkTold)
    talk = event.talk_by_id.get(told.talk)
    for c in sessions:
        if talk is None or c.told.subject != talk.session:
            continue
        assert isinstance(c.told, SlotTold)
        assert isinstance(c.now, SlotTold)
        if c.now.off or (c.told.off and not c.now.off):
            return True
        if told.start is not None and now.start is not None and not now.off:
            return _at(now.start) - _at(told.start) == _at(c.now.start) - _at(c.told.start)
    return False


def _date_changed(event: Event, told: DateTold) -> Iterator[Change]:
    """A date that was told, if another one is in force now."""
    found = milestone(event, told.milestone)
    if found is None:
        if not told.off:
            yield Change(told, replace(told, off=True))
        return
    now = date_told(found)
    if told.off or replace(told.moment, note="") != now.moment:
        yield Change(told, replace(now, was=told.moment))


def _at(moment: datetime) -> datetime:
    """An instant that compares as such, also on the night when clocks go back."""
    return moment.astimezone(UTC)


def withdrawn(told: Iterable[Told]) -> tuple[tuple[str, str], ...]:
    """The subjects, and the instant of each, that a post tells isn't right any more."""
    return tuple((t.subject, t.replaces) for t in told if t.replaces)
