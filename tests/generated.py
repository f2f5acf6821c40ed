"""Made-up events of any size, the same for the same seed, as values and as data files."""

import json
import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.event import (
    Appearance,
    Call,
    Day,
    Event,
    Milestone,
    MilestoneKind,
    Moment,
    Occurrence,
    Organization,
    Person,
    Role,
    Room,
    Rule,
    Sector,
    Session,
    SessionKind,
    Talk,
    TalkKind,
    Topic,
    ZoneOrigin,
)


ZONE = ZoneInfo("Europe/Berlin")
FIRST_DAY = date(2026, 6, 1)
TALKS_A_SESSION = 5
SESSIONS_A_FILE = 400
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "la",
    "me",
    "ni",
    "po",
    "ru",
    "sa",
    "te",
    "vi",
    "zo",
    "kra",
    "ple",
    "stro",
    "quin",
    "tor",
    "mel",
]


def _words(rng, count, least, most):
    found: dict[str, None] = {}
    while len(found) < count:
        size = rng.randint(least, most)
        found["".join(rng.choice(SYLLABLES) for _ in range(size))] = None
    return list(found)


class Maker:
    """Makes an event of so many talks; words follow Zipf's law, so that some are everywhere."""

    def __init__(self, talks, seed=1):
        self.rng = random.Random(seed)
        self.count = talks
        self.words = _words(self.rng, 6_000, 2, 4)
        weights = [1 / (rank + 3) for rank in range(len(self.words))]
        self.weights = [sum(weights[: i + 1]) for i in range(len(weights))]
        self.given = [w.title() for w in _words(self.rng, 400, 2, 2)[:400]]
        self.family = [w.title() for w in _words(self.rng, 3_000, 3, 3)]

    def text(self, count):
        return " ".join(self.rng.choices(self.words, cum_weights=self.weights, k=count))

    def event(self):
        sessions, talks = self._program()
        return Event(
            id="made-up",
            name="A Made-up Conference",
            short="MADE'26",
            zone=ZONE,
            zone_origin=ZoneOrigin.STATED,
            ref="event.yaml",
            days=tuple(Day(FIRST_DAY + timedelta(days=n)) for n in range(20)),
            rooms=tuple(Room(f"room-{n}", f"Room {n}", f"event.yaml#room-{n}") for n in range(60)),
            organizations=self.organizations,
            people=self.people,
            sessions=sessions,
            talks=talks,
            call=self._call(),
        )

    def _program(self):
        rng = self.rng
        self.organizations = tuple(
            Organization(
                f"org-{n}",
                f"University of {name}",
                f"people.yaml#org-{n}",
                sector=Sector.UNIVERSITY,
            )
            for n, name in enumerate(rng.sample(self.family, 300))
        )
        self.people = tuple(
            Person(
                f"person-{n}",
                f"{rng.choice(self.given)} {rng.choice(self.family)}",
                f"people.yaml#person-{n}",
            )
            for n in range(2 * self.count)
        )
        sessions, talks = [], []
        for number in range(-(-self.count // TALKS_A_SESSION)):
            first = number * TALKS_A_SESSION
            ids = [f"talk-{n}" for n in range(first, min(first + TALKS_A_SESSION, self.count))]
            talks += [self._talk(id_, number) for id_ in ids]
            sessions.append(self._session(number, tuple(ids)))
        return tuple(sessions), tuple(talks)

    def _talk(self, id_, number):
        rng = self.rng
        at = int(id_.rpartition("-")[2])
        authors = tuple(
            Appearance(
                f"person-{(2 * at + n) % len(self.people)}",
                Role.AUTHOR,
                (f"org-{rng.randrange(300)}",),
            )
            for n in range(3)
        )
        abstract = " ".join(f"{self.text(14).capitalize()}." for _ in range(9))
        file = f"program/{number // SESSIONS_A_FILE:03}.yaml"
        title = self.text(7).title()
        return Talk(
            id_, title, TalkKind.PAPER, f"session-{number}", f"{file}#{id_}", authors, (), abstract
        )

    def _session(self, number, ids):
        day, slot, room = number % 20, number // 20 % 5, number // 100 % 60
        start = datetime.combine(FIRST_DAY, datetime.min.time(), ZONE)
        start += timedelta(days=day, hours=9 + 2 * slot)
        file = f"program/{number // SESSIONS_A_FILE:03}.yaml"
        return Session(
            id=f"session-{number}",
            title=self.text(3).title(),
            kind=SessionKind.TALKS,
            ref=f"{file}#session-{number}",
            label=f"Session {number + 1}",
            occurrences=(
                Occurrence(start, start + timedelta(minutes=90), (f"room-{room}",))
                if number < 6_000
                else Occurrence(start, start + timedelta(minutes=90)),
            ),
            chairs=(Appearance(f"person-{self.rng.randrange(len(self.people))}", Role.CHAIR, ()),),
            talks=ids,
        )

    def _call(self):
        history = (Moment(date(2026, 1, 10)), Moment(date(2026, 1, 20)))
        return Call(
            ref="call.yaml",
            scope=f"{self.text(20).capitalize()}.",
            topics=tuple(
                Topic(f"topic-{n}", self.text(5), f"call.yaml#topic-{n}") for n in range(15)
            ),
            milestones=(
                Milestone(
                    "submission",
                    "Submission deadline",
                    MilestoneKind.SUBMISSION,
                    "call.yaml#submission",
                    history,
                ),
            ),
            rules=(
                Rule(
                    "page-limit",
                    "Papers have at most 12 pages.",
                    "call.yaml#page-limit",
                    about=("page-limit",),
                ),
            ),
        )


def event(talks, seed=1):
    """A made-up event of so many talks with abstracts of about 1 KB."""
    return Maker(talks, seed).event()


# -- as files --------------------------------------------------------------------------------


def write(made, folder):
    """Write a made-up event as the data files that it would be loaded from."""
    head = {
        "id": made.id,
        "name": made.name,
        "short": made.short,
        "zone": str(made.zone),
        "zone_origin": str(made.zone_origin),
        "days": [{"date": str(d.date)} for d in made.days],
        "rooms": [{"id": r.id, "name": r.name} for r in made.rooms],
    }
    _dump(folder / "event.yaml", head)
    people = {
        "organizations": [
            {"id": o.id, "name": o.name, "sector": str(o.sector)} for o in made.organizations
        ],
        "people": [{"id": p.id, "name": p.name} for p in made.people],
    }
    _dump(folder / "people.yaml", people)
    _dump(folder / "call.yaml", _call(made.call))
    (folder / "program").mkdir()
    for first in range(0, len(made.sessions), SESSIONS_A_FILE):
        part = [_session(s, made) for s in made.sessions[first : first + SESSIONS_A_FILE]]
        _dump(folder / "program" / f"{first // SESSIONS_A_FILE:03}.yaml", {"sessions": part})


def _call(call):
    return {
        "scope": call.scope,
        "milestones": [
            {
                "id": m.id,
                "kind": str(m.kind),
                "label": m.label,
                "dates": [{"date": str(x.date)} for x in m.history],
            }
            for m in call.milestones
        ],
        "topics": [{"id": t.id, "text": t.text} for t in call.topics],
        "rules": [{"id": r.id, "text": r.text, "about": list(r.about)} for r in call.rules],
    }


def _session(session, made):
    found = session.occurrences[0]
    return {
        "id": session.id,
        "label": session.label,
        "title": session.title,
        "kind": str(session.kind),
        "day": str(found.start.date()),
        "start": f"{found.start:%H:%M}",
        "end": f"{found.end:%H:%M}",
        "rooms": list(found.rooms),
        "chairs": [{"person": a.person} for a in session.chairs],
        "talks": [_talk(made.talk_by_id[t]) for t in session.talks],
    }


def _talk(talk):
    return {
        "id": talk.id,
        "kind": str(talk.kind),
        "title": talk.title,
        "authors": [{"person": a.person, "affiliation": list(a.affiliations)} for a in talk.people],
        "abstract": talk.abstract,
    }


def _dump(path, value, depth=0):
    path.write_text(_block(value, depth), "utf-8")


def _block(value, depth):
    """Block-style YAML of plain values: what a person would write."""
    pad = "  " * depth
    if isinstance(value, dict):
        return "".join(f"{pad}{key}:{_after(child, depth)}" for key, child in value.items())
    return "".join(f"{pad}-{_item(child, depth)}" for child in value)


def _after(child, depth):
    if isinstance(child, str):
        return f" {json.dumps(child)}\n"
    if all(isinstance(c, str) for c in child):
        return f" {json.dumps(list(child))}\n"
    return f"\n{_block(child, depth + 1)}"


def _item(child, depth):
    block = _block(child, depth + 1)
    return f" {block.lstrip()}"
