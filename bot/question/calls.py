"""Frames for questions about the call for papers and about facts of the event."""

from __future__ import annotations

from dataclasses import replace

from bot.event import MilestoneKind, Role
from bot.query import (
    About,
    Filter,
    Ids,
    InCommittee,
    InRole,
    Milestones,
    Near,
    Of,
    OnDay,
    Query,
    Ref,
    Subjects,
    Track,
    Want,
)
from bot.question import cues
from bot.question.cues import Phase, Scene
from bot.question.followups import context_ref
from bot.question.slots import Slots
from bot.question.targets import Target, ids, in_committees, is_plural, said, target, thing, things
from bot.question.things import PERSON_NOUNS, SESSION_NOUNS, TALK_NOUNS


_MILESTONES = {
    "submission": MilestoneKind.SUBMISSION,
    "abstract": MilestoneKind.ABSTRACT,
    "notification": MilestoneKind.NOTIFICATION,
    "camera-ready": MilestoneKind.CAMERA_READY,
    "registration": MilestoneKind.REGISTRATION,
    "rebuttal": MilestoneKind.REBUTTAL,
}
_TIMED = frozenset(
    {Want.DAY, Want.WHEN, Want.UNTIL, Want.DURATION, Want.START, Want.END, Want.COUNT}
)


def _track(s: Slots, scene: Scene | None = None) -> list[Filter]:
    """The tracks and cycles named; in a follow-up that names none, those of the turn before."""
    pieces = s.pieces("track")
    if pieces:
        found = tuple(dict.fromkeys(i for p in pieces for i in ids(p)))
        return [Track(found, " ".join(said(s, p) for p in pieces))]
    turn = scene.turns[-1] if scene and scene.turns else None
    if turn is None or turn.of not in (Of.MILESTONE, Of.FACT) or len(s.words) > 8:
        return []
    return [f for f in turn.query.ref.filters if isinstance(f, Track)]


def other_track(s: Slots, scene: Scene) -> Query | None:
    """As in "and in autumn?": the question before, for another track or cycle."""
    turn = scene.turns[-1] if scene.turns else None
    if turn is None or turn.of not in (Of.MILESTONE, Of.FACT) or not s.pieces("track"):
        return None
    asks = s.has("subject") or s.has("milestone") or s.has("call") or cues.wants(s)
    if asks or len(s.words) > 8:
        return None
    before = turn.query
    old = next((f for f in before.ref.filters if isinstance(f, Track)), None)
    new = _track(s)[0]
    assert isinstance(new, Track)
    if old is not None and len(new.ids) == 1:
        kept = tuple(i for i in old.ids if i.split("-")[0] != new.ids[0].split("-")[0])
        new = Track((*new.ids, *_other_dimension(kept, new.ids, scene)), new.words)
    filters = tuple(f for f in before.ref.filters if not isinstance(f, Track))
    return replace(before, ref=replace(before.ref, filters=(*filters, new)), claims=())


def _other_dimension(old: tuple[str, ...], new: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    """Of the old tracks and cycles, those of the kind that the new ones are not."""
    cycles = set(scene.cycles)
    return tuple(i for i in old if (i in cycles) != (new[0] in cycles))


def committee(s: Slots, scene: Scene) -> Query | None:
    """Who organizes, chairs, or sits on a committee."""
    asked = cues.wants(s)
    people = Want.COUNT if Want.COUNT in asked else Want.LIST
    if Want.AFFILIATION in asked:
        people = Want.AFFILIATION
    members = s.has("subject", "committee-members") and scene.members
    rows = s.pieces("titled", "session") or any(t.noun in TALK_NOUNS for t in things(s))
    busy = (_sure(s, Of.TALK, Of.SESSION) and (rows or not members)) or s.has("milestone")
    if s.pieces("committee") and s.pieces("person") and cues.polar(s) and not busy:
        piece = s.pieces("committee")[0]
        named = tuple(dict.fromkeys(i for p in s.pieces("person") for i in ids(p)))
        claim = InCommittee(ids(piece), said(s, piece))
        return Query(Want.ROLES, Ref(Of.PERSON, (Ids(named),)), claims=(claim,), polar=True)
    if s.pieces("committee") and not busy and not s.pieces("person"):
        found = tuple(dict.fromkeys(i for p in s.pieces("committee") for i in ids(p)))
        words = said(s, s.pieces("committee")[0])
        return Query(people, in_committees(s, found, words), plural=True)
    if busy or s.pieces("person"):
        return None
    if members:
        ref = in_committees(s, scene.members, "committee")
        if Want.COUNT in asked and any(w.base == "member" for w in s.words):
            ref = replace(ref, filters=(*ref.filters, InRole(frozenset({Role.MEMBER}))))
        return Query(people, ref, plural=True)
    organize = s.has("subject", "organizers")
    if organize and scene.organizers:
        return Query(people, in_committees(s, scene.organizers, "committee"), plural=True)
    return None


def _own(s: Slots) -> Target | None:
    """A target in the program that is named, numbered or at least a bare noun."""
    found = target(s)
    if found is None or not (found.sure or s.pieces("thing")):
        return None
    return found


def _sure(s: Slots, *of: Of) -> bool:
    found = target(s)
    return found is not None and found.sure and found.ref.of in of


def scoped_subject(s: Slots, scene: Scene) -> Query | None:
    """Slides, code, e-mail and the like: what a talk or a person may have."""
    subjects = [str(v) for v in s.values("subject")]
    scoped = [v for v in subjects if scene.language.subjects[v].scope]
    if not scoped or s.width("milestone") > s.width("subject"):
        return None
    if all(scene.language.subjects[v].scope == "person" for v in scoped):
        own_person = _sure(s, Of.PERSON) or cues.pronoun(s) in ("he", "she", "they")
        if not own_person and "email" not in scoped:
            return None
    described = {x for t in things(s) for x in t.stems}
    cue = {w.stem for p in s.pieces("subject") for w in s.words[p.start : p.end]}
    if cue and cue <= described:
        return None
    plain = [v for v in subjects if v not in scoped and v in scene.subjects]
    sure = _sure(s, Of.TALK, Of.PERSON, Of.SESSION)
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


# -- dates -----------------------------------------------------------------------------------


def milestone(s: Slots, scene: Scene) -> Query | None:
    """The dates of the call."""
    if not scene.has_call:
        return None
    kinds = [str(v) for v in s.values("milestone")]
    calls = [str(v) for v in s.values("call")]
    dated = tuple(i for p in s.pieces("dated") for i in ids(p))
    if not kinds and not dated:
        return _implied_milestone(s, scene, calls)
    if _outweighed(s, kinds) or _of_the_past(s, scene, kinds):
        return None
    specific = [k for k in kinds if k != "deadline"]
    if (gap := _between_dates(s, scene, specific)) is not None:
        return gap
    filters: list[Filter] = []
    many = _all_dates(s, calls)
    if specific:
        filters = [Milestones(frozenset(_MILESTONES[k] for k in specific))]
    elif dated:
        filters = [Ids(dated)]
    elif not many:
        filters = _deadline_filters(s, scene, calls)
    ahead = s.width("call") > 1 and any(w.base in ("date", "step") for w in s.words)
    pick = Near.NEXT if "next" in calls and (ahead or not (specific or dated)) else None
    ref = Ref(Of.MILESTONE, (*(() if pick else filters), *_track(s, scene)), pick)
    return _milestone_query(s, scene, ref, calls)


def _between_dates(s: Slots, scene: Scene, specific: list[str]) -> Query | None:
    """As in "how long from notification to camera-ready", or from the date spoken of before."""
    spans = {Want.GAP, Want.DURATION, Want.UNTIL, Want.COUNT} & set(cues.wants(s))
    joined = s.pieces("beside", "between") or s.has("origin")
    joined = joined or s.has("relation", "between", "from", "and", "after", "before")
    if len(specific) == 1 and "submission" not in specific and (spans and joined):
        mine = s.has("author_cue") or s.pieces("track")
        if mine and any(w.base in _SUBMITTED for w in s.words):
            specific = ["submission", *specific]
    track = tuple(_track(s, scene))
    refs = [Ref(Of.MILESTONE, (Milestones(frozenset({_MILESTONES[k]})), *track)) for k in specific]
    turn = scene.turns[-1] if scene.turns else None
    if len(refs) == 2 and spans and joined:
        return Query(Want.GAP, refs[0], other=refs[1])
    if len(refs) != 1 or turn is None or turn.of != Of.MILESTONE or len(turn.rows) != 1:
        return None
    back = cues.pronoun(s) in ("it", "they") and (spans or cues.leans(s))
    if not back or not joined or s.values("call"):
        return None
    return Query(Want.GAP, Ref(Of.MILESTONE, (Ids(turn.rows),)), other=refs[0])


_SUBMITTED = frozenset({"submission", "submit", "submitting", "paper"})


def _of_the_past(s: Slots, scene: Scene, kinds: list[str]) -> bool:
    """Whether "results" and the like can't mean a notification any more."""
    if scene.phase != Phase.PROGRAM or s.has("author_cue") or kinds != ["notification"]:
        return False
    plain = {"notification", "notified", "notify"}
    return s.width("milestone") == 1 and not any(w.base in plain for w in s.words)


def _outweighed(s: Slots, kinds: list[str]) -> bool:
    """Whether a wider subject than a stray date word is what is meant."""
    if s.has("subject", "deadline-time"):
        return False
    width, wide = s.width("milestone"), s.width("subject")
    timed = _TIMED & set(cues.wants(s))
    if wide > max(width, 2) or (wide > width and kinds == ["deadline"] and not timed):
        return True
    return wide >= width and wide > 1 and not timed and kinds != ["deadline"]


def _deadline_filters(s: Slots, scene: Scene, calls: list[str]) -> list[Filter]:
    """A bare "deadline": the one spoken of before, else the submission's."""
    turn = scene.turns[-1] if scene.turns else None
    if turn is not None and turn.of == Of.MILESTONE and not _track(s):
        return [f for f in turn.query.ref.filters if not isinstance(f, Track)]
    if calls == ["next"]:
        return []
    return [Milestones(frozenset({MilestoneKind.SUBMISSION}))]


def _all_dates(s: Slots, calls: list[str]) -> bool:
    plural = [p for p in s.pieces("milestone") if p.value == "deadline" and is_plural(s, p)]
    dates = len(s.words) <= 4 and any(w.folded == "dates" for w in s.words)
    return "all" in calls or bool(plural) or (dates and not s.has("milestone"))


def _implied_milestone(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """Dates that are asked for without a word for a date."""
    mine = s.has("author_cue") or any(w.base in ("date", "deadline", "step") for w in s.words)
    if "next" in calls and (mine or "timeline" in {w.base for w in s.words}):
        return Query(Want.DATE, Ref(Of.MILESTONE, (), Near.NEXT))
    if s.has("subject") and not s.has("subject", "deadline-time"):
        return None
    return (
        _date_again(s, scene, calls)
        or _dates_of_call(s, scene, calls)
        or _date_of_submission(s, scene, calls)
    )


def _asked_time(s: Slots) -> set[Want]:
    return set(cues.wants(s)) & _TIMED - {Want.COUNT}


def _date_again(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """More about the dates spoken of before, or the date that belongs to the fact before."""
    turn = scene.turns[-1] if scene.turns else None
    timed = _asked_time(s)
    loose = _own(s) is None or Want.DAY in timed
    if turn is None or not loose:
        return None
    if turn.of == Of.MILESTONE and (calls or timed or _about_time(s)):
        if "next" in calls:
            return Query(Want.DATE, Ref(Of.MILESTONE, (), Near.NEXT))
        return _milestone_query(s, scene, turn.query.ref, calls)
    if turn.of == Of.FACT and timed and cues.leans(s) and scene.phase == Phase.CALL:
        return _milestone_query(s, scene, _submission(), calls) if not s.terms else None
    return None


def _dates_of_call(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """All dates, the next one, or an extension, while the call is what people think of."""
    if _own(s) is not None:
        return None
    if _all_dates(s, calls) and (scene.phase != Phase.PROGRAM or "all" in calls):
        return _milestone_query(s, scene, Ref(Of.MILESTONE), ["all"])
    if scene.phase == Phase.PROGRAM:
        return None
    if "next" in calls:
        return Query(Want.DATE, Ref(Of.MILESTONE, (), Near.NEXT))
    if "extended" in calls and len(s.words) <= 8:
        return _milestone_query(s, scene, _submission(), calls)
    return None


def _date_of_submission(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """An author's own deadline: "how many days do I have left for the paper"."""
    tracks = s.pieces("track")
    ref = replace(_submission(), filters=(*_submission().filters, *_track(s)))
    open_ = scene.phase == Phase.CALL and "deadline-time" not in scene.subjects
    if s.has("subject", "deadline-time") and (tracks or open_):
        return replace(_milestone_query(s, scene, ref, calls), want=Want.TIME_OF_DAY)
    nouns = {t.noun for t in things(s)} - {"person", "people"}
    mine = s.has("author_cue") or bool(tracks and scene.phase != Phase.PROGRAM)
    mine = mine or (scene.phase == Phase.CALL and nouns == {"paper"})
    asks = bool(_asked_time(s)) or bool({"missed", "extended"} & set(calls))
    if mine and asks and not _sure(s, Of.SESSION, Of.PERSON):
        return _milestone_query(s, scene, ref, calls)
    if s.has("author_cue") and s.pieces("on day") and len(s.words) <= 6:
        return _milestone_query(s, scene, _submission(), calls)
    return None


def _submission() -> Ref:
    return Ref(Of.MILESTONE, (Milestones(frozenset({MilestoneKind.SUBMISSION})),))


def _about_time(s: Slots) -> bool:
    return s.has("subject", "deadline-time") or bool(s.pieces("time") or _days(s))


def _days(s: Slots) -> list[OnDay]:
    """The days named, "the 5th" of no month too."""
    nth = [p for p in s.pieces("ordinal") if s.words[p.start].folded[:1].isdigit()]
    found = [v for v in s.values("on day") if isinstance(v, OnDay)]
    return [*found, *(OnDay("date", int(str(p.value))) for p in nth)]


def _milestone_query(s: Slots, scene: Scene, ref: Ref, calls: list[str]) -> Query:
    asked = set(cues.wants(s))
    claims: tuple[Filter, ...] = tuple(_days(s))
    quantity = cues.amount(s)
    if "missed" in calls or Want.OVER in asked:
        want = Want.MISSED
    elif "extended" in calls:
        want = Want.EXTENDED
    elif "original" in calls:
        want = Want.ORIGINAL
    elif {Want.UNTIL, Want.DURATION} & asked or Want.COUNT in asked or quantity:
        want, claims = Want.LEFT, ()
    elif s.has("subject", "deadline-time") or s.has("want", "clock") or s.pieces("time"):
        want = Want.TIME_OF_DAY
    elif cues.leans(s) and scene.turns and scene.turns[-1].of == Of.MILESTONE and not asked:
        before = scene.turns[-1].query.want
        want = before if before in (Want.LEFT, Want.EXTENDED, Want.ORIGINAL) else Want.DATE
    else:
        want = Want.DATE
    return Query(
        want,
        ref,
        claims=claims,
        amount=quantity,
        polar=cues.polar(s),
        plural=_all_dates(s, calls),
    )


# -- topics ----------------------------------------------------------------------------------


def scope(s: Slots, scene: Scene) -> Query | None:
    """Whether a subject of work fits the call, and what its topics are."""
    if not scene.has_call:
        return None
    nouns = {t.noun for t in things(s)}
    callish = s.has("author_cue") or scene.phase == Phase.CALL
    words = _own_words(s)
    if _sure(s, Of.PERSON, Of.SESSION) and not callish:
        return None
    known = {str(v) for v in s.values("subject")} & scene.subjects
    strong_subject = s.width("subject") > 1 or bool(known and len(words) < 3)
    if s.pieces("near") and not callish:
        return None
    if s.has("scope", "sure") and not strong_subject:
        return _scope_query(s, words)
    if "topic" in nouns and (callish or not nouns & {"paper", "talk", "keynote", "session"}):
        return _scope_query(s, words)
    if s.has("scope", "hint") and callish and not s.has("subject") and (words or s.absent):
        return _scope_query(s, words)
    return _bare_topic(s, scene, nouns, words)


def _bare_topic(s: Slots, scene: Scene, nouns: set[str], words: tuple[str, ...]) -> Query | None:
    """Before the submission date, words alone mean the call."""
    if scene.phase != Phase.CALL or not words or s.has("subject") or s.has("milestone"):
        return None
    asked = set(cues.wants(s)) - {Want.LIST}
    if not cues.polar(s) and cues.opens_with_wh(s) and not s.has("scope"):
        return None
    if asked or s.pieces("person", "titled", "session", "time") or nouns & PERSON_NOUNS:
        return None
    if nouns & (SESSION_NOUNS | {"keynote", "talk"}):
        return None
    return replace(_scope_query(s, words), also=(Want.FACT,))


def _own_words(s: Slots) -> tuple[str, ...]:
    """Content words, without those of the cues themselves."""
    cue = {i for p in s.soft if p.kind in ("scope", "author_cue") for i in range(p.start, p.end)}
    cue |= {i for p in s.pieces("thing") if thing(p).bare for i in range(p.start, p.end)}
    return tuple(dict.fromkeys(s.words[i].stem for i in s.places if i not in cue))


def _scope_query(s: Slots, words: tuple[str, ...]) -> Query:
    if not words and not s.absent:
        count = Want.COUNT in cues.wants(s)
        also = (Want.COUNT,) if count else ()
        return Query(Want.TOPICS, Ref(Of.TOPIC), also=also, polar=cues.polar(s))
    ref = Ref(Of.TOPIC, (About(words, cues.spoken(s)),) if words else ())
    return Query(Want.SCOPE, ref, words=words, polar=True, absent=cues.absent(s))


# -- rules and facts -------------------------------------------------------------------------


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
    if _sure(s, Of.TALK, Of.PERSON) and (weak or not known):
        return not _everyday(s, scene, found) or (weak and cues.content_of_talks(s) > 0)
    if set(found) <= {"poster-track"} and scene.phase == Phase.PROGRAM and scene.has_program:
        return True
    if _sure(s, Of.SESSION) and (weak or not known):
        return bool(_PLACED & set(cues.wants(s)))
    leaning = scene.turns and scene.turns[-1].of in (Of.TALK, Of.PERSON)
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
    if _sure(s, Of.TALK, Of.SESSION, Of.PERSON):
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
        Ref(Of.FACT, (*filters, *about, *_track(s, scene))),
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
            width = p.end - p.start + (3 if p.start in asked else 0)
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
    if _sure(s, Of.PERSON, Of.SESSION) or set(cues.wants(s)) & _TIMED - {Want.COUNT}:
        return None
    if len(s.absent) + len(s.light) > len(s.terms) + 1:
        return None
    if Want.ABOUT in cues.wants(s) and any(t.noun == "event" for t in things(s)):
        return None
    return _fact_query(s, scene)


def _sure_rows(s: Slots) -> bool:
    return _sure(s, Of.TALK, Of.PERSON, Of.SESSION) or bool(s.pieces("org"))


def info(s: Slots, scene: Scene) -> Query | None:
    """A fact that is named by its heading."""
    headed = tuple(i for p in s.pieces("info") for i in ids(p))
    if not headed or _sure(s, Of.TALK, Of.PERSON):
        return None
    query = _fact_query(s, scene)
    return replace(query, ref=replace(query.ref, filters=(Ids(headed), *query.ref.filters)))


def _leads_to(s: Slots, scene: Scene, earlier: Subjects | None) -> Subjects | None:
    """The subject that a want leads to from an earlier one: reviews, then "by whom?"."""
    if earlier is None:
        return None
    asked = {w.name.lower() for w in cues.wants(s)}
    for name in earlier.subjects:
        for want, other in scene.language.subjects[name].then:
            if want in asked:
                return Subjects((other,))
    return earlier


def earlier_fact(s: Slots, scene: Scene) -> Query | None:
    """A follow-up to a fact of the call or the event."""
    turn = scene.turns[-1] if scene.turns else None
    if turn is None or turn.of not in (Of.FACT, Of.TOPIC):
        return None
    if s.pieces("thing", "person", "titled", "session", "org") and not cues.leans(s):
        return None
    if _sure(s, Of.TALK, Of.PERSON, Of.SESSION) or (s.has("near") and not s.terms):
        return None
    if not (cues.leans(s) or cues.pronoun(s) or len(s.words) <= 4):
        return None
    if s.pieces("on day", "time", "in part"):
        return None
    earlier = next((f for f in turn.query.ref.filters if isinstance(f, Subjects)), None)
    earlier = _leads_to(s, scene, earlier)
    timed = set(cues.wants(s)) & _TIMED - {Want.COUNT, Want.DURATION}
    if timed and not s.terms and earlier is not None and "venue" in earlier.subjects:
        return None
    query = _fact_query(s, scene, *([earlier] if earlier else []))
    if turn.of == Of.TOPIC:
        light = tuple(w.text for w in s.light)
        scoped = _scope_query(s, _own_words(s))
        return (
            replace(scoped, want=Want.SCOPE, absent=(*scoped.absent, *light)) if light else scoped
        )
    if earlier is not None:
        return query
    return replace(query, words=(*query.words, *turn.query.words))


def short_follow_up(s: Slots, scene: Scene) -> Query | None:
    """A few words right behind a fact belong to it, before anything else is tried."""
    turn = scene.turns[-1] if scene.turns else None
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
