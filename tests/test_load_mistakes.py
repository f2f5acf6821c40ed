"""Every mistake in an event's files is named, with its file and line, all of them at once."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadData
from bot.load import load


EVENT = """\
id: small
name: Small Workshop
zone: America/Los_Angeles
days:
- date: 2017-08-21
- date: 2017-08-22
rooms:
- id: hall
  name: Hall
- id: attic
  name: Attic
"""

PEOPLE = """\
organizations:
- {id: acme, name: Acme}
people:
- {id: ann-lee, name: Ann Lee}
- {id: bob-ray, name: Bob Ray}
"""


@pytest.fixture
def mistakes_of(tmp_path):
    """Writes files (`people="…"`, or `{"program/a": "…"}`) and loads them: what is wrong."""

    def load_files(*, more=(), **parts):
        for name, text in {"event": EVENT, "people": PEOPLE, **parts, **dict(more)}.items():
            path = tmp_path / f"{name}.yaml"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        try:
            load(tmp_path)
        except BadData as bad:
            return str(bad).splitlines()
        return []

    return load_files


def test_the_files_that_the_tables_below_start_from_are_right(mistakes_of):
    assert mistakes_of() == []


A_TEXT = "a text, or a map such as {en: …, de: …}"
A_DATE = "YYYY-MM-DD such as 2017-08-21"
A_URL = "a URL that begins with https://, http:// or mailto:"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            "id: a\nname: A\nzone: UTC\ncitty: X",
            (
                'event.yaml:4: unknown key "citty" in the event (did you mean "city"?); expected one of'
                " id, name, zone, zone_origin, short, aliases, language, series, parent, venue, city,"
                " summary, days, rooms, links"
            ),
        ),
        (
            "id: a\nzone: UTC",
            'event.yaml:1: missing key "name" in the event; expected at least id, name, zone',
        ),
        ("id: a\nname:\nzone: UTC", "event.yaml:2: empty name in the event; expected some text"),
        ("id: a\nname: ' '\nzone: UTC", "event.yaml:2: an empty text; expected some text"),
        (
            "id: Small'17\nname: A\nzone: UTC",
            (
                'event.yaml:1: "Small\'17" is not an id; expected small letters, digits and single'
                " hyphens, such as small-17"
            ),
        ),
        (
            "id: a\nname: [A]\nzone: UTC",
            f"event.yaml:2: a list in place of a text; expected {A_TEXT}",
        ),
        (
            "id: a\nname: A\nzone: UTC\naliases: b",
            'event.yaml:4: "b" in place of a list; expected a list such as [a, b]',
        ),
        (
            "id: a\nname: A\nzone: UTC\naliases:\n- b\n-\n",
            "event.yaml:6: empty entry of aliases in the event; expected some text",
        ),
        (
            "id: a\nname: A\nzone: UTC\nlanguage: English",
            'event.yaml:4: "English" is not a language code; expected a code such as en or de',
        ),
        (
            "id: a\nname: A\nzone: UTC\nzone_origin: not stated",
            (
                'event.yaml:4: "not stated" is not an origin of the zone (did you mean "stated"?);'
                " expected one of stated, inferred, organizer"
            ),
        ),
        (
            "[a, b]",
            'event.yaml:1: the file is not a map; expected keys and values, such as "id: x"',
        ),
        (
            "id: a\nname:\n  en: A\n  Deutsch: B\nzone: UTC",
            (
                'event.yaml:4: "Deutsch" is not a language code; expected texts by language, such as'
                " {en: …, de: …}"
            ),
        ),
        (
            "id: a\nname:\n  en: A\n  de:\nzone: UTC",
            "event.yaml:4: nothing for the language de; expected a text",
        ),
        (
            "id: a\nname:\n  en: A\n  de: [B]\nzone: UTC",
            "event.yaml:4: a list for the language de; expected a text",
        ),
        (
            "id: a\nname: {}\nzone: UTC",
            (
                "event.yaml:2: an empty map in place of a text; expected texts by language, such as"
                " {en: …, de: …}"
            ),
        ),
        (
            "id: a\nname: A\nzone: UTC\nrooms:\n- hall",
            'event.yaml:5: "hall" is not a room; expected the keys id, name, building, aliases',
        ),
        (
            "id: a\nname: A\nzone: UTC\nrooms:\n- {id: x, name: X}\n- {name: Y,\n   id: x}",
            'event.yaml:7: id "x" is already used in event.yaml:5; expected an id of its own',
        ),
    ],
)
def test_mistakes_in_the_event(mistakes_of, event, expected):
    assert mistakes_of(event=event) == [expected]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Sala Trece Heroínas", "sala-trece-heroinas"),
        ("Größe & Łódź", "grosse-lodz"),
        ("Session--1", "session-1"),
        ("東京", "session-1"),
    ],
)
def test_what_is_not_an_id_is_told_one_that_sounds_like_it(mistakes_of, name, id_):
    rooms = f"rooms:\n- {{id: {name}, name: Hall}}\n"

    assert mistakes_of(event=f"id: a\nname: A\nzone: UTC\n{rooms}") == [
        (
            f'event.yaml:5: "{name}" is not an id; expected small letters, digits and single hyphens,'
            f" such as {id_}"
        )
    ]


ABBREVIATION = "is an abbreviation, not a place, and may name the wrong offset"


@pytest.mark.parametrize(
    ("zone", "what", "expected"),
    [
        (
            "America/Los_Angelos",
            'unknown time zone "America/Los_Angelos" (did you mean "America/Los_Angeles"?)',
            "Europe/Berlin",
        ),
        ("berlin", 'unknown time zone "berlin" (did you mean "Europe/Berlin"?)', "Europe/Berlin"),
        (
            "los angeles",
            'unknown time zone "los angeles" (did you mean "America/Los_Angeles"?)',
            "Europe/Berlin",
        ),
        ("UTC-8", '"UTC-8" is an offset and not a place', "Europe/Berlin"),
        ("+02:00", '"+02:00" is an offset and not a place', "Europe/Berlin"),
        ("../etc/passwd", 'unknown time zone "../etc/passwd"', "Europe/Berlin"),
        ("America", 'unknown time zone "America"', "Europe/Berlin"),
        ("localtime", 'unknown time zone "localtime"', "Europe/Berlin"),
        ("posix/Japan", 'unknown time zone "posix/Japan"', "Europe/Berlin"),
        ("PST", f'"PST" {ABBREVIATION}', "America/Los_Angeles"),
        ("EST", f'"EST" {ABBREVIATION}', "America/New_York"),
        ("CET", f'"CET" {ABBREVIATION}', "Europe/Berlin"),
        ("cest", f'"cest" {ABBREVIATION}', "Europe/Berlin"),
        ("AoE", "AoE is for deadlines only", "Europe/Berlin"),
        ("[UTC]", "a list is not a time zone", "Europe/Berlin"),
    ],
)
def test_what_is_not_a_zone(mistakes_of, zone, what, expected):
    assert mistakes_of(event=f"id: a\nname: A\nzone: {zone}") == [
        f"event.yaml:3: {what}; expected an IANA name such as {expected}"
    ]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("- date: 21.08.2017", f'"21.08.2017" is not a date; expected {A_DATE}'),
        ("- date: 2017-02-30", f'"2017-02-30" is not a date; expected {A_DATE}'),
        ("- date: 0017-08-21", f'"0017-08-21" is not a date; expected {A_DATE}'),
        ("- date: [2017-08-21]", f"a list is not a date; expected {A_DATE}"),
        (
            "- {date: 2017-08-22, weekday: Wednesday}",
            "2017-08-22 is a Tuesday, not a Wednesday; expected a weekday that fits its date",
        ),
        (
            "- {date: 2017-08-22, weekday: Dienstag}",
            (
                '"Dienstag" is not a weekday; expected one of Monday, Tuesday, Wednesday, Thursday,'
                " Friday, Saturday, Sunday"
            ),
        ),
        ("- date: 2017-08-21", "the day 2017-08-21 is given twice; expected every day once"),
        ("- 2017-08-22", '"2017-08-22" is not a day; expected the keys date, weekday, label'),
    ],
)
def test_mistakes_in_the_days_of_the_event(mistakes_of, days, expected):
    event = f"id: a\nname: A\nzone: UTC\ndays:\n- date: 2017-08-21\n{days}\n"

    assert mistakes_of(event=event) == [f"event.yaml:6: {expected}"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("//example.org/x.pdf", '"//example.org/x.pdf" is not a link'),
        ("files/x.pdf", '"files/x.pdf" is not a link'),
        ("javascript:alert(1)", '"javascript:alert(1)" is not a link'),
        ("https://", '"https://" is not a link'),
        ("http://a b", '"http://a b" is not a link'),
        ("http://[", '"http://[" is not a link'),
        ("mailto:nobody", '"mailto:nobody" is not a link'),
        ("", "empty url in a link"),
    ],
)
def test_what_is_not_a_link(mistakes_of, url, expected):
    assert mistakes_of(event=f"{EVENT}links:\n- {{kind: x, url: '{url}'}}\n") == [
        f"event.yaml:13: {expected}; expected {A_URL}"
    ]


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (
            "{kind: x, url: 'https://a.b', audience: all}",
            '"all" is not an audience; expected one of everyone, private, organizers',
        ),
        (
            "{kind: My Slides, url: 'https://a.b'}",
            (
                '"My Slides" is not an id; expected small letters, digits and single hyphens, such as'
                " my-slides"
            ),
        ),
        (
            "{kind: x, url: 'https://a.b', valid_from: soon}",
            f'"soon" is not a date; expected {A_DATE}',
        ),
    ],
)
def test_mistakes_in_links(mistakes_of, link, expected):
    assert mistakes_of(event=f"{EVENT}links:\n- {link}\n") == [f"event.yaml:13: {expected}"]


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (
            "persons: []",
            (
                'people.yaml:1: unknown key "persons" in people.yaml; expected one of organizations,'
                " people, committees"
            ),
        ),
        (
            "people:\n- {id: ann, nme: Ann}",
            (
                'people.yaml:2: missing key "name" in a person; expected at least id, name\n'
                'people.yaml:2: unknown key "nme" in a person (did you mean "name"?); expected one of'
                " id, name, aliases, bio, bio_summary"
            ),
        ),
        (
            "organizations:\n- {id: acme, name: Acme, sector: industry}",
            'people.yaml:2: "industry" is not a sector; expected one of university, company, other',
        ),
        (
            "organizations:\n- {id: acme, name: Acme}\n- id: labs\n  name: Labs\n  parent: acne",
            (
                'people.yaml:5: unknown organization "acne" (did you mean "acme"?); expected the id of'
                " an organization from people.yaml"
            ),
        ),
        (
            "organizations:\n- {id: a, name: A, parent: b}\n- {id: b, name: B, parent: a}",
            (
                'people.yaml:3: organization "b" is its own parent, by way of "a"; expected parents'
                " that end somewhere"
            ),
        ),
        (
            "organizations:\n- {id: x, name: X}\npeople:\n- {id: x, name: X}",
            'people.yaml:4: id "x" is already used in people.yaml:2; expected an id of its own',
        ),
        (
            (
                "people: [{id: ann, name: Ann}]\ncommittees:\n- id: pc\n  name: PC\n  members:\n"
                "  - {person: ann, role: member, affiliation: [acme]}\n  - {person: ann, role: author}"
            ),
            (
                'people.yaml:6: unknown organization "acme"; expected the id of an organization from'
                " people.yaml\n"
                'people.yaml:7: "author" is not a role in a committee; expected one of chair,'
                " organizer, member"
            ),
        ),
    ],
)
def test_mistakes_in_people(mistakes_of, people, expected):
    assert mistakes_of(people=people) == expected.splitlines()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            "rules:\n- {id: pages, text: T, tracks: [posters]}",
            'call.yaml:2: unknown track "posters"; expected the id of a track from call.yaml',
        ),
        (
            "tracks: [{id: research, name: R}]\nrules: [{id: pages, text: T, tracks: [reserch]}]",
            (
                'call.yaml:2: unknown track "reserch" (did you mean "research"?); expected the id of a'
                " track from call.yaml"
            ),
        ),
        ("topics_open: maybe", 'call.yaml:1: "maybe" is neither yes nor no; expected yes or no'),
        (
            "rules:\n- {id: pages}",
            'call.yaml:2: missing key "text" in a rule; expected at least id, text',
        ),
        (
            "topics:\n- {id: x, text: Benchmarks, data sets and reproducibility}",
            (
                'call.yaml:2: unknown key "data sets and reproducibility" in a topic; expected one of'
                " id, text, tags; or quotes around a text that contains a comma"
            ),
        ),
        (
            (
                "rules:\n- id: pages\n  text: T\n  permits: [5 pages, Six  Pages]\n"
                "  forbids:\n  - 7 pages\n  - {en: six pages}"
            ),
            (
                'call.yaml:7: "six pages" is both permitted and forbidden; expected a phrase in permits'
                " or in forbids"
            ),
        ),
        (
            "topics:\n- {id: x, text: X}\nrules:\n- {id: x, text: X}",
            'call.yaml:4: id "x" is already used in call.yaml:2; expected an id of its own',
        ),
    ],
)
def test_mistakes_in_the_call(mistakes_of, call, expected):
    assert mistakes_of(call=call) == [expected]


def milestone(*dates, more=""):
    """A call of one milestone, whose dates begin in line 3."""
    head = f"milestones:\n- {{id: m, kind: submission, label: M, {more} dates: [\n"
    return head + "".join(f"{each},\n" for each in dates) + "]}\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (
            milestone("{date: 2017-03-31}", "{date: 2017-03-24}"),
            (
                "4: 2017-03-24 does not come after 2017-03-31, which it replaces; expected dates that"
                " ascend; the last is the one in force"
            ),
        ),
        (
            milestone("{date: 2017-03-31}", "{date: 2017-03-31}"),
            (
                "4: 2017-03-31 does not come after 2017-03-31, which it replaces; expected dates that"
                " ascend; the last is the one in force"
            ),
        ),
        (
            milestone("{date: 2017-03-31, time: 17:00}", "{date: 2017-03-31, time: 12:00}"),
            (
                "4: 2017-03-31 12:00 does not come after 2017-03-31 17:00, which it replaces; expected"
                " dates that ascend; the last is the one in force"
            ),
        ),
        (
            milestone("{date: 2017-03-31, weekday: Thursday}"),
            "3: 2017-03-31 is a Friday, not a Thursday; expected a weekday that fits its date",
        ),
        (milestone("{date: end of April}"), f'3: "end of April" is not a date; expected {A_DATE}'),
        (
            milestone("{date: 2017-03-31, zone: PDT}"),
            f'3: "PDT" {ABBREVIATION}; expected an IANA name such as America/Los_Angeles',
        ),
        (
            milestone("{date: 2017-03-26, time: 2:30, zone: Europe/Berlin}"),
            (
                "3: 2:30 on 2017-03-26 does not exist in Europe/Berlin, where clocks go forward then;"
                " expected a time before or after the change"
            ),
        ),
        (milestone(), "2: a milestone without dates; expected at least one date"),
        (
            milestone("{date: 2017-03-31}", more="zone_origin: stated,"),
            (
                '2: zone_origin is "stated" and no date has a zone; expected a zone with an origin, or'
                " neither"
            ),
        ),
        (
            milestone("{date: 2017-03-31, zone: AoE}", more="zone_origin: not stated,"),
            (
                '2: zone_origin is "not stated" and a date has a zone; expected a zone with an origin,'
                " or neither"
            ),
        ),
        (
            milestone("{date: 2017-03-31}", more="cycle: spring, track: research,"),
            (
                '2: unknown cycle "spring"; expected the id of a cycle from call.yaml\n'
                'call.yaml:2: unknown track "research"; expected the id of a track from call.yaml'
            ),
        ),
        (
            milestone("{date: 2017-03-31}", more="tracks: [research],\n  track: demos,")
            + "tracks: [{id: research, name: R}, {id: demos, name: D}]",
            "3: track beside tracks; expected tracks to hold all of it",
        ),
        (
            milestone("{date: 2017-03-31}", more="tracks: [research, reserch],")
            + "tracks: [{id: research, name: R}]",
            (
                '2: unknown track "reserch" (did you mean "research"?); expected the id of a track from'
                " call.yaml"
            ),
        ),
        (
            milestone("{date: 2017-03-31}").replace("submission", "deadline"),
            (
                '2: "deadline" is not a kind of milestone; expected one of abstract, submission,'
                " rebuttal, notification, camera-ready, registration, other"
            ),
        ),
    ],
)
def test_mistakes_in_milestones(mistakes_of, call, expected):
    assert mistakes_of(call=call) == f"call.yaml:{expected}".splitlines()


def test_a_single_value_of_the_call_stands_in_one_file_only(mistakes_of):
    assert mistakes_of(more={"call/a": "scope: A", "call/b": "\nscope: B"}) == [
        'call/b.yaml:2: key "scope" is given again, after call/a.yaml:1; expected it in one file only'
    ]


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        (
            (
                "info:\n- id: wifi\n  text: T\n  audience: private\n  info:\n"
                "  - {id: x, text: T, audience: everyone}"
            ),
            (
                'info.yaml:6: audience "everyone" below an info for "private"; expected private or'
                " organizers: never more public than what it is below"
            ),
        ),
        (
            (
                "info:\n- id: a\n  text: T\n  audience: organizers\n  info:\n  - id: b\n    title: B\n"
                "    info:\n    - {id: c, text: T, audience: private}"
            ),
            (
                'info.yaml:9: audience "private" below an info for "organizers"; expected organizers:'
                " never more public than what it is below"
            ),
        ),
        (
            "info:\n- {id: a, text: T, permits: [early entry], forbids: [early entry]}",
            (
                'info.yaml:2: "early entry" is both permitted and forbidden; expected a phrase in'
                " permits or in forbids"
            ),
        ),
        (
            "info:\n- {id: a}",
            "info.yaml:2: an info without title and text; expected one of them or both",
        ),
        (
            "info:\n- id: a\n  title: A\n  info:\n  - {id: a, text: T}",
            'info.yaml:5: id "a" is already used in info.yaml:2; expected an id of its own',
        ),
        (
            "info:\n  wifi: x",
            "info.yaml:2: a map in place of a list; expected a list such as [a, b]",
        ),
        (
            "infos: []",
            (
                'info.yaml:1: unknown key "infos" in info.yaml (did you mean "info"?); expected one of'
                " info"
            ),
        ),
    ],
)
def test_mistakes_in_infos(mistakes_of, info, expected):
    assert mistakes_of(info=info) == [expected]


def test_every_mistake_of_every_file_is_told_at_once_in_order(mistakes_of):
    found = mistakes_of(
        event=EVENT.replace("name: Hall", "nam: Hall").replace("2017-08-22", "2017-08-32"),
        people=PEOPLE + "persons: x\ncommittees: [{id: pc, name: PC, members: [{person: zoe}]}]\n",
        program="""\
sessions:
- {id: s, title: S, kind: talks, day: 2017-08-21, start: 9:00, end: 10:00, talks: [
  {id: t,
  kind: paper,
  titel: T,
  start: 19:00,
  authors: [{person: ann-leee}]}]}
""",
        call="scope: &x S\nscope: T\ntopics: [{id: A}]",
        info="info: [",
    )

    assert [mistake.partition(";")[0] for mistake in found] == [
        'call.yaml:1: an anchor "&x"',
        'call.yaml:2: key "scope" is given twice, first in line 1',
        'call.yaml:3: "A" is not an id',
        'call.yaml:3: missing key "text" in a topic',
        'event.yaml:6: "2017-08-32" is not a date',
        'event.yaml:8: missing key "name" in a room',
        'event.yaml:9: unknown key "nam" in a room (did you mean "name"?)',
        "info.yaml:2: not YAML: did not find expected node content while parsing a flow node",
        'people.yaml:6: unknown key "persons" in people.yaml',
        'people.yaml:7: unknown person "zoe"',
        'program.yaml:3: missing key "title" in a talk',
        'program.yaml:5: unknown key "titel" in a talk (did you mean "title"?)',
        'program.yaml:6: talk "t" (2017-08-21 19:00) lies outside its session (2017-08-21 9:00–10:00)',
        'program.yaml:7: unknown person "ann-leee" (did you mean "ann-lee"?)',
    ]


def program_of(**keys):
    """A program of one session in one line."""
    return "sessions:\n- " + json.dumps({"id": "s", "title": "S", "kind": "talks", **keys})


@pytest.mark.parametrize("people", ["people: [", "people: *all", "- x"])
def test_what_a_broken_file_might_hold_is_not_said_to_be_unknown(mistakes_of, people):
    program = program_of(chairs=[{"person": "zoe", "affiliation": "umbrella"}])

    assert len(mistakes_of(people=people, program=program)) == 1


def test_a_record_that_is_refused_is_still_known_to_those_that_point_at_it(mistakes_of):
    people = "people:\n- {id: zoe, name: Zoe, born: 1990}"

    assert mistakes_of(people=people, program=program_of(chairs=[{"person": "zoe"}])) == [
        (
            'people.yaml:2: unknown key "born" in a person; expected one of id, name, aliases, bio,'
            " bio_summary"
        )
    ]


def test_a_refused_record_does_not_hide_the_mistakes_inside_it(mistakes_of):
    found = mistakes_of(
        people=PEOPLE + "committees:\n- {id: PC, name: PC, members: [{person: zoe}]}\n",
        program="sessions:\n- {id: S, talks: [{id: T, authors: [{person: zoe}]}], chairs: [{}]}",
        call="milestones:\n- {id: M, dates: [{date: x}]}",
        info="info:\n- {id: I, text: T, info: [{id: x, txt: T}]}",
    )

    assert [mistake.partition(";")[0] for mistake in found] == [
        'call.yaml:2: "M" is not an id',
        'call.yaml:2: "x" is not a date',
        'call.yaml:2: missing key "kind" in a milestone',
        'call.yaml:2: missing key "label" in a milestone',
        'info.yaml:2: "I" is not an id',
        "info.yaml:2: an info without title and text",
        'info.yaml:2: unknown key "txt" in an info (did you mean "text"?)',
        'people.yaml:7: "PC" is not an id',
        'people.yaml:7: unknown person "zoe"',
        'program.yaml:2: "S" is not an id',
        'program.yaml:2: "T" is not an id',
        'program.yaml:2: missing key "kind" in a session',
        'program.yaml:2: missing key "kind" in a talk',
        'program.yaml:2: missing key "person" in a person\'s entry',
        'program.yaml:2: missing key "title" in a talk',
        'program.yaml:2: unknown person "zoe"',
    ]


def test_many_unknown_ids_are_told_in_reasonable_time(mistakes_of):
    people = "people:\n" + "".join(f"- {{id: p{i}, name: P}}\n" for i in range(2000))
    chairs = [{"person": f"q{i}"} for i in range(3000)]

    found = mistakes_of(people=people, program=program_of(chairs=chairs))

    assert len(found) == 3000
    assert 0 < sum("did you mean" in mistake for mistake in found) < 100


def test_far_too_many_mistakes_are_not_told_to_their_end(mistakes_of):
    found = mistakes_of(event=EVENT + "".join(f"k{i}: x\n" for i in range(20_000)))

    assert len(found) == 10_001
    assert "10,000 mistakes so far" in found[-1]


def test_a_text_has_a_limit(mistakes_of):
    assert mistakes_of(event=f"{EVENT}summary: {'a ' * 60_000}") == [
        "event.yaml:12: a text of 119,999 characters; expected at most 100,000"
    ]


@pytest.mark.parametrize("name", ["\u200b", "\u00a0", "\u202e\u2060"])
def test_a_name_that_nobody_sees_is_empty(mistakes_of, name):
    found = mistakes_of(people=json.dumps({"people": [{"id": "p", "name": name}]}))

    assert [m.partition(": ")[2] for m in found] == ["an empty text; expected some text"]


KEYS = [
    *("id", "name", "title", "label", "kind", "zone", "days", "date", "weekday", "rooms", "day"),
    *("start", "end", "end_day", "times", "talks", "sessions", "people", "organizations", "person"),
    *("committees", "members", "affiliation", "role", "authors", "speakers", "links", "url", "x"),
    *("milestones", "dates", "time", "topics", "tracks", "cycles", "track", "cycle", "rules"),
    *("text", "about", "audience", "info", "scope", "aliases", "status", "valid_from", "parent"),
    *("language", "not_stated", "topics_open", "zone_origin"),
]
WORDS = [
    *("a", "b", "hall", "ann-lee", "9:30", "25:00", "2017-08-21", "2017-02-30", "9999-12-31"),
    *("UTC", "AoE", "EST", "Europe/Berlin", "yes", "talks", "paper", "keynote", "submission"),
    *("private", "cancelled", "chair", "https://a.b", "Monday", "~", "", "en", "0730", "stated"),
]


def data(values):
    return st.lists(values, max_size=4) | st.dictionaries(st.sampled_from(KEYS), values, max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    files=st.dictionaries(
        st.sampled_from(["event", "people", "program", "call", "info"]),
        data(st.recursive(st.sampled_from(WORDS) | st.text(max_size=5), data, max_leaves=30)),
    )
)
def test_any_data_is_loaded_or_refused(mistakes_of, files):
    texts = {name: json.dumps(value) for name, value in files.items()}

    assert isinstance(mistakes_of(**texts), list)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(), part=st.sampled_from(["event", "program", "people", "call", "info"]))
def test_any_bytes_are_loaded_or_refused(tmp_path, raw, part):
    (tmp_path / "event.yaml").write_text(EVENT)
    (tmp_path / f"{part}.yaml").write_bytes(raw)
    with suppress(BadData):
        load(tmp_path)
