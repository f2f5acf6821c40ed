"""Questions about the program that name no row: organizations, rooms, times, stray words."""

from __future__ import annotations

from dataclasses import replace

from bot.query import (
    About,
    Ahead,
    Beside,
    Between,
    From,
    Ids,
    InRoom,
    Near,
    Nth,
    Of,
    OnDay,
    Query,
    Ref,
    Want,
)
from bot.question import cues
from bot.question.language import MEANING
from bot.question.settle import TIME_WANTS, settled
from bot.question.slots import Slots
from bot.question.targets import Target, from_nowhere, ids, kind_filters, said, time_filters


_EVENT_WANTS = TIME_WANTS | {Want.AGENDA, Want.DAY}
_BY_WHOM = frozenset({Want.WHO, Want.AUTHORS, Want.SPEAKER})
_SPANS = frozenset({Want.START, Want.DURATION, Want.UNTIL, Want.GAP, Want.WHEN})
_ROOM_WANTS = frozenset({Want.OVERVIEW, Want.AGENDA, Want.LIST, Want.WHERE, Want.ABOUT})


def loose(s: Slots, own: Target | None, asked: list[Want]) -> Query | None:
    """A query without named rows: organizations, rooms, times, now and next, or stray words."""
    if Want.AGENDA in asked and Want.WHEN not in asked and not s.terms:
        asked = [Want.AGENDA, *(w for w in asked if w != Want.AGENDA)]
    base = cues.query(s, asked, words=cues.stems(s))
    for reading in (_of_organizations, _in_room, _at_times, _of_event, _near_now):
        query = reading(s, base)
        if query is not None:
            return query
    if s.terms:
        return _by_words(s, base)
    if s.absent and cues.exists(s) and Want.AUTHORS in asked:  # "is there a paper by Acme"
        name = s.absent[0].text
        return Query(Want.OVERVIEW, Ref(Of.ORGANIZATION, (Ids((), name),)), absent=(name,))
    if own is not None:
        return replace(base, ref=own.ref)
    if s.has("running") and not s.absent:  # and not a word more: "whats on"
        want = base.want if base.want == Want.SPEAKER else Want.OVERVIEW
        return replace(base, want=want, ref=Ref(Of.SESSION, (), Near.NOW))
    if asked and asked[0] in _EVENT_WANTS:
        return replace(base, ref=Ref(Of.EVENT))
    return None


def _near(s: Slots) -> Near | None:
    return next((Near(str(v)) for v in s.values("near")), None)


def _in_room(s: Slots, base: Query) -> Query | None:
    """What is in a room: at a time, now, next, or at all."""
    for p in s.pieces("room"):
        near, timed = _near(s), time_filters(s)
        if not near and not timed and base.want in _ROOM_WANTS:
            return replace(base, ref=Ref(Of.ROOM, (Ids(ids(p)),)))
        ref = Ref(Of.SESSION, (InRoom(ids(p), said(s, p)), *timed), near)
        return replace(base, ref=ref, plural=not near, words=(), absent=(), polar=False)
    return None


def _of_event(s: Slots, base: Query) -> Query | None:
    """The event by its name, or its sessions' chairs."""
    if s.pieces("event") and s.has("detail", MEANING) and not s.terms:
        return replace(base, want=Want.TITLE, ref=Ref(Of.EVENT))
    asked = (base.want, *base.also)
    if s.pieces("event") and _near(s) and base.want in (Want.AGENDA, Want.LIST, Want.OVERVIEW):
        return None
    if s.pieces("event") and (not s.terms or base.want == Want.OVER):
        want = Want.OVER if Want.OVER in asked else base.want
        return replace(base, want=want, ref=Ref(Of.EVENT), words=())
    this = cues.pronoun(s) == "it" and s.says(s.lists.this)
    if Want.CHAIR in asked and not s.terms and this:
        return replace(base, ref=Ref(Of.SESSION, (), Near.NOW))
    if Want.CHAIR in asked and not s.terms and not _near(s):
        sessions = Ref(Of.SESSION, tuple(kind_filters(s, "session")))
        return replace(base, ref=sessions, plural=True)
    return None


def _near_now(s: Slots, base: Query) -> Query | None:
    near = _near(s)
    if near is None or len(s.terms) > 1 or base.want == Want.DETAIL:
        return None
    return replace(base, ref=Ref(Of.SESSION, (), near), words=(), absent=())


def _of_organizations(s: Slots, base: Query) -> Query | None:
    """What organizations, or their people, have in the program."""
    if not s.pieces("org"):
        return None
    found = tuple(i for p in s.pieces("org") for i in ids(p))
    words = " ".join(said(s, p) for p in s.pieces("org"))
    if base.want == Want.CHAIR:
        return replace(base, ref=Ref(Of.TALK, (From(found, words),)), words=())
    if s.terms:
        about = About(cues.stems(s), cues.spoken(s), cues.either(s))
        return settled(s, replace(base, ref=Ref(Of.TALK, (From(found, words), about))))
    if base.want == Want.WHO:
        return replace(base, want=Want.LIST, ref=Ref(Of.PERSON, (From(found, words),)), plural=True)
    if base.want in TIME_WANTS | {Want.TITLE, Want.ABOUT, Want.AUTHORS, Want.ABSTRACT}:
        return replace(base, ref=Ref(Of.TALK, (From(found, words),)))
    return replace(base, ref=Ref(Of.ORGANIZATION, (Ids(found, words),)))


def _at_times(s: Slots, base: Query) -> Query | None:
    """What is on at a time, or still ahead; "after lunch" alone means the next thing."""
    timed = tuple(time_filters(s))
    if Want.PAST in (base.want, *base.also) and not s.terms:
        day = timed or (OnDay("offset", 0),)
        ref = Ref(Of.SESSION, (Ahead(past=True), *day))
        return replace(base, want=Want.LIST, ref=ref, plural=True)
    if base.want == Want.GAP and not s.terms:
        ref = Ref(Of.SESSION, (*kind_filters(s, "break"), *timed))
        return replace(base, want=Want.LIST, ref=ref, plural=True)
    others = [w for w in s.terms if w.folded not in s.lists.left]
    left = s.says(s.lists.left)
    topical = [w for w in others if w.stem in s.in_talks]
    if topical and cues.exists(s) and (timed or left):
        stems = tuple(dict.fromkeys(w.stem for w in topical))
        about = About(stems, tuple(w.text for w in topical), cues.either(s))
        ref = Ref(Of.TALK, (about, *timed, *((Ahead(),) if left else ())))
        return replace(base, want=Want.LIST, ref=ref, plural=True, words=())
    if left and not others and base.want != Want.UNTIL:
        ref = Ref(Of.SESSION, (Ahead(), *timed))
        return replace(base, want=Want.LIST, ref=ref, plural=True, words=())
    if not timed or len(s.terms) > 1:
        return None
    pair = next((f for f in timed if isinstance(f, Between)), None)
    if (
        pair
        and base.want in _SPANS
        and isinstance(pair.first, Ref)
        and isinstance(pair.second, Ref)
    ):
        return Query(Want.GAP, pair.first, other=pair.second)
    ref = Ref(Of.SESSION, timed)
    beside = [f for f in timed if isinstance(f, Beside)]
    if len(beside) == len(timed) == 1 and base.want not in (Want.LIST, Want.COUNT):
        anchor = beside[0].anchor
        keynote = isinstance(anchor, Ref) and kind_filters(s, "keynote")[0] in anchor.filters
        by_talk = isinstance(anchor, Ref) and anchor.of == Of.TALK and not keynote
        first = beside[0].after or by_talk
        ref = replace(ref, of=Of.TALK if by_talk else Of.SESSION, pick=Nth(1 if first else -1))
        return replace(base, ref=ref, words=(), absent=())
    whole_day = all(not isinstance(f, (Beside,)) for f in timed)
    if base.want in _EVENT_WANTS - {Want.AGENDA, Want.WHERE} and whole_day and not s.pieces("time"):
        return replace(base, ref=Ref(Of.EVENT, timed), words=())
    return replace(base, ref=ref, plural=True, words=(), absent=())


def _by_words(s: Slots, base: Query) -> Query:
    about = About(cues.stems(s), cues.spoken(s), cues.either(s))
    ref = Ref(Of.TALK, (about,))
    nowhere = from_nowhere(s) if s.has("exists") or _BY_WHOM & {base.want, *base.also} else ""
    if nowhere:
        return Query(Want.OVERVIEW, Ref(Of.ORGANIZATION, (Ids((), nowhere),)), absent=(nowhere,))
    few = len(s.words) <= 2
    users = (
        base.want in (Want.WHO, Want.OVERVIEW) and s.has("relation", "about") and not base.details
    )
    if base.want in (Want.OVERVIEW, Want.LIST, Want.AGENDA) and (cues.exists(s) or few):
        return replace(base, want=Want.LIST, ref=ref, plural=True, words=())
    if base.want == Want.WHO and users:
        return replace(base, want=Want.LIST, ref=ref, plural=True, words=())
    if base.want == Want.WHO:
        return replace(base, want=Want.AUTHORS, ref=ref, words=())
    if base.want in (Want.OVERVIEW, Want.ABOUT, Want.COUNT, Want.LIST, Want.AGENDA):
        also = (base.want,) if base.want != Want.OVERVIEW else ()
        return replace(base, want=Want.DETAIL, also=also, ref=ref)
    if base.want in TIME_WANTS and len(s.terms) > 3:
        return replace(base, want=Want.DETAIL, also=(base.want,), ref=ref)
    people = {Want.WHO, Want.AUTHORS} & set(base.also)
    if base.want == Want.COAUTHORS and len(s.terms) > 1 and not people:
        # "does it work with plain sockets"
        return replace(base, want=Want.DETAIL, ref=ref)
    return replace(base, ref=ref)
