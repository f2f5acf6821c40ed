"""The last touches to a query about the program: the want that fits its rows, and its claims."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.query import (
    TIMES,
    About,
    Ahead,
    At,
    Beside,
    Between,
    Filter,
    From,
    Ids,
    InCommittee,
    InPart,
    InRole,
    InRoom,
    InSector,
    Inside,
    Numbered,
    Of,
    Query,
    Ref,
    Subjects,
    Want,
    With,
)
from bot.question import cues
from bot.question.slots import Slots
from bot.question.targets import ROLES, asked_noun, ids, said, sector, thing, things
from bot.question.things import CROWD, PERSON_NOUNS


TIME_WANTS = frozenset(
    {
        Want.WHEN,
        Want.START,
        Want.END,
        Want.DURATION,
        Want.UNTIL,
        Want.OVER,
        Want.WHERE,
        Want.SESSION,
    }
)


def settled(s: Slots, query: Query) -> Query:
    """The last touches: which want fits the rows, and what of the filters is claimed."""
    query = _for_people(s, query) if query.ref.of == Of.PERSON else query
    query = _of_time_or_place(s, _either_part(query))
    query = _begun(s, _ahead(s, query))
    clocked = any(isinstance(f, At) for f in query.ref.filters)
    if (query.polar or clocked) and not query.claims and query.want != Want.OVER:
        query = _claimed(query)
    if query.claims or query.want == Want.OVER:
        return query
    query = _by_authors(s, query)
    return _listing(s, query) or _unstated(s, query) or _content(s, query) or query


def _ahead(s: Slots, query: Query) -> Query:
    """As in "is there another coffee later": whether anything of the kind is still to come."""
    bare = query.ref.of == Of.SESSION and query.ref.pick is None and not query.words
    if not bare or not cues.exists(s) or not s.says(s.lists.further):
        return query
    if any(isinstance(f, (Ahead, Beside, Between)) for f in query.ref.filters):
        return query
    ref = replace(query.ref, filters=(*query.ref.filters, Ahead()))
    return replace(query, want=Want.LIST, ref=ref, plural=True)


def _begun(s: Slots, query: Query) -> Query:
    """As in "has session 1 kicked off": yes or no about a block that is named is about its time."""
    named = any(isinstance(f, (Ids, Numbered)) for f in query.ref.filters) or query.ref.pick
    if query.want == Want.OVERVIEW and query.ref.of == Of.PERSON and query.polar:
        if s.says(s.lists.so_far) and not (query.words or query.claims or query.plural):
            return replace(query, want=Want.OVER, details=(), absent=())
    if query.ref.of != Of.SESSION or query.want != Want.OVERVIEW or not named or query.claims:
        return query
    told = (
        query.words
        or query.details
        or query.also
        or any(isinstance(f, (*TIMES, InRoom, About)) for f in query.ref.filters)
    )
    if not query.polar or cues.exists(s) or told or not s.says(s.lists.begun):
        return query
    return replace(query, want=Want.OVER)


def _either_part(query: Query) -> Query:
    """As in "is it in the morning or in the afternoon": which of both is what is asked."""
    parts = {f for f in query.ref.filters if isinstance(f, InPart)}
    if len(parts) < 2:
        return query
    asked = tuple(f for f in query.ref.filters if f in parts)
    kept = replace(query.ref, filters=tuple(f for f in query.ref.filters if f not in parts))
    return replace(query, want=Want.WHEN, ref=kept, claims=asked, polar=False, plural=False)


def _of_time_or_place(s: Slots, query: Query) -> Query:
    """Wants that other words than the want's own give away."""
    if query.ref.of == Of.TALK and query.want == Want.WHERE and s.has("origin"):
        if not s.pieces("room"):
            asks_people = len(query.words) < 2 or cues.pronoun(s) in ("they", "he", "she")
            return replace(query, want=Want.AFFILIATION if asks_people else Want.DETAIL)
    told = (Want.ABOUT, Want.ABSTRACT, Want.TITLE, Want.DETAIL)
    if (
        query.want not in told
        and s.has("call", "missed")
        and query.ref.of in (Of.SESSION, Of.TALK, Of.PERSON)
    ):
        return replace(query, want=Want.OVER, words=(), claims=())
    if query.amount and query.amount[1] in ("minute", "hour") and query.want == Want.OVERVIEW:
        return replace(query, want=Want.DURATION, words=())
    return query


def _listing(s: Slots, query: Query) -> Query | None:
    """Whether a list of the rows is what is asked for."""
    if query.counted and query.ref.of in (Of.TALK, Of.PERSON):
        return None
    if query.want == Want.ABSTRACT and query.plural and query.ref.of == Of.TALK:
        return replace(query, want=Want.LIST)
    if query.want == Want.OVERVIEW and cues.exists(s) and query.ref.pick is None:
        return replace(query, want=Want.LIST, plural=True)
    if query.want in (Want.OVERVIEW, Want.WHO, Want.TITLE) and query.plural and not query.words:
        return replace(query, want=Want.LIST)
    unnamed = not any(isinstance(f, Ids) for f in query.ref.filters)
    lives = s.language.musts.intersection(query.details)
    if query.ref.of == Of.PERSON and unnamed and not query.words and not lives:
        if query.want in (Want.OVERVIEW, Want.DETAIL) and (query.details or query.absent):
            return replace(query, want=Want.LIST)
    return None


_CONTENT = frozenset(
    {Want.ABOUT, Want.COUNT, Want.LIST, Want.START, Want.END, Want.WHEN, Want.AGENDA}
)


def _unknown_head(s: Slots) -> str:
    """As in "furlongs of the cache", "which drone": what is asked for, where nothing knows it."""
    having, asking = s.lists.having, s.lists.asking_which
    strange = {*s.absent, *s.light, *(w for w in s.words if w.stem in s.hints)}
    for word, behind in pairwise(s.words):
        if behind.folded in having and word in strange:
            return word.stem
        if word.folded in asking and behind in s.absent:
            return behind.stem
    return ""


def _unstated(s: Slots, query: Query) -> Query | None:
    """As in "did the cache paper win an award": something that the records tell of no talk."""
    if query.ref.of != Of.TALK or query.want not in (Want.OVERVIEW, Want.DETAIL):
        return None
    if head := _unknown_head(s):
        return replace(query, want=Want.DETAIL, words=(head,), details=(), hints=())
    subjects = tuple(str(v) for v in s.values("subject"))
    if (
        query.want == Want.DETAIL
        or not subjects
        or query.words
        or query.details
        or query.plural
        or not cues.polar(s)
    ):
        return None
    return Query(Want.FACT, Ref(Of.FACT, (Subjects(subjects),)), other=query.ref)


def _content(s: Slots, query: Query) -> Query | None:
    """Whether it is the content of the rows' texts that is asked about."""
    if query.counted and query.ref.of in (Of.TALK, Of.PERSON):
        return replace(query, want=Want.DETAIL)
    strange = query.absent and (cues.opens_with_wh(s) or cues.polar(s) or query.ref.of != Of.TALK)
    if query.want == Want.OVERVIEW and (query.words or query.details or strange):
        return replace(query, want=Want.DETAIL)
    named = any(isinstance(f, (Ids, Numbered)) for f in query.ref.filters) or query.ref.pick
    if query.want in (Want.LIST, Want.ABSTRACT, Want.TITLE) and len(query.words) > 1 and named:
        if query.ref.of in (Of.SESSION, Of.TALK) and not query.plural:
            return replace(query, want=Want.DETAIL)
    described = any(isinstance(f, About) for f in query.ref.filters)
    if query.want == Want.OVERVIEW and query.ref.of == Of.TALK and described and _asks_what(s):
        return replace(query, want=Want.DETAIL)
    one = any(isinstance(f, Ids) for f in query.ref.filters) or len(query.words) > 1
    if query.want == Want.BOTH and query.ref.of == Of.TALK and one and query.words:
        return replace(query, want=Want.DETAIL, also=())  # "how does it compare in throughput"
    if query.want in _BY_CHANCE and _much(query) and not query.plural and not _asks_when(s):
        return replace(query, want=Want.DETAIL, also=())
    if query.want in _CONTENT and query.words and query.ref.of == Of.TALK and not query.plural:
        if query.want not in TIME_WANTS or len(query.words) > 1:
            return replace(query, want=Want.DETAIL, also=(query.want,))
    return None


_BY_CHANCE = frozenset(
    {Want.START, Want.END, Want.TITLE, Want.ABSTRACT, Want.COAUTHORS, Want.OVER, Want.UNTIL}
)
"""Wants whose words also stand in questions about content: "what problem does it start from"."""


def _much(query: Query) -> bool:
    """Whether so much is said beside the rows that it must be about their content."""
    if query.ref.of != Of.TALK:
        return False
    return len(query.words) > 1 or bool(query.words and query.details)


def _asks_when(s: Slots) -> bool:
    return s.says(s.lists.asking_when)


def _asks_what(s: Slots) -> bool:
    return _asks_how(s) or cues.polar(s)


def _by_authors(s: Slots, query: Query) -> Query:
    """As in "authors of the gpu paper" asks who the talk is by; people in a break, where the break is."""
    inside = query.ref.first(Inside)
    if query.ref.of != Of.PERSON or inside is None:
        return query
    inner = inside.ref
    rest = [f for f in query.ref.filters if not isinstance(f, (Inside, InRole))]
    if rest or query.want == Want.COUNT:
        return query
    noun = next((t.noun for t in things(s) if t.noun in PERSON_NOUNS), "")
    if query.want in TIME_WANTS and noun in CROWD:
        return replace(query, ref=inner, plural=False)
    if noun == "author" and _does_things(s, query):
        words = tuple(dict.fromkeys(w.stem for w in s.outside("thing")))
        return replace(query, want=Want.DETAIL, ref=inner, plural=False, words=words)
    if noun == "author" and query.want in (Want.OVERVIEW, Want.LIST, Want.WHO, Want.AUTHORS):
        if inner.of == Of.TALK and not query.nth_person:
            return replace(query, want=Want.AUTHORS, ref=inner, plural=False, words=(), details=())
    if noun in ("speaker", "keynoter") and query.want in (Want.OVERVIEW, Want.WHO, Want.SPEAKER):
        if not query.words and not query.details:
            return replace(query, want=Want.SPEAKER, ref=inner, plural=False)
    return query


def _does_things(s: Slots, query: Query) -> bool:
    """As in "how do the cache authors judge their speed": what authors do is asked, not who."""
    content = s.outside("thing") or s.hints or query.details
    return bool(content) and _asks_how(s) and not {Want.WHO, Want.TITLE} & {query.want, *query.also}


_PEOPLE_WANTS = frozenset(
    {Want.WHO, Want.TITLE, Want.LIST, Want.COUNT, Want.AFFILIATION, Want.AUTHORS}
)


def _work_of(s: Slots, query: Query) -> Query | None:
    """As in "what did the Bucharest people use": the content of their talks is asked about."""
    if query.want in _PEOPLE_WANTS or asked_noun(s) is not None or cues.exists(s):
        return None
    crowd = [p for p in s.pieces("thing") if thing(p).noun in CROWD]
    froms = tuple(f for f in query.ref.filters if isinstance(f, From))
    about = query.ref.first(About)
    words = query.words or (about.stems if about else ())
    if froms and (cues.opens_with_wh(s) or _asks_how(s)) and (words or query.details):
        return replace(query, want=Want.DETAIL, ref=Ref(Of.TALK, froms), words=words, plural=False)
    named = any(isinstance(f, (Ids, InCommittee)) for f in query.ref.filters)
    if not crowd or named or {Want.WHO, Want.CHAIR} & {query.want, *query.also}:
        return None
    outside = tuple(dict.fromkeys(w.stem for w in s.outside("thing", "beside", "between")))
    if len(outside) < 2 and not (outside and query.details):
        return None
    if query.want in TIME_WANTS and len(outside) < 3:
        return None
    whose = thing(crowd[0])
    filters: tuple[Filter, ...] = froms
    if whose.talks:
        filters = (Ids(whose.talks),)
    elif whose.stems:
        filters = (*froms, About(whose.stems, whose.words))
    elif not froms:
        stems, spoken = cues.stems(s), cues.spoken(s)
        filters = (About(stems, spoken),)
    ref = Ref(Of.TALK, filters)
    return replace(query, want=Want.DETAIL, ref=ref, words=outside, plural=False, claims=())


def _asks_how(s: Slots) -> bool:
    return s.says(s.lists.asking_what)


def _for_people(s: Slots, query: Query) -> Query:
    """Wants about people: roles, origins, their talks, their texts."""
    work = _work_of(s, query)
    if work is not None:
        return work
    pair = _written_together(s, query)
    if pair is not None:
        return pair
    if s.language.musts.intersection(query.details):
        return replace(query, want=Want.DETAIL, words=())
    named = any(isinstance(f, Ids) for f in query.ref.filters)
    noun_roles = frozenset(r for t in things(s) for r in ROLES.get(t.noun, ()) if t.noun != "chair")
    if query.polar and named and (noun_roles or query.want in (Want.CHAIR, Want.AUTHORS)):
        wanted_role = ROLES["author" if query.want == Want.AUTHORS else "chair"]
        return replace(query, want=Want.ROLES, claims=(InRole(noun_roles or wanted_role),))
    if named and any(t.noun in ("university", "company", "organization") for t in things(s)):
        if query.want in (Want.OVERVIEW, Want.AFFILIATION, Want.LIST, Want.SECTOR):
            wanted = sector(s)
            both = len({t.noun for t in things(s)} & {"university", "company"}) > 1
            claims = (wanted,) if query.polar and wanted and not both else ()
            return replace(query, want=Want.AFFILIATION, claims=claims, words=())
    if query.want == Want.WHERE and s.has("origin"):
        return replace(query, want=Want.AFFILIATION)
    if s.has("gives") and query.want in (Want.OVERVIEW, Want.LIST) and not query.words:
        froms = tuple(f for f in query.ref.filters if isinstance(f, From))
        if froms and s.words[0].folded in s.lists.asking_which:
            return Query(Want.LIST, Ref(Of.TALK, froms), plural=True)
    return _of_named(s, query) if named else query


def _of_named(s: Slots, query: Query) -> Query:
    """What is asked about people that are named, if no want says it."""
    if query.want == Want.EARLIER:  # "her latest research"
        query = replace(query, want=Want.OVERVIEW)
    if query.want in (Want.ABSTRACT, Want.LIST) and len(query.words) > 1:
        return replace(query, want=Want.DETAIL, also=())
    if query.want in (Want.OVERVIEW, Want.AFFILIATION) and s.pieces("org"):
        if query.details and not query.polar:
            return replace(query, want=Want.DETAIL)
    if query.want == Want.OVERVIEW and s.pieces("org"):
        froms = tuple(From(ids(p), said(s, p)) for p in s.pieces("org"))
        return replace(query, want=Want.AFFILIATION, claims=froms, polar=cues.polar(s))
    if query.want == Want.OVERVIEW and not query.words and not query.details:
        if s.words[0].folded in s.lists.asking_which and not query.polar:
            return replace(query, want=Want.ABOUT)
    if query.want in (Want.OVERVIEW, Want.WHO) and query.words and not query.details:
        return replace(query, want=Want.DETAIL, also=(Want.OVERVIEW,))
    return query


def _written_together(s: Slots, query: Query) -> Query | None:
    people = s.pieces("person")
    if not query.polar or len(people) < 2 or not s.has("relation", "with"):
        return None
    pair = tuple(With(ids(p), said(s, p)) for p in people[:2])
    return Query(Want.LIST, Ref(Of.TALK, pair), plural=True, polar=True)


def _claimed(query: Query) -> Query:
    """In a yes/no question about something named, the rest of its filters is the claim."""
    identity = (Ids, Numbered, About, With) if query.ref.of != Of.PERSON else (Ids,)
    firm = [f for f in query.ref.filters if isinstance(f, identity)]
    if not firm and query.ref.pick is None:
        return query
    claimed: tuple[type, ...] = (*TIMES, InRoom)
    if query.ref.of == Of.PERSON:
        claimed = (*claimed, InSector, From, InRole)
    found = tuple(f for f in query.ref.filters if isinstance(f, claimed))
    kept = tuple(f for f in query.ref.filters if f not in found)
    if not found:
        return query
    want = query.want
    if want in (Want.OVERVIEW, Want.LIST, Want.EARLIER, Want.DETAIL, Want.AGENDA):
        want = Want.WHERE if isinstance(found[0], InRoom) else Want.WHEN
        if isinstance(found[0], (From, InSector)):
            want = Want.AFFILIATION
    return replace(query, want=want, ref=replace(query.ref, filters=kept), claims=found)
