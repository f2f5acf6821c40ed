"""The event as immutable records, and plain look-ups over them.

Every time is an aware `datetime` in the event's own zone. Every record carries a `ref`, the
place in the data files that it came from (`program.yaml#session-2`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo


class SessionKind(StrEnum):
    """What a block of the program is."""

    TALKS = "talks"
    KEYNOTE = "keynote"
    PANEL = "panel"
    POSTERS = "posters"
    DEMOS = "demos"
    TUTORIAL = "tutorial"
    BREAK = "break"
    MEAL = "meal"
    CEREMONY = "ceremony"
    SOCIAL = "social"
    REGISTRATION = "registration"


class TalkKind(StrEnum):
    """What an item inside a session is."""

    PAPER = "paper"
    KEYNOTE = "keynote"
    INVITED = "invited"
    TALK = "talk"
    PANEL = "panel"
    POSTER = "poster"
    DEMO = "demo"
    TUTORIAL = "tutorial"


class Role(StrEnum):
    """In what role a person appears."""

    AUTHOR = "author"
    PRESENTER = "presenter"
    KEYNOTE = "keynote"
    CHAIR = "chair"
    MODERATOR = "moderator"
    PANELIST = "panelist"
    ORGANIZER = "organizer"
    MEMBER = "member"


class Sector(StrEnum):
    """What sort of organization an affiliation is; `OTHER` covers public labs and the like."""

    UNIVERSITY = "university"
    COMPANY = "company"
    OTHER = "other"


class Status(StrEnum):
    """Whether a session or talk takes place as first announced."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"


class Audience(StrEnum):
    """Who may be told: anyone anywhere, a person in private, or organizers alone."""

    EVERYONE = "everyone"
    PRIVATE = "private"
    ORGANIZERS = "organizers"


class ZoneOrigin(StrEnum):
    """Where a time zone is known from."""

    STATED = "stated"
    INFERRED = "inferred"
    ORGANIZER = "organizer"
    NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Room:
    """A place inside the venue."""

    id: str
    name: str
    ref: str
    building: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """The room as printed: its name, and the building where that is known."""
        return f"{self.name} ({self.building})" if self.building else self.name


@dataclass(frozen=True, slots=True)
class Organization:
    """A university, company or other body that people come from."""

    id: str
    name: str
    ref: str
    aliases: tuple[str, ...] = ()
    country: str = ""
    sector: Sector = Sector.OTHER
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One human being; affiliations belong to appearances, not to the person."""

    id: str
    name: str
    ref: str
    aliases: tuple[str, ...] = ()
    bio: str = ""
    bio_summary: str = ""


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person in a role, with the affiliations (organization ids) given for it."""

    person: str
    role: Role
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """When and where something happens: [start, end), end `None` where it isn't known."""

    start: datetime
    end: datetime | None
    rooms: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta | None:
        """How long it lasts, if both ends are known."""
        # Two moments of one zone would be subtracted as the clock on the wall shows them.
        return None if self.end is None else self.end.astimezone(UTC) - self.start.astimezone(UTC)

    def covers(self, moment: datetime) -> bool:
        """Whether `moment` lies in the half-open block; never if the end is unknown."""
        return self.end is not None and self.start <= moment < self.end

    def over(self, moment: datetime) -> bool:
        """Whether it has ended; without a known end, when its day has."""
        if self.end is not None:
            return self.end <= moment
        return self.start.date() < moment.astimezone(self.start.tzinfo).date()


@dataclass(frozen=True, slots=True)
class Trace:
    """What a live change leaves on a record: when it was to happen at first, and the change's time.

    `instead` are the names of people in whose place others came; `swapped` if it changed places
    with another talk.
    """

    was: tuple[Occurrence, ...]
    at: datetime
    instead: tuple[str, ...] = ()
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link that belongs to a record: `kind` is a subject id such as `slides` or `stream`."""

    kind: str
    url: str
    ref: str
    audience: Audience = Audience.EVERYONE
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """An item inside a session; without occurrences only its place in the order is known."""

    id: str
    title: str
    kind: TalkKind
    session: str
    ref: str
    people: tuple[Appearance, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    abstract: str = ""
    summary: str = ""
    aliases: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    status: Status = Status.PLANNED
    note: str = ""
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A block of the program; `label` is how it is numbered ("Session 2"), `title` its subject."""

    id: str
    title: str
    kind: SessionKind
    ref: str
    label: str = ""
    occurrences: tuple[Occurrence, ...] = ()
    chairs: tuple[Appearance, ...] = ()
    talks: tuple[str, ...] = ()
    summary: str = ""
    aliases: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    status: Status = Status.PLANNED
    note: str = ""
    trace: Trace | None = None

    @property
    def name(self) -> str:
        """Label and title as one name, such as "Session 2: Congestion Control"."""
        return (
            f"{self.label}: {self.title}" if self.label and self.title else self.label or self.title
        )


class MilestoneKind(StrEnum):
    """What a date of the call is for."""

    ABSTRACT = "abstract"
    SUBMISSION = "submission"
    REBUTTAL = "rebuttal"
    NOTIFICATION = "notification"
    CAMERA_READY = "camera-ready"
    REGISTRATION = "registration"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date of the call as it was printed: the time of day and the zone may be unstated.

    `zone` is "AoE", an IANA name, or empty.
    """

    date: date
    time: time | None = None
    zone: str = ""
    note: str = ""

    @property
    def instant(self) -> datetime | None:
        """The exact instant, if time and zone (or AoE, a day's end at UTC-12) are stated."""
        if self.zone == "AoE":
            clock = self.time or time(23, 59, 59)
            return datetime.combine(self.date, clock, tzinfo=AOE)
        if self.zone and self.time is not None:
            return datetime.combine(self.date, self.time, tzinfo=ZoneInfo(self.zone))
        return None

    def closed(self, now: datetime) -> bool | None:
        """Whether it has passed at `now`, told in the venue's zone; `None` if nobody can tell.

        That is so for a date without a zone from the venue's midnight to that of AoE.
        """
        if self.instant is not None:
            return now > self.instant
        if now.date() <= self.date:
            return False
        last = datetime.combine(self.date, time(23, 59, 59), tzinfo=AOE)
        return True if now > last else None

    def days_left(self, now: datetime) -> int:
        """Calendar days to the date in its own zone, or without one in that of `now`."""
        here = now.astimezone(self.instant.tzinfo) if self.instant else now
        return (self.date - here.date()).days


AOE = ZoneInfo("Etc/GMT+12")
"""Anywhere on Earth: UTC-12 (the tz database turns the sign of its Etc names)."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date of the call with its history; the last entry is in force.

    `tracks` names those it holds for, none means all.
    """

    id: str
    label: str
    kind: MilestoneKind
    ref: str
    history: tuple[Moment, ...]
    tracks: tuple[str, ...] = ()
    cycle: str = ""
    aliases: tuple[str, ...] = ()
    zone_origin: ZoneOrigin = ZoneOrigin.NOT_STATED

    @property
    def current(self) -> Moment:
        """The date in force."""
        return self.history[-1]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be told, found by its subjects and tags.

    `about` holds subject ids of the language file ("page-limit"); `permits` and `forbids` hold
    phrases that settle a yes/no question; `stated` is false where the organizers' text leaves the
    point open and `text` says so.
    """

    id: str
    text: str
    ref: str
    title: str = ""
    about: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    forbids: tuple[str, ...] = ()
    audience: Audience = Audience.EVERYONE
    stated: bool = True


@dataclass(frozen=True, slots=True)
class Rule(Fact):
    """A fact of the call; `tracks` names those it holds for, none means all."""

    tracks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Info(Fact):
    """A fact of the event at large, in a tree of headings (`parent` is an Info id)."""

    parent: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """One line of the call's topics of interest; `tags` are words that fall under it."""

    id: str
    text: str
    ref: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Label:
    """A named track or cycle of the call."""

    id: str
    name: str
    ref: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """The call for papers. `topics_open` is whether the topics are said not to be exhaustive."""

    ref: str
    scope: str = ""
    topics: tuple[Topic, ...] = ()
    topics_open: bool = True
    milestones: tuple[Milestone, ...] = ()
    rules: tuple[Rule, ...] = ()
    tracks: tuple[Label, ...] = ()
    cycles: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Committee:
    """A named group of people with roles: organizers, program committee and so on."""

    id: str
    name: str
    ref: str
    members: tuple[Appearance, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminder:
    """A rule by which the bot posts by itself; its kinds are the classes below.

    `to` names audiences, which the bot's configuration maps to places.
    """

    id: str
    ref: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionReminder(Reminder):
    """So long before the start of each session of some kinds; at the start if it is no time."""

    kinds: tuple[SessionKind, ...]
    before: timedelta


@dataclass(frozen=True, slots=True)
class DayReminder(Reminder):
    """The day's program, on each day that has one, when the venue's clocks show `at`."""

    at: time


@dataclass(frozen=True, slots=True)
class MilestoneReminder(Reminder):
    """So many calendar days before each milestone, when the venue's clocks show `at`.

    No day before is its last day. No `kinds` are all of them.
    """

    days: tuple[int, ...]
    at: time
    kinds: tuple[MilestoneKind, ...] = ()


@dataclass(frozen=True, slots=True)
class ExtensionReminder(Reminder):
    """When the date of a milestone is replaced by a later one."""


@dataclass(frozen=True, slots=True)
class SlotReminder(Reminder):
    """To each person who appears in some roles, alone, so long before their session or talk."""

    roles: tuple[Role, ...]
    before: timedelta


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the program; sessions past midnight belong to the evening they began in."""

    date: date
    label: str = ""


@dataclass(frozen=True)
class Event:
    """One workshop edition, whole and immutable."""

    id: str
    name: str
    short: str
    zone: ZoneInfo
    zone_origin: ZoneOrigin
    ref: str
    series: str = ""
    parent: str = ""
    venue: str = ""
    city: str = ""
    aliases: tuple[str, ...] = ()
    days: tuple[Day, ...] = ()
    summary: str = ""
    rooms: tuple[Room, ...] = ()
    organizations: tuple[Organization, ...] = ()
    people: tuple[Person, ...] = ()
    sessions: tuple[Session, ...] = ()
    talks: tuple[Talk, ...] = ()
    committees: tuple[Committee, ...] = ()
    call: Call | None = None
    infos: tuple[Info, ...] = ()
    links: tuple[Link, ...] = field(default=())
    reminders: tuple[Reminder, ...] = ()

    @cached_property
    def room_by_id(self) -> dict[str, Room]:
        """Rooms by id."""
        return {r.id: r for r in self.rooms}

    @cached_property
    def organization_by_id(self) -> dict[str, Organization]:
        """Organizations by id."""
        return {o.id: o for o in self.organizations}

    @cached_property
    def person_by_id(self) -> dict[str, Person]:
        """People by id."""
        return {p.id: p for p in self.people}

    @cached_property
    def session_by_id(self) -> dict[str, Session]:
        """Sessions by id."""
        return {s.id: s for s in self.sessions}

    @cached_property
    def talk_by_id(self) -> dict[str, Talk]:
        """Talks by id."""
        return {t.id: t for t in self.talks}

    @cached_property
    def timetable(self) -> tuple[tuple[Occurrence, Session], ...]:
        """Every occurrence of every session, by start; cancelled ones too."""
        rows = [(o, s) for s in self.sessions for o in s.occurrences]
        return tuple(sorted(rows, key=lambda row: row[0].start))

    @cached_property
    def appearances(self) -> dict[str, tuple[tuple[Appearance, Talk | Session | Committee], ...]]:
        """Where each person appears, by person id, in the order of the program."""
        found: dict[str, list[tuple[Appearance, Talk | Session | Committee]]] = {}
        for appearance, record in self._all_appearances():
            found.setdefault(appearance.person, []).append((appearance, record))
        return {person: tuple(rows) for person, rows in found.items()}

    def _all_appearances(self) -> Iterator[tuple[Appearance, Talk | Session | Committee]]:
        for session in self.sessions:
            for chair in session.chairs:
                yield chair, session
            for talk_id in session.talks:
                talk = self.talk_by_id[talk_id]
                for appearance in talk.people:
                    yield appearance, talk
        for committee in self.committees:
            for member in committee.members:
                yield member, committee
