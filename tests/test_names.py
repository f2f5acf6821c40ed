"""Names as people type them: typos, accents, nicknames, initials, namesakes, and nobody."""

from functools import cache

import pytest

from bot.event import TalkKind
from bot.question.names import Names
from bot.question.words import split
from tests.conftest import desk_of, language
from tests.small import (
    as_author,
    call,
    event,
    info,
    milestone,
    moment,
    organization,
    person,
    room,
    session,
    talk,
)


@cache
def names_of(name):
    return Names(desk_of(name).event, language())


def read(text, names):
    return names.corrected(split(text, language().contractions))


def named(text, kind, names="kbnets17"):
    """The ids of every name of a kind in the text, in order."""
    names = names_of(names) if isinstance(names, str) else names
    return [p.value for p in names.annotate(read(text, names)) if p.kind == kind]


def person_in(text, names="kbnets17"):
    """The ids of the one person's name in the text."""
    (ids,) = named(text, "person", names)
    return ids


def of(made):
    return Names(made, language())


# -- people ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Danny Dolev", "danny-dolev"),
        ("danny dolev", "danny-dolev"),
        ("dolev", "danny-dolev"),
        ("Danny", "danny-dolev"),
        ("dolevs", "danny-dolev"),
        ("dolev's", "danny-dolev"),
        ("Kang G. Shin", "kang-g-shin"),
        ("kang shin", "kang-g-shin"),
        ("Dolev, Danny", "danny-dolev"),
    ],
)
def test_a_person_is_found_by_the_parts_of_the_name(typed, who):
    assert person_in(typed) == (who,)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Krishnamurty", "arvind-krishnamurthy"),
        ("arvind krishnamurhty", "arvind-krishnamurthy"),
        ("Firestne", "daniel-firestone"),
        ("mosharraf", "mosharaf-chowdhury"),
        ("Schlanskr", "mike-schlansker"),
    ],
)
def test_a_typo_in_a_name_is_forgiven(typed, who):
    assert person_in(typed) == (who,)


def test_a_typo_in_the_ending_of_a_name_is_forgiven():
    assert person_in("krishnamurthi") == ("arvind-krishnamurthy",)


def test_a_name_of_less_than_five_letters_must_be_typed_right():
    assert person_in("Wood") == ("timothy-wood",)
    assert person_in("Xu") == ("qian-xu",)
    assert named("wodd", "person") == named("xo", "person") == named("galo", "person") == []


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Øystein Håland", "oystein-haland"),
        ("oystein haland", "oystein-haland"),
        ("Haaland", "oystein-haland"),
        ("thora jonsdottir", "thora-jonsdottir"),
        ("Þóra", "thora-jonsdottir"),
        ("jose alvarez pena", "jose-alvarez-pena"),
        ("JOSÉ ÁLVAREZ-PEÑA", "jose-alvarez-pena"),
        ("siân o’dwyer", "sian-odwyer"),
        ("sian odwyer", "sian-odwyer"),
        ("Müller-Lüdtke", "zoe-mueller-luedtke"),
        ("mueller luedtke", "zoe-mueller-luedtke"),
        ("maelle", "maelle-kerouanton"),
        ("Solène Guivarc'h", "solene-guivarch"),
        ("guivarch", "solene-guivarch"),
        ("widodo", "widodo"),
    ],
)
def test_accents_and_apostrophes_make_no_difference(typed, who):
    assert person_in(typed, "tidal") == (who,)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Tim Wood", "timothy-wood"),
        ("Dan Firestone", "daniel-firestone"),
        ("vlad olteanu", "vladimir-olteanu"),
        ("Alex Shpiner", "alexander-shpiner"),
    ],
)
def test_the_beginning_of_a_given_name_is_a_nickname(typed, who):
    assert person_in(typed) == (who,)


def test_a_nickname_that_is_on_record_is_found():
    assert person_in("Pepe Alvarez-Pena", "tidal") == ("jose-alvarez-pena",)
    assert person_in("lani", "tidal") == ("leilani-kahananui",)


@pytest.mark.parametrize(
    "typed", ["Daniel Dolev", "Danny Firestone", "Arvind Firestone", "Michael Wood", "dolev liu"]
)
def test_a_full_name_is_nobody_s_unless_every_part_is_right(typed):
    assert person_in(typed) == ()


def test_a_given_name_that_nobody_has_leaves_the_surname_to_be_offered():
    assert person_in("Sophie Dolev") == ("danny-dolev",)


def test_a_wrong_initial_before_a_surname_is_nobody_s():
    assert person_in("E. Dolev") == ()


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("arvind k", ("arvind-krishnamurthy",)),
        ("danny d", ("danny-dolev",)),
        ("mia p.", ("mia-primorac",)),
        ("liu g", ("guyue-liu",)),
        ("eitan z", ("eitan-zahavi",)),
    ],
)
def test_an_initial_tells_namesakes_apart(typed, who):
    assert person_in(typed) == who


@pytest.mark.parametrize(("typed", "who"), [("wang r", "ren-wang"), ("wang y", "yipeng-wang")])
def test_an_initial_behind_a_name_is_no_slang(typed, who):
    assert person_in(typed) == (who,)


def test_initials_are_a_given_name():
    assert person_in("K.K. Ramakrishnan") == ("kk-ramakrishnan",)
    assert person_in("KK") == ("kk-ramakrishnan",)


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Ana García", ("ana-garcia-brigantia", "ana-garcia-kelpdb")),
        ("garcia", ("ana-garcia-brigantia", "ana-garcia-kelpdb", "marcos-garcia")),
        ("marcos garcia", ("marcos-garcia",)),
        ("Liu", ("hong-liu", "jiaming-liu", "mei-liu", "yang-liu")),
        ("van der berg", ("pieter-van-der-berg", "saskia-van-der-berg")),
        ("saskia van der berg", ("saskia-van-der-berg",)),
    ],
)
def test_of_namesakes_all_are_kept(typed, who):
    assert tuple(sorted(person_in(typed, "tidal"))) == who


@pytest.mark.parametrize(
    ("typed", "who"),
    [
        ("Martin Thomas", ("martin-thomas",)),
        ("Thomas Martin", ("thomas-martin",)),
        ("martin", ("martin-thomas", "thomas-martin")),
        ("thomas", ("martin-thomas", "thomas-martin")),
    ],
)
def test_two_names_in_the_other_order_are_another_person(typed, who):
    assert person_in(typed, "tidal") == who


def test_two_people_are_two_names():
    assert named("danny dolev and daniel firestone", "person") == [
        ("danny-dolev",),
        ("daniel-firestone",),
    ]
    assert named("dolev's and firestone's papers", "person") == [
        ("danny-dolev",),
        ("daniel-firestone",),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "when is lunch",
        "what should we do this evening",
        "where do i get coffee",
        "tell me the time",
        "is there a shuttle to the airport",
        "can i still submit my paper",
    ],
)
def test_everyday_words_are_nobody_s_name(text):
    assert named(text, "person") == named(text, "person", "tidal") == []


# -- organizations ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "which"),
    [
        ("Microsoft", {"microsoft", "microsoft-research"}),
        ("microsoft research", {"microsoft-research"}),
        ("Microsft", {"microsoft", "microsoft-research"}),
        ("MSR", {"microsoft-research"}),
        ("intel labs", {"intel-labs"}),
        ("Intel", {"intel", "intel-labs"}),
        ("Nokia", {"nokia", "bell-labs"}),
        ("Lausanne", {"epfl"}),
        ("hebrew university", {"huji"}),
        ("michigan", {"umich"}),
        ("UC Riverside", {"ucr"}),
        ("george washington", {"gwu"}),
        ("politehnica of bucharest", {"upb"}),
    ],
)
def test_an_organization_is_found_with_those_that_belong_to_it(typed, which):
    widest = max(
        (
            p
            for p in names_of("kbnets17").annotate(read(typed, names_of("kbnets17")))
            if p.kind == "org"
        ),
        key=lambda p: p.end - p.start,
    )

    assert set(widest.value) == which


def folks():
    """A university with an institute, which has a lab."""
    return event(
        session(
            "s",
            talks=[talk("t", by=[as_author("ann-lee", "lab"), as_author("bo-ray", "rival")])],
        ),
        people=[person("Ann Lee"), person("Bo Ray")],
        organizations=(
            organization("uni", "Saltmarsh University", country="Norway"),
            organization("institute", "Fjord Institute", parent="uni", country="Norway"),
            organization("lab", "Kelp Lab", parent="institute", country="Sweden"),
            organization("rival", "University of Mudflats", country="Norway"),
        ),
    )


def test_an_organization_is_found_with_all_that_belongs_to_what_belongs_to_it():
    assert named("saltmarsh", "org", of(folks())) == [("uni", "institute", "lab")]


def test_a_country_is_all_of_its_organizations():
    (norway,) = named("who is from norway", "org", of(folks()))

    assert set(norway) == {"uni", "institute", "rival"}
    assert named("sweden", "org", of(folks())) == [("lab",)]
    assert named("spain", "org", "tidal") == [("brigantia", "igm", "aodc")]


@pytest.mark.parametrize("text", ["which university", "the lab", "a research institute"])
def test_what_many_organizations_are_called_names_none(text):
    assert named(text, "org", of(folks())) == []


# -- talks, sessions, rooms, dates -----------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "which"),
    [
        ("LogMemcached", "logmemcached"),
        ("logmemcached - an rdma based continuous cache replication", "logmemcached"),
        ("the memcached paper", "logmemcached"),
        ("logmemcachd", "logmemcached"),
        ("VIRTIO-USER", "virtio-user"),
        ("virtio user", "virtio-user"),
        ("virtiouser", "virtio-user"),
        ("A New Versatile Channel for Kernel-Bypass Networks", "virtio-user"),
        ("how to measure the killer microseconds", "killer-microsecond"),
        ("azure talk", "hardware-accelerated-networks"),
    ],
)
def test_a_talk_is_found_by_its_title_its_halves_and_its_other_names(typed, which):
    assert (which,) in named(typed, "titled")


def test_words_of_a_title_written_as_one_are_taken_apart():
    words = read("openvswitch", names_of("kbnets17"))

    assert [w.folded for w in words] == ["open", "vswitch"]
    assert {w.text for w in words} == {"openvswitch"}


def test_a_short_word_of_a_title_is_not_pulled_out_of_another_word():
    made = event(session("s", talks=[talk("t", "A Sea of Ice")]))

    assert [w.folded for w in read("seaof", of(made))] == ["seaof"]


@pytest.mark.parametrize(
    ("typed", "which"),
    [
        ("session 2", "session-2"),
        ("congestion control", "session-2"),
        ("second coffee break", "break-2"),
        ("keynote 1", "keynote-1"),
        ("session 2 congestion control", "session-2"),
    ],
)
def test_a_session_is_found_by_its_label_its_title_and_its_other_names(typed, which):
    assert (which,) in named(typed, "session")


def test_sessions_of_one_name_are_all_kept():
    assert named("coffee break", "session", "tidal") == [
        (
            "coffee-tue-morning",
            "coffee-tue-afternoon",
            "coffee-wed-morning",
            "coffee-wed-afternoon",
            "coffee-thu",
        )
    ]


def test_a_numbered_session_is_found_by_its_number_and_letter_alone():
    assert ("session-4a",) in named("who is in 4A", "session", "tidal")


def test_rooms_are_found_by_their_other_names_too():
    made = event(rooms=[room("hall", "Great Hall", building="Mill", aliases=("aula",))])

    assert named("great hall", "room", of(made)) == [("hall",)]
    assert named("where is the Aula?", "room", of(made)) == [("hall",)]
    assert ("hall",) in named("great hall (mill)", "room", of(made))


def test_dates_of_a_call_headings_and_tracks_have_names():
    names = names_of("harbor")

    assert named("grant deadline", "dated", names) == [("grant-applications",)]
    assert ("full",) in named("long papers", "track", names)
    assert ("autumn",) in named("the fall cycle", "track", names)
    assert ("code-of-conduct",) in named("code of conduct", "info", names)


# -- other editions --------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["KBNets18", "kbnets16", "KBNets2018"])
def test_the_series_with_another_year_is_another_edition(typed):
    assert named(typed, "subject") == ["past-editions"]
    assert named(typed, "event") == []


@pytest.mark.parametrize("typed", ["KBNets17", "KBNets'17", "kbnets 2017", "kbnets"])
def test_the_series_with_its_own_year_or_none_is_this_edition(typed):
    assert ("kbnets17",) in named(typed, "event")
    assert named(typed, "subject") == []


@pytest.mark.parametrize("typed", ["KBNets'18", "KBNets 2018", "kbnets 18"])
def test_another_year_may_stand_apart(typed):
    assert named(typed, "subject") == ["past-editions"]


# -- words -----------------------------------------------------------------------------------


def test_a_word_of_the_records_is_known_by_any_form():
    names = names_of("kbnets17")

    assert all(names.knows(w) for w in read("replicating caches vhost firestone", names))
    assert not any(names.knows(w) for w in read("zebra xylophone", names))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("memcachd", "memcached"),
        ("congetsion", "congestion"),
        ("keynte", "keynote"),
        ("sesion", "session"),
        ("tomorow", "tomorrow"),
        ("infinibnd", "infiniband"),
    ],
)
def test_a_misspelt_word_is_mended_to_one_that_is_known(typed, meant):
    (w,) = read(typed, names_of("kbnets17"))

    assert (w.text, w.folded) == (typed, meant)


@pytest.mark.parametrize(
    "typed", ["lnch", "zzzzzzz", "qic", "lunch", "replicates", "abc123", "kubernetes"]
)
def test_a_word_that_is_short_or_far_from_all_others_stays_as_it_is(typed):
    (w,) = read(typed, names_of("kbnets17"))

    assert w.folded == typed


def test_of_a_name_and_an_everyday_word_as_near_the_name_is_meant():
    made = event(session("s", talks=[talk("t", "Quixote's Windmills")]), call=call(), infos=())

    assert [w.folded for w in read("quixotte", of(made))] == ["quixote"]


def test_an_event_without_anything_knows_no_names():
    made = event(short="X", name="X")

    assert list(of(made).annotate(read("when does danny dolev speak", of(made)))) == []


def test_names_of_a_made_event_reach_every_kind_of_record():
    made = event(
        session("tea", title="Five o'clock Tea", kind="break"),
        session("s", label="Session 1", talks=[talk("t", "On Tides", kind=TalkKind.PAPER)]),
        infos=(info("wifi", "Yes.", title="Wireless network"),),
        call=call(milestone("cfp", moment("2026-01-01"), label="Hand in")),
    )

    kinds = {
        p.kind
        for p in of(made).annotate(
            read("five o'clock tea session 1 on tides wireless network hand in small", of(made))
        )
    }

    assert kinds == {"session", "titled", "info", "dated", "event"}
