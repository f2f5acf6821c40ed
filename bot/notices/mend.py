"""What a place was told that isn't so any more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.event import Event
from bot.notices.notice import Delivery, State
from bot.told import Told, as_it_is, at_venue


@dataclass(frozen=True, slots=True)
class Change:
    """What was told of a subject, and how it is now."""

    told: Told
    now: Told


def believed(posted: Iterable[Delivery]) -> dict[str, Told]:
    """What those in a place believe, by subject: what was posted there last about each."""
    found: dict[str, Told] = {}
    for delivery in sorted(posted, key=lambda d: (d.settled or d.due, d.id)):
        if delivery.state == State.SENT:
            found |= {told.subject: told for told in delivery.told}
    return found


def mend(event: Event, beliefs: Iterable[Told], now: datetime) -> tuple[Change, ...]:
    """What of it is to be put right: what isn't so, as long as it mattered or matters again."""
    found = []
    for told in beliefs:
        current = as_it_is(event, told)
        if current == told:
            continue
        if max(told.until(event.zone), current.until(event.zone)) > now:
            found.append(Change(at_venue(told, event.zone), current))
    return tuple(found)


def withdrawn(before: dict[str, Told], posted: Sequence[Told]) -> tuple[tuple[str, str], ...]:
    """The subjects, and the instant of each, that a post tells isn't right any more."""
    return tuple(
        (told.subject, old.instant)
        for told in posted
        if (old := before.get(told.subject)) is not None
        and (told.off or old.instant != told.instant)
    )
