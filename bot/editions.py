"""Which edition is in force: what is kept, what the files propose, and what becomes of changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.amend import Amendment, Edition, Met, amended, meeting, replayed
from bot.amend.codec import from_json, to_json
from bot.errors import BadData
from bot.event import Event
from bot.ports import Editions, Kept, Loader


Doubt = Literal["another event", "sessions gone", "all moved"]
"""Why files may not be what somebody meant to write.

The store keeps others, but none with this id; a third of the sessions is gone; every session that
is still there is as much earlier or later.
"""

_GONE = 1 / 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the files would make of the edition in force, and what is doubtful about them."""

    files: Mapping[str, str]
    event: Event
    met: Met
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The edition in force, what the files propose beyond it, and what is wrong with them."""

    edition: Edition
    proposal: Proposal | None = None
    bad: BadData | None = None


def doubts(old: Event, new: Event) -> tuple[Doubt, ...]:
    """What is doubtful about a new event in the place of an old one."""
    found: list[Doubt] = []
    still = [s for s in old.sessions if s.id in new.session_by_id]
    if len(old.sessions) - len(still) >= len(old.sessions) * _GONE > 0:
        found.append("sessions gone")
    shifts = {
        b.start - a.start
        for s in still
        for a, b in zip(s.occurrences, new.session_by_id[s.id].occurrences, strict=False)
    }
    if len(still) > 1 and len(shifts) == 1 and shifts != {timedelta()}:
        found.append("all moved")
    return tuple(found)


async def opened(editions: Editions, loader: Loader, beside: Collection[str] = ()) -> Opened:
    """The edition in force, read only: the kept one, or what the files make if none is kept.

    That the store keeps events is no reason to doubt new ones if all of those are known to be `beside`.

    Files that can't be used don't matter if an edition is kept; else `BadData` is raised.
    """
    try:
        files = loader.read()
        event = loader.load(files)
    except BadData as bad:
        ids = await editions.events()
        kept = await editions.latest(ids[0]) if len(ids) == 1 else None
        if kept is None:
            raise
        return Opened(_in_force(kept, loader), bad=bad)
    kept = await editions.latest(event.id)
    if kept is None:
        others = {*await editions.events()} - {*beside}
        strange: tuple[Doubt, ...] = ("another event",) if others else ()
        nothing = Met((), (), ())
        return Opened(Edition(0, event, event), Proposal(files, event, nothing, strange))
    edition = _in_force(kept, loader)
    if dict(kept.files) == dict(files):
        return Opened(edition)
    found = doubts(edition.accepted, event)
    return Opened(edition, Proposal(files, event, meeting(event, edition.log), found))


async def newer(editions: Editions, loader: Loader, edition: Edition) -> Edition | None:
    """The kept edition of the same event, if its number is another one."""
    number = await editions.number(edition.event.id)
    kept = await editions.latest(edition.event.id) if number not in (0, edition.number) else None
    return None if kept is None else _in_force(kept, loader)


def _in_force(kept: Kept, loader: Loader) -> Edition:
    accepted = loader.load(kept.files)
    log = [from_json(raw, accepted.zone) for raw in kept.log]
    return replayed(kept.number, accepted, log, kept.since)


async def accepted(
    editions: Editions, edition: Edition, proposal: Proposal, now: datetime
) -> Edition:
    """The edition that proposed files make, kept. Raises `Overtaken`."""
    number = edition.number + 1
    log = [to_json(a) for a in proposal.met.kept]
    await editions.accept(proposal.event.id, number, proposal.files, log, now)
    return replayed(number, proposal.event, proposal.met.kept, now)


async def kept(
    editions: Editions, edition: Edition, amendment: Amendment, item: str = ""
) -> Edition:
    """The edition behind one more amendment, kept; with it the `item` of the inbox is done.

    Raises `Overtaken`.
    """
    after = amended(edition, amendment)
    raw = to_json(amendment)
    await editions.amend(edition.event.id, after.number, raw, amendment.at, item=item)
    return after
