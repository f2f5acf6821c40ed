"""Frames for questions about sessions, talks and people."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.event import SessionKind
from bot.query import (
    TIMES,
    About,
    Beside,
    From,
    Ids,
    InRole,
    InSector,
    Inside,
    Kinds,
    Near,
    Nth,
    Numbered,
    Of,
    Query,
    Ref,
    Want,
    With,
)
from bot.question import cues
from bot.question.account import words_lost
from bot.question.cues import Scene
from bot.question.followups import among_earlier, follow
from bot.question.loose import loose
from bot.question.settle import settled
from bot.question.slots import Slots
from bot.question.targets import (
    ROLES,
    Target,
    from_nowhere,
    ids,
    said,
    sector,
    target,
    things,
)
from bot.question.things import PERSON_NOUNS, TALK_NOUNS


# -- one reference ---------------------------------------------------------------------------


def program(s: Slots, scene: Scene) -> Query | None:
    """Everything else about sessions, talks and people."""
    own = among_earlier(s, scene, target(s))
    asked = cues.wants(s)
    if Want.ROOMS in asked:
        return Query(Want.ROOMS, Ref(Of.SESSION))
    nobody = [p for p in s.pieces("person") if p.value == ()]
    if nobody:
        words = " ".join(said(s, p).removesuffix("'s") for p in nobody)
        return Query(Want.OVERVIEW, Ref(Of.PERSON, (Ids((), words),)), absent=(words,))
    stranger = _stranger(s)
    if stranger:
        return Query(Want.OVERVIEW, Ref(Of.PERSON, (Ids((), stranger),)), absent=(stranger,))
    earlier = follow(s, scene, own)
    if earlier is not None:
        return settled(s, earlier)
    running = _running(s, scene, own)
    if running is not None:
        return running
    if _which_one(s, scene, own):
        return Query(Want.CLARIFY)
    if own is None or (not own.sure and own.ref.of in (Of.EVENT, Of.ORGANIZATION) and s.terms):
        return loose(s, own, asked)
    if own.ref.of == Of.PERSON and (speaking := _speaking(s, own, asked)) is not None:
        return speaking
    if own.ref.of == Of.ROOM and s.pieces("room"):
        return loose(s, own, asked)
    left = own.ref.of == Of.EVENT and s.says(s.lists.left)
    if left or (own.ref.of in (Of.EVENT, Of.ORGANIZATION) and (s.pieces("org") or _timed(s))):
        query = loose(s, own, asked)
        if query is not None:
            return query
    return _about_rows(s, own, asked)


def _speaking(s: Slots, own: Target, asked: list[Want]) -> Query | None:
    """As in "who is the guy talking now", "the next speaker"."""
    if own.ref.bare and (near := s.values("near")) and Want.CHAIR not in asked:
        return Query(Want.SPEAKER, Ref(Of.SESSION, (), Near(str(near[0]))))
    if isinstance(own.ref.pick, Near) and Want.CHAIR not in asked:
        return Query(Want.SPEAKER, Ref(Of.SESSION, (_WITH_TALKS,), own.ref.pick))
    return None


_WITH_TALKS = Kinds(
    frozenset({SessionKind.TALKS, SessionKind.KEYNOTE, SessionKind.PANEL}), words="session"
)


def _stranger(s: Slots) -> str:
    """A name that the records don't know, or only a part of it.

    That is an unknown word beside a person's name, or behind the verb of a question for yes or no.
    """
    unknown = set(s.absent)
    if (both := _two_unknown(s)) and not s.terms and all(t.bare for t in things(s)):
        return both
    named = s.pieces("thing", "person", "titled", "session", "org", "event", "committee", "room")
    if unknown and not named and not s.terms and cues.polar(s) and not s.has("subject"):
        verb = next((p for p in s.pieces("polar")), None)
        behind = verb.end if verb else len(s.words)
        end = behind
        while end < len(s.words) and s.words[end] in unknown:
            end += 1
        if end > behind:
            return " ".join(w.text for w in s.words[behind:end])
    for p in s.pieces("person"):
        for at in (p.start - 1, p.end):
            if 0 <= at < len(s.words) and s.words[at] in unknown:
                beside = s.words[at]
                if beside.text[:1].isalpha():
                    first, last = min(at, p.start), max(at + 1, p.end)
                    return " ".join(w.text for w in s.words[first:last])
    return ""


def _two_unknown(s: Slots) -> str:
    """Two unknown words side by side, where a person may be named: "is Jane Doe giving a talk"."""
    asks = any(t.noun in (*TALK_NOUNS, *PERSON_NOUNS) for t in things(s)) or (
        {Want.SPEAKER, Want.AUTHORS, Want.CHAIR, Want.WHO} & set(cues.wants(s))
    )
    if not asks or s.pieces("person", "titled", "org", "session"):
        return ""
    for first, second in pairwise(s.words):
        if first in s.absent and second in s.absent and not second.apart:
            if first.folded.isalpha() and second.folded.isalpha():
                return f"{first.text} {second.text}"
    return ""


def _running(s: Slots, scene: Scene, own: Target | None) -> Query | None:
    """As in "which talk is this?", with nothing said before: what is on now."""
    if scene.turns or own is None or own.sure or own.ref.of not in (Of.TALK, Of.SESSION):
        return None
    verb = next((p for p in s.pieces("polar") if s.words[p.start].folded in s.lists.being), None)
    this = next((p for p in s.pieces("pronoun") if s.words[p.start].folded in s.lists.this), None)
    if not s.has("which") or verb is None or this is None or this.start != verb.end:
        return None
    if any(p.start >= this.end for p in s.pieces("thing")):
        return None
    return Query(Want.OVERVIEW, replace(own.ref, pick=Near.NOW))


def _which_one(s: Slots, scene: Scene, own: Target | None) -> bool:
    """Whether the question leans on something that was never said."""
    busy = s.pieces("person", "org", "titled", "session", "near", "event", "committee")
    somebody = cues.pronoun(s) in ("he", "she") and not things(s)
    if scene.turns or busy or ((s.terms or s.absent) and not somebody):
        return False
    this = s.says(s.lists.this)
    if own is None:
        lone = cues.pronoun(s) in ("he", "she", "they") or bool(cues.ordinals(s))
        lone = lone or (cues.pronoun(s) == "it" and Want.CHAIR in cues.wants(s) and not this)
        people = {Want.AUTHORS, Want.AFFILIATION, Want.COAUTHORS} & set(cues.wants(s))
        return (lone or bool(people)) and not _timed(s)
    nouns = things(s)
    if own.ref.of == Of.PERSON and cues.pronoun(s) == "it" and not own.plural:
        return nouns[0].noun == "person" and nouns[0].bare and not _timed(s)
    if own.ref.of == Of.ORGANIZATION and cues.pronoun(s) in ("he", "she"):
        return all(t.bare for t in nouns)
    if _timed(s) or (own.plural and nouns[0].noun != "one"):
        return bool(nouns) and nouns[0].noun == "author" and all(t.bare for t in nouns)
    if nouns and nouns[0].noun == "one":
        return not own.ref.filters or (own.ref.pick is not None and len(own.ref.filters) == 0)
    return bool(nouns) and all(
        t.bare and t.noun in ("paper", "talk", "author", "one") for t in nouns
    )


def _timed(s: Slots) -> bool:
    return bool(
        s.pieces("beside", "between", "on day", "in part", "from now", "time", "beside clock")
    )


def _about_rows(s: Slots, own: Target, asked: list[Want]) -> Query:
    ref = _with_near(s, own.ref)
    nouns = things(s)
    if nouns and nouns[0].noun == "one" and not own.ref.filters and s.absent:
        return Query(Want.NOTHING, absent=cues.absent(s))
    if nouns and nouns[0].noun == "one" and ref.of == Of.TALK and not own.ref.filters:
        ref = Ref(Of.SESSION, (), ref.pick)
    elif nouns and nouns[0].noun == "one" and _timed(s) and not nouns[0].stems:
        ref = Ref(Of.SESSION, tuple(f for f in ref.filters if isinstance(f, TIMES)), ref.pick)
    rooms = any(t.noun == "room" and t.bare for t in nouns)
    if rooms and Want.WHERE not in asked and ref.of in (Of.SESSION, Of.TALK, Of.PERSON):
        asked = [*asked, Want.WHERE]
    placed = any(isinstance(f, (Ids, From)) for f in ref.filters)
    asks_people = ref.of in (Of.PERSON, Of.TALK) or (Want.AUTHORS in asked and not own.sure)
    nowhere = from_nowhere(s) if asks_people and not placed else ""
    if nowhere:
        return Query(Want.OVERVIEW, Ref(Of.ORGANIZATION, (Ids((), nowhere),)), absent=(nowhere,))
    if (chairs := _chairs_from(s, own, asked)) is not None:
        return Query(Want.LIST, chairs, plural=True)
    if ref.of == Of.PERSON and placed and len(asked) > 1:
        asked = [w for w in asked if w != Want.CHAIR]  # "the chair, Liu, who does he work for"
    if Want.EARLIER in asked and ref.of in (Of.TALK, Of.SESSION) and ref.pick is None:
        ref, asked = replace(ref, pick=Nth(1)), [w for w in asked if w != Want.EARLIER]
    places = [n for n in cues.ordinals(s) if _stands_alone(s)]
    if places and ref.of == Of.TALK and ref.pick is None and own.plural is False:
        ref = replace(ref, pick=Nth(places[0]))
    if Want.COUNT in asked and Want.AUTHORS in asked and ref.of == Of.TALK and own.sure:
        people = Ref(Of.PERSON, (InRole(ROLES["author"]), Inside(ref)))
        return Query(Want.COUNT, people, plural=True)
    ref, words = _with_loose_terms(s, ref, own)
    ref, words = _asked_of_place(s, ref, words)
    if ref.of == Of.TALK and ref.pick is None and not own.plural:
        ref = _nearest(ref, asked)
    query = cues.query(s, asked, ref, words=words)
    query = replace(query, plural=own.plural, nth_person=_nth_person(s))
    return settled(s, _narrowed(s, query))


def _chairs_from(s: Slots, own: Target, asked: list[Want]) -> Ref | None:
    """As in "is any session chaired by somebody of Acme": the chairs that are from there."""
    if Want.CHAIR not in asked:
        return None
    wanted = sector(s)
    if own.ref.of == Of.ORGANIZATION and wanted is not None:
        return Ref(Of.PERSON, (InRole(ROLES["chair"]), wanted))
    froms = tuple(From(ids(p), said(s, p)) for p in s.pieces("org"))
    froms = froms or tuple(f for f in own.ref.filters if isinstance(f, From))
    alone = len(asked) == 1 or Want.SESSION in asked
    crowd = own.ref.of == Of.PERSON and alone and not s.pieces("person", "titled", "session")
    crowd = crowd or (own.ref.of == Of.TALK and not any(t.noun in TALK_NOUNS for t in things(s)))
    if froms and (crowd or (own.ref.of == Of.SESSION and own.ref.bare)):
        return Ref(Of.PERSON, (InRole(ROLES["chair"]), *froms))
    return None


def _asked_of_place(s: Slots, ref: Ref, words: tuple[str, ...]) -> tuple[Ref, tuple[str, ...]]:
    """As in "is the second keynote about azure": words that are asked of a row, and don't choose it."""
    about = next((f for f in ref.filters if isinstance(f, About) and not f.any), None)
    if about is None or not isinstance(ref.pick, Nth) or not cues.polar(s):
        return ref, words
    kept = tuple(f for f in ref.filters if f is not about)
    return replace(ref, filters=kept), tuple(dict.fromkeys((*about.stems, *words)))


def _narrowed(s: Slots, query: Query) -> Query:
    """All talks, though words of talks stand in the question: those on these words are meant."""
    if query.ref.of != Of.TALK or not query.plural or not query.ref.bare:
        return query
    lost = words_lost(s, query)
    stems = tuple(dict.fromkeys(w.stem for w in s.terms if w.text in lost and w.stem in s.in_talks))
    if not stems:
        return query
    about = About(stems, tuple(dict.fromkeys(w.text for w in s.terms if w.stem in stems)))
    return replace(query, ref=replace(query.ref, filters=(*query.ref.filters, about)))


def _stands_alone(s: Slots) -> bool:
    """Whether a place in an order is the rows' own: "which paper is third in session 1"."""
    p = s.pieces("ordinal")[0]
    return p.end == len(s.words) or s.words[p.end].folded in s.lists.placing


def _nearest(ref: Ref, asked: list[Want]) -> Ref:
    """One talk before or after something means the nearest."""
    for f in ref.filters:
        if isinstance(f, Beside) and isinstance(f.anchor, Ref) and Want.COUNT not in asked:
            return replace(ref, pick=Nth(1 if f.after or f.anchor.of == Of.TALK else -1))
    return ref


def _nth_person(s: Slots) -> int:
    noun = next((t for t in things(s) if t.noun == "author" and t.nth), None)
    if noun is not None:
        return noun.nth
    return 0


def _with_near(s: Slots, ref: Ref) -> Ref:
    near = [Near(str(v)) for v in s.values("near")]
    named = any(isinstance(f, (Ids, Numbered, With, *TIMES)) for f in ref.filters)
    if (
        near
        and ref.pick is None
        and not named
        and not cues.exists(s)
        and ref.of in (Of.SESSION, Of.TALK)
    ):
        return replace(ref, pick=near[0])
    return ref


def _with_loose_terms(s: Slots, ref: Ref, own: Target) -> tuple[Ref, tuple[str, ...]]:
    """Terms outside the names narrow a bare noun, else they are what is asked about the rows."""
    loose = s.outside("thing", "titled", "session", "beside", "between")
    words = tuple(dict.fromkeys(w.stem for w in loose))
    if not loose:
        return ref, ()
    fixed = any(isinstance(f, (Ids, Numbered)) for f in ref.filters)
    fixed = fixed or (ref.pick is not None and ref.of != Of.PERSON)
    bare = all(isinstance(f, (Kinds, InRole, From, InSector, *TIMES)) for f in ref.filters)
    narrows = ref.of in (Of.TALK, Of.PERSON) and not fixed and (bare or own.plural)
    if not narrows:
        return ref, words
    inside = [f for f in ref.filters if isinstance(f, Inside)]
    if inside:
        return ref, words
    role = any(isinstance(f, InRole) for f in ref.filters)
    if ref.of == Of.PERSON and role and {w.stem for w in loose} <= s.in_talks:
        talk = Ref(Of.TALK, (About(words, cues.spoken(s)),))
        return replace(ref, filters=(*ref.filters, Inside(talk))), ()
    used = tuple(x for f in ref.filters if isinstance(f, About) for x in f.stems)
    kept = tuple(f for f in ref.filters if not isinstance(f, About))
    stems = tuple(dict.fromkeys((*used, *words)))
    about = About(stems, cues.spoken(s), cues.either(s))
    return replace(ref, filters=(*kept, about)), ()
