"""Where everything stands: rows in their order, by id, kind, label, person, organization, time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.event import (
    Appearance,
    Event,
    Fact,
    Milestone,
    Occurrence,
    Organization,
    Person,
    Room,
    Session,
    Talk,
    Topic,
)
from bot.query import Of


Row = Session | Talk | Person | Organization | Room | Milestone | Fact | Topic | Event


class Register:
    """Look-ups over an event that don't depend on the moment; made once for an edition."""

    def __init__(self, event: Event) -> None:
        """Takes time in proportion to the event."""
        timed = dict.fromkeys(s for _, s in event.timetable)
        self.sessions = (*timed, *(s for s in event.sessions if not s.occurrences))
        self.talks = tuple(event.talk_by_id[t] for s in self.sessions for t in s.talks)
        self.people = tuple(event.person_by_id[p] for p in event.appearances)
        # Behind those who appear; only by their names is anybody else asked for.
        self._everybody = tuple(dict.fromkeys((*event.appearances, *event.person_by_id)))
        self._event = event
        self._place: dict[Of, dict[str, int]] = {
            Of.SESSION: {s.id: at for at, s in enumerate(self.sessions)},
            Of.TALK: {t.id: at for at, t in enumerate(self.talks)},
            Of.PERSON: {p: at for at, p in enumerate(self._everybody)},
        }
        self._rows: dict[Of, tuple[Row, ...]] = {
            Of.SESSION: self.sessions,
            Of.TALK: self.talks,
            Of.PERSON: self.people,
        }
        self.session_by_label = {s.label.casefold(): s for s in self.sessions if s.label}
        self._times: dict[str, tuple[Occurrence, ...]] = {}
        self._starts = [o.start for o, _ in event.timetable]
        lengths = (o.length for o, _ in event.timetable)
        self._longest = max((x for x in lengths if x is not None), default=timedelta())
        self._affiliated = self._by_organization()

    def _by_organization(self) -> dict[str, dict[str, None]]:
        """The ids of the people who appear for each organization, in their order."""
        found: dict[str, dict[str, None]] = {}
        for person, rows in self._event.appearances.items():
            for appearance, _ in rows:
                for organization in appearance.affiliations:
                    found.setdefault(organization, {})[person] = None
        return found

    def all(self, of: Of) -> Iterable[Row]:
        """All rows of a kind, in their order."""
        event = self._event
        match of:
            case Of.SESSION | Of.TALK | Of.PERSON:
                return self._rows[of]
            case Of.ORGANIZATION:
                return event.organizations
            case Of.ROOM:
                return event.rooms
            case Of.MILESTONE:
                return event.call.milestones if event.call else ()
            case Of.TOPIC:
                return event.call.topics if event.call else ()
            case Of.EVENT:
                return (event,)
            case Of.FACT:
                return ()

    def by_ids(self, of: Of, ids: Iterable[str]) -> list[Row]:
        """The rows with these ids, in their order."""
        if of not in self._place:
            wanted = set(ids)
            return [r for r in self.all(of) if r.id in wanted]
        place = self._place[of]
        found = sorted({place[i] for i in ids if i in place})
        if of == Of.PERSON:
            return [self._event.person_by_id[self._everybody[at]] for at in found]
        return [self._rows[of][at] for at in found]

    def place(self, talk: Talk) -> int:
        """A talk's place in the order of all talks."""
        return self._place[Of.TALK][talk.id]

    def affiliated(self, organizations: Iterable[str]) -> list[str]:
        """The ids of the people who appear for one of these organizations."""
        found: dict[str, None] = {}
        for organization in organizations:
            found.update(self._affiliated.get(organization, {}))
        return list(found)

    def of_people(self, of: Of, people: Iterable[str]) -> list[Row]:
        """The talks, or the sessions, in which one of these people appears."""
        ids: list[str] = []
        for person in people:
            for _, record in self._event.appearances.get(person, ()):
                if isinstance(record, Talk):
                    ids.append(record.id if of == Of.TALK else record.session)
                elif isinstance(record, Session) and of == Of.SESSION:
                    ids.append(record.id)
        return self.by_ids(of, ids)

    def times(self, talk: Talk) -> tuple[Occurrence, ...]:
        """A talk's occurrences, or those of its session; rooms it doesn't give are the session's."""
        if talk.id not in self._times:
            session = self._event.session_by_id[talk.session]
            rooms = tuple(dict.fromkeys(r for o in session.occurrences for r in o.rooms))
            own = tuple(o if o.rooms else replace(o, rooms=rooms) for o in talk.occurrences)
            self._times[talk.id] = own or session.occurrences
        return self._times[talk.id]

    def sessions_at(self, moment: datetime) -> list[Session]:
        """The sessions that may be on at a moment: a few more than are."""
        first = bisect_left(self._starts, moment - self._longest)
        last = bisect_right(self._starts, moment)
        return list(dict.fromkeys(s for _, s in self._event.timetable[first:last]))

    def appearances_on(self, row: Row) -> tuple[Appearance, ...]:
        """The people of a talk, or of a session (its chairs, then those of its talks)."""
        match row:
            case Talk():
                return row.people
            case Session():
                inner = [a for t in row.talks for a in self._event.talk_by_id[t].people]
                return (*row.chairs, *inner)
            case Person():
                return tuple(a for a, _ in self._event.appearances.get(row.id, ()))
            case _:
                return ()


def kind_of(row: Row) -> Of:
    """The kind of a row."""
    return next((of for cls, of in _KINDS if isinstance(row, cls)), Of.EVENT)


_KINDS: tuple[tuple[type, Of], ...] = (
    (Session, Of.SESSION),
    (Talk, Of.TALK),
    (Person, Of.PERSON),
    (Organization, Of.ORGANIZATION),
    (Room, Of.ROOM),
    (Milestone, Of.MILESTONE),
    (Fact, Of.FACT),
    (Topic, Of.TOPIC),
)
