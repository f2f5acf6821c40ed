"""All that an edition brings to be posted, in the order of time; what of it is open at a moment."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from bot.amend import Edition
from bot.event import (
    DayReminder,
    Event,
    ExtensionReminder,
    Milestone,
    MilestoneReminder,
    Occurrence,
    Reminder,
    Role,
    Session,
    SessionReminder,
    SlotReminder,
    Status,
)
from bot.notices.notice import Key, Notice
from bot.told import closing, instant, instant_of, own_start, slots


BEGUN: Final = timedelta(minutes=10)
"""How long a notice that something begins still helps after its beginning."""

NEWS: Final = timedelta(days=3)
"""How long an extension is news."""

_SMALL_HOURS: Final = timedelta(hours=5)
"""What begins before this hour belongs to the evening before."""


class Timeline:
    """Notices by the moment at which they are due."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        """Takes time in proportion to them (times a logarithm); looking takes next to none."""
        self.notices = tuple(sorted(notices, key=lambda n: (n.due, n.key)))
        self._dues = [n.due for n in self.notices]
        self._latest = _latest(self.notices)

    @cached_property
    def _by_base(self) -> dict[tuple[str, str, str], Notice]:
        return {n.key.base: n for n in self.notices}

    def find(self, key: Key) -> Notice | None:
        """The notice with a key, whatever its round."""
        return self._by_base.get(key.base)

    def open_at(self, now: datetime) -> Iterator[Notice]:
        """What is due at a moment and hasn't expired, in its order.

        Costs as much as there is of it (times a logarithm), whatever was or will be.
        """
        yield from self._open(1, 0, len(self._latest) // 2, bisect_right(self._dues, now), now)

    def _open(self, node: int, low: int, high: int, stop: int, now: datetime) -> Iterator[Notice]:
        """The open ones among those from `low` to `high` and before `stop`, below a node."""
        latest = self._latest[node]
        if low >= stop or latest is None or latest <= now:
            return
        if high - low == 1:
            yield self.notices[low]
            return
        middle = (low + high) // 2
        yield from self._open(2 * node, low, middle, stop, now)
        yield from self._open(2 * node + 1, middle, high, stop, now)

    def between(self, after: datetime, upto: datetime) -> Sequence[Notice]:
        """What is due after a moment and not after another."""
        return self.notices[bisect_right(self._dues, after) : bisect_right(self._dues, upto)]

    def next_after(self, now: datetime) -> datetime | None:
        """When the next one is due."""
        at = bisect_right(self._dues, now)
        return self._dues[at] if at < len(self._dues) else None


def _latest(notices: Sequence[Notice]) -> list[datetime | None]:
    """A complete binary tree over them, as an array from 1 on: the latest expiry below each node."""
    size = 1 << max(len(notices) - 1, 0).bit_length()
    tree: list[datetime | None] = [None] * (2 * size)
    tree[size : size + len(notices)] = [n.expires for n in notices]
    for node in range(size - 1, 0, -1):
        tree[node] = max((x for x in tree[2 * node : 2 * node + 2] if x is not None), default=None)
    return tree


def timeline(edition: Edition) -> Timeline:
    """What the rules of an edition's event bring."""
    found = (n for rule in edition.event.reminders for n in _of_rule(edition, rule))
    return Timeline({n.key: n for n in found if n.due < n.expires}.values())


def _of_rule(edition: Edition, rule: Reminder) -> Iterator[Notice]:
    event = edition.event
    match rule:
        case SessionReminder():
            return _sessions(event, rule)
        case DayReminder():
            return _days(event, rule)
        case MilestoneReminder():
            return _milestones(event, rule)
        case ExtensionReminder():
            return _extensions(edition, rule)
        case SlotReminder():
            return _own_slots(event, rule)
        case _:
            raise AssertionError(rule)


# -- the program -----------------------------------------------------------------------------


def _sessions(event: Event, rule: SessionReminder) -> Iterator[Notice]:
    for session in event.sessions:
        if session.kind not in rule.kinds:
            continue
        for o in slots(session):
            key = Key(rule.id, session.id, instant(o.start))
            start = o.start.astimezone(UTC)
            expires = start if rule.before else min(start + BEGUN, o.end or start + BEGUN)
            yield Notice(key, rule, start - rule.before, expires, rule.to, session.id, o)


def _days(event: Event, rule: DayReminder) -> Iterator[Notice]:
    last: dict[date, datetime] = {}
    for session in event.sessions:
        for o in slots(session):
            day = day_of(o.start)
            last[day] = max(last.get(day, o.start), o.start)
    for day, end in last.items():
        due = _at(event, day, rule.at)
        key = Key(rule.id, "day", day.isoformat())
        yield Notice(key, rule, due, end.astimezone(UTC), rule.to)


def day_of(start: datetime) -> date:
    """The day of the program to which something belongs that begins then, venue's time."""
    return (start.replace(tzinfo=None) - _SMALL_HOURS).date()


def _at(event: Event, day: date, clock: time) -> datetime:
    """When the venue's clocks show a time on a day."""
    return datetime.combine(day, clock, tzinfo=event.zone).astimezone(UTC)


def _own_slots(event: Event, rule: SlotReminder) -> Iterator[Notice]:
    """For each person the earliest of their parts of a session, which is one slot to them."""
    for session in event.sessions:
        for o in slots(session):
            for person, (start, subject) in _starts(event, session, rule.roles, o).items():
                key = Key(f"{rule.id}/{person}", subject, instant(start))
                moment = start.astimezone(UTC)
                due = moment - rule.before
                yield Notice(key, rule, due, moment, (), session.id, o, person)


def _starts(
    event: Event, session: Session, roles: tuple[Role, ...], o: Occurrence
) -> dict[str, tuple[datetime, str]]:
    """When each person's first part of a session begins, and what it is part of.

    That is the session, unless their talk has a time of its own.
    """
    found = {a.person: (o.start, session.id) for a in session.chairs if a.role in roles}
    for talk in (event.talk_by_id[t] for t in session.talks):
        if talk.status == Status.CANCELLED:
            continue
        own = own_start(talk, o)
        part = (o.start, session.id) if own is None else (own, talk.id)
        for a in talk.people:
            if a.role in roles and (a.person not in found or part[0] < found[a.person][0]):
                found[a.person] = part
    return found


# -- the call --------------------------------------------------------------------------------


def _milestones(event: Event, rule: MilestoneReminder) -> Iterator[Notice]:
    for m in event.call.milestones if event.call else ():
        if rule.kinds and m.kind not in rule.kinds:
            continue
        closes = closing(m.current, event.zone)
        last = last_day(m, event)
        while _at(event, last, rule.at) >= closes:
            last -= timedelta(days=1)
        for days in rule.days:
            due = _at(event, last - timedelta(days=days), rule.at)
            key = Key(f"{rule.id}/{days}", m.id, instant_of(m.current))
            yield Notice(key, rule, due, closes, rule.to, m.id)


def last_day(m: Milestone, event: Event) -> date:
    """The last day of a date of the call: as printed, or as the venue's calendar has it, if that is earlier."""
    moment = m.current
    if moment.instant is None:
        return moment.date
    return min(moment.date, moment.instant.astimezone(event.zone).date())


def _extensions(edition: Edition, rule: ExtensionReminder) -> Iterator[Notice]:
    event = edition.event
    for m in event.call.milestones if event.call else ():
        due = _extended(edition, m)
        if due is not None and len(m.history) > 1:
            key = Key(rule.id, m.id, instant_of(m.current))
            expires = min(closing(m.current, event.zone), due + NEWS)
            yield Notice(key, rule, due, expires, rule.to, m.id)


def _extended(edition: Edition, m: Milestone) -> datetime | None:
    """When the date in force came into force, as far as that is known; not if by taking one back."""
    for amendment in reversed(edition.log):
        if any(e.key.id == m.id and e.field == "history" for e in amendment.effects):
            return None if amendment.undoes else amendment.at.astimezone(UTC)
    return edition.since


# -- several at once -------------------------------------------------------------------------


def dated(notice: Notice) -> bool:
    """Whether a notice is of a date of the call."""
    return isinstance(notice.rule, (MilestoneReminder, ExtensionReminder))


def superseding(open_: Iterable[tuple[Notice, datetime]]) -> dict[Key, Notice]:
    """Of several open notices of one date of the call, those that the latest makes needless, and it.

    With each comes the moment since when it is due in the place that is looked at.
    """
    latest: dict[str, Notice] = {}
    found = sorted((row for row in open_ if dated(row[0])), key=_rank)
    for n, _ in found:
        latest[n.about] = n
    return {n.key: latest[n.about] for n, _ in found if n is not latest[n.about]}


def _rank(row: tuple[Notice, datetime]) -> tuple[datetime, bool, datetime]:
    notice, due = row
    return due, isinstance(notice.rule, ExtensionReminder), notice.due
