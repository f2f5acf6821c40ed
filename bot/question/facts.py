"""Frames for rules of the call and facts of the event, and for what follows upon them."""

from __future__ import annotations

from dataclasses import replace

from bot.query import About, Filter, Ids, Of, Query, Ref, Subjects, Want
from bot.question import cues
from bot.question.cues import Phase, Scene
from bot.question.followups import context_ref
from bot.question.slots import Slots
from bot.question.targets import ids, sure_of, target, things
from bot.question.topics import another_topic
from bot.question.tracks import in_tracks


def scoped_subject(s: Slots, scene: Scene) -> Query | None:
    """Slides, code, e-mail and the like: what a talk or a person may have."""
    subjects = [str(v) for v in s.values("subject")]
    scoped = [v for v in subjects if s.language.subjects[v].scope]
    if not scoped or s.width("milestone") > s.width("subject"):
        return None
    if all(s.language.subjects[v].scope == "person" for v in scoped):
        own_person = sure_of(s, Of.PERSON) or cues.pronoun(s) in ("he", "she", "they")
        if not own_person and "email" not in scoped:
            return None
    described = {x for t in things(s) for x in t.stems}
    cue = {w.stem for p in s.pieces("subject") for w in s.words[p.start : p.end]}
    if cue and cue <= described:
        return None
    plain = [v for v in subjects if v not in scoped and v in scene.subjects]
    sure = sure_of(s, Of.TALK, Of.PERSON, Of.SESSION)
    if s.has("author_cue") and not sure and scene.phase != Phase.PROGRAM:
        return None
    if plain and not sure:
        return None
    if not s.width("subject") > 1 and cues.content_of_talks(s) > 1 and cues.details(s):
        return None
    own = target(s)
    found = own.ref if own and sure else context_ref(s, scene.turns)
    if found is None or found.of not in (Of.TALK, Of.PERSON, Of.SESSION):
        found = Ref(Of.EVENT)
    return Query(Want.FACT, Ref(Of.FACT, (Subjects(tuple(scoped)),)), other=found)


def subject(s: Slots, scene: Scene) -> Query | None:
    """Rules of the call and facts of the event, by subject."""
    callish = s.has("author_cue") or s.has("milestone") or scene.phase == Phase.CALL
    found = [str(v) for v in s.values("subject") if callish or v != "deadline-time"]
    if not found or _belongs_to_program(s, scene, found):
        return None
    query = _fact_query(s, scene, _ranked_subjects(s, scene))
    # "6 pages without references?": the rule is told, but its plain yes is to another question.
    return replace(query, polar=False) if query.amount and s.has("proviso") else query


def _belongs_to_program(s: Slots, scene: Scene, found: list[str]) -> bool:
    """Whether the program rather than a fact is meant, though a subject's word is there."""
    if s.has("author_cue"):
        return False
    weak = s.width("subject") == 1
    known = bool(set(found) & scene.subjects)
    if scene.phase == Phase.PROGRAM and _of_rows(s, known=known):
        return True
    if sure_of(s, Of.TALK, Of.PERSON) and (weak or not known):
        return not _everyday(s, scene, found) or (weak and cues.content_of_talks(s) > 0)
    if set(found) <= {"poster-track"} and scene.phase == Phase.PROGRAM and scene.has_program:
        return True
    if sure_of(s, Of.SESSION) and (weak or not known):
        return bool(_PLACED & set(cues.wants(s)))
    leaning = scene.turn and scene.turn.of in (Of.TALK, Of.PERSON)
    if leaning and weak and (cues.leans(s) or cues.pronoun(s)) and cues.details(s):
        return True
    content = scene.phase == Phase.PROGRAM and cues.content_of_talks(s) > 0
    if content and cues.details(s) and (not known or s.width("detail") >= s.width("subject")):
        return True
    if scene.phase == Phase.PROGRAM and scene.has_program and weak:
        if cues.content_of_talks(s) > 1:
            return True
    return False


def _of_rows(s: Slots, *, known: bool) -> bool:
    """Whether it is something about rows that is asked for, whatever else is spoken of."""
    asked = set(cues.wants(s))
    if sure_of(s, Of.TALK, Of.SESSION, Of.PERSON):
        if _OF_ROWS & asked or s.pieces("room", "org"):
            return True
    if s.pieces("near") and not known and not cues.exists(s):
        return True
    return bool(s.pieces("room")) and Want.WHERE in asked


_OF_ROWS = frozenset({Want.CHAIR, Want.AUTHORS, Want.SPEAKER, Want.AFFILIATION, Want.ROLES})
_PLACED = frozenset(
    {Want.WHEN, Want.WHERE, Want.START, Want.END, Want.UNTIL, Want.DURATION, Want.CHAIR}
)


def _everyday(s: Slots, scene: Scene, found: list[str]) -> bool:
    """Subjects that no talk's text could be asked about."""
    return s.width("subject") > 1 or bool(
        set(found) & {"wifi", "childcare", "parking", "best-paper"}
    )


def _fact_query(s: Slots, scene: Scene, *filters: Filter) -> Query:
    about: list[Filter] = [About(cues.stems(s), cues.spoken(s), any=True)] if s.terms else []
    return Query(
        Want.FACT,
        Ref(Of.FACT, (*filters, *about, *in_tracks(s, scene))),
        also=tuple(cues.wants(s)[:2]),
        words=cues.stems(s),
        polar=cues.polar(s),
        amount=cues.amount(s),
        absent=cues.absent(s),
    )


def _ranked_subjects(s: Slots, scene: Scene) -> Subjects:
    """Subjects by the width of what speaks for them; those on record first among equals.

    A narrower one is kept if it is on record: several may be spoken of, and the words decide.
    """
    widths: dict[str, int] = {}
    asked = {p.end for p in s.pieces("exists", "which")}
    for p in s.soft:
        if p.kind == "subject":
            behind = s.words[p.end].folded if p.end < len(s.words) else ""
            strange = str(p.value) not in scene.subjects and p.width == 1
            headed = strange and behind in s.lists.having
            width = p.width + (3 if p.start in asked or headed else 0)
            widths[str(p.value)] = max(widths.get(str(p.value), 0), width)
    most = max(widths.values())
    known = [v for v in widths if v in scene.subjects]
    best = [v for v in widths if widths[v] == most]
    if set(best) & set(known):
        best += [v for v in known if widths[v] == most - 1]
    best.sort(key=lambda v: (-widths[v], v not in known))
    weights = tuple(_WIDTH * min(widths[v], 4) for v in best)
    return Subjects(tuple(best), weights, tuple(v for v in known if v not in best))


_WIDTH = 2.0
"""What each word of a cue for a subject weighs against the words of the facts."""


def author_asks(s: Slots, scene: Scene) -> Query | None:
    """An author's question that no subject covers: the call's facts, by their words."""
    callish = s.has("author_cue") or (scene.phase != Phase.PROGRAM and not _sure_rows(s))
    if not callish or not scene.has_call or not s.terms:
        return None
    if sure_of(s, Of.PERSON, Of.SESSION) or cues.times_asked(s):
        return None
    if len(s.absent) + len(s.light) > len(s.terms) + 1:
        return None
    if Want.ABOUT in cues.wants(s) and any(t.noun == "event" for t in things(s)):
        return None
    return _fact_query(s, scene)


def _sure_rows(s: Slots) -> bool:
    return sure_of(s, Of.TALK, Of.PERSON, Of.SESSION) or bool(s.pieces("org"))


def info(s: Slots, scene: Scene) -> Query | None:
    """A fact that is named by its heading."""
    headed = tuple(i for p in s.pieces("info") for i in ids(p))
    if not headed or sure_of(s, Of.TALK, Of.PERSON):
        return None
    query = _fact_query(s, scene)
    return replace(query, ref=replace(query.ref, filters=(Ids(headed), *query.ref.filters)))


def _leads_to(s: Slots, scene: Scene, earlier: Subjects | None) -> Subjects | None:
    """The subject that a want leads to from an earlier one: reviews, then "by whom?"."""
    if earlier is None:
        return None
    asked = {w.name.lower() for w in cues.wants(s)}
    for name in earlier.subjects:
        for want, other in s.language.subjects[name].then:
            if want in asked:
                return Subjects((other,))
    return earlier


def earlier_fact(s: Slots, scene: Scene) -> Query | None:
    """A follow-up to a fact of the call or the event."""
    turn = scene.turn
    if turn is None or turn.of not in (Of.FACT, Of.TOPIC):
        return None
    if s.pieces("thing", "person", "titled", "session", "org") and not cues.leans(s):
        return None
    if sure_of(s, Of.TALK, Of.PERSON, Of.SESSION) or (s.has("near") and not s.terms):
        return None
    if not (cues.leans(s) or cues.pronoun(s) or len(s.words) <= 4):
        return None
    if s.pieces("on day", "time", "in part"):
        return None
    earlier = _leads_to(s, scene, turn.query.ref.first(Subjects))
    timed = cues.times_asked(s) - {Want.DURATION}
    if timed and not s.terms and earlier is not None and "venue" in earlier.subjects:
        return None
    query = _fact_query(s, scene, *([earlier] if earlier else []))
    if turn.of == Of.TOPIC:
        return another_topic(s)
    if earlier is not None:
        return query
    return replace(query, words=(*query.words, *turn.query.words))


def short_follow_up(s: Slots, scene: Scene) -> Query | None:
    """A few words right behind a fact belong to it, before anything else is tried."""
    turn = scene.turn
    if turn is None or turn.of != Of.FACT:
        return None
    leaning = cues.pronoun(s) == "it" and s.width("subject") < 2 and len(s.words) <= 8
    if len(s.words) > 4 and not leaning:
        return None
    if (
        (s.has("subject") and not leaning)
        or s.has("milestone")
        or s.has("scope", "sure")
        or s.pieces("near")
    ):
        return None
    return earlier_fact(s, scene)
