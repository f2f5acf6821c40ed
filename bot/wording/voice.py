"""How times, names and lists are said: the small change of every sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from bot.answer import Inline, Line, Time
from bot.event import (
    Appearance,
    Milestone,
    Moment,
    Occurrence,
    Organization,
    Person,
    Role,
    Session,
    Talk,
    TalkKind,
)
from bot.find import Calendar, Row
from bot.passages import SpeltOut


_NUMBERS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
]
_TWELVE_HOUR_ZONES = ("America/", "US/", "Canada/", "Australia/", "Pacific/Auckland", "Asia/Manila")
_NOUNS = {
    TalkKind.PAPER: "paper",
    TalkKind.KEYNOTE: "keynote",
    TalkKind.INVITED: "invited talk",
    TalkKind.TALK: "talk",
    TalkKind.PANEL: "panel",
    TalkKind.POSTER: "poster",
    TalkKind.DEMO: "demo",
    TalkKind.TUTORIAL: "tutorial",
}
ROLE_NOUNS = {
    Role.AUTHOR: "author of",
    Role.PRESENTER: "presents",
    Role.KEYNOTE: "gives",
    Role.CHAIR: "chairs",
    Role.MODERATOR: "moderates",
    Role.PANELIST: "panelist in",
    Role.ORGANIZER: "organizer in",
    Role.MEMBER: "member of",
}


# -- numbers and lists -----------------------------------------------------------------------


def counted(n: int, noun: str, plural: str = "") -> str:
    """As in "9 papers", "1 paper", "no papers"."""
    return f"{n or 'no'} {noun if n == 1 else plural or noun + 's'}"


class Unstated(tuple[Inline, ...]):
    """A line that only says that the records leave something open."""

    __slots__ = ()


def unstated(*parts: Inline) -> Unstated:
    """A line of these parts that says that the records leave something open."""
    return Unstated(parts)


def ordinal(n: int) -> str:
    """As in "second" for 2, and 22nd beyond ten."""
    if 0 < n <= len(_ORDINALS):
        return _ORDINALS[n - 1]
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def in_words(n: int) -> str:
    """As in "four" for 4; digits beyond twelve."""
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else str(n)


def spelt(acronym: SpeltOut) -> str:
    """As in "PFC stands for Priority Flow Control."."""
    return f"{acronym.acronym} stands for {acronym.words}."


def joined(parts: Sequence[str], last: str = "and") -> str:
    """As in "a, b and c"."""
    if len(parts) <= 1:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def mixed(parts: Sequence[Line], last: str = "and") -> Line:
    """The same for lines."""
    found: list[Inline] = []
    for i, part in enumerate(parts):
        if i:
            found.append(f" {last} " if i == len(parts) - 1 else ", ")
        found += part
    return tuple(found)


def noun_of(kind: TalkKind) -> str:
    """What a kind of talk is called."""
    return _NOUNS[kind]


# -- time ------------------------------------------------------------------------------------


def clock(moment: datetime) -> str:
    """A time of day as people at the venue write it."""
    zone = str(moment.tzinfo)
    if zone.startswith(_TWELVE_HOUR_ZONES):
        hour = moment.hour % 12 or 12
        return f"{hour}:{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"
    return f"{moment.hour:02}:{moment.minute:02}"


def full_date(day: date) -> str:
    """As in "Monday, August 21, 2017"."""
    return f"{day:%A}, {day:%B} {day.day}, {day.year}"


def short_date(day: date) -> str:
    """As in "Monday, August 21"."""
    return f"{day:%A}, {day:%B} {day.day}"


def time(moment: datetime, zone: bool = False) -> Time:
    """An instant in the sentence."""
    return Time(moment, f"{clock(moment)} {moment:%Z}" if zone else clock(moment))


def minutes(length: timedelta) -> int:
    """Whole minutes."""
    return int(length.total_seconds() // 60)


def duration(length: timedelta) -> str:
    """As in "65 minutes (1 hour 5 minutes)"."""
    total = minutes(length)
    hours, rest = divmod(total, 60)
    if total < 60 or total > 24 * 60:
        return counted(total, "minute")
    spelt = counted(hours, "hour") + (f" {counted(rest, 'minute')}" if rest else "")
    return f"{counted(total, 'minute')} ({spelt})"


def days_between(first: date, second: date) -> int:
    """Calendar days."""
    return (second - first).days


def span(world: Calendar, o: Occurrence, *, dated: bool | None = None) -> Line:
    """When: "4:10 pm–5:25 pm PDT", with the date unless it is today."""
    show = o.start.date() != world.now.date() if dated is None else dated
    line: list[Inline] = [f"{full_date(o.start.date())}, "] if show else []
    if o.end is None:
        line += ["from ", time(o.start, zone=True), " (end not stated)"]
    else:
        line += [time(o.start), "–", time(o.end, zone=True)]
        if o.end.date() != o.start.date():
            line.append(" the next day")
    return tuple(line)


def spans(world: Calendar, row: Row, *, dated: bool | None = None) -> Line:
    """All occurrences of a row."""
    parts = []
    for o in world.occurrences(row):
        where = f" in {rooms(world, o)}" if len(world.occurrences(row)) > 1 and o.rooms else ""
        parts.append(
            (*span(world, o, dated=dated), where) if where else span(world, o, dated=dated)
        )
    return mixed(parts, "and again") if parts else ("at a time that isn't announced",)


def rooms(world: Calendar, o: Occurrence) -> str:
    """Where: "Laureate Room (Luskin Center)"."""
    by_id = world.event.room_by_id
    return joined([by_id[r].full_name for r in o.rooms])


def all_rooms(world: Calendar, row: Row) -> str:
    """Every room of a row."""
    names = dict.fromkeys(
        world.event.room_by_id[r].full_name for o in world.occurrences(row) for r in o.rooms
    )
    return joined(list(names))


def moment(m: Moment) -> str:
    """A date of the call, with what is stated of its time and zone."""
    text = full_date(m.date)
    if m.time is not None:
        text += f", {m.time.hour:02}:{m.time.minute:02}"
    if m.zone:
        text += f" {m.zone}"
    return text


# -- names -----------------------------------------------------------------------------------


def title(row: Row) -> str:
    """A row's name in a sentence."""
    match row:
        case Talk():
            return f"“{row.title}”"
        case Session():
            return row.name
        case Person() | Organization():
            return row.name
        case Milestone():
            return row.label
        case _:
            return getattr(row, "full_name", "") or getattr(row, "name", "")


def affiliation(world: Calendar, a: Appearance) -> str:
    """The organizations of an appearance."""
    return joined([world.event.organization_by_id[o].name for o in a.affiliations])


def names(world: Calendar, people: Iterable[Appearance]) -> str:
    """Names in their order, each run of one affiliation with the affiliation behind it."""
    return joined([world.event.person_by_id[a.person].name for a in people])


def people_with_places(world: Calendar, people: Sequence[Appearance]) -> str:
    """Names, and behind each run of people of one affiliation the affiliation."""
    parts: list[str] = []
    for i, a in enumerate(people):
        name = world.event.person_by_id[a.person].name
        place = affiliation(world, a)
        following = people[i + 1] if i + 1 < len(people) else None
        last = following is None or following.affiliations != a.affiliations
        parts.append(f"{name} ({place})" if place and last else name)
    return joined(parts)


def authors(talk: Talk) -> tuple[Appearance, ...]:
    """Those whom a talk is by: authors, else speakers, else whoever is named."""
    by = [a for a in talk.people if a.role == Role.AUTHOR]
    front = [a for a in talk.people if a.role in (Role.KEYNOTE, Role.PRESENTER, Role.PANELIST)]
    return tuple(by or front or talk.people)


def speakers(talk: Talk) -> tuple[Appearance, ...]:
    """Those who stand in front, where that is known."""
    return tuple(a for a in talk.people if a.role in (Role.KEYNOTE, Role.PRESENTER, Role.PANELIST))


def verb(world: Calendar, row: Row) -> str:
    """As in "is", or "was" for what is over."""
    spans_ = world.occurrences(row)
    return "was" if spans_ and all(o.over(world.now) for o in spans_) else "is"


def over(world: Calendar) -> bool:
    """Whether the last session has ended."""
    ends = [o.end or o.start for o, _ in world.event.timetable]
    return bool(ends) and world.now >= max(ends)


def program_files(world: Calendar) -> tuple[str, ...]:
    """The files that the program is written in."""
    files = (s.ref.partition("#")[0] for s in world.event.sessions)
    return tuple(dict.fromkeys(files))


def position(world: Calendar, talk: Talk) -> Line:
    """A talk's place in its session, where its own time isn't known, and a said estimate."""
    session = world.event.session_by_id[talk.session]
    talks = [t for t in session.talks if t == talk.id or world.live(world.event.talk_by_id[t])]
    count = len(talks)
    place = talks.index(talk.id) + 1
    if not session.occurrences:
        return (
            f"{ordinal(place)} of {in_words(count)} in {session.name}; its time isn't announced",
        )
    o = session.occurrences[0]
    where = ordinal(place) if place < count or count == 1 else "last"
    label = session.label or session.title
    line: list[Inline] = [f"{where} of {in_words(count)} talks in {label} (", *span(world, o), ")"]
    if count == 1:
        return ("in ", label, ", ", *span(world, o))
    if o.end is not None:
        each = (o.end - o.start) / count
        guess = o.start + each * (place - 1)
        guess -= timedelta(minutes=guess.minute % 5, seconds=guess.second)
        line += [", so probably around ", time(guess), "; individual times aren't published"]
    return tuple(line)
