"""Which deliveries are new: those of notices that have become due, and of corrections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.event import Event
from bot.notices.mend import believed, mend
from bot.notices.notice import (
    CORRECTION,
    SAMPLE,
    TROUBLE,
    Delivery,
    Key,
    Notice,
    State,
)
from bot.notices.timeline import superseding


Places = Callable[[Notice], Sequence[str]]
"""The addresses of the places that a notice goes to."""

_LASTS: Final = timedelta(days=1)
"""How long a word to the organizers, or a sample, waits for its place."""


def fresh(
    event: str,
    due: Iterable[Notice],
    open_: Sequence[Notice],
    places: Places,
    known: Iterable[Delivery],
) -> list[Delivery]:
    """The deliveries of `due` notices that aren't `known`, each waiting, or superseded by one `open_`.

    One that a place was told about otherwise since, or that was cancelled, comes again in a new
    round.
    """
    rounds: dict[tuple[str, tuple[str, str, str]], list[Delivery]] = {}
    for d in known:
        rounds.setdefault((d.place, d.key.base), []).append(d)
    needless: dict[str, dict[Key, Notice]] = {}
    found = []
    for notice in sorted(due, key=lambda n: (n.due, n.key)):
        for place in places(notice):
            before = rounds.get((place, notice.key.base), [])
            if any(not (d.withdrawn or d.state == State.CANCELLED) for d in before):
                continue
            key = replace(notice.key, round=len(before))
            delivery = Delivery(event, place, key, notice.due, notice.expires)
            if place not in needless:
                needless[place] = superseding([n for n in open_ if place in places(n)])
            later = needless[place].get(notice.key)
            if later is not None:
                delivery = replace(delivery, state=State.SUPERSEDED, reason=superseded(later))
            found.append(delivery)
    return found


def judged(delivery: Delivery, now: datetime, since: datetime, held: str) -> Delivery:
    """A new delivery, skipped if it was due before the bot's first start, or no longer helps.

    `held` is why nobody posted it in time, if posts were held.
    """
    if delivery.due <= since:  # the files of the first start are accepted just then
        reason = "it was due before the bot was started for the first time"
        return replace(delivery, state=State.SKIPPED, reason=reason, settled=now)
    if delivery.expires <= now:
        reason = missed(held or "the bot wasn't running")
        return replace(delivery, state=State.SKIPPED, reason=reason, settled=now)
    return delivery if delivery.state == State.WAITING else replace(delivery, settled=now)


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
        changes = mend(event, believed(rows).values(), now)
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
