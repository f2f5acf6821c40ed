"""What a conversation leaves for follow-ups comes back from JSON as it was, or not at all."""

import json
from datetime import datetime
from functools import cache
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.event import MilestoneKind, Role, Sector, SessionKind, TalkKind
from bot.query import (
    About,
    Ahead,
    At,
    Beside,
    Between,
    Clock,
    Filter,
    From,
    Ids,
    InCommittee,
    InPart,
    InRole,
    InRoom,
    InSector,
    Inside,
    Kinds,
    Like,
    Milestones,
    Near,
    Nth,
    Numbered,
    Of,
    OnDay,
    Query,
    Ref,
    Subjects,
    Track,
    Want,
    With,
)
from bot.question.codec import _readers, from_json, to_json
from bot.question.context import Turn
from tests.conftest import FOLDERS, desk_of
from tests.test_corpus import as_list, read


NINE = Clock(9, 30, sure=True)
TALKS = Ref(Of.TALK, (Kinds(frozenset({SessionKind.TALKS}), frozenset(TalkKind), "papers"),))
FILTERS = (
    *TALKS.filters,
    Kinds(),
    Ids(("a", "b"), "it"),
    Numbered("session", "2"),
    About(("congest", "control"), ("congestion", "control"), any=True),
    With(("kim",), "Kim"),
    From(("eth",), "ETH Zürich"),
    InSector(Sector.COMPANY, only=True),
    InRole(frozenset({Role.CHAIR, Role.AUTHOR})),
    InRoom(("hall",), "the hall"),
    Inside(Ref(Of.SESSION, (Inside(TALKS),), Near.NEXT)),
    Like(("a",), besides=True),
    InCommittee((), "committee"),
    Ahead(past=True),
    OnDay("date", 21, 8, 2017),
    InPart("morning"),
    At(NINE),
    At(None, 20),
    Beside(after=True, anchor=NINE),
    Beside(after=False, anchor=Ref(Of.SESSION, (), Nth(-1)), next_to=True),
    Between(NINE, TALKS),
    Milestones(frozenset(MilestoneKind)),
    Subjects(("wifi",), (1.5, 2, 0.1), ("food",)),
    Track(("short",), "short papers"),
)
FULL = Turn(
    Query(
        Want.COUNT,
        Ref(Of.TALK, FILTERS, Nth(2)),
        (Want.WHEN, Want.WHERE),
        FILTERS,
        other=TALKS,
        words=("“é” \U0001f600",),
        cues=("cue",),
        hints=("hint",),
        details=("detail",),
        amount=(3, "pages"),
        polar=True,
        still=True,
        plural=True,
        nth_person=2,
        counted="talks",
        tally=Ref(Of.PERSON, (), Near.PREVIOUS),
        absent=("RoCE",),
    ),
    Of.TALK,
    ("a", "b"),
    ("kim",),
)


def turns_of(group):
    """What each question of a group leaves, after the earlier ones of a follow-up."""
    here = desk_of(group["event"])
    now = datetime.fromisoformat(group["now"])
    now = now if now.tzinfo else now.replace(tzinfo=here.event.zone)
    private = group.get("private", True)
    for asked in group["asked"]:
        turns: tuple[Turn, ...] = ()
        for text in as_list(asked):
            turns += (here.ask(text, now, turns, private=private).turn,)
        yield turns


def through_text(turns):
    return from_json(json.loads(json.dumps(to_json(turns))))


@pytest.mark.parametrize("event", FOLDERS)
def test_what_real_questions_leave_comes_back(event):
    left = [turns for group in read(f"{event}.jsonl")[::20] for turns in turns_of(group)]

    assert len(left) > 10
    for turns in left:
        assert through_text(turns) == turns


def test_all_that_a_question_may_hold_comes_back():
    (back,) = through_text((FULL,))
    assert back == FULL
    assert {type(f) for f in FILTERS} == {*get_args(Filter)}
    assert all(getattr(FULL.query, name) for name in _readers(Query))

    def kinds(values):
        return [type(v) for v in values]

    assert kinds(back.query.ref.filters) == kinds(FILTERS)
    assert kinds([back.of, back.query.want, back.query.polar]) == [Of, Want, bool]
    assert kinds(back.query.ref.filters[-2].weights) == [float, int, float]


def test_nothing_comes_back_from_nothing():
    assert through_text(()) == ()


SOUND = to_json((FULL,))
BROKEN: list[Any] = [
    None,
    0,
    "[]",
    {},
    {"is": "Turn"},
    [None],
    [[]],
    [{}],
    [{"is": "Turn"}],
    [{"is": ["Turn"], "query": {"is": "Query", "want": "when"}, "of": "talk"}],
    [{"is": "Query", "want": "when"}],
    [{"is": "Turn", "query": {"is": "Turn"}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "a want of tomorrow"}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": ["when"]}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "new": 1}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "polar": 1}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "nth_person": True}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "words": "word"}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "words": [1]}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "amount": [1]}, "of": "talk"}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when"}, "of": "talk", "rows": {"a": 1}}],
    [{"is": "Turn", "query": {"is": "Query", "want": "when", "ref": "talk"}, "of": "talk"}],
    [*SOUND, None],
]


@pytest.mark.parametrize("raw", BROKEN, ids=str)
def test_what_cannot_be_read_is_nothing(raw):
    assert from_json(raw) == ()


def test_only_what_a_question_holds_is_ever_made():
    for name in ("Path", "os.system", "Store", "object", "__import__", "Turn", "Ref", "Filter"):
        raw = json.loads(json.dumps(SOUND))
        raw[0]["query"]["claims"] = [{"is": name, "words": "rm"}]
        assert from_json(raw) == ()


def test_what_is_nested_too_deep_is_nothing():
    raw = to_json((Turn(Query(Want.WHEN), Of.TALK),))
    ref: Any = {"is": "Ref", "of": "talk"}
    for _ in range(10_000):
        ref = {"is": "Ref", "of": "talk", "filters": [{"is": "Inside", "ref": ref}]}
    raw[0]["query"]["ref"] = ref

    assert from_json(raw) == ()


@cache
def places():
    """The path to each value within the JSON of a full turn."""

    def walk(value, path):
        yield path
        if isinstance(value, (dict, list)):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for key, one in pairs:
                yield from walk(one, (*path, key))

    return [path for path in walk(SOUND, ()) if path]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("is"), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(ANYTHING)
def test_anything_at_all_can_be_read_without_harm(raw):
    assert from_json(raw) == ()


@settings(deadline=None)
@given(st.data())
def test_whatever_stands_in_some_place_the_rest_is_read_or_nothing(data):
    *path, last = data.draw(st.sampled_from(places()))
    raw = json.loads(json.dumps(SOUND))
    inner = raw
    for key in path:
        inner = inner[key]
    inner[last] = data.draw(ANYTHING)
    found = from_json(raw)

    assert to_json(found) in ([], raw) or from_json(to_json(found)) == found
