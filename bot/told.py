"""What a post has told of the program or the call, as values that can be compared with the event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from bot.event import Event, Milestone, Moment, Occurrence, Role, Session, Status, Talk


Json: TypeAlias = Any

_UNKNOWN_END: Final = timedelta(hours=1)
"""How long something matters after its start if its end isn't known."""

_ON_STAGE: Final = (Role.KEYNOTE, Role.PRESENTER, Role.PANELIST, Role.MODERATOR)


@dataclass(frozen=True, slots=True)
class SlotTold:
    """When, where and with whom a session happens; if it is `off`, that it doesn't happen then.

    `was` is when it was told to happen before, if that was another time. `rooms` and `who` are ids.
    """

    session: str
    start: datetime
    end: datetime | None
    rooms: tuple[str, ...]
    who: tuple[str, ...]
    off: bool = False
    was: datetime | None = None

    @property
    def subject(self) -> str:
        """Of what it was told."""
        return self.session

    @property
    def instant(self) -> str:
        """For which instant it was told."""
        return instant(self.start)

    @property
    def replaces(self) -> str:
        """Which instant it tells to be wrong; empty if none."""
        return _wrong(self, None if self.was is None else instant(self.was))

    def until(self, zone: ZoneInfo) -> datetime:  # noqa: ARG002 - as of the other kinds
        """Until when it matters."""
        return (self.end or self.start.astimezone(UTC) + _UNKNOWN_END).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class TalkTold:
    """When a talk of a session begins, if it has a time of its own; if it is `off`, that it doesn't.

    `within` is the start of the session.
    """

    talk: str
    start: datetime | None
    within: datetime
    off: bool = False
    was: datetime | None = None

    @property
    def subject(self) -> str:
        """Of what it was told."""
        return self.talk

    @property
    def instant(self) -> str:
        """For which instant it was told."""
        return instant(self.start or self.within)

    @property
    def replaces(self) -> str:
        """Which instant it tells to be wrong; empty if none."""
        return _wrong(self, None if self.was is None else instant(self.was))

    def until(self, zone: ZoneInfo) -> datetime:  # noqa: ARG002 - as of the other kinds
        """Until when it matters."""
        return (self.start or self.within).astimezone(UTC) + _UNKNOWN_END


@dataclass(frozen=True, slots=True)
class DateTold:
    """The date in force of a milestone; if it is `off`, that it holds no longer."""

    milestone: str
    moment: Moment
    off: bool = False
    was: Moment | None = None

    @property
    def subject(self) -> str:
        """Of what it was told."""
        return self.milestone

    @property
    def instant(self) -> str:
        """For which date it was told."""
        return instant_of(self.moment)

    @property
    def replaces(self) -> str:
        """Which date it tells to be wrong; empty if none."""
        return _wrong(self, None if self.was is None else instant_of(self.was))

    def until(self, zone: ZoneInfo) -> datetime:
        """Until when it matters; `zone` is the event's."""
        return closing(self.moment, zone)


Told = SlotTold | TalkTold | DateTold


def _wrong(told: Told, was: str | None) -> str:
    """Which instant something tells to be wrong: its own if it is off, else the one before, if any."""
    return told.instant if told.off else was or ""


Beliefs: TypeAlias = dict[tuple[str, str], Told]
"""What is believed in a place, by subject and instant."""


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


# -- the event as it is ----------------------------------------------------------------------


def slots(session: Session) -> tuple[Occurrence, ...]:
    """The times that a session happens, by start; none if it is cancelled.

    What the files give as two happenings at one time in two rooms is one, in both.
    """
    if session.status == Status.CANCELLED:
        return ()
    found: dict[tuple[str, datetime | None], Occurrence] = {}
    for o in session.occurrences:
        key = instant(o.start), o.end
        rooms = dict.fromkeys((*(found[key].rooms if key in found else ()), *o.rooms))
        found[key] = Occurrence(o.start, o.end, tuple(rooms))
    return tuple(sorted(found.values(), key=lambda o: o.start.astimezone(UTC)))


def on_stage(event: Event, session: Session) -> tuple[str, ...]:
    """The ids of those who lead a session or speak in it, as far as it is known who speaks."""
    speakers = [
        a.person
        for t in session.talks
        for a in event.talk_by_id[t].people
        if a.role in _ON_STAGE and event.talk_by_id[t].status != Status.CANCELLED
    ]
    return tuple(dict.fromkeys((*(a.person for a in session.chairs), *speakers)))


def slot_told(event: Event, session: Session, o: Occurrence) -> SlotTold:
    """What there is to tell of one of a session's times."""
    return SlotTold(session.id, o.start, o.end, o.rooms, on_stage(event, session))


def own_start(talk: Talk, o: Occurrence) -> datetime | None:
    """When a talk begins within one of its session's times, if it has a time of its own there."""
    within = [
        t.start
        for t in talk.occurrences
        if t.start.astimezone(UTC) >= o.start.astimezone(UTC) and (o.end is None or t.start < o.end)
    ]
    return min(within, default=None)


def talk_told(talk: Talk, o: Occurrence) -> TalkTold:
    """What there is to tell of a talk within one of its session's times."""
    off = talk.status == Status.CANCELLED
    return TalkTold(talk.id, own_start(talk, o), o.start, off)


def talks_told(event: Event, session: Session, o: Occurrence) -> Iterator[TalkTold]:
    """The same of all talks of a session."""
    return (talk_told(event.talk_by_id[t], o) for t in session.talks)


def date_told(found: Milestone) -> DateTold:
    """What there is to tell of a milestone: its date in force."""
    return DateTold(found.id, replace(found.current, note=""))


def milestone(event: Event, id_: str) -> Milestone | None:
    """The milestone with an id."""
    found = event.call.milestones if event.call else ()
    return next((m for m in found if m.id == id_), None)


# -- what is believed ------------------------------------------------------------------------


def believing(beliefs: Beliefs, told: Iterable[Told]) -> Beliefs:
    """What is believed after something more was told."""
    found = dict(beliefs)
    for each in told:
        if isinstance(each, DateTold):  # a milestone has one date
            for key in [k for k in found if k[0] == each.subject]:
                del found[key]
        else:
            found.pop((each.subject, each.replaces), None)
        found[each.subject, each.instant] = replace(each, was=None)
    return found


def at_venue(told: Told, zone: ZoneInfo) -> Told:
    """The same with its times as the venue's clocks show them."""
    match told:
        case DateTold():
            return told
        case TalkTold():
            start = None if told.start is None else told.start.astimezone(zone)
            return replace(told, start=start, within=told.within.astimezone(zone))
        case SlotTold():
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
                "start": told.start.isoformat(),
                "end": _text(told.end),
                "rooms": list(told.rooms),
                "who": list(told.who),
                "off": told.off,
                "was": _text(told.was),
            }
        case TalkTold():
            return {
                "talk": told.talk,
                "start": _text(told.start),
                "within": told.within.isoformat(),
                "off": told.off,
                "was": _text(told.was),
            }
        case DateTold():
            was = None if told.was is None else _date_plain(told.was)
            return {
                "milestone": told.milestone,
                "moment": _date_plain(told.moment),
                "off": told.off,
                "was": was,
            }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _date_plain(m: Moment) -> Json:
    clock = m.time.isoformat() if m.time else None
    return {"date": m.date.isoformat(), "time": clock, "zone": m.zone}


def from_json(raw: Sequence[Mapping[str, Json]]) -> tuple[Told, ...]:
    """What `to_json` made these values from; its times show the instants in no certain zone."""
    return tuple(map(_told, raw))


def _told(raw: Mapping[str, Json]) -> Told:
    if "milestone" in raw:
        was = None if raw["was"] is None else _date(raw["was"])
        return DateTold(raw["milestone"], _date(raw["moment"]), raw["off"], was)
    if "talk" in raw:
        within = datetime.fromisoformat(raw["within"])
        start, was_at = _moment(raw["start"]), _moment(raw["was"])
        return TalkTold(raw["talk"], start, within, raw["off"], was_at)
    return SlotTold(
        raw["session"],
        datetime.fromisoformat(raw["start"]),
        _moment(raw["end"]),
        tuple(raw["rooms"]),
        tuple(raw["who"]),
        raw["off"],
        _moment(raw["was"]),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _date(raw: Mapping[str, Json]) -> Moment:
    clock = time.fromisoformat(raw["time"]) if raw["time"] else None
    return Moment(date.fromisoformat(raw["date"]), clock, raw["zone"])
