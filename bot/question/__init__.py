"""Reading a question: text -> Reading (a Query and how it was read)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.event import Event, MilestoneKind, Role
from bot.query import Ids, Milestones, Of, Query, Want
from bot.question import cues
from bot.question.clauses import asking
from bot.question.compose import compose
from bot.question.context import Turn
from bot.question.cues import Phase, Scene
from bot.question.grammar import Piece
from bot.question.language import Language
from bot.question.names import Names
from bot.question.slots import Slots, slots
from bot.question.words import Word, split


@dataclass(frozen=True, slots=True)
class Reading:
    """A query and how it was read: frame, pieces, mended words, words left unread.

    `second` is the other query of a question that asks two things ("deadline and page limit?").
    """

    query: Query
    frame: str
    words: tuple[Word, ...] = ()
    pieces: tuple[Piece, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()
    unread: tuple[str, ...] = ()
    second: Query | None = None


class Reader:
    """Reads questions about one event in one language."""

    def __init__(self, event: Event, language: Language) -> None:
        """Index the event's names."""
        self._event = event
        self._language = language
        self._names = Names(event, language)
        self._subjects = _subjects(event)
        self._organizers = _with(event, Role.ORGANIZER) or _with(event, Role.CHAIR)
        self._members = _with(event, Role.MEMBER)

    def read(self, text: str, now: datetime, turns: tuple[Turn, ...] = ()) -> Reading:
        """What a text means, asked at `now` after the earlier `turns` of the same person."""
        raw = split(text, self._language.contractions)
        mended = self._names.corrected(raw)
        words = asking(mended, self._taken)
        taken = self._taken(words)
        scene = Scene(
            phase=phase(self._event, now),
            subjects=self._subjects,
            cycles=tuple(c.id for c in self._event.call.cycles) if self._event.call else (),
            organizers=self._organizers,
            members=self._members,
            has_call=self._event.call is not None,
            has_program=bool(self._event.sessions),
            turns=turns,
        )
        frame, query = compose(taken, scene)
        second = None
        if frame in _PAIRED and query.want != Want.GAP and (pair := self._pair(words, scene)):
            query, second = pair
        if scene.phase == Phase.BETWEEN and cues.bare_topic(taken):
            sides = [compose(taken, replace(scene, phase=p)) for p in (Phase.CALL, Phase.PROGRAM)]
            (frame, query), (_, other) = sides
            second = other if other != query else None
        return Reading(
            query,
            frame,
            words,
            (*taken.firm, *taken.soft),
            tuple(
                (w.text, w.folded)
                for w, r in zip(mended, raw, strict=False)
                if w.folded != r.folded
            )
            if len(mended) == len(raw)
            else (),
            tuple(w.text for w in taken.absent),
            second,
        )

    def _taken(self, words: tuple[Word, ...]) -> Slots:
        return slots(words, self._language, self._names)

    def _pair(self, words: tuple[Word, ...], scene: Scene) -> tuple[Query, Query] | None:
        """The queries of both halves, if the words are two questions joined by "and"."""
        if len(words) > _LONGEST_PAIR:
            return None
        joins = self._language.lists.pairing
        for at, w in enumerate(words):
            if w.folded not in joins and not (w.apart and at):
                continue
            begin = at + 1 if w.folded in joins else at
            halves = words[:at], words[begin:]
            if not all(halves):
                continue
            taken = [self._taken(h) for h in halves]
            if not all(cues.wants(t) or cues.polar(t) or len(t.words) <= 4 for t in taken):
                continue
            read = [compose(t, scene) for t in taken]
            frames = [frame for frame, _ in read]
            if all(f in _PAIRED | {"program"} for f in frames) and frames != ["program"] * 2:
                first, second = (query for _, query in read)
                known = all(self._on_record(q) for q in (first, second))
                if known and _asks(first) and _asks(second) and _told_apart(first, second):
                    return first, second
        return None

    def _on_record(self, query: Query) -> bool:
        """Whether any subject of a query has a record."""
        subjects = query.ref.subjects
        return not subjects or not self._subjects.isdisjoint(subjects)


_PAIRED = frozenset({"milestone", "subject", "scoped_subject"})
_LONGEST_PAIR = 24


def _asks(query: Query) -> bool:
    """Whether half a question is a question by itself."""
    if query.ref.of == Of.EVENT:
        asked = query.want in (Want.WHEN, Want.WHERE, Want.DAY, Want.START)
        return asked and not query.ref.filters
    return query.ref.of in (Of.FACT, Of.MILESTONE)


def _told_apart(first: Query, second: Query) -> bool:
    """Whether two queries ask for different things."""

    def core(query: Query) -> object:
        kept = tuple(f for f in query.ref.filters if isinstance(f, (Milestones, Ids)))
        return query.ref.of, kept, query.ref.subjects

    return core(first) != core(second)


def phase(event: Event, now: datetime) -> Phase:
    """Call until the last submission date, program from the last notification on."""
    if event.call is None:
        return Phase.PROGRAM
    today = now.astimezone(event.zone).date()
    dates = {
        kind: max((m.current.date for m in event.call.milestones if m.kind == kind), default=None)
        for kind in (MilestoneKind.SUBMISSION, MilestoneKind.NOTIFICATION)
    }
    submission, notification = dates[MilestoneKind.SUBMISSION], dates[MilestoneKind.NOTIFICATION]
    if submission is not None and today <= submission:
        return Phase.CALL
    if notification is not None and today < notification:
        return Phase.BETWEEN
    return Phase.PROGRAM


def _with(event: Event, role: Role) -> tuple[str, ...]:
    """The committees that have somebody in a role."""
    return tuple(c.id for c in event.committees if any(m.role == role for m in c.members))


def _subjects(event: Event) -> frozenset[str]:
    facts = [*event.infos, *(event.call.rules if event.call else ())]
    return frozenset(subject for fact in facts for subject in fact.about)
