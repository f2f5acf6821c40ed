"""The ledger for people: what went out where, how late, what didn't and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.amend import Edition
from bot.event import Status
from bot.notices import Delivery, Notice, Routes, State, timeline
from bot.ports import Service


_IN_TIME = timedelta(minutes=1)


def entry(d: Delivery, zone: ZoneInfo) -> str:
    """A delivery as a line: when it was due at the venue, where, what, and what became of it."""
    subject = f" {d.key.subject}" if d.key.subject else ""
    again = f" (round {d.key.round + 1})" if d.key.round else ""
    return f"{_when(d.due, zone)}  {d.place}  {d.key.rule}{subject}{again}: {_became(d, zone)}"


def _became(d: Delivery, zone: ZoneInfo) -> str:
    reason = f": {d.reason}" if d.reason else ""
    tries = f" after {d.attempts} attempts" if d.attempts > 1 else ""
    match d.state:
        case State.SENT:
            assert d.settled is not None
            put_right = "; put right since" if d.withdrawn else ""
            return f"sent at {_clock(d.settled, zone)}, {_lateness(d)}{tries}{put_right}"
        case State.POSTING:
            assert d.tried is not None
            return f"in doubt since {_clock(d.tried, zone)}: it may have been posted"
        case State.WAITING:
            return f"waiting{tries}{reason}"
        case _:
            return f"{d.state}{tries}{reason}"


def _lateness(d: Delivery) -> str:
    assert d.settled is not None
    late = d.settled - d.due
    if late < _IN_TIME:
        return "in time"
    minutes = int(late.total_seconds()) // 60
    return f"{minutes} min late" if minutes < 120 else f"{minutes // 60} h late"


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M:%S}"


@dataclass(frozen=True, slots=True)
class Books:
    """What the ledger says, next to what the event brings and where it goes."""

    edition: Edition
    routes: Routes
    service: Service
    entries: tuple[Delivery, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The venue's zone, in which all of it is told."""
        return self.edition.event.zone

    def lines(self) -> Iterator[str]:
        """Every entry, in the order in which they were due."""
        if self.service.held:
            assert self.service.held_at is not None
            since = _when(self.service.held_at, self.zone)
            yield f"Posts are held by {self.service.held_by} since {since}."
        for d in self.entries:
            yield entry(d, self.zone)

    def why(self, place: str, subjects: Sequence[str]) -> Iterator[str]:
        """Why a place hasn't heard of some subjects, where no entry says so.

        A `place` is a part of addresses, none is any; `subjects` are the ids of sessions and milestones.
        """
        about = [n for n in timeline(self.edition).notices if n.about in subjects]
        if not about:
            yield self._no_rule(subjects)
        for notice in about:
            yield from self._missing(notice, place)

    def _no_rule(self, subjects: Sequence[str]) -> str:
        sessions = self.edition.event.session_by_id
        off = [
            sessions[s].name
            for s in subjects
            if s in sessions and sessions[s].status == Status.CANCELLED
        ]
        if off:
            return f"{', '.join(off)}: cancelled, so nothing goes out."
        return "No rule of reminders.yaml brings anything about it."

    def _missing(self, notice: Notice, place: str) -> Iterator[str]:
        rule, due = notice.key.rule, _when(notice.due, self.zone)
        places = self.routes.places(notice)
        audience = f"the audience {' and '.join(notice.to)}" if notice.to else notice.person
        if not places:
            yield f"{rule} (due {due}) goes to {audience}, for whom the configuration names no place."
        elif not any(place in p for p in places):
            yield f"{rule} (due {due}) goes to {audience}: {', '.join(places)}; not to {place}."
        recorded = {(d.place, d.key.base) for d in self.entries}
        for where in places:
            if place not in where or (where, notice.key.base) in recorded:
                continue
            if notice.due <= self.service.since:
                since = _when(self.service.since, self.zone)
                yield f"{rule} was due {due}, before the bot was started for the first time ({since})."
            elif notice.due > self.service.upto:
                yield f"{rule} is due {due} in {where}."
            else:
                yield f"{rule} was due {due}, when nothing of it went to {where} yet."
