"""What would go out, message by message, and what an edit of the event changes about that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.amend import Edition
from bot.answer import Answer, plain, to_json
from bot.event import Event
from bot.find import Calendar, Register
from bot.notices.due import in_place
from bot.notices.notice import Notice
from bot.notices.post import post
from bot.notices.routes import Routes
from bot.notices.timeline import Timeline, superseding, timeline


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that would go out: its notice, the places, and its words if it is in time."""

    notice: Notice
    places: tuple[str, ...]
    answer: Answer

    @property
    def text(self) -> str:
        """The words as plain text."""
        return plain(self.answer)

    @property
    def name(self) -> str:
        """By which rule it comes, and what it is about."""
        return f"[{self.notice.key.rule} {self.notice.key.subject}]"

    def due(self, zone: ZoneInfo) -> str:
        """When it is due, by the clocks of a zone."""
        return f"{self.notice.due.astimezone(zone):%Y-%m-%d %H:%M}"

    def head(self, zone: ZoneInfo) -> str:
        """When, where to and why: the line above its words."""
        n = self.notice
        where = ", ".join(self.places) or n.person or ", ".join(n.to)
        return f"{self.due(zone)}  {where}  {self.name}"

    def as_json(self, event: Event) -> dict[str, object]:
        """All of it as plain JSON values."""
        n = self.notice
        return {
            "event": event.id,
            "due": n.due.isoformat(),
            "expires": n.expires.isoformat(),
            "rule": n.key.rule,
            "subject": n.key.subject,
            "to": list(n.to),
            "person": n.person or None,
            "places": list(self.places),
            "text": self.text,
            "answer": to_json(self.answer),
        }


def plan(
    edition: Edition,
    routes: Routes,
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[Planned]:
    """What would go out from a moment on and before another (both aware), each in time."""
    line = timeline(edition)
    register = Register(edition.event)
    found = []
    for notice in line.notices:
        if (start is not None and notice.due < start) or (end is not None and notice.due >= end):
            continue
        world = Calendar(edition.event, register, notice.due)
        places = routes.places(notice)
        needed = tuple(p for p in places if not _needless(notice, p, line, routes))
        if places and not needed:
            continue
        found.append(Planned(notice, needed, post(notice, world).answer))
    return found


def _needless(notice: Notice, place: str, line: Timeline, routes: Routes) -> bool:
    """Whether another one is due there at the same moment that makes it needless."""
    open_ = line.open_at(notice.due)
    return notice.key in superseding(in_place(place, open_, routes.places, ()))


@dataclass(frozen=True, slots=True)
class Difference:
    """A message of two plans: in the one, in the other, or in both but otherwise."""

    before: Planned | None
    after: Planned | None

    @property
    def shown(self) -> Planned:
        """The one that counts: what will be, or what would have been."""
        found = self.after or self.before
        assert found is not None
        return found

    def head(self, zone: ZoneInfo) -> str:
        """What has become of it, and from when to when it moves."""
        shown = self.shown
        if self.before is None:
            return f"new   {shown.due(zone)}  {shown.name}"
        if self.after is None:
            return f"gone  {shown.due(zone)}  {shown.name}"
        before, after = self.before.due(zone), self.after.due(zone)
        moved = f"{before} -> {after}" if before != after else after
        return f"other {moved}  {shown.name}"


def differences(before: Iterable[Planned], after: Iterable[Planned]) -> list[Difference]:
    """What differs between two plans, in the order of time.

    A message whose instant has changed is matched with the one of the same rule and subject.
    """
    old = {p.notice.key: p for p in before}
    new = {p.notice.key: p for p in after}
    found = [
        Difference(old[k], new[k])
        for k in old.keys() & new.keys()
        if (old[k].text, old[k].places) != (new[k].text, new[k].places)
    ]
    gone = [p for k, p in old.items() if k not in new]
    come = [p for k, p in new.items() if k not in old]
    found += _moved(gone, come)
    return sorted(found, key=_when)


def _moved(gone: Sequence[Planned], come: Sequence[Planned]) -> Iterator[Difference]:
    """Pairs of what has gone and come under the same rule and subject, and the rest alone."""
    waiting: dict[tuple[str, str], list[Planned]] = {}
    for p in come:
        waiting.setdefault((p.notice.key.rule, p.notice.key.subject), []).append(p)
    for p in gone:
        same = waiting.get((p.notice.key.rule, p.notice.key.subject))
        yield Difference(p, same.pop(0) if same else None)
    for rest in waiting.values():
        yield from (Difference(None, p) for p in rest)


def _when(difference: Difference) -> datetime:
    return difference.shown.notice.due
