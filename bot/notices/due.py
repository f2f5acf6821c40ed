"""Which deliveries are new: those of notices that have become due, and of corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.event import Event, ExtensionReminder
from bot.notices.mend import believed, mend
from bot.notices.notice import (
    CORRECTION,
    OPEN,
    SAMPLE,
    TROUBLE,
    Delivery,
    Key,
    Notice,
    State,
)
from bot.notices.timeline import Timeline, dated, superseding


Places = Callable[[Notice], Sequence[str]]
"""The addresses of the places that a notice goes to."""

_LASTS: Final = timedelta(days=1)
"""How long a word to the organizers, or a sample, waits for its place."""


@dataclass(frozen=True, slots=True)
class Board:
    """What an event brings, and where each notice goes."""

    line: Timeline
    places: Places


@dataclass(frozen=True, slots=True)
class Tick:
    """A look at what is due: when, and what had been put into the outbox before.

    `upto` is until when all that was due then had been put, `before` what was looked at then, if that
    is known; `first` is the very first look at an event.
    """

    now: datetime
    since: datetime
    upto: datetime
    before: Timeline | None = None
    first: bool = False

    def brought(self, notice: Notice) -> bool:
        """Whether a notice that was due before is there by a change only."""
        if self.first:
            return False
        new = self.before is not None and self.before.find(notice.key) is None
        return new or notice.due <= self.upto


def fresh(
    event: str,
    due: Iterable[Notice],
    board: Board,
    known: Sequence[Delivery],
    tick: Tick,
) -> list[Delivery]:
    """The deliveries of `due` notices that aren't `known`, each waiting, or superseded by an open one.

    One that a place was told about otherwise since, or that was cancelled, comes again in a new
    round. What was due before, but wasn't there then, is due now, as it came by a change.
    """
    found = []
    places = board.places
    dates = [n for n in board.line.open_at(tick.now) if dated(n)]
    by_base: dict[tuple[str, str, str], list[Delivery]] = {}
    for d in known:
        by_base.setdefault(d.key.base, []).append(d)
    for notice in sorted(due, key=lambda n: (n.due, n.key)):
        same = by_base.get(notice.key.base, [])
        for place in places(notice):
            before = [d for d in same if d.place == place]
            if any(map(_stands, before)):
                continue
            key = replace(notice.key, round=len(before))
            begins, expires = notice.due, notice.expires
            if same and isinstance(notice.rule, ExtensionReminder):  # news as old as elsewhere
                begins, expires = min(d.due for d in same), min(d.expires for d in same)
            elif tick.brought(notice):
                begins = max(begins, tick.now)
            delivery = Delivery(event, place, key, begins, expires)
            beside = in_place(place, dates, places, known) if dated(notice) else ()
            later = superseding(beside).get(notice.key)
            if later is not None:
                reason = superseded(later)
                delivery = replace(delivery, state=State.SUPERSEDED, reason=reason)
            found.append(delivery)
    return found


def _stands(d: Delivery) -> bool:
    """Whether a delivery keeps others of its key away."""
    return not (d.withdrawn or d.state == State.CANCELLED)


def in_place(
    place: str, open_: Iterable[Notice], places: Places, known: Iterable[Delivery]
) -> Iterator[tuple[Notice, datetime]]:
    """What of some open notices counts in a place, and since when it is due there.

    What was skipped there, superseded or refused doesn't count.
    """
    rows = {d.key.base: d for d in known if d.place == place and _stands(d)}
    for notice in open_:
        row = rows.get(notice.key.base)
        if place not in places(notice):
            continue
        if row is None:
            yield notice, notice.due
        elif row.state == State.SENT or row.state in OPEN:
            yield notice, row.due


def judged(delivery: Delivery, tick: Tick, held: str) -> Delivery:
    """A new delivery, skipped if it was due before the bot's first start, or no longer helps.

    `held` is why nobody posted it in time, if posts were held.
    """
    if tick.first and delivery.due <= tick.since:  # files are accepted just before that
        reason = "it was due before the bot was started for the first time"
        return replace(delivery, state=State.SKIPPED, reason=reason, settled=tick.now)
    if delivery.expires <= tick.now:
        reason = missed(held or "the bot wasn't running")
        return replace(delivery, state=State.SKIPPED, reason=reason, settled=tick.now)
    return delivery if delivery.state == State.WAITING else replace(delivery, settled=tick.now)


def missed(why: str = "") -> str:
    """The reason for which something was skipped that nobody could post in time."""
    return f"it no longer helped by the time it could be posted{f' ({why})' if why else ''}"


def superseded(later: Notice) -> str:
    """The reason for which a notice isn't posted beside one that was due later."""
    return f"{later.key.rule} tells the same, and was due later"


def corrections(
    event: Event, number: str, sent: Iterable[Delivery], now: datetime
) -> list[Delivery]:
    """For each place that was told what isn't so any more, one correction; `number` tells it from others."""
    by_place: dict[str, list[Delivery]] = {}
    for d in sent:
        by_place.setdefault(d.place, []).append(d)
    found = []
    for place, rows in by_place.items():
        changes = [c for c in mend(event, believed(rows).values(), now) if not c.implied]
        if changes:
            zone = event.zone
            until = max(max(c.told.until(zone), c.now.until(zone)) for c in changes)
            found.append(Delivery(event.id, place, Key(CORRECTION, "program", number), now, until))
    return found


def trouble(failed: Delivery, places: Sequence[str], now: datetime) -> list[Delivery]:
    """A word to the organizers that something couldn't be posted; once a day for a reason and place."""
    if failed.key.rule == TROUBLE:
        return []
    key = Key(TROUBLE, failed.place, f"{now.date()} {failed.reason}"[:200])
    text = f"I could not post to {failed.place}: {failed.reason}"
    return [
        Delivery(failed.event, place, key, now, now + _LASTS, text=text)
        for place in places
        if place != failed.place
    ]


def sample(event: str, place: str, text: str, now: datetime) -> Delivery:
    """A post by which organizers see that a place can be reached."""
    key = Key(SAMPLE, place, now.isoformat(timespec="microseconds"))
    return Delivery(event, place, key, now, now + _LASTS, text=text)
