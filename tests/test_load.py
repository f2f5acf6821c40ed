"""A folder of valid files becomes the event that they describe."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

import pytest

from bot.event import (
    Appearance,
    Audience,
    Committee,
    Day,
    Info,
    Label,
    Link,
    Milestone,
    MilestoneKind,
    Moment,
    Occurrence,
    Organization,
    Person,
    Role,
    Room,
    Rule,
    Sector,
    Session,
    SessionKind,
    Status,
    Talk,
    TalkKind,
    Topic,
    ZoneOrigin,
)
from bot.load import load


LA = ZoneInfo("America/Los_Angeles")

MINIMAL = "id: small\nname: Small Workshop\nzone: America/Los_Angeles\n"

ONE_DAY = """\
id: small
name: Small Workshop
zone: America/Los_Angeles
days: [{date: 2017-08-21}]
rooms: [{id: hall, name: Hall}, {id: attic, name: Attic}]
"""

TWO_DAYS = ONE_DAY.replace("[{date: 2017-08-21}]", "[{date: 2017-08-21}, {date: 2017-08-22}]")

PEOPLE = """\
organizations: [{id: acme, name: Acme}, {id: umbrella, name: Umbrella}]
people:
- {id: ann, name: Ann}
- {id: bob, name: Bob}
- {id: cyd, name: Cyd}
- {id: dee, name: Dee}
- {id: eve, name: Eve}
"""


@pytest.fixture
def event_of(tmp_path):
    """Writes files (`people="…"`, or `{"program/a": "…"}`) and loads them as an event."""

    def load_files(*, more=(), **parts):
        for name, text in {"event": MINIMAL, **parts, **dict(more)}.items():
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(tmp_path)

    return load_files


def at(clock, day=21):
    hour, minute = clock.split(":")
    return datetime(2017, 8, day, int(hour), int(minute), tzinfo=LA)


def test_the_least_that_an_event_says_is_who_it_is_and_where_its_clocks_are(event_of):
    event = event_of()

    assert (event.id, event.name, event.short) == ("small", "Small Workshop", "Small Workshop")
    assert (event.zone, event.zone_origin) == (LA, ZoneOrigin.STATED)
    assert event.ref == "event.yaml"
    assert (event.days, event.rooms, event.people, event.sessions, event.infos) == ((),) * 5
    assert event.call is None


def test_all_keys_of_an_event(event_of):
    event = event_of(
        event="""\
id: small
name: Small Workshop
short: Small'17
aliases: [smallish, the tiny one]
language: en
series: Small
parent: BIG 2017
venue: Old Mill
city: Los Angeles
zone: America/Los_Angeles
zone_origin: inferred
summary: A workshop.
days:
  - {date: 2017-08-21, weekday: Monday, label: Day 1}
  - {date: 2017-08-22, weekday: tue}
rooms:
  - {id: foyer, name: Foyer, building: Old Mill, aliases: [lobby]}
links:
  - {kind: website, url: "https://example.org/?a=b#c"}
  - {kind: contact, url: "mailto:pc@example.org", audience: private, valid_from: 2017-08-01}
"""
    )

    assert event.short == "Small'17"
    assert event.aliases == ("smallish", "the tiny one")
    assert (event.series, event.parent) == ("Small", "BIG 2017")
    assert (event.venue, event.city, event.summary) == ("Old Mill", "Los Angeles", "A workshop.")
    assert event.zone_origin is ZoneOrigin.INFERRED
    assert event.days == (Day(date(2017, 8, 21), "Day 1"), Day(date(2017, 8, 22)))
    assert event.rooms == (Room("foyer", "Foyer", "event.yaml#foyer", "Old Mill", ("lobby",)),)
    assert event.links == (
        Link("website", "https://example.org/?a=b#c", "event.yaml"),
        Link(
            "contact",
            "mailto:pc@example.org",
            "event.yaml",
            Audience.PRIVATE,
            datetime(2017, 8, 1, tzinfo=LA),
        ),
    )


def test_all_keys_of_people(event_of):
    event = event_of(
        people="""\
organizations:
  - {id: acme, name: Acme, aliases: [ACME Inc], country: USA, sector: company}
  - {id: acme-labs, name: Acme Labs, parent: acme}
people:
  - {id: ann, name: Ann Lee, aliases: [A. Lee], bio: Builds., bio_summary: She builds.}
  - {id: bob, name: Bob}
committees:
  - id: pc
    name: Program Committee
    aliases: [TPC]
    members:
      - {person: ann, affiliation: acme-labs, role: chair}
      - {person: bob, affiliation: [acme, acme-labs]}
"""
    )

    assert event.organizations == (
        Organization("acme", "Acme", "people.yaml#acme", ("ACME Inc",), "USA", Sector.COMPANY),
        Organization("acme-labs", "Acme Labs", "people.yaml#acme-labs", parent="acme"),
    )
    assert event.people == (
        Person("ann", "Ann Lee", "people.yaml#ann", ("A. Lee",), "Builds.", "She builds."),
        Person("bob", "Bob", "people.yaml#bob"),
    )
    members = (
        Appearance("ann", Role.CHAIR, ("acme-labs",)),
        Appearance("bob", Role.MEMBER, ("acme", "acme-labs")),
    )
    assert event.committees == (
        Committee("pc", "Program Committee", "people.yaml#pc", members, ("TPC",)),
    )


def test_all_keys_of_a_program(event_of):
    event = event_of(
        event=ONE_DAY,
        people=PEOPLE,
        program="""\
sessions:
  - id: session-1
    label: Session 1
    title: On Time
    kind: talks
    start: 9:30
    end: 10:30
    rooms: [hall]
    chairs: [{person: ann, affiliation: acme}]
    summary: About time.
    aliases: [time]
    status: moved
    note: moved from the attic
    links: [{kind: stream, url: "https://example.org/1"}]
    talks:
      - id: clocks
        kind: paper
        title: Clocks
        authors: [{person: bob, affiliation: [acme, umbrella]}, {person: ann}]
        abstract: We wind clocks.
        summary: They wind clocks.
        aliases: [the clock paper]
        start: 9:30
        end: 9:50
        rooms: [attic]
        links: [{kind: slides, url: "https://example.org/2"}]
        status: cancelled
        note: ill
      - {id: dials, kind: paper, title: Dials}
""",
    )

    assert event.sessions == (
        Session(
            id="session-1",
            title="On Time",
            kind=SessionKind.TALKS,
            ref="program.yaml#session-1",
            label="Session 1",
            occurrences=(Occurrence(at("9:30"), at("10:30"), ("hall",)),),
            chairs=(Appearance("ann", Role.CHAIR, ("acme",)),),
            talks=("clocks", "dials"),
            summary="About time.",
            aliases=("time",),
            links=(Link("stream", "https://example.org/1", "program.yaml#session-1"),),
            status=Status.MOVED,
            note="moved from the attic",
        ),
    )
    assert event.talks == (
        Talk(
            id="clocks",
            title="Clocks",
            kind=TalkKind.PAPER,
            session="session-1",
            ref="program.yaml#clocks",
            people=(
                Appearance("bob", Role.AUTHOR, ("acme", "umbrella")),
                Appearance("ann", Role.AUTHOR),
            ),
            occurrences=(Occurrence(at("9:30"), at("9:50"), ("attic",)),),
            abstract="We wind clocks.",
            summary="They wind clocks.",
            aliases=("the clock paper",),
            links=(Link("slides", "https://example.org/2", "program.yaml#clocks"),),
            status=Status.CANCELLED,
            note="ill",
        ),
        Talk("dials", "Dials", TalkKind.PAPER, "session-1", "program.yaml#dials"),
    )


@pytest.mark.parametrize(
    ("kind", "speaker"),
    [("keynote", Role.KEYNOTE), ("invited", Role.PRESENTER), ("panel", Role.PRESENTER)],
)
def test_people_of_a_talk_come_in_the_order_of_their_roles(event_of, kind, speaker):
    event = event_of(
        people=PEOPLE,
        program=f"""\
sessions:
- id: s
  title: S
  kind: talks
  talks:
  - id: t
    kind: {kind}
    title: T
    moderators: [{{person: eve}}]
    panelists: [{{person: dee}}]
    speakers: [{{person: cyd}}]
    presenters: [{{person: bob}}]
    authors: [{{person: ann}}]
""",
    )

    assert [(each.person, each.role) for each in event.talks[0].people] == [
        ("ann", Role.AUTHOR),
        ("bob", Role.PRESENTER),
        ("cyd", speaker),
        ("dee", Role.PANELIST),
        ("eve", Role.MODERATOR),
    ]


def sessions(*rows):
    """A program of sessions, each given by its keys after id, kind and title."""
    return "sessions:\n" + "".join(
        f"- {{id: s{i}, kind: talks, title: S, {row}}}\n" for i, row in enumerate(rows, 1)
    )


def when(event):
    return [
        (f"{o.start:%d %H:%M}", o.end and f"{o.end:%d %H:%M}", o.rooms)
        for session in event.sessions
        for o in session.occurrences
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("start: 9:30, end: 10:00", [("21 09:30", "21 10:00", ())]),
        ("start: 0:00, end: 23:59", [("21 00:00", "21 23:59", ())]),
        ("start: 9:30", [("21 09:30", None, ())]),
        ("start: 09:30, end: ~, rooms: []", [("21 09:30", None, ())]),
        ("rooms: []", []),
        ("start: 9:30, rooms: [hall, attic]", [("21 09:30", None, ("hall", "attic"))]),
        ("day: 2017-08-21, start: 9:30", [("21 09:30", None, ())]),
        ("start: 21:00, end: 2:00, end_day: 2017-08-22", [("21 21:00", "22 02:00", ())]),
        (
            "times: [{start: 9:00, end: 9:30}, {day: 2017-08-21, start: 12:00, rooms: [hall]}]",
            [("21 09:00", "21 09:30", ()), ("21 12:00", None, ("hall",))],
        ),
    ],
)
def test_when_and_where_a_session_is(event_of, row, expected):
    assert when(event_of(event=ONE_DAY, program=sessions(row))) == expected


@pytest.mark.parametrize(
    ("session", "talk", "expected"),
    [
        ("day: 2017-08-22, start: 9:00, end: 10:00", "", []),
        ("day: 2017-08-22, start: 9:00, end: 10:00", "start: 9:00", ["22 09:00"]),
        ("day: 2017-08-22, start: 9:00", "start: 9:30, end: 9:50", ["22 09:30"]),
        (
            "day: 2017-08-22, start: 22:00, end: 2:00, end_day: 2017-08-23",
            "day: 2017-08-23, start: 1:00, end: 2:00",
            ["23 01:00"],
        ),
        (
            "times: [{day: 2017-08-21, start: 9:00, end: 9:30}, {day: 2017-08-22, start: 9:00}]",
            "times: [{day: 2017-08-21, start: 9:00}, {day: 2017-08-22, start: 9:10}]",
            ["21 09:00", "22 09:10"],
        ),
        (
            "day: 2017-08-21, start: 9:00, end: 9:30",
            "times: [{start: 9:00}, {day: 2017-08-22, start: 18:00}]",
            ["21 09:00", "22 18:00"],
        ),
        ("", "day: 2017-08-22, start: 9:00", ["22 09:00"]),
    ],
)
def test_a_talk_is_on_the_day_of_its_session_unless_it_says_otherwise(
    event_of, session, talk, expected
):
    talk = f"talks: [{{id: t, kind: paper, title: T, {talk}}}]"
    event = event_of(event=TWO_DAYS, program=sessions(f"{session}, {talk}" if session else talk))

    assert [f"{o.start:%d %H:%M}" for o in event.talks[0].occurrences] == expected


@pytest.mark.parametrize(
    "rows",
    [
        ("start: 9:00, end: 10:00, rooms: [hall]", "start: 10:00, end: 11:00, rooms: [hall]"),
        ("start: 9:00, end: 10:00, rooms: [hall]", "start: 9:00, end: 10:00, rooms: [attic]"),
        ("start: 9:00, end: 10:00", "start: 9:00, end: 10:00"),
        ("start: 9:00, rooms: [hall]", "start: 10:00, rooms: [hall]"),
        (
            "start: 9:00, end: 10:00, rooms: [hall]",
            "start: 9:30, end: 10:00, rooms: [hall], status: cancelled",
        ),
        ("start: 9:00, end: 10:00, rooms: [hall, hall]",),
    ],
)
def test_sessions_that_do_not_clash(event_of, rows):
    assert len(event_of(event=ONE_DAY, program=sessions(*rows)).sessions) == len(rows)


@pytest.mark.parametrize("kind", ["registration", "social"])
def test_registration_and_socials_may_share_a_room_with_others(event_of, kind):
    event = event_of(
        event=ONE_DAY,
        program=f"""\
sessions:
- {{id: a, title: A, kind: {kind}, start: 8:00, end: 18:00, rooms: [hall]}}
- {{id: b, title: B, kind: break, start: 9:00, end: 9:30, rooms: [hall]}}
""",
    )

    assert len(event.sessions) == 2


def test_of_the_two_moments_that_a_clock_turned_back_shows_the_first_is_meant(event_of):
    event = event_of(
        program=sessions("day: 2017-11-05, start: 1:30").replace("S,", "S,"), event=MINIMAL
    )

    assert event.sessions[0].occurrences[0].start.utcoffset().total_seconds() == -7 * 3600


def test_all_keys_of_a_call(event_of):
    event = event_of(
        call="""\
scope: Papers on time.
tracks: [{id: research, name: Research papers, aliases: [full]}]
cycles: [{id: spring, name: Spring cycle}]
milestones:
  - id: submission
    kind: submission
    label: Submission deadline
    aliases: [due date]
    dates:
      - {date: 2017-03-24, weekday: Friday, time: 23:59, zone: aoe, note: original}
      - {date: 2017-03-31, time: 17:00, zone: Europe/Berlin}
    track: research
    cycle: spring
    zone_origin: organizer
  - {id: camera-ready, kind: camera-ready, label: Camera-ready, dates: [{date: 2017-05-26}]}
topics_open: no
topics: [{id: clocks, text: Clocks, tags: [watches]}]
rules:
  - id: page-limit
    about: [page-limit, length]
    text: At most 6 pages.
    tags: [appendix]
    permits: [5 pages]
    forbids: [7 pages]
    tracks: [research]
    audience: organizers
    not_stated: yes
  - {id: template, text: Use it.}
"""
    )
    call = event.call

    assert (call.ref, call.scope, call.topics_open) == ("call.yaml", "Papers on time.", False)
    assert call.tracks == (Label("research", "Research papers", "call.yaml#research", ("full",)),)
    assert call.cycles == (Label("spring", "Spring cycle", "call.yaml#spring"),)
    assert call.topics == (Topic("clocks", "Clocks", "call.yaml#clocks", ("watches",)),)
    assert call.milestones == (
        Milestone(
            id="submission",
            label="Submission deadline",
            kind=MilestoneKind.SUBMISSION,
            ref="call.yaml#submission",
            history=(
                Moment(date(2017, 3, 24), time(23, 59), "AoE", "original"),
                Moment(date(2017, 3, 31), time(17), "Europe/Berlin"),
            ),
            tracks=("research",),
            cycle="spring",
            aliases=("due date",),
            zone_origin=ZoneOrigin.ORGANIZER,
        ),
        Milestone(
            id="camera-ready",
            label="Camera-ready",
            kind=MilestoneKind.CAMERA_READY,
            ref="call.yaml#camera-ready",
            history=(Moment(date(2017, 5, 26)),),
        ),
    )
    assert call.rules == (
        Rule(
            id="page-limit",
            text="At most 6 pages.",
            ref="call.yaml#page-limit",
            about=("page-limit", "length"),
            tags=("appendix",),
            permits=("5 pages",),
            forbids=("7 pages",),
            audience=Audience.ORGANIZERS,
            stated=False,
            tracks=("research",),
        ),
        Rule("template", "Use it.", "call.yaml#template"),
    )


def test_a_milestone_of_several_tracks_names_them_all(event_of):
    event = event_of(
        call="tracks: [{id: full, name: F}, {id: short, name: S}]\n"
        "milestones: [{id: m, kind: other, label: M, tracks: [full, short], dates: [{date: 2017-01-01}]}]"
    )

    assert event.call.milestones[0].tracks == ("full", "short")


def test_a_zone_that_a_file_names_is_stated(event_of):
    event = event_of(
        call="milestones:\n- {id: m, kind: other, label: M, dates: [{date: 2017-01-01, zone: AoE}]}"
    )

    assert event.call.milestones[0].zone_origin is ZoneOrigin.STATED


def test_topics_are_open_unless_the_call_says_otherwise(event_of):
    assert event_of(call="scope: Papers.").call.topics_open


def test_infos_are_flattened_depth_first_and_keep_the_audience_of_what_is_above(event_of):
    event = event_of(
        info="""\
info:
  - id: venue
    title: Venue
    about: [venue]
    info:
      - id: wifi
        text: Ask at the desk.
        audience: private
        tags: [internet]
        info:
          - {id: password, text: No., not_stated: yes}
          - {id: router, text: Under the stairs., audience: organizers}
      - {id: doors, text: Open at 8., permits: [late entry], forbids: [early entry]}
  - {id: fees, text: None.}
"""
    )

    assert event.infos == (
        Info("venue", "", "info.yaml#venue", "Venue", ("venue",)),
        Info(
            "wifi",
            "Ask at the desk.",
            "info.yaml#wifi",
            tags=("internet",),
            audience=Audience.PRIVATE,
            parent="venue",
        ),
        Info(
            "password",
            "No.",
            "info.yaml#password",
            audience=Audience.PRIVATE,
            stated=False,
            parent="wifi",
        ),
        Info(
            "router",
            "Under the stairs.",
            "info.yaml#router",
            audience=Audience.ORGANIZERS,
            parent="wifi",
        ),
        Info(
            "doors",
            "Open at 8.",
            "info.yaml#doors",
            permits=("late entry",),
            forbids=("early entry",),
            parent="venue",
        ),
        Info("fees", "None.", "info.yaml#fees"),
    )


@pytest.mark.parametrize(
    ("language", "expected"),
    [("language: de\n", "Uhren"), ("language: fr\n", "Clocks"), ("", "Clocks")],
)
def test_of_a_text_in_several_languages_the_events_own_is_shown_or_else_the_first(
    event_of, language, expected
):
    event = event_of(
        event=MINIMAL
        + language
        + "summary: {en: Clocks, de: Uhren}\naliases: [{en: Clocks, de: Uhren}, x]\n",
        call="scope: {en: Clocks, de: Uhren}",
    )

    assert event.summary == event.call.scope == expected
    assert event.aliases == (expected, "x")


def test_a_name_is_one_line_whatever_breaks_it(event_of):
    people = 'people:\n- {id: ann, name: "Ann\\n\\n Lee"}\n'

    assert event_of(people=people).people[0].name == "Ann Lee"


def test_texts_are_as_written_without_the_space_around_them(event_of):
    event = event_of(
        event="id: e3\nname: 1e3\nzone: UTC\nshort: 0730\ncity: no\nvenue: ' x '\nsummary: |\n  a\n\n  b\n"
    )

    assert (event.name, event.short, event.city, event.venue) == ("1e3", "0730", "no", "x")
    assert event.summary == "a\n\nb"


def test_what_may_be_left_out_may_be_left_empty(event_of):
    event = event_of(
        event=MINIMAL + "short:\naliases: ~\nlanguage: ''\ndays:\nzone_origin:\n",
        people="organizations:\n- {id: acme, name: Acme, parent: , sector: }\npeople:\n",
        program="",
        call="milestones:\nscope: ~",
    )

    assert (event.short, event.aliases, event.days) == ("Small Workshop", (), ())
    assert event.organizations[0].parent == ""
    assert event.call.scope == ""


@pytest.mark.parametrize(
    "zone", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+12", "Japan"]
)
def test_any_name_of_the_tz_database_is_a_zone(event_of, zone):
    assert event_of(event=f"id: a\nname: A\nzone: {zone}\n").zone == ZoneInfo(zone)


def test_a_folder_is_read_in_the_order_of_its_files_names(event_of):
    event = event_of(
        event=ONE_DAY,
        more={
            "program/2-late": "sessions: [{id: late, kind: talks, title: Late, talks: [{id: x, kind: paper, title: X}]}]",
            "program/1-early": "sessions: [{id: early, kind: talks, title: Early}]",
            "people/people": "people: [{id: ann, name: Ann}]",
            "people/committees": "committees: [{id: pc, name: PC, members: [{person: ann}]}]",
            "call/b": "topics: [{id: b, text: B}]",
            "call/a": "scope: A\ntopics: [{id: a, text: A}]\ntopics_open: no",
            "info/x": "info: [{id: x, text: X}]",
        },
    )

    assert [session.ref for session in event.sessions] == [
        "program/1-early.yaml#early",
        "program/2-late.yaml#late",
    ]
    assert event.talks[0].ref == "program/2-late.yaml#x"
    assert event.people[0].ref == "people/people.yaml#ann"
    assert event.committees[0].ref == "people/committees.yaml#pc"
    assert (event.call.ref, event.call.scope, event.call.topics_open) == ("call/a.yaml", "A", False)
    assert [topic.ref for topic in event.call.topics] == ["call/a.yaml#a", "call/b.yaml#b"]
    assert event.infos[0].ref == "info/x.yaml#x"


def test_records_hold_plain_values_only(event_of):
    event = event_of(
        event=ONE_DAY,
        people=PEOPLE
        + "committees: [{id: pc, name: PC, members: [{person: ann, affiliation: acme}]}]",
        program=sessions(
            "start: 9:00, rooms: [hall], chairs: [{person: ann}], links: [{kind: x, url: 'https://x.org'}]",
            "talks: [{id: t, kind: paper, title: T, authors: [{person: bob, affiliation: acme}]}]",
        ),
        call="tracks: [{id: r, name: R}]\nrules: [{id: a, about: [b], text: T, tracks: [r], tags: [t]}]\n"
        "milestones: [{id: s, kind: submission, label: L, track: r, dates: [{date: 2017-01-01}]}]",
        info="info: [{id: i, about: [c], text: T}]",
    )

    assert plain(event)


def plain(value):
    if is_dataclass(value):
        return all(plain(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, tuple):
        return all(map(plain, value))
    return isinstance(value, Enum) or type(value) in (
        str,
        bool,
        date,
        time,
        datetime,
        ZoneInfo,
        type(None),
    )
