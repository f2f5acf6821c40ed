"""Organizers' verbs: a line of text -> a command, its preview, and what it does on a yes.

Only the parts of a line are told apart here; which record a name means, the question engine finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from bot.amend import (
    Amendment,
    Change,
    Clash,
    Edition,
    Effect,
    Key,
    Kind,
    applied,
    clashes,
    record,
    standing,
    verbs,
)
from bot.amend import undoing as undone
from bot.amend.codec import Json, from_json, to_json
from bot.amend.effects import WHOLE, value
from bot.amend.verbs import FIELDS, Impossible
from bot.answer import Action, Answer, Bullets, Field, Form, Line, Paragraph, Reason, Status, Strong
from bot.chat import PLATFORMS, is_address
from bot.event import (
    Appearance,
    Audience,
    Event,
    Info,
    Milestone,
    Moment,
    Occurrence,
    Person,
    Rule,
    Session,
    Talk,
)
from bot.event import Status as RowStatus
from bot.find import Row


PREVIEW_LASTS: Final = timedelta(minutes=2)
"""How long a preview waits for a yes."""

VERBS: Final = {
    "delay": "delay session 2 by 10",
    "move": "move session 2 to 15:00, or: move lunch to the foyer",
    "swap": "swap the QUIC talk with the RoCE talk",
    "cancel": "cancel the QUIC talk",
    "restore": "restore the QUIC talk",
    "replace": "replace Ann Lee with Bob Ray in keynote 2",
    "extend": "extend the submission deadline to 2017-04-07",
    "correct": "correct title of the QUIC talk to A Better Title",
    "remember": "remember wifi: it is called bypass, or: remember privately wifi: …",
    "changes": "changes",
    "undo": "undo, or: undo 3",
}
"""Each verb with an example of how it is said."""


YES: Final = frozenset({"yes", "y", "yep", "yeah", "ok", "sure", "do it", "go ahead"})
NO: Final = frozenset({"no", "n", "stop", "never mind"})
LEFT: Final = Answer(Status.ANSWERED, ("Nothing was changed.",))


def _refused(line: str) -> Answer:
    return Answer(Status.UNKNOWN, (line,), reason=Reason.NOT_UNDERSTOOD)


NOTHING_WAITS: Final = _refused("Nothing waits for a yes.")
EXPIRED: Final = _refused(
    "That waited too long for a yes, so nothing was changed. Please say it again."
)
NOT_KEPT: Final = _refused(
    "The store can't be reached, so nothing was changed. Please try again in a moment."
)
NOT_YET: Final = _refused(
    "The files of this event aren't in force yet; reload takes them, then say it again."
)
OVERTAKEN: Final = _refused(
    "The program was changed meanwhile, so nothing was done. Please say it again."
)


@dataclass(frozen=True, slots=True)
class Preview:
    """A change that waits for a yes: what was said, what it would do, until when (aware).

    One that takes another back leaves the records `left` as they are, since they were changed again.
    """

    said: str
    change: Change
    expires: datetime
    undoes: int = 0
    left: tuple[str, ...] = ()

    def fits(self, event: Event) -> bool:
        """Whether everything that it would change is still as it was."""
        return all(value(event, e.key, e.field) == e.old for e in self.change.effects)

    def to_json(self, now: datetime) -> dict[str, Json]:
        """What of it a yes needs, as plain values."""
        entry = Amendment(0, "", now, self.said, self.change.effects, self.undoes)
        return {"change": to_json(entry), "expires": self.expires.isoformat()}

    @classmethod
    def from_json(cls, raw: Mapping[str, Json], zone: ZoneInfo) -> Preview:
        """What a yes needs of the preview that `to_json` made plain."""
        entry = from_json(raw["change"], zone)
        expires = datetime.fromisoformat(raw["expires"]).astimezone(zone)
        return cls(entry.said, Change(entry.effects), expires, entry.undoes)


class Unclear(Exception):
    """A command that can't be carried out as it was said; the answer tells why and what helps."""

    def __init__(
        self, line: str, choices: Sequence[str | tuple[str, str]] = (), meant: str = ""
    ) -> None:
        """`choices` are what the words `meant` may stand for, maybe with other words to say it in."""
        self.line = line
        self.choices = tuple((c, c) if isinstance(c, str) else c for c in choices)
        self.meant = meant
        super().__init__(line)

    def _instead(self, text: str, choice: str) -> str:
        """The command with a choice in the place of the words that were unclear."""
        whole = rf"(?<!\w){re.escape(self.meant)}(?!\w)"
        return re.sub(whole, lambda _: choice, text, count=1)

    def answer(self, text: str) -> Answer:
        """What is said; a choice puts the whole command again, a form asks for its parts."""
        actions = [Action(label, self._instead(text, said)) for label, said in self.choices]
        if not actions and _verb(text) in _FORMS:
            actions = [_form_action(_verb(text), "Fill in a form")]
        return Answer(
            Status.CLARIFY if self.choices else Status.UNKNOWN,
            (self.line,),
            actions=tuple(actions),
            reason=None if self.choices else Reason.NOT_UNDERSTOOD,
        )


# -- forms -----------------------------------------------------------------------------------

_FORMS: Final[dict[str, tuple[str | Field, ...]]] = {
    "delay": (
        Field("what", "Session, talk or room", "session 2"),
        " by ",
        Field("minutes", "Minutes", "10"),
    ),
    "move": (
        Field("what", "Session or talk", "session 2"),
        " to ",
        Field("where", "Time, room, or both", "15:00 in the foyer"),
    ),
    "swap": (Field("one", "Talk", "the QUIC talk"), " with ", Field("other", "And talk")),
    "cancel": (Field("what", "Session or talk", "the QUIC talk"),),
    "restore": (Field("what", "Session or talk", "the QUIC talk"),),
    "replace": (
        Field("old", "Who can't come", "Ann Lee"),
        " with ",
        Field("new", "Who comes instead", "Bob Ray"),
        " in ",
        Field("what", "Session or talk", "keynote 2"),
    ),
    "extend": (
        Field("what", "Date of the call", "the submission deadline"),
        " to ",
        Field("date", "New date", "2017-04-07"),
    ),
    "correct": (
        Field("field", "What of it", "title"),
        " of ",
        Field("what", "Which record", "the QUIC talk"),
        " to ",
        Field("text", "New text"),
    ),
    "remember": (
        Field("what", "What it is about", "wifi"),
        ": ",
        Field("text", "The fact", "the network is called bypass"),
    ),
}
"""What each verb asks for in a form, and the words between, which make a line of it."""

ASKS_FOR_VERBS: Final = frozenset({"organize", "organise", "commands", "verbs"})


def verbs_shown() -> Answer:
    """What an organizer can do, each with an example, and a form for each."""
    items: tuple[Line, ...] = tuple(((Strong(verb), f": {said}")) for verb, said in VERBS.items())
    items = (
        *items,
        (Strong("hold"), ", ", Strong("resume"), ": let posts wait, and go out again"),
        (Strong("test"), ": test slack:C123, a sample for a place"),
        (Strong("reload"), ": take the event's files into force"),
    )
    actions = tuple(_form_action(verb, f"{verb.capitalize()} …") for verb in _FORMS)
    line = "What organizers can do; each change is shown before it is made:"
    return Answer(Status.ANSWERED, (line,), (Bullets(items),), actions=actions)


def _form_action(verb: str, label: str) -> Action:
    return Action(label, f"form {verb}", style="form")


def form(verb: str) -> Form | None:
    """The form of a verb, if it has one."""
    parts = _FORMS.get(verb)
    if parts is None:
        return None
    return Form(verb.capitalize(), tuple(p for p in parts if isinstance(p, Field)))


def filled(verb: str, values: Mapping[str, str]) -> str:
    """The line that a form makes, filled in with values by the names of its fields."""
    parts = (
        " ".join(values.get(p.name, "").split()) if isinstance(p, Field) else p
        for p in _FORMS.get(verb, ())
    )
    return f"{verb} {''.join(parts)}"


class Finder(Protocol):
    """What knows names, in the words of whoever says them."""

    def records(self, name: str) -> Sequence[Row]:
        """The records that a name means; none if nothing fits."""

    def subjects(self, words: str) -> tuple[str, ...]:
        """The subjects (ids of the language file) that words speak of."""


def is_command(text: str) -> bool:
    """Whether a line begins with a verb of an organizer, and isn't a question."""
    if not text.strip() or text.rstrip().endswith("?") or _verb(text) not in VERBS:
        return False
    return _verb(text) != "changes" or text.strip().casefold() == "changes"


def held(event: Event) -> Answer:
    """That nothing goes out by itself any more."""
    line = f"Held for {event.short}: nothing goes out by itself until somebody says resume."
    return Answer(Status.ANSWERED, (line,))


def resumed(event: Event) -> Answer:
    """That posts go out again."""
    line = (
        f"Posts of {event.short} go out again. What no longer helps is skipped; the ledger says what"
        " and why."
    )
    return Answer(Status.ANSWERED, (line,))


def sampled(text: str) -> str:
    """The address of the place that a sample is to go to; empty if a line doesn't ask for one."""
    words = text.split()
    asked = len(words) == 2 and words[0].casefold() == "test" and is_address(words[1])
    return words[1] if asked else ""


def asks_for_a_sample(text: str) -> bool:
    """Whether a line asks for a sample, but not where to."""
    words = text.casefold().split()
    return words[:1] == ["test"] and len(words) <= 2 and not text.rstrip().endswith("?")


WHERE_TO: Final = _refused(
    f"Where to? Name a place by its address, such as {' or '.join(f'{p}:NAME' for p in PLATFORMS)}."
)


def sample_goes(place: str, event: Event) -> Answer:
    """That a sample is on its way."""
    line = (
        f"A sample of {event.short} goes to {place} as soon as the running bot takes it (and posts"
        " aren't held); the ledger says what became of it."
    )
    return Answer(Status.ANSWERED, (line,))


ORGANIZERS_ONLY: Final = _refused("Only organizers can do that.")

_POLITE: Final = re.compile(
    r"^(?:(?:please|pls|plz|can you|could you|would you)[\s,]+)+|[\s,]+(?:please|pls|plz)(?=[\s.!]*$)",
    re.IGNORECASE,
)
_MEANT: Final = re.compile(
    r"delay\b.+\d|(?:cancel|restore)\s+\S|move\b.+\bto\b|swap\b.+\b(?:with|and)\b|replace\b.+\b(?:with|by)\b"
    r"|extend\b.+\bto\b|correct\b.+\bof\b.+\bto\b|remember\b.+:|undo(?:\s+\d+)?$|(?:reload|hold|resume)$",
    re.IGNORECASE,
)
_ALIASES: Final = {"postpone": "delay"}
_SHORTEST_TYPO: Final = 4


def plainly(text: str) -> str:
    """A line without the words that only make it polite, and without its last stop."""
    said = _POLITE.sub("", text.strip())
    return said.rstrip("!. ") if not said.rstrip().endswith("?") else said


def is_meant(text: str) -> bool:
    """Whether a line is a command in all of its parts, also to somebody who may give none."""
    return not text.rstrip().endswith("?") and _MEANT.match(text) is not None


def mistyped(text: str) -> Answer | None:
    """What to ask about a line that begins with nearly a verb; `None` if it doesn't."""
    first, _, rest = text.partition(" ")
    verb = first.casefold().rstrip(":,")
    near = [_ALIASES[verb]] if verb in _ALIASES else []
    if not near and len(verb) >= _SHORTEST_TYPO and not text.rstrip().endswith("?"):
        near = get_close_matches(verb, VERBS, 1, _NEAR)
    if not near or near[0] == verb:
        return None
    meant = f"{near[0]} {rest}".strip()
    action = Action(meant, meant)
    return Answer(Status.CLARIFY, (f"Did you mean “{meant}”?",), actions=(action,))


def _verb(text: str) -> str:
    return text.split(maxsplit=1)[0].casefold().rstrip(":,")


def preview(text: str, edition: Edition, find: Finder, now: datetime) -> Preview:
    """What a command would do. Raises `Unclear` if that can't be told, or can't be done."""
    event = edition.event
    verb, rest = _verb(text), text.split(maxsplit=1)[1:]
    said = rest[0].strip() if rest else ""
    try:
        if verb == "undo":
            return _undo(said, edition, now)
        change = _PARSERS[verb](said, event, find, now)
    except Impossible as no:
        raise Unclear(_IMPOSSIBLE[no.why].format(name=_name(event, no.about))) from None
    return Preview(f"{verb} {said}", change, now + PREVIEW_LASTS)


# -- the parts of a line ---------------------------------------------------------------------


def _match(pattern: str, said: str, verb: str) -> re.Match[str]:
    found = re.fullmatch(pattern, said, re.IGNORECASE | re.DOTALL)
    if found is None:
        raise Unclear(f"Say it like this: {VERBS[verb]}")
    return found


def _split(said: str, words: str, verb: str, good: Callable[[str, str], bool]) -> tuple[str, str]:
    """What stands before and behind one of some words: of several, the first where that is good."""
    cuts = [
        (said[: cut.start()], said[cut.end() :])
        for cut in re.finditer(rf"\s+(?:{words})\s+", said, re.IGNORECASE)
        if said[: cut.start()].strip() and said[cut.end() :].strip()
    ]
    if not cuts:
        raise Unclear(f"Say it like this: {VERBS[verb]}")
    return next((cut for cut in cuts if good(*cut)), cuts[0])


def _delay(said: str, event: Event, find: Finder, now: datetime) -> Change:
    parts = _match(r"(.+?)(?:\s+by)?\s+(-?\d{1,4})\s*(?:m|min|mins|minutes?)?", said, "delay")
    several = len(find.records(parts[1])) != 1 and not re.search(r"\bby\b|[a-z]$", said)
    if several and len(find.records(said)) == 1:  # the number belongs to the name
        raise Unclear(f"By how many minutes? Say it like this: delay {said} by 10")
    room = _room(event, parts[1])
    if room:
        return verbs.delay_room(event, room, int(parts[2]), now)
    return verbs.delay(event, _one(find, parts[1], event), int(parts[2]), now)


def _move(said: str, event: Event, find: Finder, now: datetime) -> Change:
    name, where = _split(said, "to", "move", lambda left, _: len(find.records(left)) == 1)
    clock = _CLOCK.search(where)
    place = where[: clock.start()] + where[clock.end() :] if clock else where
    place = re.sub(r"\b(?:at|in|the|on)\b", " ", place).strip(" ,")
    room = _room(event, place) if place else ""
    if place and not room:
        raise Unclear(f"I know no room called “{place}”.", [r.name for r in event.rooms][:6], place)
    key = _one(find, name, event)
    start = _start(event, key, clock, now) if clock else None
    return verbs.move(event, key, now, start=start, room=room)


_CLOCK: Final = re.compile(
    r"\b(\d{1,2})[:.h](\d{2})(?:\s?([ap])\.?m?\b\.?)?|\b(\d{1,2})\s?([ap])\.?m\b\.?", re.IGNORECASE
)
_BEFORE_WORK: Final = 8
"""An hour before this one, without am or pm, is one of the afternoon."""


def _start(event: Event, key: Key, clock: re.Match[str], now: datetime) -> datetime:
    """A time of day on the day of the record's occurrence that is on or comes next."""
    found = record(event, key)
    spans = found.occurrences if isinstance(found, (Session, Talk)) else ()
    coming = [o for o in spans if not o.over(now)] or [*spans]
    hour, minute = int(clock[1] or clock[4]), int(clock[2] or 0)
    half = (clock[3] or clock[5] or "").casefold()
    if (half == "p" and hour < 12) or (not half and 0 < hour < _BEFORE_WORK):
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    if not coming:
        raise Impossible("no time", key.id)
    if hour > 23 or minute > 59:
        raise Unclear(f"{clock[0]} is no time of day.")
    day = min(coming, key=lambda o: o.start).start.date()
    return datetime.combine(day, time(hour, minute), tzinfo=event.zone)


def _swap(said: str, event: Event, find: Finder, now: datetime) -> Change:
    names = _split(
        said, "with|and|for", "swap", lambda *both: all(len(find.records(n)) == 1 for n in both)
    )
    first, second = (_one(find, name, event) for name in names)
    if not first.kind == second.kind == Kind.TALK:
        raise Unclear("Only talks can be swapped; a session is moved.")
    return verbs.swap(event, first.id, second.id, now)


def _cancel(said: str, event: Event, find: Finder, now: datetime) -> Change:
    return verbs.cancel(event, _one(find, _match(r"(.+)", said, "cancel")[1], event))


def _restore(said: str, event: Event, find: Finder, now: datetime) -> Change:
    return verbs.restore(event, _one(find, _match(r"(.+)", said, "restore")[1], event))


def _replace(said: str, event: Event, find: Finder, now: datetime) -> Change:
    parts = _match(r"(.+?)\s+(?:with|by)\s+(.+?)\s+(?:in|at|for|of)\s+(.+)", said, "replace")
    old = _person(find, parts[1])
    if old is None:
        near = get_close_matches(parts[1], [p.name for p in event.people], 3, _NEAR)
        raise Unclear(f"I know nobody called “{parts[1]}”.", near, parts[1])
    new = _person(find, parts[2])
    stranger = Person(_slug(parts[2], event), parts[2].strip(), "")
    return verbs.substitute(
        event, _one(find, parts[3], event), old.id, new.id if new else stranger, now
    )


def _extend(said: str, event: Event, find: Finder, now: datetime) -> Change:
    parts = _match(
        r"(.+?)\s+to\s+(\d{4}-\d{2}-\d{2})(?:\s+(?:at\s+)?(\d{1,2}:\d{2}))?", said, "extend"
    )
    all_ = event.call.milestones if event.call else ()
    rows = [m for m in all_ if m.id == parts[1].strip()]
    rows = rows or [r for r in find.records(parts[1]) if isinstance(r, Milestone)]
    if len(rows) != 1:
        known = [(_dated(event, m), m.id) for m in rows or all_]
        raise Unclear(f"Which date is “{parts[1]}”?", known[:_MOST_CHOICES], parts[1])
    try:
        day = date.fromisoformat(parts[2])
        clock = time.fromisoformat(f"{parts[3]:0>5}") if parts[3] else None
    except ValueError:
        raise Unclear(f"{parts[2]} {parts[3] or ''} is no date.") from None
    return verbs.extend(event, rows[0].id, day, clock)


def _dated(event: Event, m: Milestone) -> str:
    """A date of the call with its track, its cycle and its day."""
    call = event.call
    named = (
        [x.name for x in (*call.tracks, *call.cycles) if x.id in (*m.tracks, m.cycle)]
        if call
        else []
    )
    extra = [n for n in named if n.casefold() not in m.label.casefold()]
    whose = f" ({', '.join(extra)})" if extra else ""
    day = m.current.date
    return f"{m.label}{whose}, {day:%b} {day.day}, {day.year}"


def _correct(said: str, event: Event, find: Finder, now: datetime) -> Change:
    parts = _match(r"(?:the\s+)?(\w+)\s+of\s+(.+)", said, "correct")
    name, text = _split(parts[2], "to", "correct", lambda left, _: len(find.records(left)) == 1)
    key = _one(find, name, event, *FIELDS)
    field = parts[1].casefold()
    if field not in FIELDS[key.kind]:
        fields = ", ".join(FIELDS[key.kind])
        raise Unclear(f"Of a {key.kind} I can correct: {fields}.")
    return verbs.correct(event, key, field, text.strip())


def _remember(said: str, event: Event, find: Finder, now: datetime) -> Change:
    """A fact; one about a session or talk becomes its note, and is told with it."""
    parts = _match(r"(privately\s+)?([^:]+):\s*(.+)", said, "remember")
    title, text = parts[2].strip(), parts[3].strip()
    audience = Audience.PRIVATE if parts[1] else Audience.EVERYONE
    named = [r for r in find.records(title) if isinstance(r, (Session, Talk))]
    if (named or _by_id(event, title, (Kind.SESSION, Kind.TALK))) and not parts[1]:
        key = _one(find, title, event)
        row = record(event, key)
        assert isinstance(row, (Session, Talk))
        return verbs.correct(event, key, "note", f"{row.note}; {text}" if row.note else text)
    about = find.subjects(title) or find.subjects(text)
    return verbs.remember(event, title, text, about, audience)


_PARSERS: Final = {
    "delay": _delay,
    "move": _move,
    "swap": _swap,
    "cancel": _cancel,
    "restore": _restore,
    "replace": _replace,
    "extend": _extend,
    "correct": _correct,
    "remember": _remember,
}


def _undo(said: str, edition: Edition, now: datetime) -> Preview:
    held = [a for a in standing(edition.log) if not a.undoes or said]
    if said:
        number = int(said) if re.fullmatch("[0-9]{1,6}", said) else 0
        held = [a for a in held if a.number == number]
    if not held:
        raise Unclear("There is no such change to take back." if said else "Nothing was changed.")
    chosen = held[-1]
    back = undone(edition.event, chosen)
    if not back.effects:
        raise Unclear(f"Change {chosen.number} ({chosen.said}) was changed again since.")
    said = f"undo {chosen.number} ({chosen.said})"
    left = tuple(dict.fromkeys(e.key.id for e in back.left))
    return Preview(said, Change(back.effects), now + PREVIEW_LASTS, chosen.number, left)


# -- which record ----------------------------------------------------------------------------


_KINDS: Final = {
    Session: Kind.SESSION,
    Talk: Kind.TALK,
    Person: Kind.PERSON,
    Milestone: Kind.MILESTONE,
    Rule: Kind.RULE,
    Info: Kind.INFO,
}


def _one(find: Finder, name: str, event: Event, *kinds: Kind) -> Key:
    """The one record that a name means, a session or talk unless other kinds are named."""
    wanted = kinds or (Kind.SESSION, Kind.TALK)
    if (named := _by_id(event, name, wanted)) is not None:
        return named
    keys = [
        Key(kind, r.id)
        for r in find.records(name)
        if (kind := _KINDS.get(type(r))) is not None and kind in wanted
    ]
    if len(keys) == 1:
        return keys[0]
    if not keys:
        raise Unclear(f"I know nothing called “{name.strip()}”.")
    names = [(_told_apart(event, k.id), k.id) for k in keys[:_MOST_CHOICES]]
    raise Unclear(f"Which one is “{name.strip()}”?", names, name)


_MOST_CHOICES: Final = 12


def _told_apart(event: Event, id_: str) -> str:
    """How a record is called, with what tells it from others of that name."""
    name = _name(event, id_)
    if id_ in event.session_by_id:
        starts = [o.start for o in event.session_by_id[id_].occurrences]
        days = len({o.start.date() for o, _ in event.timetable}) > 1
        at = ", ".join(f"{s:%a %H:%M}" if days else f"{s:%H:%M}" for s in starts[:2])
        return f"{name}, {at}" if at else name
    return name


def _by_id(event: Event, name: str, kinds: Sequence[Kind]) -> Key | None:
    """The record whose id a name is."""
    id_ = name.strip()
    key = next((Key(k, id_) for k in kinds if record(event, Key(k, id_)) is not None), None)
    return key if id_ else None


def _person(find: Finder, name: str) -> Person | None:
    people = [r for r in find.records(f"who is {name}") if isinstance(r, Person)]
    if len(people) > 1:
        raise Unclear(f"Who is “{name.strip()}”?", [p.name for p in people[:6]], name)
    return people[0] if people else None


_NEAR: Final = 0.8
"""How alike two names are that may be the same with a typo (as difflib counts it)."""


def _room(event: Event, name: str) -> str:
    plain = re.sub(r"^(?:the\s+)?(?:room\s+)?|\s+room$", "", name.strip().casefold())
    known: dict[str, str] = {}
    for room in event.rooms:
        for called in (room.id, room.name, *room.aliases):
            known[re.sub(r"\s+room$", "", called.casefold())] = room.id
    near = get_close_matches(plain, known, 1, _NEAR)
    return known[near[0]] if near else ""


def _slug(name: str, event: Event) -> str:
    """An id for a person, that nobody has."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "somebody"
    number = 2
    free = slug
    while free in event.person_by_id:
        free, number = f"{slug}-{number}", number + 1
    return free


# -- what is said ----------------------------------------------------------------------------


_IMPOSSIBLE: Final = {
    "over": "{name} is over.",
    "no time": "{name} has no time of its own; delay or move its session.",
    "no length": "How long {name} takes isn't known.",
    "too long": "A delay is between 1 minute and 12 hours.",
    "same": "That is how it is already.",
    "no such person": "I know nobody called {name}.",
    "no such field": "There is no field {name}.",
    "not ascending": "{name} can only be extended to a later date.",
    "cancelled": "{name} is cancelled already.",
    "not cancelled": "{name} isn't cancelled.",
    "nobody to replace": "It isn't clear who is to be replaced; name the person.",
}


def shown(waiting: Preview, event: Event) -> Answer:
    """A preview: what would change, what clashes, and how to say yes."""
    after = applied(event, waiting.change.effects)
    touched = {e.key.id for e in waiting.change.effects if e.key.kind == Kind.SESSION}
    talks = [e.key.id for e in waiting.change.effects if e.key.kind == Kind.TALK]
    touched |= {made.talk_by_id[t].session for t in talks for made in (event, after)}
    new = [c for c in clashes(after, touched) if c not in clashes(event, touched)]
    lines = [*_lines(event, waiting.change.effects)]
    doubts = [f"Only less than half of {_name(event, b)} remains." for b in waiting.change.short]
    doubts += [
        f"{_name(event, b)} is too short to take that up, so it moves along whole."
        for b in waiting.change.swallowed
    ]
    doubts += [_clash(after, c) for c in new]
    doubts += _later_ends(event, after)
    doubts += [f"{_name(event, i)} was changed again since and stays." for i in waiting.left]
    blocks: list[Bullets | Paragraph] = [Bullets(tuple(lines))] if lines else []
    blocks += [Paragraph((f"Careful: {d}",)) for d in doubts]
    blocks.append(Paragraph(("Shall I? Say yes within two minutes, or no.",)))
    actions = (Action("Yes", "yes", style="primary"), Action("No", "no", style="dismiss"))
    return Answer(Status.CLARIFY, (f"{waiting.said}:",), tuple(blocks), actions=actions)


def proposed(told: Sequence[str], *, open_: bool) -> Answer:
    """What the files would change, and how to say yes if they can be taken into force."""
    blocks = tuple(Paragraph((line,)) for line in told[1:])
    if not open_:
        return Answer(Status.ANSWERED, (told[0],), blocks)
    asks = Paragraph(("Shall I take them into force? Say yes, or no.",))
    actions = (Action("Yes", "yes", style="primary"), Action("No", "no", style="dismiss"))
    return Answer(Status.CLARIFY, (told[0],), (*blocks, asks), actions=actions)


def in_force(edition: Edition) -> Answer:
    """That files were taken into force."""
    line = f"In force: edition {edition.number} of {edition.event.short}."
    return Answer(Status.ANSWERED, (line,))


def _later_ends(before: Event, after: Event) -> list[str]:
    """The days that end later than they did."""

    def ends(event: Event) -> dict[date, datetime]:
        found: dict[date, datetime] = {}
        for o, session in event.timetable:
            if session.status != RowStatus.CANCELLED and o.end is not None:
                day = o.start.date()
                found[day] = max(found.get(day, o.end), o.end)
        return found

    was, now = ends(before), ends(after)
    late = [day for day in was if day in now and now[day] > was[day]]
    return [f"The day ends at {now[d]:%H:%M} instead of {was[d]:%H:%M}." for d in late]


def confirmed(amendment: Amendment, event: Event) -> Answer:
    """What was done; `event` is the one from before."""
    lines = tuple(_lines(event, amendment.effects))
    head = f"Done: {amendment.said}. To take it back: undo {amendment.number}"
    back = (Action("Undo", f"undo {amendment.number}"),)
    return Answer(Status.ANSWERED, (head,), (Bullets(lines),) if lines else (), actions=back)


ASKS_FOR_NEWS: Final = frozenset(
    f"{opening}{asked}{day}"
    for opening in ("", "so ", "hey ")
    for asked in (
        "changes",
        "any changes",
        "any news",
        "what changed",
        "what's changed",
        "whats changed",
        "what has changed",
        "did anything change",
        "has anything changed",
        "anything changed",
        "schedule changes",
        "program changes",
    )
    for day in ("", " today", " so far", " in the program", " in the schedule")
)


_NEWS: Final = frozenset({Kind.SESSION, Kind.TALK, Kind.MILESTONE})
"""What everybody is told about when it changes; facts may be for some only."""


def news(edition: Edition, now: datetime) -> Answer:
    """What was changed since the program was published, as attendees are told it."""
    event = edition.event
    items: list[Line] = []
    records: list[str] = []
    for a in standing(edition.log):
        if a.undoes:
            continue
        when = a.at.astimezone(event.zone)
        day = "" if when.date() == now.date() else f"{when:%b} {when.day}, "
        for e in a.effects:
            if e.key.kind in _NEWS and (told := _told(event, e)):
                items.append((f"{_called(event, e)}: {told} (since {day}{when:%H:%M})",))
                records += [r.ref] if (r := record(event, e.key)) is not None else []
    if not items:
        line = f"Nothing was changed in {event.short}."
        return Answer(Status.ANSWERED, (line,))
    head = f"Changed in {event.short}:"
    return Answer(Status.ANSWERED, (head,), (Bullets(tuple(items)),), tuple(dict.fromkeys(records)))


def listed(edition: Edition) -> Answer:
    """All changes, by whom and when, the newest last."""
    zone = edition.event.zone
    held = {a.number for a in standing(edition.log)}
    items: list[Line] = []
    for a in edition.log:
        when = f"{a.at.astimezone(zone):%b %d, %H:%M}"
        back = "" if a.number in held else " (taken back)"
        items.append((f"{a.number}. {when} {a.by}: {_said_openly(a)}{back}",))
    head = "Nothing was changed." if not items else f"Changes to {edition.event.short}:"
    return Answer(Status.ANSWERED, (head,), (Bullets(tuple(items)),) if items else ())


def _said_openly(a: Amendment) -> str:
    """What was said, without a fact that is told in private only."""
    hidden = any(
        isinstance(x, Info) and x.audience != Audience.EVERYONE
        for e in a.effects
        for x in (e.old, e.new)
    )
    return f"{a.said.partition(':')[0]}: …" if hidden else a.said


def _lines(event: Event, effects: Sequence[Effect]) -> list[Line]:
    """What effects do, told with the names of those whom they bring, too."""
    new = tuple(e.new for e in effects if isinstance(e.new, Person))
    event = replace(event, people=(*event.people, *new))
    return [(f"{_called(event, e)}: {told}",) for e in effects if (told := _told(event, e)) != ""]


def _called(event: Event, e: Effect) -> str:
    """How the record of an effect is called, also if the effect is what brings it."""
    match e.new or e.old:
        case Person(name=name) | Info(title=name):
            return name
        case _:
            return _name(event, e.key.id)


def _told(event: Event, e: Effect) -> str:
    """An effect in a few words; none for what goes along with another."""
    match e.field, e.old, e.new:
        case "occurrences", tuple(old), tuple(new):
            pairs = zip(old, new, strict=False)
            return "; ".join(
                f"{_span(event, a)} → {_span(event, b)}"
                for a, b in pairs
                if isinstance(a, Occurrence) and isinstance(b, Occurrence) and a != b
            )
        case "status", _, RowStatus.CANCELLED:
            return "cancelled"
        case "status", RowStatus.CANCELLED, _:
            return "takes place after all"
        case (("trace" | "status" | "session"), _, _):
            return ""
        case "talks", _, tuple(new):
            return "now " + ", ".join(_name(event, str(t)) for t in new)
        case (("people" | "chairs"), tuple(old), tuple(new)):
            return _recast(event, old, new)
        case "history", _, tuple(new):
            last = new[-1]
            assert isinstance(last, Moment)
            return f"now {last.date:%B} {last.date.day}, {last.date.year}"
        case field, None, Info() as info if field == WHOLE:
            return _told_new(info)
        case field, None, _ if field == WHOLE:
            return "new"
        case field, _, None if field == WHOLE:
            return "gone"
        case _, old, new:
            return f"{e.field} “{old}” → “{new}”"


def _told_new(info: Info) -> str:
    who = "told in private only" if info.audience == Audience.PRIVATE else "told to anybody"
    return f"new: {info.text} ({who})"


def _recast(event: Event, old: Sequence[object], new: Sequence[object]) -> str:
    """Who goes, and who comes in their place as far as they are known yet."""
    known = event.person_by_id
    gone = [a.person for a in old if isinstance(a, Appearance) and a not in new]
    come = [a.person for a in new if isinstance(a, Appearance) and a not in old]
    left = ", ".join(known[p].name for p in gone if p in known)
    fresh = ", ".join(known[p].name for p in come if p in known)
    return f"{left} → {fresh}" if fresh else f"without {left}"


def _span(event: Event, o: Occurrence) -> str:
    end = f"–{o.end:%H:%M}" if o.end else ""
    rooms = ", ".join(event.room_by_id[r].name for r in o.rooms if r in event.room_by_id)
    return f"{o.start:%H:%M}{end}{f' in {rooms}' if rooms else ''}"


def _clash(event: Event, clash: Clash) -> str:
    first, second = _name(event, clash.first), _name(event, clash.second)
    match clash.what:
        case "room":
            return f"{first} and {second} are both in {event.room_by_id[clash.whose].name}."
        case "person":
            who = event.person_by_id[clash.whose].name
            return f"{who} is needed in {first} and in {second} at the same time."
        case "bounds":
            return f"{first} lies outside {second}."
        case _:
            return f"{first} goes on past midnight."


def _name(event: Event, id_: str) -> str:
    """How a record is called, whatever its kind."""
    if id_ in event.session_by_id:
        return event.session_by_id[id_].name
    if id_ in event.talk_by_id:
        return f"“{event.talk_by_id[id_].title}”"
    if id_ in event.person_by_id:
        return event.person_by_id[id_].name
    milestones = event.call.milestones if event.call else ()
    called = {m.id: m.label for m in milestones} | {i.id: i.title for i in event.infos}
    return called.get(id_) or id_ or "it"
