"""Changing an event while it runs: what each verb does, what it spoils, and taking it back."""

import json
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.amend import (
    Amendment,
    Clash,
    Edition,
    Effect,
    Key,
    Kind,
    amended,
    applied,
    clashes,
    meeting,
    record,
    replayed,
    undoing,
)
from bot.amend.codec import from_json, to_json
from bot.amend.verbs import (
    Impossible,
    cancel,
    correct,
    delay,
    delay_room,
    extend,
    move,
    remember,
    restore,
    substitute,
    swap,
)
from bot.event import Role, SessionKind, Status, TalkKind, Trace
from tests.small import (
    MONDAY,
    as_author,
    as_chair,
    at,
    call,
    during,
    event,
    milestone,
    moment,
    person,
    session,
    talk,
)


BREAK = SessionKind.BREAK
EARLY = at("8:00")


def day(**more):
    """A day in one room: two sessions, a break, lunch, and a session behind that."""
    return event(
        session("a", during("9:00", "10:00", "hall"), talks=[talk("one"), talk("two")]),
        session("coffee", during("10:00", "10:30", "foyer"), kind=BREAK),
        session("b", during("10:30", "12:00", "hall"), talks=[talk("three")]),
        session("lunch", during("12:00", "13:00", "garden"), kind=SessionKind.MEAL),
        session("c", during("13:00", "14:00", "hall")),
        **more,
    )


def of(kind, id_):
    return Key(Kind(kind), id_)


def times(made, *wanted):
    """When sessions begin and end, as their clocks show it."""
    rows = [made.session_by_id[w] for w in wanted]
    return [tuple(f"{t:%H:%M}" for t in (o.start, o.end)) for r in rows for o in r.occurrences]


def done(made, change):
    return applied(made, change.effects)


# -- delay -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "now", "expected", "short", "swallowed"),
    [
        (10, "8:00", ["9:10-10:10", "10:10-10:30", "10:30-12:00", "12:00-13:00"], [], []),
        (15, "8:00", ["9:15-10:15", "10:15-10:30", "10:30-12:00", "12:00-13:00"], [], []),
        (20, "8:00", ["9:20-10:20", "10:20-10:30", "10:30-12:00", "12:00-13:00"], ["coffee"], []),
        (
            40,
            "8:00",
            ["9:40-10:40", "10:40-11:10", "11:10-12:40", "12:40-13:00"],
            ["lunch"],
            ["coffee"],
        ),
        (10, "9:30", ["9:00-10:10", "10:10-10:30", "10:30-12:00", "12:00-13:00"], [], []),
        (-10, "8:00", ["8:50-9:50", "10:00-10:30", "10:30-12:00", "12:00-13:00"], [], []),
    ],
)
def test_a_delay_runs_on_until_a_break_takes_it_up(minutes, now, expected, short, swallowed):
    change = delay(day(), of("session", "a"), minutes, at(now))

    found = times(done(day(), change), "a", "coffee", "b", "lunch")
    assert [f"{a.lstrip('0')}-{b.lstrip('0')}" for a, b in found] == expected
    assert (list(change.short), list(change.swallowed)) == (short, swallowed)


def test_a_gap_takes_up_a_delay_before_any_break():
    made = event(
        session("a", during("9:00", "10:00", "hall")),
        session("b", during("10:15", "11:00", "hall")),
    )

    later = done(made, delay(made, of("session", "a"), 20, EARLY))

    assert times(later, "a", "b") == [("09:20", "10:20"), ("10:20", "11:05")]
    assert times(done(made, delay(made, of("session", "a"), 15, EARLY)), "b") == [
        ("10:15", "11:00")
    ]


def test_beside_another_session_only_what_shares_a_room_waits():
    made = event(
        session("left", during("9:00", "10:00", "one")),
        session("right", during("9:00", "10:00", "two")),
        session("left-again", during("10:00", "11:00", "one")),
        session("right-again", during("10:00", "11:00", "two")),
    )

    later = done(made, delay(made, of("session", "left"), 10, EARLY))

    assert times(later, "left", "left-again") == [("09:10", "10:10"), ("10:10", "11:10")]
    assert times(later, "right", "right-again") == [("09:00", "10:00"), ("10:00", "11:00")]


def test_what_runs_in_rooms_of_its_own_behind_a_delay_stays_side_by_side():
    made = event(
        session("a", during("9:00", "10:00", "hall")),
        session("left", during("10:00", "11:00", "hall")),
        session("right", during("10:00", "11:00", "attic")),
        session("b", during("11:00", "12:00", "hall")),
    )

    later = done(made, delay(made, of("session", "a"), 10, EARLY))

    assert times(later, "left", "right", "b") == [
        ("10:10", "11:10"),
        ("10:10", "11:10"),
        ("11:10", "12:10"),
    ]


def test_a_break_doesn_t_wait_for_what_ran_beside_it():
    made = event(
        session("left", during("9:00", "10:00", "one")),
        session("right", during("9:00", "10:00", "two")),
        session("left-again", during("10:00", "11:00", "one")),
        session("coffee", during("10:00", "10:30", "foyer"), kind=BREAK),
    )

    later = done(made, delay(made, of("session", "left"), 10, EARLY))

    assert times(later, "left-again", "coffee") == [("10:10", "11:10"), ("10:10", "10:30")]


def test_a_cancelled_session_waits_for_nobody():
    made = day()
    made = done(made, cancel(made, of("session", "coffee")))

    later = done(made, delay(made, of("session", "a"), 40, EARLY))

    assert times(later, "coffee", "b") == [("10:00", "10:30"), ("10:40", "12:10")]


def test_what_is_moved_says_where_it_was_at_first_and_when_it_was_changed():
    made = done(day(), delay(day(), of("session", "a"), 10, at("8:00")))
    made = done(made, delay(made, of("session", "a"), 5, at("8:30")))
    found = made.session_by_id["a"]

    assert found.status == Status.MOVED
    assert found.trace == Trace((during("9:00", "10:00", "hall"),), at("8:30"))
    back = done(made, delay(made, of("session", "a"), -15, at("8:40"))).session_by_id["a"]
    assert (back.status, back.trace, back.occurrences) == (
        Status.PLANNED,
        None,
        (during("9:00", "10:00", "hall"),),
    )


def timed():
    return event(
        session(
            "a",
            during("9:00", "10:00", "hall"),
            talks=[
                talk("one", "", during("9:00", "9:20", "hall")),
                talk("two", "", during("9:20", "9:40", "hall")),
                talk("three", "", during("9:45", "10:00", "hall")),
            ],
        ),
        session("coffee", during("10:00", "10:30", "foyer"), kind=BREAK),
    )


def talk_times(made, *wanted):
    rows = [made.talk_by_id[w].occurrences[0] for w in wanted]
    return [(f"{o.start:%H:%M}", f"{o.end:%H:%M}") for o in rows]


def test_a_late_talk_pushes_those_behind_it_and_then_the_session_and_the_break():
    later = done(timed(), delay(timed(), of("talk", "one"), 10, EARLY))

    assert talk_times(later, "one", "two", "three") == [
        ("09:10", "09:30"),
        ("09:30", "09:50"),
        ("09:50", "10:05"),
    ]
    assert times(later, "a", "coffee") == [("09:00", "10:05"), ("10:05", "10:30")]


def test_talks_behind_a_late_one_are_those_behind_it_in_time_on_the_same_part_of_the_day():
    made = event(
        session(
            "a",
            during("9:00", "10:00", "hall"),
            during("14:00", "15:00", "hall"),
            talks=[
                talk("two", "", during("9:20", "9:40"), during("14:20", "14:40")),
                talk("one", "", during("9:00", "9:20"), during("14:00", "14:20")),
            ],
        )
    )

    later = done(made, delay(made, of("talk", "one"), 10, at("13:00")))

    starts = {t.id: [f"{o.start:%H:%M}" for o in t.occurrences] for t in later.talks}
    assert starts == {"one": ["09:00", "14:10"], "two": ["09:20", "14:30"]}


def test_a_session_that_has_begun_and_runs_late_takes_along_what_has_not_begun_in_it():
    later = done(timed(), delay(timed(), of("session", "a"), 10, at("9:10")))

    assert talk_times(later, "one", "two", "three") == [
        ("09:00", "09:20"),
        ("09:30", "09:50"),
        ("09:55", "10:10"),
    ]
    assert times(later, "a") == [("09:00", "10:10")]


def test_a_session_takes_its_talks_along():
    later = done(timed(), delay(timed(), of("session", "a"), 5, EARLY))

    assert talk_times(later, "one", "three") == [("09:05", "09:25"), ("09:50", "10:05")]


def test_a_room_that_runs_late_delays_what_is_on_there_or_comes_next():
    assert times(done(day(), delay_room(day(), "hall", 10, at("10:05"))), "a", "b") == [
        ("09:00", "10:00"),
        ("10:40", "12:10"),
    ]


# -- move, swap ------------------------------------------------------------------------------


def test_a_session_moves_to_another_time_and_room_with_its_talks():
    moved = done(timed(), move(timed(), of("session", "a"), EARLY, start=at("11:00"), room="attic"))

    assert moved.session_by_id["a"].occurrences == (during("11:00", "12:00", "attic"),)
    assert moved.talk_by_id["two"].occurrences == (during("11:20", "11:40", "attic"),)


def test_a_move_across_the_hour_that_summer_time_takes_is_to_the_time_that_was_said():
    sunday = date(2026, 3, 29)
    made = event(session("a", during("1:00", "1:30", day=sunday)), days=(sunday,))

    moved = move(made, of("session", "a"), at("0:30", sunday), start=at("10:00", sunday))

    assert times(done(made, moved), "a") == [("10:00", "10:30")]


def test_two_talks_swap_their_places_across_sessions():
    made = event(
        session("a", during("9:00", "10:00"), talks=[talk("one"), talk("two")]),
        session("b", during("11:00", "12:00"), talks=[talk("three")]),
    )

    swapped = done(made, swap(made, "two", "three", EARLY))

    assert [s.talks for s in swapped.sessions] == [("one", "three"), ("two",)]
    assert [t.session for t in swapped.talks] == ["a", "b", "a"]


def test_talks_with_times_swap_them_too():
    swapped = done(timed(), swap(timed(), "one", "two", EARLY))

    assert swapped.session_by_id["a"].talks == ("two", "one", "three")
    assert talk_times(swapped, "two", "one") == [("09:00", "09:20"), ("09:20", "09:40")]


# -- people, dates, words --------------------------------------------------------------------


def spoken():
    keynote = talk("keynote", by=[replace(as_author("ann"), role=Role.KEYNOTE)])
    return event(
        session(
            "a",
            during("9:00", "10:00"),
            talks=[replace(keynote, kind=TalkKind.KEYNOTE), talk("two", by=["bob", "eve"])],
            chairs=(as_chair("cho", "upb"),),
        ),
        people=(person("Dan", id="dan"),),
        call=call(milestone("submission", moment("2026-01-10", "23:59", "AoE"))),
    )


def test_somebody_else_speaks_or_chairs():
    made = spoken()

    speaks = done(made, substitute(made, of("talk", "keynote"), "", "dan", EARLY)).talk_by_id[
        "keynote"
    ]
    chairs = done(made, substitute(made, of("session", "a"), "cho", "bob", EARLY)).session_by_id[
        "a"
    ]

    assert [(a.person, a.role) for a in speaks.people] == [("dan", Role.KEYNOTE)]
    assert [a.person for a in chairs.chairs] == ["bob"]


def test_a_speaker_whom_nothing_knows_becomes_known():
    made = spoken()
    zoe = person("Zoe Quist")

    later = done(made, substitute(made, of("talk", "keynote"), "ann", zoe, EARLY))

    assert later.person_by_id["zoe-quist"].name == "Zoe Quist"
    assert later.appearances["zoe-quist"][0][1].id == "keynote"


def test_a_date_is_extended_and_keeps_its_history_zone_and_time():
    made = spoken()

    later = done(made, extend(made, "submission", date(2026, 1, 17))).call.milestones[0]

    assert [(m.date.day, m.time, m.zone, m.note) for m in later.history] == [
        (10, time(23, 59), "AoE", ""),
        (17, time(23, 59), "AoE", "extended"),
    ]


def test_a_title_is_corrected_and_a_fact_remembered():
    made = spoken()
    made = done(made, correct(made, of("talk", "two"), "title", "Two, Mended"))
    made = done(made, remember(made, "Wifi", "The network is “bypass”."))

    assert made.talk_by_id["two"].title == "Two, Mended"
    assert [(i.id, i.title, i.text) for i in made.infos] == [
        ("remembered-001", "Wifi", "The network is “bypass”.")
    ]


def open_ended():
    return event(session("a", during("9:00", "", "hall")))


@pytest.mark.parametrize(
    ("why", "attempt"),
    [
        ("too long", lambda e: delay(e, of("session", "a"), 0, EARLY)),
        ("no length", lambda e: delay(open_ended(), of("session", "a"), 5, at("9:30"))),
        ("too long", lambda e: delay(e, of("session", "a"), 721, EARLY)),
        ("over", lambda e: delay(e, of("session", "a"), 5, at("10:00"))),
        ("over", lambda e: delay_room(e, "attic", 5, EARLY)),
        ("no time", lambda e: delay(e, of("talk", "two"), 5, EARLY)),
        ("no time", lambda e: delay(e, of("person", "bob"), 5, EARLY)),
        ("same", lambda e: move(e, of("session", "a"), EARLY, start=at("9:00"))),
        ("same", lambda e: swap(e, "two", "two", EARLY)),
        ("not cancelled", lambda e: restore(e, of("session", "a"))),
        ("nobody to replace", lambda e: substitute(e, of("talk", "two"), "ann", "dan", EARLY)),
        ("no such person", lambda e: substitute(e, of("talk", "keynote"), "", "nobody", EARLY)),
        ("same", lambda e: substitute(e, of("talk", "keynote"), "", "ann", EARLY)),
        ("not ascending", lambda e: extend(e, "submission", date(2026, 1, 10))),
        ("no such field", lambda e: correct(e, of("talk", "two"), "session", "b")),
        ("same", lambda e: correct(e, of("talk", "two"), "title", "Two")),
    ],
)
def test_what_cannot_be_done_says_why(why, attempt):
    with pytest.raises(Impossible) as refused:
        attempt(spoken())
    assert refused.value.why == why


def test_what_is_cancelled_can_be_restored_but_neither_cancelled_again_nor_delayed():
    made = done(day(), cancel(day(), of("session", "a")))

    with pytest.raises(Impossible, match="cancelled"):
        cancel(made, of("session", "a"))
    with pytest.raises(Impossible, match="cancelled"):
        delay(made, of("session", "a"), 5, EARLY)
    assert done(made, restore(made, of("session", "a"))).session_by_id["a"].status == Status.PLANNED


# -- clashes ---------------------------------------------------------------------------------


def test_clashes_are_rooms_and_people_needed_twice_and_talks_out_of_bounds():
    made = event(
        session("a", during("9:00", "10:00", "hall"), chairs=(as_chair("cho"),)),
        session("b", during("9:30", "10:30", "hall"), chairs=(as_chair("cho"),)),
        session("c", during("11:00", "12:00"), talks=[talk("late", "", during("11:50", "12:10"))]),
        session("night", during("23:00", "0:30", end_day=MONDAY + timedelta(days=1))),
    )

    assert clashes(made) == (
        Clash("bounds", "late", "c"),
        Clash("past midnight", "night"),
        Clash("person", "a", "b", "cho"),
        Clash("room", "a", "b", "hall"),
    )
    assert clashes(made, ["c"]) == (Clash("bounds", "late", "c"),)


def test_what_is_cancelled_clashes_with_nothing_and_coauthors_may_be_elsewhere():
    made = event(
        session("a", during("9:00", "10:00", "x"), talks=[talk("one", by=["bob", "eve"])]),
        session("b", during("9:00", "10:00", "y"), talks=[talk("two", by=["bob", "dan"])]),
        session("c", during("9:00", "10:00", "x"), status=Status.CANCELLED),
    )

    assert clashes(made) == ()


# -- undo ------------------------------------------------------------------------------------


def log_of(edition, *changes):
    for change in changes:
        number = edition.next_amendment
        edition = amended(edition, Amendment(number, "kim", EARLY, "…", change(edition).effects))
    return edition


def test_an_undone_delay_leaves_no_trace():
    edition = log_of(
        Edition(1, day(), day()), lambda e: delay(e.event, of("session", "a"), 10, EARLY)
    )

    undone = undoing(edition.event, edition.log[0])

    assert undone.left == ()
    assert applied(edition.event, undone.effects) == day()


def test_what_was_changed_again_since_is_left_and_said():
    edition = log_of(
        Edition(1, day(), day()),
        lambda e: delay(e.event, of("session", "a"), 10, EARLY),
        lambda e: move(e.event, of("session", "a"), EARLY, start=at("11:00")),
    )

    undone = undoing(edition.event, edition.log[0])

    assert {e.key.id for e in undone.left} == {"a"}
    assert {e.key.id for e in undone.effects} == {"coffee"}
    assert applied(edition.event, undone.effects).session_by_id["a"].status == Status.MOVED


def test_a_new_person_stays_where_somebody_else_was_replaced_by_them_since():
    edition = log_of(
        Edition(1, spoken(), spoken()),
        lambda e: substitute(e.event, of("talk", "keynote"), "", person("Zoe Quist"), EARLY),
        lambda e: substitute(e.event, of("session", "a"), "", "zoe-quist", EARLY),
    )

    undone = undoing(edition.event, edition.log[0])
    after = applied(edition.event, undone.effects)

    assert [e.key.id for e in undone.left] == ["zoe-quist"]
    assert after.session_by_id["a"].chairs[0].person == "zoe-quist"
    assert after.talk_by_id["keynote"].people[0].person == "ann"


def test_an_order_of_talks_meets_new_files_whole_or_not_at_all():
    made = event(
        session("a", during("9:00", "10:00"), talks=[talk("one"), talk("two")]),
        session("b", during("11:00", "12:00"), talks=[talk("three")]),
    )
    fewer = event(
        session("a", during("9:00", "10:00"), talks=[talk("one")]),
        session("b", during("11:00", "12:00"), talks=[talk("three")]),
    )
    change = Amendment(1, "kim", EARLY, "…", swap(made, "two", "three", EARLY).effects)

    met = meeting(fewer, [change])

    assert (met.kept, len(met.unfit)) == ((), len(change.effects))
    assert list(wrong_order(applied(fewer, [e for a in met.kept for e in a.effects]))) == []


def wrong_order(made):
    return (t.id for t in made.talks if t.id not in made.session_by_id[t.session].talks)


def test_what_tells_of_a_new_time_goes_with_the_time():
    edition = log_of(
        Edition(1, day(), day()), lambda e: delay(e.event, of("session", "a"), 10, EARLY)
    )
    earlier = move(day(), of("session", "a"), EARLY, start=at("8:30")).effects[:1]

    met = meeting(applied(day(), earlier), edition.log)

    assert {(e.key.id, e.field) for e in met.unfit} == {
        ("a", "occurrences"),
        ("a", "trace"),
        ("a", "status"),
    }


def test_what_was_delayed_and_cancelled_is_planned_again_once_both_are_undone():
    edition = log_of(
        Edition(1, day(), day()),
        lambda e: delay(e.event, of("session", "a"), 10, EARLY),
        lambda e: cancel(e.event, of("session", "a")),
    )
    made = edition.event
    for amendment in edition.log:
        made = applied(made, undoing(made, amendment).effects)

    assert made == day()


# -- any sequence ----------------------------------------------------------------------------


def whole():
    """An event in which every verb has something to do."""
    return event(
        session(
            "a",
            during("9:00", "10:00", "hall"),
            talks=[
                talk("one", "", during("9:00", "9:30", "hall"), by=["ann"]),
                talk("two", "", during("9:30", "10:00", "hall"), by=["bob", "eve"]),
            ],
            chairs=(as_chair("cho"),),
        ),
        session("coffee", during("10:00", "10:30", "foyer"), kind=BREAK),
        session("b", during("10:30", "12:00", "hall"), talks=[talk("three"), talk("four")]),
        session("side", during("10:30", "11:30", "attic"), chairs=(as_chair("dan"),)),
        session("lunch", during("12:00", "13:00"), kind=SessionKind.MEAL),
        call=call(milestone("submission", moment("2026-01-10"))),
    )


SESSIONS = st.sampled_from(["a", "coffee", "b", "side", "lunch"])
TALKS = st.sampled_from(["one", "two", "three", "four"])
NOWS = st.sampled_from([at("8:00"), at("9:15"), at("10:30"), at("12:30")])
ROWS = st.one_of(SESSIONS.map(lambda i: of("session", i)), TALKS.map(lambda i: of("talk", i)))
PEOPLE = st.sampled_from(["ann", "bob", "cho", "dan", person("Zoe Quist"), person("Kim Oh")])
VERBS = st.one_of(
    st.tuples(st.just(delay), ROWS, st.integers(-60, 120), NOWS),
    st.tuples(st.just(cancel), ROWS),
    st.tuples(st.just(restore), ROWS),
    st.tuples(st.just(swap), TALKS, TALKS, NOWS),
    st.tuples(st.just(substitute), ROWS, st.just(""), PEOPLE, NOWS),
    st.tuples(st.just(extend), st.just("submission"), st.dates(date(2026, 1, 1), date(2026, 3, 1))),
    st.tuples(st.just(remember), st.just("Wifi"), st.sampled_from(["one", "two"])),
    st.tuples(
        st.just(correct), TALKS.map(lambda i: of("talk", i)), st.just("title"), st.text(max_size=3)
    ),
    st.tuples(
        st.just(lambda e, key, now, start: move(e, key, now, start=start, room="attic")),
        ROWS,
        NOWS,
        st.sampled_from([at("9:30"), at("11:00"), at("15:00")]),
    ),
    st.tuples(st.just("undo"), st.integers(0, 30)),
)


def wrong(made):
    """What would make an event invalid, whatever its files say."""
    listed = [t for s in made.sessions for t in s.talks]
    if sorted(listed) != sorted(t.id for t in made.talks):
        yield "a talk in no session, or in two"
    if any(t not in made.session_by_id[made.talk_by_id[t].session].talks for t in listed):
        yield "a talk whose session is another"
    for row in (*made.sessions, *made.talks):
        if any(o.end is not None and o.end <= o.start for o in row.occurrences):
            yield f"{row.id} ends before it starts"
        if row.trace is None and row.status == Status.MOVED:
            yield f"{row.id} is moved from nowhere"
    if made.appearances.keys() - made.person_by_id.keys():
        yield "somebody appears who isn't known"
    for m in made.call.milestones:
        dates = [h.date for h in m.history]
        if dates != sorted(dates):
            yield "dates that don't ascend"


@settings(max_examples=150, deadline=None)
@given(st.lists(VERBS, max_size=12))
def test_any_sequence_of_verbs_and_undos_keeps_the_event_valid_and_replays_to_the_same(steps):
    edition = Edition(1, whole(), whole())
    for verb, *arguments in steps:
        undoes = 0
        try:
            if verb == "undo":
                if not edition.log:
                    continue
                chosen = edition.log[arguments[0] % len(edition.log)]
                effects, undoes = undoing(edition.event, chosen).effects, chosen.number
            else:
                effects = verb(edition.event, *arguments).effects
        except Impossible:
            continue
        entry = Amendment(edition.next_amendment, "kim", EARLY, "…", effects, undoes)
        edition = amended(edition, entry)
        assert list(wrong(edition.event)) == []

    assert replayed(edition.number, whole(), edition.log) == edition


def test_a_record_is_found_by_its_key_or_not_at_all():
    made = spoken()

    assert record(made, of("milestone", "submission")) == made.call.milestones[0]
    assert record(made, of("rule", "page-limit")) is None
    assert record(day(), of("milestone", "submission")) is None
    assert applied(made, []) is made
    assert Effect(of("talk", "two"), "title", "a", "b").reverse.new == "a"


@settings(max_examples=100, deadline=None)
@given(st.lists(VERBS, min_size=1, max_size=4))
def test_an_amendment_written_down_and_read_again_is_the_same(steps):
    made = whole()
    for verb, *arguments in steps:
        if verb == "undo":
            continue
        try:
            effects = verb(made, *arguments).effects
        except Impossible:
            continue
        entry = Amendment(7, "kim", at("8:00"), "delay a 10", effects, undoes=3)
        assert from_json(json.loads(json.dumps(to_json(entry))), made.zone) == entry
        made = applied(made, effects)
