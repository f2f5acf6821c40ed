"""The frame for the call's topics: what they are, and whether a subject of work fits them."""

from __future__ import annotations

from dataclasses import replace

from bot.query import About, Of, Query, Ref, Want
from bot.question import cues
from bot.question.cues import Phase, Scene
from bot.question.grammar import covered
from bot.question.slots import Slots
from bot.question.targets import sure_of, thing, things
from bot.question.things import PERSON_NOUNS, SESSION_NOUNS


def scope(s: Slots, scene: Scene) -> Query | None:
    """Whether a subject of work fits the call, and what its topics are."""
    if not scene.has_call:
        return None
    nouns = {t.noun for t in things(s)}
    callish = s.has("author_cue") or scene.phase == Phase.CALL
    words = _own_words(s)
    if sure_of(s, Of.PERSON, Of.SESSION) and not callish:
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


def another_topic(s: Slots) -> Query:
    """As in "and robots?": whether another subject of work fits the call, everyday words too."""
    light = tuple(w.text for w in s.light)
    scoped = _scope_query(s, _own_words(s))
    return replace(scoped, want=Want.SCOPE, absent=(*scoped.absent, *light)) if light else scoped


def _own_words(s: Slots) -> tuple[str, ...]:
    """Content words, without those of the cues themselves."""
    cue = covered(p for p in s.soft if p.kind in ("scope", "author_cue"))
    cue |= covered(p for p in s.pieces("thing") if thing(p).bare)
    return tuple(dict.fromkeys(s.words[i].stem for i in s.places if i not in cue))


def _scope_query(s: Slots, words: tuple[str, ...]) -> Query:
    light = tuple(w.text for w in s.light)
    if not words and not s.absent and light and cues.polar(s):  # "is cooking a topic"
        return Query(Want.SCOPE, Ref(Of.TOPIC), polar=True, absent=light)
    if not words and not s.absent:
        count = Want.COUNT in cues.wants(s)
        also = (Want.COUNT,) if count else ()
        return Query(Want.TOPICS, Ref(Of.TOPIC), also=also, polar=cues.polar(s))
    ref = Ref(Of.TOPIC, (About(words, cues.spoken(s)),) if words else ())
    return Query(Want.SCOPE, ref, words=words, polar=True, absent=cues.absent(s))
