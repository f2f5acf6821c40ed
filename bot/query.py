"""What a question means, before anything is looked up: a Query, built from filters.

Times are still relative here ("tomorrow", "after lunch"); `find` resolves them against a moment.
Every filter can say itself in English, so that a reading can be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from bot.event import MilestoneKind, Role, Sector, SessionKind, TalkKind


class Of(StrEnum):
    """The kind of row that a reference selects."""

    SESSION = "session"
    TALK = "talk"
    PERSON = "person"
    ORGANIZATION = "organization"
    ROOM = "room"
    EVENT = "event"
    MILESTONE = "milestone"
    FACT = "fact"
    TOPIC = "topic"


class Want(StrEnum):
    """What is asked about the rows."""

    OVERVIEW = "overview"
    WHEN = "when"
    START = "start"
    END = "end"
    DURATION = "duration"
    UNTIL = "time until"
    OVER = "whether over"
    PAST = "what is past"
    WHERE = "where"
    ROOMS = "rooms"
    WHO = "who"
    AUTHORS = "authors"
    SPEAKER = "speaker"
    CHAIR = "chair"
    AFFILIATION = "affiliation"
    SECTOR = "sector"
    COAUTHORS = "co-authors"
    ROLES = "roles"
    TITLE = "title"
    LIST = "list"
    COUNT = "count"
    ABOUT = "about"
    ABSTRACT = "abstract"
    BIO = "bio"
    DETAIL = "detail"
    AGENDA = "agenda"
    SESSION = "session"
    DAY = "day"
    LONGER = "which is longer"
    SHORTER = "which is shorter"
    MOST = "which has the most"
    FEWEST = "which has the fewest"
    EARLIER = "which is earlier"
    GAP = "gap"
    BOTH = "what both have"
    DATE = "date"
    LEFT = "time left"
    MISSED = "whether missed"
    EXTENDED = "whether extended"
    ORIGINAL = "original date"
    TIME_OF_DAY = "time of day"
    SCOPE = "whether in scope"
    TOPICS = "topics"
    FACT = "fact"
    HELP = "help"
    GREETING = "greeting"
    THANKS = "thanks"
    BYE = "goodbye"
    DECLINE = "decline"
    CLARIFY = "which one is meant"
    NOTHING = "nothing understood"
    IMPOSSIBLE = "no time or date"


WORDLESS = frozenset(
    {
        Want.HELP,
        Want.GREETING,
        Want.THANKS,
        Want.BYE,
        Want.DECLINE,
        Want.CLARIFY,
        Want.NOTHING,
        Want.IMPOSSIBLE,
    }
)
"""Wants that no record is looked up for."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day; `sure` if it was said with am/pm or beyond twelve."""

    hour: int
    minute: int = 0
    sure: bool = False

    def __str__(self) -> str:
        """As HH:MM."""
        return f"{self.hour:02}:{self.minute:02}"


@dataclass(frozen=True, slots=True)
class Kinds:
    """Rows of these kinds; `words` is how they were called."""

    sessions: frozenset[SessionKind] = frozenset()
    talks: frozenset[TalkKind] = frozenset()
    words: str = ""

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True)
class Ids:
    """Exactly these rows (several where a name fits several)."""

    ids: tuple[str, ...]
    words: str = ""

    def __str__(self) -> str:
        return f"“{self.words}”" if self.words else ", ".join(self.ids)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row by its printed number: "session 2"."""

    noun: str
    number: str

    def __str__(self) -> str:
        return f"{self.noun} {self.number}"


@dataclass(frozen=True, slots=True)
class About:
    """Rows whose records hold these stems: all of them, or any."""

    stems: tuple[str, ...]
    words: tuple[str, ...]
    any: bool = False

    def __str__(self) -> str:
        return "about " + (" or " if self.any else " ").join(self.words)


@dataclass(frozen=True, slots=True)
class With:
    """Rows in which one of these people appears."""

    people: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"with {self.words}"


@dataclass(frozen=True, slots=True)
class From:
    """Rows with an affiliation to one of these organizations."""

    organizations: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"from {self.words}"


@dataclass(frozen=True, slots=True)
class InSector:
    """Rows from a sector; `only` if from no other."""

    sector: Sector
    only: bool = False

    def __str__(self) -> str:
        return f"from {'only ' if self.only else ''}{self.sector}"


@dataclass(frozen=True, slots=True)
class InRole:
    """People, or the rows of people, in one of these roles."""

    roles: frozenset[Role]

    def __str__(self) -> str:
        return "as " + " or ".join(sorted(self.roles))


@dataclass(frozen=True, slots=True)
class InRoom:
    """Rows that take place in one of these rooms."""

    rooms: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"in {self.words}"


@dataclass(frozen=True, slots=True)
class Inside:
    """Rows that belong to the rows of another reference."""

    ref: Ref

    def __str__(self) -> str:
        return f"of ({self.ref})"


@dataclass(frozen=True, slots=True)
class Like:
    """Rows of the same kind, and numbered alike, as the rows with these ids.

    `besides`: other rows than these.
    """

    ids: tuple[str, ...]
    besides: bool = False

    def __str__(self) -> str:
        return f"like {', '.join(self.ids)}{' but not it' if self.besides else ''}"


@dataclass(frozen=True, slots=True)
class Ahead:
    """Rows that have not yet begun; with `past`, rows that are over."""

    past: bool = False

    def __str__(self) -> str:
        return "already over" if self.past else "still ahead"


@dataclass(frozen=True, slots=True)
class InCommittee:
    """People of one of these committees."""

    committees: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"on the {self.words}"


@dataclass(frozen=True, slots=True)
class OnDay:
    """Rows of a day: days from today, a weekday (0 Monday), a date, or the nth of the event."""

    form: str
    value: int
    month: int = 0
    year: int = 0

    def __str__(self) -> str:
        names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
        match self.form:
            case "offset":
                return {0: "today", 1: "tomorrow", -1: "yesterday"}.get(
                    self.value, f"in {self.value} days"
                )
            case "weekday":
                return f"on {names[self.value]}"
            case "nth":
                return "on the last day" if self.value < 0 else f"on day {self.value}"
            case _:
                return f"on {self.value}/{self.month or '?'}{f'/{self.year}' if self.year else ''}"


@dataclass(frozen=True, slots=True)
class InPart:
    """Rows in a part of the day: morning, afternoon, evening, night."""

    part: str

    def __str__(self) -> str:
        return f"in the {self.part}"


@dataclass(frozen=True, slots=True)
class At:
    """Rows running at a time of day, or so many minutes from now."""

    clock: Clock | None = None
    minutes: int = 0

    def __str__(self) -> str:
        return f"at {self.clock}" if self.clock else f"{self.minutes} minutes from now"


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows before or after something: a time of day, or the rows of a reference.

    `next_to` if only the neighbour is meant.
    """

    after: bool
    anchor: Clock | Ref
    next_to: bool = False

    def __str__(self) -> str:
        return f"{'after' if self.after else 'before'} {self.anchor}"


@dataclass(frozen=True, slots=True)
class Between:
    """Rows between two times of day or references."""

    first: Clock | Ref
    second: Clock | Ref

    def __str__(self) -> str:
        return f"between {self.first} and {self.second}"


@dataclass(frozen=True, slots=True)
class Milestones:
    """Milestones of these kinds; none means all."""

    kinds: frozenset[MilestoneKind]

    def __str__(self) -> str:
        return " or ".join(sorted(self.kinds)) or "any milestone"


@dataclass(frozen=True, slots=True)
class Subjects:
    """Facts about one of these subjects, best first; `weights` tell how much speaks for each.

    `besides` are subjects that only tell such facts apart.
    """

    subjects: tuple[str, ...]
    weights: tuple[float, ...] = ()
    besides: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " or ".join(self.subjects)


@dataclass(frozen=True, slots=True)
class Track:
    """Rows of a track or cycle of the call."""

    ids: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"for {self.words}"


Time = OnDay | InPart | At | Beside | Between | Ahead
TIMES = (OnDay, InPart, At, Beside, Between, Ahead)
Filter = (
    Kinds
    | Ids
    | Numbered
    | About
    | With
    | From
    | InSector
    | InRole
    | InRoom
    | Inside
    | Like
    | InCommittee
    | Ahead
    | OnDay
    | InPart
    | At
    | Beside
    | Between
    | Milestones
    | Subjects
    | Track
)
F = TypeVar("F", bound=Filter)


class Near(StrEnum):
    """A row by its place relative to now."""

    NOW = "now"
    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Nth:
    """The nth row of several, from the end if negative."""

    n: int

    def __str__(self) -> str:
        return "last" if self.n == -1 else f"number {self.n}"


Pick = Near | Nth


@dataclass(frozen=True, slots=True)
class Ref:
    """A set of rows: their kind, the filters they pass, and which of them is meant."""

    of: Of
    filters: tuple[Filter, ...] = ()
    pick: Pick | None = None

    @property
    def bare(self) -> bool:
        """Whether nothing narrows it but the noun."""
        return self.pick is None and all(isinstance(f, (Kinds, InRole)) for f in self.filters)

    def first(self, kind: type[F]) -> F | None:
        """The first of its filters that is of a kind."""
        return next((f for f in self.filters if isinstance(f, kind)), None)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that its facts are about."""
        found = self.first(Subjects)
        return found.subjects if found else ()

    def __str__(self) -> str:
        parts = [str(self.pick)] if self.pick else []
        parts += [str(self.of), *(str(f) for f in self.filters)]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Query:
    """A question as a value.

    `claims` are filters that the question asserts of the rows and wants confirmed or denied.
    `words` are content words (stems) that select a sentence, `cues` those of them that only say
    which side of it is asked for, and `hints` are stems that the records say in other words; `details` are ids of the language
    file's `details`; `tally` is what is counted for each row, `counted` its word. `absent` are words as typed that stand nowhere in the records, though the
    question leans on them. `still` is whether it is asked if something goes on, rather than if it is over.
    """

    want: Want
    ref: Ref = Ref(Of.EVENT)
    also: tuple[Want, ...] = ()
    claims: tuple[Filter, ...] = ()
    other: Ref | None = None
    words: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    amount: tuple[int, str] | None = None
    polar: bool = False
    still: bool = False
    plural: bool = False
    nth_person: int = 0
    counted: str = ""
    tally: Ref | None = None
    absent: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [" + ".join(str(w) for w in (self.want, *self.also)), "of", str(self.ref)]
        if self.other:
            parts += ["and", str(self.other)]
        if self.tally:
            parts += ["counting", str(self.tally)]
        if self.claims:
            parts += ["- is it", " and ".join(str(c) for c in self.claims), "?"]
        if self.words:
            parts += ["- words:", " ".join(self.words)]
        return " ".join(parts)
