"""The records of an event and the plain look-ups over them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.event import (
    AOE,
    Appearance,
    Committee,
    MilestoneKind,
    Moment,
    Occurrence,
    Role,
    Session,
    Talk,
)
from tests.small import (
    MADRID,
    MONDAY,
    TUESDAY,
    as_author,
    as_chair,
    at,
    during,
    event,
    ids,
    kbnets,
    milestone,
    moment,
    organization,
    room,
    session,
    talk,
    tidal,
)


# -- occurrences -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "inside"),
    [("8:59", False), ("9:00", True), ("9:59", True), ("10:00", False), ("12:00", False)],
)
def test_a_block_holds_its_start_but_not_its_end(clock, inside):
    assert during("9:00", "10:00").covers(at(clock)) is inside


def test_a_block_is_where_it_is_in_every_zone():
    start_in_utc = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    assert during("9:00", "10:00").covers(start_in_utc)
    assert not during("9:00", "10:00").covers(start_in_utc - timedelta(seconds=1))


def test_a_block_without_an_end_covers_no_moment_and_has_no_length():
    open_end = during("18:45", "")

    assert open_end.length is None
    assert not open_end.covers(at("18:45"))
    assert not open_end.covers(at("19:00"))


def test_the_length_of_a_block():
    assert during("9:00", "10:05").length == timedelta(minutes=65)
    assert during("23:30", "1:00", end_day=TUESDAY).length == timedelta(minutes=90)


def test_a_night_in_which_the_clocks_go_back_is_an_hour_longer():
    night = date(2026, 10, 25)

    assert Occurrence(at("1:00", night), at("4:00", night)).length == timedelta(hours=4)


# -- names -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "title", "name"),
    [
        ("Session 2", "Congestion Control", "Session 2: Congestion Control"),
        ("Keynote 1", "", "Keynote 1"),
        ("", "Lunch Break", "Lunch Break"),
    ],
)
def test_a_session_is_called_by_its_label_and_title(label, title, name):
    (made, _) = session("s", label=label)

    assert Session(**{**fields(made), "title": title}).name == name


def fields(record):
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def test_a_room_is_printed_with_its_building():
    assert room("hall", "Great Hall", building="Mill").full_name == "Great Hall (Mill)"
    assert room("pier", "Pier 3").full_name == "Pier 3"


# -- dates of the call -----------------------------------------------------------------------


def test_anywhere_on_earth_is_twelve_hours_behind():
    assert datetime(2026, 3, 10, 23, 59, tzinfo=AOE).utcoffset() == timedelta(hours=-12)


@pytest.mark.parametrize(
    ("printed", "instant"),
    [
        (moment("2026-03-10", "23:59", "AoE"), datetime(2026, 3, 11, 11, 59, tzinfo=UTC)),
        (moment("2026-03-10", "12:00", "AoE"), datetime(2026, 3, 11, 0, 0, tzinfo=UTC)),
        (moment("2026-03-10", "", "AoE"), datetime(2026, 3, 11, 11, 59, 59, tzinfo=UTC)),
        (
            moment("2026-10-20", "23:59", "America/Halifax"),
            datetime(2026, 10, 21, 2, 59, tzinfo=UTC),
        ),
        (
            moment("2026-12-20", "23:59", "America/Halifax"),
            datetime(2026, 12, 21, 3, 59, tzinfo=UTC),
        ),
        (moment("2026-03-10", "17:00", "UTC"), datetime(2026, 3, 10, 17, 0, tzinfo=UTC)),
    ],
)
def test_a_time_with_its_zone_is_an_instant(printed, instant):
    assert printed.instant == instant


@pytest.mark.parametrize(
    "printed",
    [
        moment("2026-03-10"),
        moment("2026-03-10", "23:59"),
        moment("2026-03-10", "", "Europe/Madrid"),
    ],
)
def test_without_time_or_zone_there_is_no_instant(printed):
    assert printed.instant is None


def test_the_last_date_of_a_milestone_is_in_force():
    extended = milestone("m", moment("2017-03-24"), moment("2017-03-31", note="extended"))

    assert extended.current == Moment(date(2017, 3, 31), note="extended")
    assert milestone("m", moment("2017-05-26", "12:00")).current.time == time(12)


def test_the_dates_in_force_of_kbnets():
    call = kbnets().event.call
    assert call is not None

    assert {m.kind: m.current.date for m in call.milestones} == {
        MilestoneKind.SUBMISSION: date(2017, 3, 31),
        MilestoneKind.NOTIFICATION: date(2017, 5, 3),
        MilestoneKind.CAMERA_READY: date(2017, 5, 26),
    }


# -- look-ups --------------------------------------------------------------------------------


def test_records_are_found_by_their_ids():
    made = event(
        session("s", during("9:00", "10:00", "hall"), talks=[talk("t", by=["ann-lee"])]),
        organizations=(organization("acme"),),
    )

    assert made.session_by_id["s"].talks == ("t",)
    assert made.talk_by_id["t"].session == "s"
    assert made.person_by_id["ann-lee"].name == "Ann Lee"
    assert made.room_by_id["hall"].name == "Hall"
    assert made.organization_by_id["acme"].name == "Acme"


def test_the_timetable_has_every_occurrence_by_its_start():
    made = event(
        session("late", during("14:00", "15:00")),
        session("twice", during("9:00", "10:00", day=TUESDAY), during("9:00", "10:00")),
        session("early", during("8:00", "9:00")),
        session("untimed"),
        session("called-off", during("12:00", "13:00"), status="cancelled"),
        days=(MONDAY, TUESDAY),
    )

    assert [(s.id, o.start) for o, s in made.timetable] == [
        ("early", at("8:00")),
        ("twice", at("9:00")),
        ("called-off", at("12:00")),
        ("late", at("14:00")),
        ("twice", at("9:00", TUESDAY)),
    ]


def test_sessions_at_one_time_keep_the_order_of_the_files():
    made = event(
        session("b", during("9:00", "10:00")),
        session("a", during("9:00", "11:00")),
        session("c", during("9:00", "9:30")),
    )

    assert ids(s for _, s in made.timetable) == ["b", "a", "c"]


def test_the_timetable_is_sorted_by_instants_not_by_wall_clocks():
    tokyo = ZoneInfo("Asia/Tokyo")
    made = event(
        session("madrid", during("9:00", "10:00")),
        session("tokyo", during("10:00", "11:00", zone=tokyo)),
    )

    assert ids(s for _, s in made.timetable) == ["tokyo", "madrid"]


def test_appearances_follow_the_program_then_the_committees():
    made = event(
        session(
            "s",
            during("9:00", "10:00"),
            talks=[talk("first", by=["bo-ray", "ann-lee"]), talk("second", by=["ann-lee"])],
            chairs=(as_chair("ann-lee"),),
        ),
        committees=(
            Committee("pc", "Committee", "r", (Appearance("ann-lee", Role.MEMBER, ("acme",)),)),
        ),
        organizations=(organization("acme"),),
    )

    assert [(a.role, r.id) for a, r in made.appearances["ann-lee"]] == [
        (Role.CHAIR, "s"),
        (Role.AUTHOR, "first"),
        (Role.AUTHOR, "second"),
        (Role.MEMBER, "pc"),
    ]
    assert [r.id for _, r in made.appearances["bo-ray"]] == ["first"]


def test_who_appears_nowhere_has_no_appearances():
    assert "nobody" not in event().appearances


def test_an_affiliation_belongs_to_the_appearance():
    made = event(
        session(
            "s",
            talks=[
                talk("old", by=[as_author("ann-lee", "uni")]),
                talk("new", by=[as_author("ann-lee", "acme")]),
            ],
        ),
        organizations=(organization("uni"), organization("acme")),
    )

    assert [a.affiliations for a, _ in made.appearances["ann-lee"]] == [("uni",), ("acme",)]


def test_a_person_with_several_roles_in_kbnets():
    roles = [(a.role, r.id) for a, r in kbnets().event.appearances["costin-raiciu"]]

    assert roles == [(Role.CHAIR, "session-1"), (Role.AUTHOR, "sharing-cpus")]


def test_a_session_past_midnight_stands_on_the_evening_it_began_in():
    made = tidal().event
    (watch,) = [o for o, s in made.timetable if s.id == "tide-watch"]

    assert (watch.start.date(), watch.end and watch.end.date()) == (
        date(2019, 10, 9),
        date(2019, 10, 10),
    )
    assert watch.start.tzinfo == MADRID


def test_the_whole_timetable_of_tidal_is_in_order():
    starts = [o.start for o, _ in tidal().event.timetable]

    assert starts == sorted(starts)
    assert len(starts) == sum(len(s.occurrences) for s in tidal().event.sessions)


def test_every_talk_stands_in_the_session_that_lists_it():
    for here in (kbnets(), tidal()):
        listed = {t: s.id for s in here.event.sessions for t in s.talks}
        assert {t.id: t.session for t in here.event.talks} == listed


def test_records_can_be_kept_in_sets():
    made = kbnets().event

    assert len({*made.sessions, *made.talks, *made.people}) == 9 + 11 + len(made.people)
    assert isinstance(made.talks[0], Talk)
