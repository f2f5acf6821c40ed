"""The frame for the dates of the call: when they are, what is left of them, which is next."""

from __future__ import annotations

from dataclasses import replace

from bot.event import MilestoneKind
from bot.query import Filter, Ids, Milestones, Near, Of, OnDay, Query, Ref, Track, Want
from bot.question import cues
from bot.question.cues import Phase, Scene
from bot.question.slots import Slots
from bot.question.targets import Target, ids, is_plural, sure_of, target, things
from bot.question.things import CROWD
from bot.question.tracks import in_tracks


_SUBMISSION = Ref(Of.MILESTONE, (Milestones(frozenset({MilestoneKind.SUBMISSION})),))


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
        filters = [Milestones(frozenset(MilestoneKind(k) for k in specific))]
    elif dated:
        filters = [Ids(dated)]
    elif not many:
        filters = _deadline_filters(s, scene, calls)
    ahead = s.width("call") > 1 and s.says(s.lists.steps)
    pick = Near.NEXT if "next" in calls and (ahead or not (specific or dated)) else None
    ref = Ref(Of.MILESTONE, (*(() if pick else filters), *in_tracks(s, scene)), pick)
    return _milestone_query(s, scene, ref, calls)


def _between_dates(s: Slots, scene: Scene, specific: list[str]) -> Query | None:
    """As in "how long from notification to camera-ready", or from the date spoken of before."""
    spans = {Want.GAP, Want.DURATION, Want.UNTIL, Want.COUNT} & set(cues.wants(s))
    joined = s.pieces("beside", "between") or s.has("origin")
    joined = joined or s.has("relation", "between", "from", "and", "after", "before")
    if len(specific) == 1 and "submission" not in specific and (spans and joined):
        mine = s.has("author_cue") or s.pieces("track")
        if mine and s.says(s.lists.submitted):
            specific = ["submission", *specific]
    track = tuple(in_tracks(s, scene))
    refs = [
        Ref(Of.MILESTONE, (Milestones(frozenset({MilestoneKind(k)})), *track)) for k in specific
    ]
    turn = scene.turn
    if len(refs) == 2 and spans and joined:
        return Query(Want.GAP, refs[0], other=refs[1])
    if len(refs) != 1 or turn is None or turn.of != Of.MILESTONE or len(turn.rows) != 1:
        return None
    back = cues.pronoun(s) in ("it", "they") and (spans or cues.leans(s))
    if not back or not joined or s.values("call"):
        return None
    return Query(Want.GAP, Ref(Of.MILESTONE, (Ids(turn.rows),)), other=refs[0])


def _of_the_past(s: Slots, scene: Scene, kinds: list[str]) -> bool:
    """Whether "results" and the like can't mean a notification any more."""
    if scene.phase != Phase.PROGRAM or s.has("author_cue") or kinds != ["notification"]:
        return False
    return s.width("milestone") == 1 and not s.says(s.lists.notified)


def _outweighed(s: Slots, kinds: list[str]) -> bool:
    """Whether a wider subject than a stray date word is what is meant."""
    if s.has("subject", "deadline-time"):
        return False
    width, wide = s.width("milestone"), s.width("subject")
    timed = cues.times_asked(s) or Want.COUNT in cues.wants(s)
    if wide > max(width, 2) or (wide > width and kinds == ["deadline"] and not timed):
        return True
    return wide >= width and wide > 1 and not timed and kinds != ["deadline"]


def _deadline_filters(s: Slots, scene: Scene, calls: list[str]) -> list[Filter]:
    """A bare "deadline": the one spoken of before, else the submission's."""
    turn = scene.turn
    if turn is not None and turn.of == Of.MILESTONE and not in_tracks(s):
        return [f for f in turn.query.ref.filters if not isinstance(f, Track)]
    if calls == ["next"]:
        return []
    return [*_SUBMISSION.filters]


def _all_dates(s: Slots, calls: list[str]) -> bool:
    plural = [p for p in s.pieces("milestone") if p.value == "deadline" and is_plural(s, p)]
    dates = len(s.words) <= 4 and s.says(s.lists.dates)
    return "all" in calls or bool(plural) or (dates and not s.has("milestone"))


def _implied_milestone(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """Dates that are asked for without a word for a date."""
    dated = s.lists.steps | s.lists.deadlines | s.lists.timelines
    if "next" in calls and (s.has("author_cue") or s.says(dated)):
        return Query(Want.DATE, Ref(Of.MILESTONE, (), Near.NEXT))
    turn = scene.turn
    again = turn is not None and turn.of == Of.MILESTONE and {"extended", "original"} & set(calls)
    weak = again and s.width("subject") == 1
    if s.has("subject") and not (weak or s.has("subject", "deadline-time")):
        return None
    return (
        _date_again(s, scene, calls)
        or _dates_of_call(s, scene, calls)
        or _date_of_submission(s, scene, calls)
    )


def _date_again(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """More about the dates spoken of before, or the date that belongs to the fact before."""
    turn = scene.turn
    timed = cues.times_asked(s)
    loose = _own(s) is None or Want.DAY in timed
    if turn is None or not loose:
        return None
    if turn.of == Of.MILESTONE and (calls or timed or _about_time(s)):
        if "next" in calls:
            return Query(Want.DATE, Ref(Of.MILESTONE, (), Near.NEXT))
        return _milestone_query(s, scene, turn.query.ref, calls)
    if turn.of == Of.FACT and timed and cues.leans(s) and scene.phase == Phase.CALL:
        return _milestone_query(s, scene, _SUBMISSION, calls) if not s.terms else None
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
        return _milestone_query(s, scene, _SUBMISSION, calls)
    return None


def _own(s: Slots) -> Target | None:
    """A target in the program that is named, numbered or at least a bare noun."""
    found = target(s)
    if found is None or not (found.sure or s.pieces("thing")):
        return None
    return found


def _date_of_submission(s: Slots, scene: Scene, calls: list[str]) -> Query | None:
    """An author's own deadline: "how many days do I have left for the paper"."""
    tracks = s.pieces("track")
    ref = replace(_SUBMISSION, filters=(*_SUBMISSION.filters, *in_tracks(s)))
    open_ = scene.phase == Phase.CALL and "deadline-time" not in scene.subjects
    if s.has("subject", "deadline-time") and (tracks or open_):
        return replace(_milestone_query(s, scene, ref, calls), want=Want.TIME_OF_DAY)
    nouns = {t.noun for t in things(s)} - CROWD
    mine = s.has("author_cue") or bool(tracks and scene.phase != Phase.PROGRAM)
    mine = mine or (scene.phase == Phase.CALL and nouns == {"paper"})
    asks = bool(cues.times_asked(s)) or bool({"missed", "extended"} & set(calls))
    if mine and asks and not sure_of(s, Of.SESSION, Of.PERSON):
        return _milestone_query(s, scene, ref, calls)
    if s.has("author_cue") and s.pieces("on day") and len(s.words) <= 6:
        return _milestone_query(s, scene, _SUBMISSION, calls)
    return None


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
    elif cues.leans(s) and scene.turn and scene.turn.of == Of.MILESTONE and not asked:
        before = scene.turn.query.want
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
