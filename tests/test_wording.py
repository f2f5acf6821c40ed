"""What is said: durations, dates, lists and clocks; the status, reason and tense of each answer."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from bot.answer import Answer, Bullets, Reason, Status, Time, plain, plain_line
from bot.event import Label, MilestoneKind, Person, Role, SessionKind, TalkKind
from bot.event import Status as RowStatus
from bot.find import find
from bot.query import (
    About,
    Ahead,
    Beside,
    From,
    Ids,
    InPart,
    InRole,
    InRoom,
    Inside,
    Kinds,
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
)
from bot.question.words import text_stems
from bot.wording import lists, voice, with_unread, word
from tests.small import (
    MONDAY,
    TUESDAY,
    as_author,
    at,
    call,
    during,
    event,
    fact,
    harbor,
    info,
    kbnets,
    milestone,
    moment,
    only,
    people,
    person,
    session,
    sessions,
    talk,
    talks,
    tidal,
    world_of,
)


def answer(want, ref=None, here=None, **more):
    here = here or kbnets()
    return word(find(Query(want, ref or Ref(Of.EVENT), **more), here), here)


def say(want, ref=None, here=None, **more):
    return plain(answer(want, ref, here, **more))


def first_line(want, ref=None, here=None, **more):
    return plain_line(answer(want, ref, here, **more).summary)


def a_session(*names):
    return only(Of.SESSION, *names)


def a_talk(*names):
    return only(Of.TALK, *names)


def a_person(*names):
    return only(Of.PERSON, *names)


# -- durations, dates, numbers, lists --------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "no minutes"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "60 minutes (1 hour)"),
        (61, "61 minutes (1 hour 1 minute)"),
        (65, "65 minutes (1 hour 5 minutes)"),
        (120, "120 minutes (2 hours)"),
        (505, "505 minutes (8 hours 25 minutes)"),
    ],
)
def test_a_duration_is_told_in_minutes_and_from_an_hour_on_in_hours_too(minutes, text):
    assert voice.duration(timedelta(minutes=minutes)) == text


def test_dates_are_told_with_their_weekday():
    assert voice.full_date(date(2017, 8, 21)) == "Monday, August 21, 2017"
    assert voice.short_date(date(2019, 10, 8)) == "Tuesday, October 8"


@pytest.mark.parametrize(
    ("parts", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_in_a_sentence(parts, text):
    assert voice.joined(parts) == text
    assert plain_line(voice.mixed([(p,) for p in parts])) == text


def test_a_list_of_alternatives():
    assert voice.joined(["a", "b", "c"], "or") == "a, b or c"


@pytest.mark.parametrize(
    ("n", "text"), [(0, "no papers"), (1, "1 paper"), (2, "2 papers"), (21, "21 papers")]
)
def test_so_many_of_a_thing(n, text):
    assert voice.counted(n, "paper") == text


def test_people_have_a_plural_of_their_own():
    assert [voice.counted(n, "person", "people") for n in (1, 2)] == ["1 person", "2 people"]


@pytest.mark.parametrize(
    ("n", "place"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (10, "tenth"),
        (11, "11th"),
        (12, "12th"),
        (20, "20th"),
    ],
)
def test_a_place_in_an_order(n, place):
    assert voice.ordinal(n) == place


@pytest.mark.parametrize(("n", "place"), [(21, "21st"), (22, "22nd"), (23, "23rd"), (101, "101st")])
def test_a_place_beyond_twenty(n, place):
    assert voice.ordinal(n) == place


def test_small_numbers_are_words():
    assert [voice.in_words(n) for n in (0, 4, 12, 13)] == ["no", "four", "twelve", "13"]


@pytest.mark.parametrize(
    ("zone", "morning", "noon", "evening", "night"),
    [
        ("Europe/Madrid", "09:05", "12:00", "17:25", "00:30"),
        ("Asia/Tokyo", "09:05", "12:00", "17:25", "00:30"),
        ("America/New_York", "9:05 am", "12:00 pm", "5:25 pm", "12:30 am"),
        ("Australia/Sydney", "9:05 am", "12:00 pm", "5:25 pm", "12:30 am"),
    ],
)
def test_the_clock_has_twelve_or_twenty_four_hours_as_at_the_venue(
    zone, morning, noon, evening, night
):
    here = ZoneInfo(zone)
    told = [voice.clock(at(c, zone=here)) for c in ("9:05", "12:00", "17:25", "0:30")]

    assert told == [morning, noon, evening, night]


def test_a_time_in_a_sentence_is_an_instant_with_its_zone():
    said = voice.time(at("9:05"), zone=True)

    assert said == Time(at("9:05"), "09:05 CET")


# -- when ------------------------------------------------------------------------------------


def when(here, ref):
    return first_line(Want.WHEN, ref, here)


def test_a_block_of_today_is_told_without_its_date():
    assert when(kbnets(), a_session("lunch")) == "Lunch Break is 12:30 pm–1:45 pm PDT."


def test_a_block_of_another_day_is_told_with_its_date():
    assert when(kbnets("2017-08-20T10:00"), a_session("lunch")) == (
        "Lunch Break is Monday, August 21, 2017, 12:30 pm–1:45 pm PDT."
    )
    assert when(tidal("2019-10-08T10:00"), a_session("banquet")) == (
        "Banquet is Wednesday, October 9, 2019, 20:00–23:00 CEST."
    )


def test_a_block_past_midnight_ends_the_next_day():
    assert when(tidal("2019-10-09T12:00"), a_session("tide-watch")) == (
        "Night tide watch is 23:30–01:00 CEST the next day."
    )


def test_an_end_that_is_not_known_is_said_to_be():
    assert when(tidal(), a_session("welcome-drinks")) == (
        "Welcome drinks is from 18:45 CEST (end not stated)."
    )
    assert "isn't stated" in say(Want.END, a_session("welcome-drinks"), tidal())


def test_a_time_that_is_not_known_is_said_to_be():
    here = world_of(event(session("party", title="Party")))

    assert "isn't announced" in say(Want.WHEN, a_session("party"), here)


def test_what_is_given_twice_is_told_with_both_times_and_rooms():
    said = say(Want.WHEN, a_session("tutorial-1"), tidal())

    assert "10:50–12:20 CEST in Celtic Room" in said
    assert "and again Wednesday, October 9, 2019, 13:20–14:50 CEST" in said


@pytest.mark.parametrize(
    ("talk_id", "place", "clock"),
    [
        ("logmemcached", "first of four talks in Session 1", "10:50 am"),
        ("ovs-gpu", "second of four talks in Session 1", "11:15 am"),
        ("virtio-user", "third of four talks in Session 1", "11:40 am"),
        ("cquic", "last of four talks in Session 1", "12:05 pm"),
        ("sharing-cpus", "last of two talks in Session 2", "3:15 pm"),
    ],
)
def test_a_talk_without_a_time_is_told_by_its_place_and_an_estimate_that_is_said_to_be_one(
    talk_id, place, clock
):
    said = say(Want.WHEN, a_talk(talk_id))

    assert place in said
    assert f"so probably around {clock}; individual times aren't published" in said


def test_an_estimate_is_rounded_down_to_five_minutes():
    assert "probably around 4:35 pm" in say(Want.WHEN, a_talk("rdma-isolation"))


def test_the_only_talk_of_a_session_needs_no_estimate():
    said = say(Want.WHEN, a_talk("hardware-accelerated-networks"))

    assert "1:45 pm–2:50 pm PDT" in said
    assert "probably" not in said


def test_a_talk_with_a_time_needs_no_estimate():
    assert when(tidal(), a_talk("limpet")) == (
        "“Querying NetCDF Without Opening It” is 11:15–11:40 CEST."
    )


def test_a_talk_with_a_time_needs_no_estimate_when_asked_for_its_session():
    said = say(Want.SESSION, a_talk("limpet"), tidal())

    assert "Session 1B" in said
    assert "probably" not in said
    assert "aren't published" not in said


def test_the_session_of_a_talk_without_a_time_is_told_with_its_place():
    assert "Session 1: High Performance Networks & Apps: last of four talks" in say(
        Want.SESSION, a_talk("cquic")
    )


def test_how_long_a_talk_without_a_time_takes_is_only_estimated():
    said = say(Want.DURATION, a_talk("cquic"))

    assert "isn't published" in said
    assert "about 25 minutes each" in said
    assert "100 minutes (1 hour 40 minutes) for 4 talks" in said


def test_how_long_a_block_takes():
    assert first_line(Want.DURATION, a_session("lunch")) == (
        "Lunch Break takes 75 minutes (1 hour 15 minutes) (12:30 pm–1:45 pm PDT)."
    )


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2017-08-21T12:10", "Lunch Break starts in 20 minutes, at 12:30 pm PDT."),
        (
            "2017-08-21T12:30",
            "Lunch Break is on now; 75 minutes (1 hour 15 minutes) left, until 1:45 pm PDT.",
        ),
        ("2017-08-21T13:40", "Lunch Break is on now; 5 minutes left, until 1:45 pm PDT."),
        ("2017-08-21T13:45", "Lunch Break was 12:30 pm–1:45 pm PDT."),
        (
            "2017-08-20T12:30",
            "Lunch Break starts in 1 day, on Monday, August 21, 2017 at 12:30 pm PDT.",
        ),
        (
            "2017-07-31T12:30",
            "Lunch Break starts in 21 days (3 weeks), on Monday, August 21, 2017 at 12:30 pm PDT.",
        ),
    ],
)
def test_how_long_until_something(now, text):
    assert first_line(Want.UNTIL, a_session("lunch"), kbnets(now)) == text


def test_what_begins_twice_is_awaited_by_its_next_start():
    assert "in 1 day" in say(Want.UNTIL, a_session("tutorial-1"), tidal("2019-10-08T13:00"))


# -- past and present ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "before", "after"),
    [
        (Want.WHEN, "Lunch Break is ", "Lunch Break was "),
        (Want.WHERE, "Lunch Break is in ", "Lunch Break was in "),
        (Want.DAY, "Lunch Break is on ", "Lunch Break was on "),
        (Want.START, "Lunch Break starts at ", "Lunch Break started at "),
        (Want.END, "Lunch Break ends at ", "Lunch Break ended at "),
        (Want.DURATION, "Lunch Break takes ", "Lunch Break took "),
    ],
)
def test_what_is_over_is_told_in_the_past_from_its_end_on(want, before, after):
    assert first_line(want, a_session("lunch"), kbnets("2017-08-21T12:29")).startswith(before)
    assert first_line(want, a_session("lunch"), kbnets("2017-08-21T13:45")).startswith(after)


def test_what_is_on_has_started_and_ends():
    here = kbnets("2017-08-21T13:00")

    assert (
        first_line(Want.START, a_session("lunch"), here) == "Lunch Break started at 12:30 pm PDT."
    )
    assert first_line(Want.END, a_session("lunch"), here) == "Lunch Break ends at 1:45 pm PDT."


@pytest.mark.parametrize(
    ("want", "before", "after"),
    [
        (Want.WHEN, "KBNets'17 is on ", "KBNets'17 was on "),
        (Want.DAY, "KBNets'17 is on ", "KBNets'17 was on "),
        (Want.WHERE, "KBNets'17 is in ", "KBNets'17 was in "),
        (Want.START, "KBNets'17 starts at 9:00 am PDT", "KBNets'17 started at 9:00 am PDT"),
        (Want.END, "KBNets'17 ends at 5:25 pm PDT", "KBNets'17 ended at 5:25 pm PDT"),
        (Want.OVER, "KBNets'17 hasn't started", "Yes, KBNets'17 is over"),
    ],
)
def test_a_past_event_says_so(want, before, after):
    assert first_line(want, here=kbnets("2017-08-20T10:00")).startswith(before)
    assert first_line(want, here=kbnets("2017-08-21T17:25")).startswith(after)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2017-08-21T12:29", "No, Lunch Break hasn't started yet; it starts in 1 minute"),
        ("2017-08-21T12:30", "Lunch Break is on right now"),
        ("2017-08-21T13:45", "Yes, Lunch Break is over"),
    ],
)
def test_whether_something_is_over(now, begins):
    assert first_line(Want.OVER, a_session("lunch"), kbnets(now)).startswith(begins)


@pytest.mark.parametrize(
    ("now", "over"),
    [("2019-10-07T10:00", False), ("2019-10-08T12:00", False), ("2019-10-10T14:30", True)],
)
def test_whether_an_event_of_days_is_over(now, over):
    assert say(Want.OVER, here=tidal(now)).startswith("Yes") is over


@pytest.mark.parametrize("now", ["2019-10-08T22:00", "2019-10-08T18:50"])
def test_an_event_of_days_is_not_over_at_the_end_of_its_first(now):
    assert not say(Want.OVER, here=tidal(now)).startswith("Yes")


@pytest.mark.parametrize("want", [Want.OVER, Want.WHEN, Want.WHERE])
def test_what_has_no_known_end_is_not_said_to_be_over_as_it_starts(want):
    said = say(want, a_session("welcome-drinks"), tidal("2019-10-08T18:50"))

    assert "is over" not in said
    assert " was " not in said


# -- cancelled and moved ---------------------------------------------------------------------


def test_what_is_cancelled_is_said_to_be_in_the_first_sentence():
    said = answer(Want.WHEN, a_session("morning-swim"), tidal("2019-10-10T06:00"))

    assert plain_line(said.summary) == (
        "Morning swim was planned for 07:15–08:00 CEST, but it is cancelled."
    )
    assert "Strong swell is forecast" in plain(said)


@pytest.mark.parametrize(
    "want",
    [
        Want.OVERVIEW,
        Want.START,
        Want.END,
        Want.WHERE,
        Want.UNTIL,
        Want.DURATION,
        Want.DAY,
        Want.OVER,
    ],
)
def test_whatever_is_asked_of_it_cancelled_comes_first(want):
    here = tidal("2019-10-10T06:00")

    assert "cancelled" in first_line(want, a_session("morning-swim"), here)


def test_asked_who_gives_a_cancelled_talk_it_is_said_too():
    said = say(Want.AUTHORS, a_talk("sluice-gates"), tidal())

    assert "Saskia van der Berg" in said
    assert "cancelled (The speaker is ill." in said


def called_off():
    return world_of(
        event(
            session(
                "s",
                during("9:00", "10:00", "hall"),
                talks=[talk("t", "On Tides", by=["ann-lee"])],
                status=RowStatus.CANCELLED,
            )
        ),
        at("8:00"),
    )


def test_a_talk_of_a_cancelled_session_is_cancelled():
    assert "cancelled" in first_line(Want.WHEN, a_talk("t"), called_off())


@pytest.mark.parametrize("want", [Want.OVERVIEW, Want.WHERE, Want.AUTHORS])
def test_whatever_is_asked_of_a_talk_its_session_s_cancelling_is_told(want):
    assert "cancelled" in say(want, a_talk("t"), called_off())


def test_a_list_tells_which_of_its_rows_are_cancelled_or_moved():
    said = say(Want.LIST, talks(Inside(a_session("session-4a"))), tidal())

    assert "4 papers" in said
    assert "“Reinforcement Learning for Sluice Gates” is cancelled" in said


def test_what_was_moved_is_told_with_from_where():
    said = say(Want.WHEN, a_talk("gap-filling"), tidal())

    assert "14:10–14:35" in said
    assert "is moved (Moved from Session 2C on Tuesday" in said


def test_a_claim_about_what_is_cancelled_is_denied():
    said = say(
        Want.WHEN, a_session("morning-swim"), tidal(), claims=(InPart("morning"),), polar=True
    )

    assert said.startswith("No. ")


# -- where -----------------------------------------------------------------------------------


def test_where_a_block_is():
    assert say(Want.WHERE, a_session("break-2")) == (
        "Coffee Break is in Foyer.\nIt is 3:40 pm–4:10 pm PDT, 30 minutes."
    )
    assert say(Want.WHERE, a_session("keynote-1"), tidal()).startswith(
        "Keynote 1: Opening keynote is in Atlantic Hall (Casa do Mar) and Biscay Room (Casa do Mar)."
    )
    assert "is in Laureate Room (Luskin Center)." in say(Want.WHERE, a_talk("cquic"))


def test_where_no_room_is_stated_what_is_said_about_the_place_helps():
    said = say(Want.WHERE, a_session("harbour-walk"), tidal())

    assert said.startswith("No room is stated for Harbour walk.")
    assert "main door of the Casa do Mar" in said


@pytest.mark.parametrize(
    ("want", "card"),
    [
        (Want.START, "It is 2:50 pm–3:40 pm PDT, 50 minutes, in Laureate Room (Luskin Center)"),
        (Want.END, "It is 2:50 pm–3:40 pm PDT, 50 minutes, in Laureate Room (Luskin Center)"),
        (Want.WHEN, "It is in Laureate Room (Luskin Center)"),
        (Want.WHERE, "It is 2:50 pm–3:40 pm PDT, 50 minutes"),
    ],
)
def test_an_answer_about_a_time_or_a_place_tells_the_rest_of_the_card(want, card):
    said = say(want, a_session("session-2"))

    assert said.splitlines()[1] == f"{card}, chaired by Hongqiang Liu (Microsoft Research)."


def test_the_card_of_a_talk_has_its_room_and_people():
    said = say(Want.WHEN, a_talk("cquic"))

    assert said.splitlines()[1].startswith("It is in Laureate Room (Luskin Center), by Yufeng Duan")


def test_what_is_cancelled_has_no_card():
    assert len(say(Want.WHEN, a_session("morning-swim"), tidal()).splitlines()) <= 2


def test_the_words_by_which_a_talk_was_asked_for_bring_their_sentence():
    title = Query(Want.TITLE, a_talk("killer-microsecond"))
    about = replace(title, words=("ground", "truth"))

    assert "ground truth" in plain(word(find(about, kbnets()), kbnets()))
    assert "ground truth" not in plain(word(find(title, kbnets()), kbnets()))


def test_where_the_event_is():
    assert say(Want.WHERE).startswith("KBNets'17 is in Luskin Center, Los Angeles.")


# -- who -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "ref", "text"),
    [
        (
            Want.CHAIR,
            a_session("session-2"),
            "Hongqiang Liu (Microsoft Research) chairs Session 2: Congestion Control.",
        ),
        (
            Want.AUTHORS,
            a_talk("sharing-cpus"),
            (
                "“Sharing CPUs via endpoint congestion control” is by Laura Vasilescu, Vladimir"
                " Olteanu and Costin Raiciu (University Politehnica of Bucharest)."
            ),
        ),
        (
            Want.SPEAKER,
            a_talk("hardware-accelerated-networks"),
            (
                "Daniel Firestone (Microsoft) gives “Building Hardware-Accelerated Networks at"
                " Scale in the Cloud”."
            ),
        ),
        (
            Want.AFFILIATION,
            a_person("danny-dolev"),
            "Danny Dolev is from The Hebrew University of Jerusalem (a university).",
        ),
        (
            Want.COAUTHORS,
            a_person("costin-raiciu"),
            (
                "Costin Raiciu wrote “Sharing CPUs via endpoint congestion control” with Laura"
                " Vasilescu and Vladimir Olteanu."
            ),
        ),
        (Want.CHAIR, a_person("danny-dolev"), "No, Danny Dolev doesn't chair a session."),
    ],
)
def test_who_it_is(want, ref, text):
    assert say(want, ref) == text


def test_two_chairs_chair_and_a_moderator_moderates():
    assert say(Want.CHAIR, a_session("opening"), tidal()) == (
        "Carme Souto (Universidade de Brigantia) and Øystein Håland (Norwegian Coastal Survey"
        " Office) chaired Opening."
    )
    assert say(Want.CHAIR, a_session("panel-2"), tidal()).startswith(
        "Siân O'Dwyer (Severn Vale University) moderates Panel 2: Should Forecasts Be Free?"
    )


@pytest.mark.xfail(strict=True, reason="a full stop is put behind any title")
def test_a_title_that_ends_in_a_question_mark_needs_no_full_stop():
    assert "?." not in say(Want.CHAIR, a_session("panel-2"), tidal())


def test_panelists_are_named_without_the_moderator():
    said = say(Want.SPEAKER, a_talk("free-forecasts"), tidal())

    assert "The panelists of “Should Forecasts Be Free?” are Leilani Kahananui" in said
    assert "Siân" not in said


def test_affiliations_are_told_behind_each_run_of_people_who_share_them():
    said = say(Want.AUTHORS, a_talk("cquic"))

    assert said.endswith(
        "Yufeng Duan (Politecnico di Torino), Massimo Gallo (Nokia Bell Labs), Stefano Traverso"
        " (Politecnico di Torino), Rafael Laufer (Nokia Bell Labs) and Paolo Giaccone (Politecnico"
        " di Torino)."
    )


def test_a_person_with_two_affiliations_is_told_with_where_each_holds():
    said = say(Want.AFFILIATION, a_person("adaeze-okonkwo", "callum-reid"), tidal())
    two = say(Want.AFFILIATION, a_person("nkechi-okafor"), tidal())

    assert "Callum Reid is from Tidal Energy Lab (a university)." in said
    assert "Brinewave Labs (“When the Model Is Late: Serving Yesterday's Forecast Honestly”" in two
    assert "Cascadia Institute of Technology (Keynote 2: Second keynote" in two


@pytest.mark.xfail(strict=True, reason="who wrote and presents a talk has it twice")
@pytest.mark.parametrize("want", [Want.AFFILIATION, Want.TITLE])
def test_a_talk_that_somebody_wrote_and_presents_is_named_once(want):
    assert say(want, a_person("nkechi-okafor"), tidal()).count("When the Model Is Late") == 1


@pytest.mark.parametrize(
    ("want", "ref", "present"),
    [
        (Want.WHEN, a_person("daniel-firestone"), " gives "),
        (Want.SPEAKER, a_talk("hardware-accelerated-networks"), " gives "),
        (Want.CHAIR, a_session("session-1"), " chairs "),
        (Want.SESSION, a_session("lunch"), " is "),
    ],
)
def test_what_people_did_is_told_in_the_past(want, ref, present):
    assert present not in say(want, ref, kbnets("2017-08-22T10:00"))


def test_namesakes_are_told_apart():
    said = say(
        Want.AFFILIATION, a_person("ana-garcia-brigantia", "ana-garcia-kelpdb"), tidal()
    ).splitlines()

    assert said == [
        "2 people could be meant:",
        "• Ana García is from Universidade de Brigantia (a university).",
        "• Ana García is from KelpDB (a company).",
    ]


def test_a_person_s_roles_are_all_told():
    said = say(Want.ROLES, a_person("eitan-zahavi"))

    assert "chairs Session 3" in said
    assert "“RoCE Rocks without PFC: Detailed Evaluation”" in said


def test_people_of_an_organization_are_listed():
    said = say(Want.LIST, people(From(("hp-labs",), "hp labs")), plural=True)

    assert said == (
        "2 people from Hewlett Packard Labs: Mike Schlansker and Jean Tourrilhes. In the program:"
        " “Design Challenges for High Performance, Scalable NFV Interconnects”."
    )


def test_what_an_organization_has_in_the_program():
    microsoft = only(Of.ORGANIZATION, "microsoft", "microsoft-research")

    said = say(Want.OVERVIEW, microsoft)

    assert said.startswith("Microsoft:")
    assert "Yaron Weinsberg" in said
    assert "Hongqiang Liu chairs Session 2: Congestion Control" in said


def test_what_is_in_a_room():
    said = say(Want.OVERVIEW, only(Of.ROOM, "foyer")).splitlines()

    assert said == [
        "Foyer:",
        "• 10:20 am–10:50 am PDT: Coffee Break",
        "• 3:40 pm–4:10 pm PDT: Coffee Break",
    ]


@pytest.mark.parametrize(
    ("want", "ref", "text"),
    [
        (Want.WHEN, a_person("hye-jin-seo"), "Hye-jin Seo has no slot in the program."),
        (Want.WHERE, a_person("hye-jin-seo"), "No room is on record for Hye-jin Seo."),
        (
            Want.WHERE,
            a_person("thora-jonsdottir"),
            (
                "Þóra Jónsdóttir is an author of “Sea Ice Edge from Passive Microwave with a"
                " U-Net” in Lantern Gallery (Casa do Mar)."
            ),
        ),
        (
            Want.COAUTHORS,
            a_person("camille-sainte-rose"),
            (
                "Camille Sainte-Rose wrote “Sargassum Drift from Sentinel-3” alone and “A Pocket"
                " Sonar for Schools” alone."
            ),
        ),
        (
            Want.COAUTHORS,
            a_person("adaeze-okonkwo"),
            (
                "Adaeze Okonkwo wrote “Clock Drift Is the New Barnacle” with Thomas Martin, “Argo"
                " at Full Depth: Lessons from Sixty Deep Floats” with Joana Brandão and Nuno"
                " Farinha and “Gullwing Live: Watch 4,000 Gauges Disagree” with Olumide Bankole."
            ),
        ),
    ],
)
def test_what_is_told_of_a_person(want, ref, text):
    assert say(want, ref, tidal()) == text


def test_who_wrote_nothing_has_no_co_authors():
    assert say(Want.COAUTHORS, a_person("arvind-krishnamurthy")) == (
        "Arvind Krishnamurthy isn't an author of any paper here."
    )


def test_when_a_person_speaks_is_told_with_the_role_and_an_estimate():
    said = say(Want.WHEN, a_person("danny-dolev"))

    assert said.startswith("Danny Dolev is an author of “LogMemcached")
    assert "first of four talks in Session 1" in said
    assert "probably around 10:50 am" in said


def test_many_people_are_told_in_one_sentence():
    said = say(Want.LIST, people(From(("mellanox",), "")), plural=True)

    assert said.startswith("10 people from Mellanox Technologies: Tal Anker,")
    assert len(said.splitlines()) == 1


def test_people_of_a_talk_are_listed_with_their_places():
    assert say(Want.LIST, people(Inside(a_talk("cquic"))), plural=True).splitlines() == [
        "5 people:",
        "• Yufeng Duan (Politecnico di Torino)",
        "• Massimo Gallo (Nokia Bell Labs)",
        "• Stefano Traverso (Politecnico di Torino)",
        "• Rafael Laufer (Nokia Bell Labs)",
        "• Paolo Giaccone (Politecnico di Torino)",
    ]


def test_organizations_that_take_part_are_listed_and_those_that_do_not_are_left_out():
    said = say(Want.LIST, Ref(Of.ORGANIZATION))

    assert said.startswith("15 organizations: ")
    assert "Hewlett Packard Labs" in said
    assert "Nokia," not in said


def test_an_organization_that_nobody_comes_from_is_said_to_be_absent():
    said = say(Want.OVERVIEW, only(Of.ORGANIZATION, "maredyne"), tidal())
    nokia = say(Want.OVERVIEW, only(Of.ORGANIZATION, "nokia"))

    assert "Aurore Dessaint" in said
    assert nokia == "No one from Nokia is in the program."


def test_where_the_authors_of_a_talk_are_from():
    assert say(Want.AFFILIATION, a_talk("killer-microsecond")) == (
        "All authors of “How to Measure the Killer Microsecond” are from EPFL: Mia Primorac,"
        " Edouard Bugnion and Katerina Argyraki."
    )
    assert "Nokia Bell Labs" in say(Want.AFFILIATION, a_talk("cquic"))


def test_who_presents_is_not_guessed():
    said = say(Want.SPEAKER, a_talk("cquic"))

    assert said.startswith("Who presents “Towards a Scalable Modular QUIC Server” isn't stated")
    assert "its authors are Yufeng Duan" in said


def test_who_speaks_in_a_session_is_told_talk_by_talk():
    said = say(Want.SPEAKER, a_session("session-2"))

    assert "“Sharing CPUs via endpoint congestion control” (Laura Vasilescu, " in said
    assert say(Want.SPEAKER, a_session("lunch")) == (
        "Lunch Break, 12:30 pm–1:45 pm PDT, has no speakers listed."
    )


def test_the_title_of_a_keynote_is_that_of_its_talk():
    assert say(Want.TITLE, a_session("keynote-1")) == (
        "Keynote 1: “Towards A Software Defined Data Plane for Datacenters”"
    )


def test_all_about_a_session_in_a_few_sentences():
    assert say(Want.OVERVIEW, a_session("session-2")) == (
        "Session 2: Congestion Control, 2:50 pm–3:40 pm PDT, Laureate Room (Luskin Center).\n"
        "Chair: Hongqiang Liu (Microsoft Research)\n"
        "• “RoCE Rocks without PFC: Detailed Evaluation”\n"
        "• “Sharing CPUs via endpoint congestion control”"
    )
    assert say(Want.OVERVIEW, a_session("posters"), tidal()).count("\n• “") == 12


# -- what it is about ------------------------------------------------------------------------


def test_our_summary_is_said_to_be_ours_and_never_quoted():
    for want in (Want.ABOUT, Want.ABSTRACT):
        said = say(want, a_talk("cquic"))

        assert "In short: The paper presents cQUIC" in said
        assert "“The paper presents" not in said


def test_asked_for_the_abstract_a_summary_is_said_to_be_one():
    assert "isn't in my records; here is a summary in other words" in say(
        Want.ABSTRACT, a_talk("cquic")
    )


def test_the_authors_own_words_are_quoted():
    said = say(Want.ABSTRACT, a_talk("shrimp-snaps"), tidal())

    assert said.startswith("Abstract of “Counting Shrimp by Their Snaps”: “Snapping shrimp are")
    assert said.endswith("Rain, surprisingly, makes it better.”")
    assert "In short" not in said


def test_a_sentence_of_the_authors_is_quoted_and_one_of_ours_is_not():
    theirs = say(Want.DETAIL, a_talk("shrimp-snaps"), tidal(), words=("rain",), details=("result",))
    ours = say(Want.DETAIL, a_talk("cquic"), details=("speedup",))

    assert theirs.startswith("“Counting Shrimp by Their Snaps”: “")
    assert theirs.endswith("”")
    assert ours.startswith("“Towards a Scalable Modular QUIC Server”: The cQUIC")
    assert not ours.endswith("”")


def test_a_bio_is_quoted_and_our_summary_of_one_is_not():
    theirs = say(Want.BIO, a_person("adaeze-okonkwo"), tidal())
    ours = say(Want.BIO, a_person("daniel-firestone"))

    assert "“Adaeze Okonkwo directs" in theirs
    assert "In short: Daniel Firestone works at Microsoft" in ours


def test_a_long_abstract_is_cut_at_the_end_of_a_sentence():
    said = say(Want.ABOUT, a_talk("cquic"))

    assert len(said) < 700
    assert said.endswith(".")


def test_what_a_session_is_about_is_told_by_its_summary_or_its_talks():
    assert say(Want.ABOUT, a_session("session-2")) == (
        "Session 2: Congestion Control has 2 talks: “RoCE Rocks without PFC: Detailed Evaluation”"
        " and “Sharing CPUs via endpoint congestion control”."
    )
    assert say(Want.ABOUT, a_session("tide-watch"), tidal()).startswith("In short: High water")
    assert "Towards A Software Defined" in say(Want.ABOUT, a_session("keynote-1"))


def test_a_talk_without_any_text_has_no_abstract_on_record():
    assert "No abstract of “On Tides” is on record" in say(Want.ABOUT, a_talk("t1"), bare())


# -- lists and counts ------------------------------------------------------------------------


PAPERS = Kinds(talks=frozenset({TalkKind.PAPER}), words="paper")
KEYNOTES = Kinds(frozenset({SessionKind.KEYNOTE}), frozenset({TalkKind.KEYNOTE}), "keynote")


def test_a_list_is_a_list():
    found = answer(Want.LIST, talks(KEYNOTES), plural=True)

    assert plain_line(found.summary) == "2 keynotes:"
    (block,) = found.blocks
    assert isinstance(block, Bullets)
    assert [plain_line(item) for item in block.items] == [
        "“Towards A Software Defined Data Plane for Datacenters” (Arvind Krishnamurthy)",
        "“Building Hardware-Accelerated Networks at Scale in the Cloud” (Daniel Firestone)",
    ]


def test_a_long_list_says_how_much_of_it_is_shown(monkeypatch):
    monkeypatch.setattr(lists, "_LONGEST_LIST", 12)
    found = answer(Want.LIST, talks(PAPERS), tidal(), plural=True)
    (block, *_) = found.blocks

    assert plain_line(found.summary).endswith(", the first 12:")
    assert isinstance(block, Bullets)
    assert len(block.items) == 12


def test_the_agenda_of_a_day_lists_its_blocks():
    lines = say(Want.AGENDA).splitlines()

    assert lines[0] == "9 blocks:"
    assert lines[1] == "• 9:00 am–9:15 am PDT: Opening Remarks (Laureate Room (Luskin Center))"
    assert len(lines) == 10


def test_a_count_is_a_number_and_tells_kinds_apart():
    assert first_line(Want.COUNT, talks(PAPERS)) == "9 papers."
    assert first_line(Want.COUNT, talks()) == "11 talks (9 papers and 2 keynotes)."
    assert first_line(Want.COUNT, sessions(KEYNOTES)) == "2 blocks:"
    assert say(Want.COUNT, people(InRole(frozenset({Role.CHAIR})))) == (
        "3 people: Costin Raiciu, Hongqiang Liu and Eitan Zahavi."
    )


def test_a_list_of_one_is_told_in_full():
    said = say(Want.LIST, talks(PAPERS, From(("epfl",), "")), plural=True)

    assert "“How to Measure the Killer Microsecond” by Mia Primorac" in said


# -- two things side by side -----------------------------------------------------------------


def pair(want, first, second, here=None):
    return say(want, a_session(first), here, other=a_session(second))


def test_which_of_two_is_longer():
    assert pair(Want.LONGER, "session-2", "session-3") == (
        "Session 3: Measurement & Performance Analysis is longer: Session 3: Measurement &"
        " Performance Analysis takes 75 minutes (1 hour 15 minutes) and Session 2: Congestion"
        " Control takes 50 minutes."
    )
    assert pair(Want.LONGER, "keynote-1", "keynote-2") == (
        "They are equally long: 65 minutes (1 hour 5 minutes) each."
    )


def test_which_of_two_comes_first():
    assert pair(Want.EARLIER, "session-3", "lunch").startswith(
        "Lunch Break comes first, at 12:30 pm"
    )


def test_what_lies_between_two():
    assert pair(Want.GAP, "session-2", "session-3") == (
        "30 minutes between them: Session 2: Congestion Control ends at 3:40 pm, Session 3:"
        " Measurement & Performance Analysis starts at 4:10 pm PDT, with Coffee Break in between."
    )
    assert pair(Want.GAP, "lunch", "keynote-2").startswith("No gap: Lunch Break ends at 1:45 pm")
    assert pair(Want.GAP, "tutorial-1", "session-1a", tidal()).startswith(
        "Yes, they overlap by 75 minutes"
    )


def test_of_two_things_one_of_which_has_no_time_nothing_can_be_told():
    made = event(session("party", title="Party"), session("s", during("9:00", "10:00")))
    found = answer(Want.GAP, a_session("party"), world_of(made), other=a_session("s"))

    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NOT_STATED)


# -- yes and no ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "begins"),
    [
        (Beside(after=True, anchor=a_session("lunch")), "Yes. Keynote 2 comes after that"),
        (Beside(after=False, anchor=a_session("lunch")), "No. Keynote 2 comes after that"),
        (InRoom(("laureate",), ""), "Yes. "),
        (InRoom(("foyer",), ""), "No. "),
        (OnDay("weekday", 0), "Yes. "),
        (InPart("morning"), "No. Keynote 2 is 1:45 pm–2:50 pm PDT."),
    ],
)
def test_a_yes_or_no_question_is_answered_first_and_then_with_the_fact(claim, begins):
    said = say(Want.WHEN, a_session("keynote-2"), claims=(claim,), polar=True)

    assert said.startswith(begins)
    assert "1:45 pm–2:50 pm" in said


def test_where_no_yes_or_no_is_asked_for_only_the_fact_is_told():
    said = say(Want.WHEN, a_session("keynote-2"), claims=(InPart("morning"),))

    assert said.startswith("Keynote 2 is 1:45 pm–2:50 pm PDT.")


def test_of_two_parts_of_the_day_the_one_that_holds_is_said():
    both = (InPart("morning"), InPart("afternoon"))

    assert say(Want.WHEN, a_session("keynote-2"), claims=both).startswith("In the afternoon. ")
    assert say(Want.WHEN, a_session("keynote-1"), claims=both).startswith("In the morning. ")


def test_a_claim_about_a_person_s_role():
    role = (InRole(frozenset({Role.CHAIR})),)

    yes = say(Want.ROLES, a_person("eitan-zahavi"), claims=role, polar=True)
    no = say(Want.ROLES, a_person("eitan-kuta"), claims=role, polar=True)

    assert yes.startswith("Yes: Eitan Zahavi")
    assert no.startswith("No, Eitan Kuta is not.")


# -- nothing there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2017-08-20T10:00", "KBNets'17 hasn't started; it begins in 1 day"),
        (
            "2017-08-21T08:00",
            "KBNets'17 hasn't started; it begins in 60 minutes (1 hour), at 9:00 am PDT with Opening Remarks.",
        ),
        (
            "2017-08-21T17:25",
            "KBNets'17 is over; it ended on Monday, August 21, 2017 at 5:25 pm PDT.",
        ),
        ("2018-01-01T10:00", "KBNets'17 is over"),
    ],
)
def test_outside_its_hours_the_event_has_not_begun_or_is_over(now, begins):
    for pick in (Near.NOW, Near.NEXT):
        if not (pick is Near.NEXT and now < "2017-08-21T09:00"):
            assert say(Want.AGENDA, sessions(pick=pick), kbnets(now)).startswith(begins)


def test_in_a_gap_what_comes_next_is_told():
    assert say(Want.AGENDA, sessions(pick=Near.NOW), tidal("2019-10-08T19:30")).startswith(
        "Nothing is on then. Next is Registration desk at 08:30 CEST on Wednesday, October 9, 2019"
    )
    assert say(Want.AGENDA, sessions(pick=Near.NOW), tidal("2019-10-08T16:50")) == (
        "Nothing is on then. Next is Poster session at 17:00 CEST."
    )


def test_during_the_last_block_nothing_comes_next():
    assert say(Want.AGENDA, sessions(pick=Near.NEXT), kbnets("2017-08-21T17:00")) == (
        "Session 3: Measurement & Performance Analysis is on now. Nothing more after this; the last"
        " session ends at 5:25 pm PDT."
    )


def test_a_kind_of_block_that_the_program_does_not_have():
    found = answer(Want.WHEN, sessions(Kinds(frozenset({SessionKind.PANEL}), words="panel")))

    assert plain(found) == "The program of KBNets'17 lists no panel."
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NO_SUCH)


def test_no_talk_that_fits_is_said_with_what_was_asked():
    found = answer(Want.LIST, talks(PAPERS, From(("uw",), "Washington")), plural=True)

    assert plain(found) == "No, the program of KBNets'17 has no paper from Washington."
    assert found.status is Status.ANSWERED


# -- status and reason -----------------------------------------------------------------------


def fact_about(subject):
    return Ref(Of.FACT, (Subjects((subject,)),))


def scope(words, *absent):
    return answer(Want.SCOPE, Ref(Of.TOPIC), words=text_stems(words), absent=absent)


@pytest.mark.parametrize(
    ("asked", "status", "reason"),
    [
        (partial(answer, Want.HELP), Status.ANSWERED, None),
        (partial(answer, Want.GREETING), Status.ANSWERED, None),
        (partial(answer, Want.THANKS), Status.ANSWERED, None),
        (partial(answer, Want.BYE), Status.ANSWERED, None),
        (partial(answer, Want.DECLINE), Status.UNKNOWN, Reason.OFF_TOPIC),
        (partial(answer, Want.NOTHING), Status.UNKNOWN, Reason.NOT_UNDERSTOOD),
        (partial(answer, Want.CLARIFY), Status.CLARIFY, None),
        (partial(answer, Want.WHEN, a_session("lunch")), Status.ANSWERED, None),
        (
            partial(answer, Want.WHEN, people(Ids((), "Daniel Dolev"))),
            Status.UNKNOWN,
            Reason.NO_SUCH,
        ),
        (
            partial(answer, Want.WHEN, sessions(Numbered("session", "4"))),
            Status.UNKNOWN,
            Reason.NO_SUCH,
        ),
        (partial(answer, Want.WHEN, sessions(pick=Nth(12))), Status.UNKNOWN, Reason.NO_SUCH),
        (partial(answer, Want.ABOUT, talks(PAPERS)), Status.CLARIFY, None),
        (partial(answer, Want.FACT, fact_about("page-limit")), Status.ANSWERED, None),
        (
            partial(answer, Want.FACT, fact_about("submission-site")),
            Status.UNKNOWN,
            Reason.NOT_STATED,
        ),
        (partial(answer, Want.FACT, fact_about("parking")), Status.UNKNOWN, Reason.NOT_STATED),
        (
            partial(answer, Want.FACT, fact_about("slides"), other=a_talk("cquic")),
            Status.UNKNOWN,
            Reason.NOT_STATED,
        ),
        (partial(scope, "nfv"), Status.ANSWERED, None),
        (partial(scope, "", "pastry"), Status.UNKNOWN, Reason.NO_SUCH),
        (partial(answer, Want.TOPICS, Ref(Of.TOPIC)), Status.ANSWERED, None),
        (partial(answer, Want.TOPICS, Ref(Of.TOPIC), tidal()), Status.UNKNOWN, Reason.NOT_STATED),
        (partial(answer, Want.DATE, Ref(Of.MILESTONE), plural=True), Status.ANSWERED, None),
        (
            partial(
                answer,
                Want.DATE,
                Ref(Of.MILESTONE, (Milestones(frozenset({MilestoneKind.REBUTTAL})),)),
            ),
            Status.UNKNOWN,
            Reason.NOT_STATED,
        ),
        (
            partial(answer, Want.DETAIL, a_talk("cquic"), words=("zebra",), absent=("zebra",)),
            Status.UNKNOWN,
            Reason.NOT_STATED,
        ),
    ],
)
def test_an_answer_has_the_status_and_reason_of_what_was_found(asked, status, reason):
    found = asked()

    assert (found.status, found.reason) == (status, reason)
    assert plain(found)


def bare():
    """A program that leaves nearly everything open."""
    return world_of(
        event(
            session("s", during("9:00", "10:00"), title="Tides"),
            session("open", during("11:00", ""), title="Drinks"),
            session("t", talks=[talk("t1", "On Tides")], title="More Tides"),
            session("c", during("8:00", "8:30"), talks=[talk("t2", "Waves", by=["ann-lee"])]),
        ),
        at("7:00"),
    )


@pytest.mark.parametrize(
    ("want", "ref"),
    [
        (Want.WHERE, a_session("s")),
        (Want.CHAIR, a_session("s")),
        (Want.END, a_session("open")),
        (Want.DURATION, a_session("open")),
        (Want.WHEN, a_session("t")),
        (Want.WHEN, a_talk("t1")),
        (Want.AUTHORS, a_talk("t1")),
        (Want.ABSTRACT, a_talk("t1")),
        (Want.AFFILIATION, a_person("ann-lee")),
    ],
)
def test_what_the_records_leave_open_is_unknown_since_not_stated(want, ref):
    found = answer(want, ref, bare())

    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NOT_STATED)


def test_somebody_without_a_part_is_known_by_name():
    made = event(people=[Person("ann-lee", "Ann Lee", ref="people.yaml#ann-lee")])

    assert say(Want.OVERVIEW, a_person("ann-lee"), world_of(made)) == (
        f"Ann Lee has no part in the program of {made.short}."
    )


def test_near_names_are_offered_as_text():
    said = say(Want.WHEN, people(Ids((), "Daniel Dolev")))

    assert said == (
        "No, the records of KBNets'17 have no person called “Daniel Dolev”. There are Daniel"
        " Firestone and Danny Dolev."
    )
    assert "There are Session 1, Session 2 and Session 3." in say(
        Want.WHEN, sessions(Numbered("session", "4"))
    )


def test_several_things_that_fit_are_offered():
    found = answer(Want.ABOUT, a_talk("cquic", "logmemcached"))

    assert found.status is Status.CLARIFY
    assert [a.label[:12] for a in found.actions] == ["“LogMemcache", "“Towards a S"]
    assert "“Towards a Scalable Modular QUIC Server” by Yufeng Duan et al." in plain(found)


def test_words_that_nothing_knows_are_named():
    assert "don't mention “quagga” or “zebra”" in say(Want.NOTHING, absent=("quagga", "zebra"))


def test_an_answer_says_which_words_it_left_aside():
    lunch = answer(Want.WHEN, a_session("lunch"))

    query = Query(Want.WHEN, a_session("lunch"))
    assert plain(with_unread(lunch, query, ("RoCE",))).endswith(
        "I don't know “RoCE”, so I left that aside."
    )
    assert with_unread(lunch, query, ()) == lunch
    unknown = answer(Want.DECLINE)
    assert with_unread(unknown, Query(Want.DECLINE), ("RoCE",)) == unknown


def test_an_answer_names_its_records():
    assert answer(Want.WHEN, a_session("session-2")).records == ("program.yaml#session-2",)
    assert answer(Want.BIO, a_person("danny-dolev")).records == ("people.yaml#danny-dolev",)
    assert answer(Want.FACT, fact_about("page-limit")).records == ("call.yaml#page-limit",)


@pytest.mark.parametrize(
    "asked",
    [
        partial(answer, Want.WHEN, here=tidal()),
        partial(answer, Want.AGENDA, sessions(pick=Near.NOW), tidal("2019-10-08T19:30")),
        partial(
            answer,
            Want.WHEN,
            sessions(Kinds(frozenset({SessionKind.REGISTRATION}), words="x"), Ahead()),
            tidal("2019-10-10T10:00"),
        ),
    ],
)
def test_every_record_that_is_named_is_there(asked):
    found = asked()
    made = tidal().event
    refs = {r.ref for r in (made, *made.sessions, *made.talks, *made.people)}
    files = {ref.partition("#")[0] for ref in refs}

    assert found.records
    assert {r.partition("#")[0] for r in found.records} <= files


def test_a_summary_is_never_empty():
    for want in Want:
        if want not in (Want.LONGER, Want.EARLIER, Want.GAP, Want.BOTH):
            assert first_line(want, a_session("session-1")), want


# -- dates of the call -----------------------------------------------------------------------


SUBMISSION = Ref(Of.MILESTONE, (Milestones(frozenset({MilestoneKind.SUBMISSION})),))


@pytest.mark.parametrize(
    ("want", "text"),
    [
        (
            Want.DATE,
            (
                "Submission deadline: Friday, March 31, 2017 (extended from March 24). The time of"
                " day isn't stated. That is in 11 days."
            ),
        ),
        (
            Want.LEFT,
            (
                "11 days left until the submission deadline, Friday, March 31, 2017 (extended from"
                " March 24). The time of day isn't stated."
            ),
        ),
        (
            Want.EXTENDED,
            (
                "The submission deadline was extended from March 24 to Friday, March 31, 2017, by 7"
                " days. That is in 11 days."
            ),
        ),
        (
            Want.ORIGINAL,
            (
                "The submission deadline was originally Friday, March 24, 2017; it was extended to"
                " Friday, March 31, 2017. That is in 11 days."
            ),
        ),
    ],
)
def test_a_date_of_the_call_is_told_with_the_one_that_it_replaced(want, text):
    assert say(want, SUBMISSION, kbnets("2017-03-20T12:00")) == text


def test_a_date_that_never_changed_is_said_not_to_have():
    camera_ready = only(Of.MILESTONE, "camera-ready")
    here = kbnets("2017-05-01T12:00")

    assert "No extension is on record" in say(Want.EXTENDED, camera_ready, here)
    assert "no change is on record" in say(Want.ORIGINAL, camera_ready, here)


@pytest.mark.parametrize(
    ("now", "left", "missed"),
    [
        ("2017-03-20T23:59", "11 days left", "There is still time"),
        ("2017-03-30T00:01", "1 day left", "There is still time"),
        ("2017-03-31T00:00", "is today", "There is still time"),
        ("2017-03-31T23:59", "is today", "There is still time"),
        ("2017-04-02T12:00", "was 2 days ago", "It is over"),
        ("2017-08-01T12:00", "was 123 days ago", "It is over"),
    ],
)
def test_a_date_without_a_time_is_counted_in_calendar_days_of_the_event(now, left, missed):
    here = kbnets(now)

    assert left in say(Want.LEFT, SUBMISSION, here)
    assert say(Want.MISSED, SUBMISSION, here).startswith(missed)
    assert "hour" not in say(Want.LEFT, SUBMISSION, here)


def test_until_that_day_has_ended_anywhere_on_earth_the_organizers_can_tell():
    said = say(Want.MISSED, SUBMISSION, kbnets("2017-04-01T04:59"))

    assert said.startswith("The date has passed at the venue")
    assert "ask the organizers" in said


def test_once_that_day_has_ended_anywhere_on_earth_it_is_over():
    said = say(Want.MISSED, SUBMISSION, kbnets("2017-04-01T05:00"))

    assert said.startswith("It is over")


@pytest.mark.parametrize("want", [Want.LEFT, Want.DATE])
def test_whatever_is_asked_the_day_after_is_left_open_in_that_time(want):
    said = say(want, SUBMISSION, kbnets("2017-04-01T01:00"))

    assert "ask the organizers" in said
    assert "ago" not in said


def test_a_time_of_day_that_is_not_stated_is_unknown():
    found = answer(Want.TIME_OF_DAY, SUBMISSION, kbnets("2017-03-20T12:00"))

    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NOT_STATED)
    assert "Friday, March 31, 2017" in plain(found)


SPRING = Ref(
    Of.MILESTONE,
    (Milestones(frozenset({MilestoneKind.SUBMISSION})), Track(("full", "spring"), "")),
)


def test_a_date_with_a_zone_is_told_with_it_and_as_the_venue_s_time():
    here = harbor("2026-03-01T12:00")

    assert say(Want.DATE, SPRING, here).startswith(
        "Submission deadline (Full papers, Spring cycle): Tuesday, March 10, 2026, 23:59 AoE"
        " (extended from March 3)."
    )
    assert "Wednesday, March 11, 2026 08:59 ADT at the venue" in say(Want.TIME_OF_DAY, SPRING, here)


def test_a_date_of_several_tracks_names_them_all():
    tracks = (Label("full", "Full papers", "call.yaml#full"), Label("s", "Shorts", "call.yaml#s"))
    both = milestone("both", moment("2026-03-10"), tracks=("full", "s"))
    here = world_of(event(call=call(both, tracks=tracks)))

    assert say(Want.DATE, Ref(Of.MILESTONE), here).startswith(
        "Submission deadline (Full papers, Shorts): "
    )


def test_until_the_instant_itself_there_is_still_time():
    early, late = harbor("2026-03-11T08:58"), harbor("2026-03-11T09:00")

    assert say(Want.MISSED, SPRING, early).startswith("There is still time")
    assert say(Want.MISSED, SPRING, late).startswith("It is over")


@pytest.mark.parametrize("want", [Want.LEFT, Want.DATE])
def test_a_deadline_that_is_still_open_anywhere_on_earth_was_not_a_day_ago(want):
    assert "ago" not in say(want, SPRING, harbor("2026-03-11T05:00"))


def test_a_deadline_that_is_still_open_is_the_next():
    here = harbor("2026-03-11T05:00")

    assert "March 10" in say(Want.DATE, Ref(Of.MILESTONE, pick=Near.NEXT), here)


def at_noon():
    """A deadline at noon, in the venue's own zone."""
    made = event(call=call(milestone("m", moment("2026-03-02", "12:00", "Europe/Madrid"))))
    return lambda clock: world_of(made, at(clock))


def test_on_its_day_a_deadline_is_open_until_its_hour():
    assert say(Want.MISSED, SUBMISSION, at_noon()("11:59")).startswith("There is still time")


@pytest.mark.parametrize(
    ("want", "begins"), [(Want.MISSED, "It is over"), (Want.LEFT, "The submission deadline was")]
)
def test_on_its_day_a_deadline_is_over_after_its_hour(want, begins):
    assert say(want, SUBMISSION, at_noon()("12:01")).startswith(begins)


def test_what_comes_next_in_the_call():
    next_date = Ref(Of.MILESTONE, pick=Near.NEXT)

    assert say(Want.DATE, next_date, kbnets("2017-04-05T12:00")).startswith(
        "Acceptance notification: Wednesday, May 3, 2017 (extended from April 30)."
    )
    assert say(Want.DATE, next_date, kbnets("2017-06-01T12:00")) == (
        "All dates of the call have passed. KBNets'17 itself is on Monday, August 21, 2017."
    )


def test_all_dates_of_the_call_are_listed_in_their_order():
    assert say(Want.DATE, Ref(Of.MILESTONE), plural=True).splitlines() == [
        "Dates of the call:",
        "• Submission deadline: Friday, March 31, 2017 (extended from March 24)",
        "• Acceptance notification: Wednesday, May 3, 2017 (extended from April 30)",
        "• Camera ready deadline: Friday, May 26, 2017",
    ]


@pytest.mark.parametrize(
    ("day", "begins"), [(OnDay("date", 31, 3), "Yes. "), (OnDay("date", 24, 3), "No. ")]
)
def test_a_claim_about_a_date_is_judged_by_the_date_in_force(day, begins):
    said = say(Want.DATE, SUBMISSION, kbnets("2017-03-20T12:00"), claims=(day,), polar=True)

    assert said.startswith(f"{begins}The submission deadline is Friday, March 31, 2017")


# -- facts and topics ------------------------------------------------------------------------


def a_rule(**more):
    return world_of(
        event(call=call(rules=(fact("pages", "Six pages.", about=("page-limit",), **more),)))
    )


def test_a_fact_is_told_as_it_stands():
    assert say(Want.FACT, fact_about("page-limit"), a_rule()) == "Six pages."


@pytest.mark.parametrize(
    ("words", "begins"), [("count", "Yes. Six"), ("five", "No. Six"), ("whatever", "Six")]
)
def test_yes_or_no_comes_first_where_the_fact_settles_it(words, begins):
    here = a_rule(permits=("count",), forbids=("five",))

    said = say(Want.FACT, fact_about("page-limit"), here, words=text_stems(words), polar=True)

    assert said.startswith(begins)


def test_a_point_that_the_organizers_leave_open_is_told_as_open():
    found = answer(Want.FACT, fact_about("recording"), harbor())

    assert "has not been decided" in plain(found)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NOT_STATED)


def test_what_may_be_told_in_private_only_is_not_told_aloud():
    made = event(infos=(info("wifi", "Password neap.", about=("wifi",), audience="private"),))
    alone = answer(Want.FACT, fact_about("wifi"), world_of(made))
    aloud = answer(Want.FACT, fact_about("wifi"), world_of(made, private=False))

    assert plain(alone) == "Password neap."
    assert "neap" not in plain(aloud)
    assert "in private only" in plain(aloud)
    assert aloud.status is Status.UNKNOWN


def test_a_subject_without_a_record_is_named():
    assert say(Want.FACT, fact_about("parking")) == (
        "Sorry, the records of KBNets'17 say nothing about parking."
    )


def test_a_link_is_told_with_its_kind():
    said = say(Want.FACT, fact_about("code"), tidal(), other=a_talk("barnaclenet"))

    assert said.endswith("source code: https://code.example.org/barnaclenet")


def test_a_topic_that_fits_is_quoted_and_one_that_does_not_is_denied_with_a_way_out():
    assert plain(scope("nfv")).startswith(
        "Yes, that fits the topics of interest: “Middle-boxes/NFV optimization with kernel-bypass"
        " networks”. The call says: "
    )
    assert plain(scope("", "pastry")).startswith(
        "No, the topics of interest don't name “pastry”. The list is not exhaustive"
    )


def test_all_topics_are_listed():
    lines = say(Want.TOPICS, Ref(Of.TOPIC)).splitlines()

    assert lines[0].startswith("13 topics of interest.")
    assert len(lines) == 14


# -- the event -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "now", "text"),
    [
        (
            Want.DURATION,
            "2017-08-21T11:00",
            (
                "The day lasts 505 minutes (8 hours 25 minutes): 9:00 am–5:25 pm PDT on Monday,"
                " August 21, 2017."
            ),
        ),
        (
            Want.UNTIL,
            "2017-08-20T10:00",
            "KBNets'17 starts in 1 day, on Monday, August 21, 2017 at 9:00 am PDT.",
        ),
        (
            Want.UNTIL,
            "2017-08-21T12:00",
            "325 minutes (5 hours 25 minutes) until the end at 5:25 pm PDT.",
        ),
        (Want.OVER, "2017-08-21T12:00", "No, KBNets'17 runs until 5:25 pm PDT."),
    ],
)
def test_how_long_the_event_takes_and_until_when(want, now, text):
    assert say(want, here=kbnets(now)) == text


def test_an_event_of_days_is_told_from_its_first_to_its_last():
    said = say(Want.WHEN, here=tidal("2019-09-01T10:00"))

    assert said.startswith("TIDAL'19 is on Tuesday, October 8 to Thursday, October 10, 2019")


def test_a_day_that_is_none_of_the_event_s():
    said = say(Want.WHEN, Ref(Of.EVENT, (OnDay("offset", 1),)))

    assert said == (
        "Nothing of KBNets'17 is on Tuesday, August 22, 2017; it is on Monday, August 21, 2017."
    )


def test_an_event_whose_program_is_not_made_has_its_days_only():
    assert say(Want.WHEN, here=harbor()) == (
        "HARBOR 2026 is on Thursday, December 3, 2026 and Friday, December 4, 2026."
    )


def test_an_event_without_days_has_no_date():
    found = answer(Want.WHEN, here=world_of(event(days=())))

    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.NOT_STATED)


def test_help_shows_what_can_be_asked():
    found = answer(Want.HELP)

    assert "“what's on now?”" in plain(found)
    assert "what's on now?" in [a.asks for a in found.actions]
    assert "“when is the deadline?”" in say(Want.HELP, here=harbor())


# -- the same room ---------------------------------------------------------------------------


def test_whether_one_can_stay_in_a_room():
    assert say(Want.ROOMS, sessions()).startswith(
        "All sessions with talks are in Laureate Room (Luskin Center)."
    )
    assert "The sessions use " in say(Want.ROOMS, sessions(), tidal())


# -- made events -----------------------------------------------------------------------------


def test_a_talk_that_nobody_signed_is_told_without_names():
    here = bare()

    assert "don't say who “On Tides” is by" in say(Want.AUTHORS, a_talk("t1"), here)
    assert say(Want.OVERVIEW, a_talk("t1"), here).startswith("“On Tides”: ")


def test_people_of_no_organization_are_told_without_one():
    made = event(
        session("s", during("9:00", "10:00"), talks=[talk("t", by=[as_author("ann-lee")])]),
        people=[person("Ann Lee")],
    )

    assert say(Want.AUTHORS, a_talk("t"), world_of(made)) == "“T” is by Ann Lee."


def test_sessions_of_two_days_are_listed_with_their_dates():
    made = event(
        session("a", during("9:00", "10:00"), title="Ebb"),
        session("b", during("9:00", "10:00", day=TUESDAY), title="Flow"),
        days=(MONDAY, TUESDAY),
    )

    assert say(Want.LIST, sessions(), world_of(made)).splitlines() == [
        "2 sessions:",
        "• Monday, March 2, 2026, 09:00–10:00 CET: Ebb",
        "• Tuesday, March 3, 2026, 09:00–10:00 CET: Flow",
    ]


def test_what_words_mean_is_told_below_a_list_of_talks_about_them():
    said = say(Want.LIST, talks(PAPERS, About(("pfc",), ("PFC",))), plural=True)

    assert "PFC stands for Priority Flow Control." in said


def test_no_answer_pings_anybody():
    made = event(session("s", during("9:00", "10:00"), title="@everyone <!channel>"))

    said = say(Want.WHEN, a_session("s"), world_of(made))

    assert "@everyone" not in said
    assert "<!channel>" not in said
    assert isinstance(answer(Want.WHEN, a_session("s"), world_of(made)), Answer)
