"""Events written by hand in a few lines, and the world as it is at a moment, for any event."""

from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from bot.event import (
    Appearance,
    Call,
    Day,
    Event,
    Fact,
    Info,
    Milestone,
    MilestoneKind,
    Moment,
    Occurrence,
    Organization,
    Person,
    Role,
    Room,
    Sector,
    Session,
    SessionKind,
    Talk,
    TalkKind,
    ZoneOrigin,
)
from bot.find import Register, World
from bot.passages import Passages
from bot.query import Ids, Of, Ref
from tests.conftest import desk_of, language


MADRID = ZoneInfo("Europe/Madrid")
MONDAY = date(2026, 3, 2)
TUESDAY = date(2026, 3, 3)


# -- times -----------------------------------------------------------------------------------


def at(clock, day=MONDAY, zone=MADRID):
    """The instant at which clocks of the zone show HH:MM on that day."""
    hour, minute = clock.split(":")
    return datetime.combine(day, time(int(hour), int(minute)), tzinfo=zone)


def during(start, end, *rooms, day=MONDAY, end_day=None, zone=MADRID):
    """An occurrence from HH:MM to HH:MM; no end is an end that isn't known."""
    stop = at(end, end_day or day, zone) if end else None
    return Occurrence(at(start, day, zone), stop, rooms)


# -- records ---------------------------------------------------------------------------------


def ref(kind, id_):
    return f"{kind}.yaml#{id_}"


def room(id_, name="", **more):
    return Room(id_, name or id_.title(), ref("event", id_), **more)


def organization(id_, name="", *, sector=Sector.OTHER, **more):
    return Organization(id_, name or id_.title(), ref("people", id_), sector=sector, **more)


def person(name, **more):
    """A person whose id is the name in lower case with hyphens."""
    id_ = more.pop("id", name.lower().replace(" ", "-"))
    return Person(id_, name, ref("people", id_), **more)


def as_author(person_id, *organizations):
    return Appearance(person_id, Role.AUTHOR, organizations)


def as_chair(person_id, *organizations):
    return Appearance(person_id, Role.CHAIR, organizations)


def talk(id_, title="", *times, kind=TalkKind.PAPER, by=(), **more):
    """A talk; the session that it is given to makes it its own."""
    people = tuple(as_author(a) if isinstance(a, str) else a for a in by)
    title = title or id_.replace("-", " ").title()
    return Talk(id_, title, kind, "", ref("program", id_), people=people, occurrences=times, **more)


def session(id_, *times, talks=(), title="", kind=SessionKind.TALKS, **more):
    """A session and its talks: one block of `event`."""
    found = Session(
        id_,
        title or id_.replace("-", " ").title(),
        kind,
        ref("program", id_),
        occurrences=times,
        talks=tuple(t.id for t in talks),
        **more,
    )
    return found, tuple(replace(t, session=id_) for t in talks)


def info(id_, text, **more):
    return Info(id_, text, ref("info", id_), **more)


def milestone(id_, *moments, kind=MilestoneKind.SUBMISSION, label="Submission deadline", **more):
    return Milestone(id_, label, kind, ref("call", id_), moments, **more)


def moment(day, clock="", zone="", note=""):
    """A date of a call, as in `moment("2026-03-10", "23:59", "AoE")`."""
    hour = time.fromisoformat(clock) if clock else None
    return Moment(date.fromisoformat(day), hour, zone, note)


def call(*milestones, **more):
    return Call("call.yaml", milestones=milestones, **more)


def event(*blocks, days=(MONDAY,), zone=MADRID, **more):
    """An event of these blocks; people and rooms that nobody described come by their ids."""
    sessions = tuple(s for s, _ in blocks)
    talks = tuple(t for _, inside in blocks for t in inside)
    people = tuple(more.pop("people", ()))
    rooms = tuple(more.pop("rooms", ()))
    return Event(
        id="small",
        name=more.pop("name", "Small Workshop"),
        short=more.pop("short", "Small"),
        zone=zone,
        zone_origin=ZoneOrigin.STATED,
        ref="event.yaml",
        days=tuple(Day(d) for d in days),
        sessions=sessions,
        talks=talks,
        people=(*people, *_strangers(sessions, talks, {p.id for p in people})),
        rooms=(*rooms, *_other_rooms(sessions, talks, {r.id for r in rooms})),
        **more,
    )


def _strangers(sessions, talks, known):
    appearing = [a.person for s in sessions for a in s.chairs]
    appearing += [a.person for t in talks for a in t.people]
    unknown = (p for p in dict.fromkeys(appearing) if p not in known)
    return tuple(person(p.replace("-", " ").title(), id=p) for p in unknown)


def _other_rooms(sessions, talks, known):
    used = [r for x in (*sessions, *talks) for o in x.occurrences for r in o.rooms]
    return tuple(room(r) for r in dict.fromkeys(used) if r not in known)


# -- the world -------------------------------------------------------------------------------


def world_of(made, now=None, *, private=True):
    """The world of an event, at a moment (at nine of its Monday, if none is given)."""
    passages = Passages(made, language())
    return World(made, Register(made), passages, now or at("9:00"), private=private)


@cache
def _indexes(name):
    made = desk_of(name).event
    return made, Register(made), Passages(made, language())


def world(name, now, *, private=True):
    """The world of an event of the folders, when its clocks show `now`."""
    made, register, passages = _indexes(name)
    moment_ = datetime.fromisoformat(now).replace(tzinfo=made.zone)
    return World(made, register, passages, moment_, private=private)


def tidal(now="2019-10-08T10:00", *, private=True):
    return world("tidal", now, private=private)


def kbnets(now="2017-08-21T11:00", *, private=True):
    return world("kbnets17", now, private=private)


def harbor(now="2026-09-01T12:00", *, private=True):
    return world("harbor", now, private=private)


def ids(rows):
    return [r.id for r in rows]


def only(of, *wanted):
    """A reference to exactly these rows."""
    return Ref(of, (Ids(wanted, " ".join(wanted)),))


def sessions(*filters, pick=None):
    return Ref(Of.SESSION, filters, pick)


def talks(*filters, pick=None):
    return Ref(Of.TALK, filters, pick)


def people(*filters, pick=None):
    return Ref(Of.PERSON, filters, pick)


def fact(id_, text, **more):
    return Fact(id_, text, ref("call", id_), **more)
