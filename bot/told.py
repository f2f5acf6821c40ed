"""What a post has told of the program or the call, as values that can be compared with the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.event import Event, Milestone, Moment, Occurrence, Role, Session, Status


Json: TypeAlias = Any

_UNKNOWN_END: Final = timedelta(hours=1)
"""How long something matters after its start if its end isn't known."""

_ON_STAGE: Final = (Role.KEYNOTE, Role.PRESENTER, Role.PANELIST, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class SlotTold:
    """When, where and with whom a session happens, the `nth` time of several (from 0).

    If it is `off`, that it doesn't happen then.
    """

    session: str
    nth: int
    start: datetime
    end: datetime | None
    rooms: tuple[str, ...]
    who: tuple[str, ...]
    off: bool = False

    @property
    def subject(self) -> str:
        """Of what it was told."""
        return subject_of(self.session, self.nth)

    @property
    def instant(self) -> str:
        """For which instant it was told."""
        return instant(self.start)

    def until(self, zone: ZoneInfo) -> datetime:  # noqa: ARG002 - as of the other kind
        """Until when it matters."""
        return self.end or self.start.astimezone(UTC) + _UNKNOWN_END


@dataclass(frozen=True, slots=True)
class DateTold:
    """The date in force of a milestone; if it is `off`, that it holds no longer."""

    milestone: str
    moment: Moment
    off: bool = False

    @property
    def subject(self) -> str:
        """Of what it was told."""
        return self.milestone

    @property
    def instant(self) -> str:
        """For which date it was told."""
        return instant_of(self.moment)

    def until(self, zone: ZoneInfo) -> datetime:
        """Until when it matters; `zone` is the event's."""
        return closing(self.moment, zone)


Told = SlotTold | DateTold


def subject_of(session: str, nth: int) -> str:
    """What a session is called in a key, the nth time that it happens (from 0)."""
    return f"{session}~{nth + 1}" if nth else session


def instant(moment: datetime) -> str:
    """An instant as it stands in a key: in UTC, so that texts are equal where instants are."""
    return moment.astimezone(UTC).isoformat(timespec="minutes")


def instant_of(moment: Moment) -> str:
    """A date of the call as it stands in a key."""
    return instant(moment.instant) if moment.instant else moment.date.isoformat()


def closing(moment: Moment, zone: ZoneInfo) -> datetime:
    """When a date is over at the latest that is certain: its instant, or else its day's end.

    Without a time of day that is the midnight behind it, in its own zone or else in `zone`.
    """
    if moment.instant is not None:
        return moment.instant.astimezone(UTC)
    there = ZoneInfo(moment.zone) if moment.zone else zone
    return datetime.combine(moment.date + timedelta(days=1), time(), tzinfo=there).astimezone(UTC)


def slots(session: Session) -> tuple[Occurrence, ...]:
    """The times that a session happens, none if it is cancelled.

    What the files give as two happenings at one time in two rooms is one, in both.
    """
    if session.status == Status.CANCELLED:
        return ()
    found: dict[tuple[datetime, datetime | None], Occurrence] = {}
    for o in session.occurrences:
        same = found.get((o.start, o.end))
        rooms = dict.fromkeys((*(same.rooms if same else ()), *o.rooms))
        found[o.start, o.end] = Occurrence(o.start, o.end, tuple(rooms))
    return tuple(found.values())


def on_stage(event: Event, session: Session) -> tuple[str, ...]:
    """The ids of those who lead a session or speak in it, as far as it is known who speaks."""
    speakers = [
        a.person
        for t in session.talks
        for a in event.talk_by_id[t].people
        if a.role in _ON_STAGE and event.talk_by_id[t].status != Status.CANCELLED
    ]
    return tuple(dict.fromkeys((*(a.person for a in session.chairs), *speakers)))


def slot_told(event: Event, session: Session, nth: int) -> SlotTold | None:
    """What there is to tell of a session's nth time; `None` if it doesn't take place."""
    found = slots(session)
    if nth >= len(found):
        return None
    o = found[nth]
    return SlotTold(session.id, nth, o.start, o.end, o.rooms, on_stage(event, session))


def date_told(found: Milestone) -> DateTold:
    """What there is to tell of a milestone: its date in force."""
    return DateTold(found.id, replace(found.current, note=""))


def milestone(event: Event, id_: str) -> Milestone | None:
    """The milestone with an id."""
    found = event.call.milestones if event.call else ()
    return next((m for m in found if m.id == id_), None)


def as_it_is(event: Event, told: Told) -> Told:
    """The same as the event has it now; off if it has no such thing any more."""
    now: Told | None
    match told:
        case SlotTold(session=id_, nth=nth):
            session = event.session_by_id.get(id_)
            now = slot_told(event, session, nth) if session else None
        case DateTold(milestone=id_):
            found = milestone(event, id_)
            now = date_told(found) if found else None
    return replace(told, off=True) if now is None else now


def at_venue(told: Told, zone: ZoneInfo) -> Told:
    """The same with its times as the venue's clocks show them."""
    if isinstance(told, DateTold):
        return told
    end = None if told.end is None else told.end.astimezone(zone)
    return replace(told, start=told.start.astimezone(zone), end=end)


# -- JSON ------------------------------------------------------------------------------------


def to_json(told: Sequence[Told]) -> list[Json]:
    """What was told as plain JSON values; `from_json` gives it back."""
    return [_plain(t) for t in told]


def _plain(told: Told) -> Json:
    match told:
        case SlotTold():
            return {
                "session": told.session,
                "nth": told.nth,
                "start": told.start.isoformat(),
                "end": told.end.isoformat() if told.end else None,
                "rooms": list(told.rooms),
                "who": list(told.who),
                "off": told.off,
            }
        case DateTold(id_, m, off):
            clock = m.time.isoformat() if m.time else None
            moment = {"date": m.date.isoformat(), "time": clock, "zone": m.zone, "note": m.note}
            return {"milestone": id_, "moment": moment, "off": off}


def from_json(raw: Sequence[Mapping[str, Json]]) -> tuple[Told, ...]:
    """What `to_json` made these values from; its times show the instants in no certain zone."""
    return tuple(map(_told, raw))


def _told(raw: Mapping[str, Json]) -> Told:
    if "milestone" in raw:
        m = raw["moment"]
        clock = time.fromisoformat(m["time"]) if m["time"] else None
        moment = Moment(date.fromisoformat(m["date"]), clock, m["zone"], m["note"])
        return DateTold(raw["milestone"], moment, raw["off"])
    start, end = raw["start"], raw["end"]
    return SlotTold(
        raw["session"],
        raw["nth"],
        datetime.fromisoformat(start),
        datetime.fromisoformat(end) if end else None,
        tuple(raw["rooms"]),
        tuple(raw["who"]),
        raw["off"],
    )
