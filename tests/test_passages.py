"""Sentences, acronyms and ranks: which text speaks of some words."""

import pytest

from bot.event import Rule, Topic
from bot.passages import Passages, Shelf, acronyms_in, sentences, text_of
from bot.query import Of
from bot.question.words import stem, text_stems
from tests.conftest import language
from tests.small import (
    as_author,
    call,
    event,
    fact,
    ids,
    info,
    kbnets,
    only,
    person,
    session,
    talk,
    tidal,
)


def split(text):
    return [s.text for s in sentences(text)]


def passages(made):
    return Passages(made, language())


# -- sentences -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("   ", []),
        ("One.", ["One."]),
        ("No full stop", ["No full stop"]),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("One.\nTwo.", ["One.", "Two."]),
        ("It is 3.5 times faster. 12 runs.", ["It is 3.5 times faster.", "12 runs."]),
        (
            "Tools, e.g. caches, help. “Quoted.” (Aside.)",
            ["Tools, e.g. caches, help.", "“Quoted.” (Aside.)"],
        ),
        ("KBNets'17 is on. It is.", ["KBNets'17 is on.", "It is."]),
    ],
)
def test_a_text_is_split_at_the_ends_of_its_sentences(text, parts):
    assert split(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "Kang G. Shin is a professor.",
        "K. K. Ramakrishnan leads it.",
        "Dr. Rial takes reports.",
        "See Fig. 3 for details.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text):
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "has_number"),
    [
        ("It is 3x faster.", True),
        ("By an order of magnitude.", True),
        ("It is twice as fast.", True),
        ("All nine boats.", True),
        ("Much faster.", False),
        ("Someone often agrees.", False),
    ],
)
def test_a_sentence_knows_whether_it_has_a_number(text, has_number):
    (sentence,) = sentences(text)

    assert sentence.has_number is has_number


@pytest.mark.parametrize("text", ["Twice as fast.", "Nine boats took part."])
def test_a_number_may_open_its_sentence(text):
    assert sentences(text)[0].has_number


def test_a_sentence_holds_the_stems_of_its_words():
    (sentence,) = sentences("LogMemcached replicates caches.")

    assert {"replic", "cach", "memcach"} <= sentence.stems


# -- acronyms --------------------------------------------------------------------------------


def acronyms(*texts):
    """What acronyms stand for, as printed."""
    return [(a.acronym, a.words) for a in acronyms_in(texts)[1].values()]


@pytest.mark.parametrize(
    ("text", "acronym", "words"),
    [
        ("It needs Priority Flow Control (PFC).", "PFC", "Priority Flow Control"),
        ("It needs PFC (Priority Flow Control).", "PFC", "Priority Flow Control"),
        ("Use the data plane development kit (DPDK).", "DPDK", "data plane development kit"),
        ("Many virtual machines (VMs) run.", "VM", "virtual machines"),
        ("Open vSwitch (OvS) switches.", "OvS", "Open vSwitch"),
        ("They use OvS (Open vSwitch).", "OvS", "Open vSwitch"),
        ("Network function virtualization (NFV)", "NFV", "Network function virtualization"),
    ],
)
def test_a_text_tells_what_an_acronym_stands_for_in_either_order(text, acronym, words):
    assert acronyms(text) == [(acronym, words)]


@pytest.mark.parametrize(
    "text",
    [
        "The Laureate Room (Luskin Center) is large.",
        "They met in the city (LA).",
        "It took a day (see below).",
        "RDMA (and others) bypass the kernel.",
        "It is fast (PFC).",
        "No brackets at all: PFC.",
        "(PFC)",
    ],
)
def test_other_brackets_spell_nothing_out(text):
    assert acronyms(text) == []


def test_of_two_explanations_the_first_is_told():
    assert acronyms("Tide Level (TL) rose.", "Top Loader (TL) fell.") == [("TL", "Tide Level")]


def water():
    """Two papers that speak of one thing, by its acronym and by its words, and one that doesn't."""
    return passages(
        event(
            session(
                "s",
                talks=[
                    talk(
                        "short", "SSF for Harbours", summary="A storm surge forecast (SSF) helps."
                    ),
                    talk("long", "Surges", summary="We forecast a storm and its surge."),
                    talk("acronym", "SSF Revisited"),
                    talk("other", "Storm Windows"),
                ],
            )
        )
    )


def test_an_acronym_finds_the_records_that_spell_it_out():
    assert {r.id for r in water().talks.rank(["ssf"])} == {"short", "long", "acronym"}


def test_the_words_of_an_acronym_find_the_records_that_have_it_alone():
    ranked = water().talks.rank([stem(w) for w in ("storm", "surge", "forecast")])
    fit = [r.id for r in ranked if len(r.hits) == 3]

    assert set(fit) == {"short", "long", "acronym"}


# -- rank ------------------------------------------------------------------------------------


def shelf(**records):
    """Records by id: a title and a text."""
    rows = ((id_, (title,), (text,)) for id_, (title, text) in records.items())
    return Shelf(rows, {})


TIDES = shelf(
    gauge=("Tide Gauges", "Gauges measure the tide in harbours."),
    radar=("Radar", "A radar gauge for harbours, where the tide is high."),
    whale=("Whales", "Whales sing in harbours."),
    shrimp=("Shrimp", "Shrimp snap."),
)


def rank(words, of=TIDES, **options):
    return [r.id for r in of.rank(text_stems(words), **options)]


def test_a_word_in_a_title_counts_more_than_one_in_a_text():
    assert rank("gauges") == ["gauge", "radar"]
    assert rank("radar") == ["radar"]


def test_a_rare_word_counts_more_than_a_common_one():
    assert rank("singing in harbours")[0] == "whale"


def test_more_of_the_words_count_more_than_fewer():
    assert rank("tide harbours") == ["gauge", "radar", "whale"]


def test_a_rank_says_which_words_were_met_and_which_of_them_in_the_title():
    best = TIDES.rank(text_stems("gauge harbours seagulls"))[0]

    assert (best.id, best.hits, best.title_hits) == (
        "gauge",
        frozenset({"gaug", "harbour"}),
        frozenset({"gaug"}),
    )


def test_words_that_no_record_has_find_nothing():
    assert rank("seagulls") == rank("") == []


def test_only_records_among_those_given_are_ranked():
    assert rank("harbours", among={"whale", "shrimp"}) == ["whale"]


def test_records_that_fit_alike_stand_in_the_order_of_their_ids():
    twins = shelf(b=("Same", "words"), a=("Same", "words"), c=("Same", "words"))

    assert rank("same words", twins) == ["a", "b", "c"]


def test_a_word_tells_the_more_the_fewer_records_have_it():
    everywhere, twice, once, nowhere = (
        TIDES.weight(stem(w)) for w in ("harbours", "tide", "sing", "seagull")
    )

    assert 0 < everywhere < twice < once < nowhere


def test_a_shelf_knows_where_its_words_stand():
    assert TIDES.has("harbour")
    assert not TIDES.has("seagul")
    assert TIDES.having("gaug") == {"gauge", "radar"}
    assert TIDES.in_title("gaug") == {"gauge"}
    assert TIDES.having("seagul") == set()


def test_an_empty_shelf_finds_nothing():
    assert rank("anything", shelf()) == []


# -- the best sentences ----------------------------------------------------------------------


RACE = sentences(
    "Sailing is an old sport. The boat uses a carbon mast. The mast bends and the boat is 12 %"
    " faster. Boats without it are slower. Rain did not matter."
)


def best(words, details=(), where=RACE):
    ranked = passages(event()).best(where, text_stems(words), details, TIDES)
    return [sentence.text for _, sentence, _ in ranked]


def test_the_sentence_with_the_words_is_the_best():
    assert best("rain")[0] == "Rain did not matter."
    assert best("carbon mast")[0] == "The boat uses a carbon mast."


def test_a_side_that_is_asked_for_is_told_by_a_sentence_that_tells_of_it_in_numbers():
    assert best("", ["speedup"])[0] == "The mast bends and the boat is 12 % faster."
    assert best("boat", ["speedup"])[0] == "The mast bends and the boat is 12 % faster."


def test_sentences_without_any_of_the_words_are_no_answer():
    assert best("seagulls") == []
    assert best("") == []


def test_it_is_said_which_words_were_met():
    ((_, _, hits),) = passages(event()).best(RACE, text_stems("rain in spain"), (), TIDES)

    assert hits == {"rain"}


# -- an event's texts ------------------------------------------------------------------------


def headings():
    """Facts below headings: with subjects of their own, without, and two levels down."""
    return event(
        infos=(
            info("venue", "An old mill.", title="Venue", about=("venue",)),
            info("lift", "There is a lift.", parent="venue"),
            info("bus", "Bus 4.", parent="venue", about=("travel",)),
            info("stop", "It stops at the gate.", parent="bus"),
            info("deep", "Very deep.", parent="lift"),
            info("loose", "Belongs nowhere."),
        ),
        call=call(rules=(Rule("pages", "Six.", "call.yaml#pages", about=("page-limit",)),)),
    )


@pytest.mark.parametrize(
    ("name", "subjects"),
    [
        ("venue", ("venue",)),
        ("lift", ("venue",)),
        ("bus", ("travel",)),
        ("stop", ("travel",)),
        ("deep", ("venue",)),
        ("loose", ()),
        ("pages", ("page-limit",)),
    ],
)
def test_a_fact_below_a_heading_has_the_heading_s_subjects_unless_it_has_its_own(name, subjects):
    of = passages(headings())

    assert of.about(of.fact_by_id[name]) == subjects


def test_rules_facts_and_each_sentence_of_the_scope_are_facts():
    made = event(
        infos=(info("wifi", "Yes."),),
        call=call(rules=(Rule("pages", "Six.", "r"),), scope="All of it. Even boats."),
    )

    of = passages(made)

    assert list(of.fact_by_id) == ["pages", "wifi", "scope-1", "scope-2"]
    assert of.about(of.fact_by_id["scope-2"]) == ("scope",)
    assert [s.text for s in of.scope] == ["All of it.", "Even boats."]


def test_an_event_without_a_call_has_no_scope_and_no_topics():
    of = passages(event())

    assert of.scope == ()


def test_topics_are_found_by_their_text_and_by_what_falls_under_them():
    topics = (
        Topic("nets", "Networks of all kinds", "r", tags=("rdma", "ethernet")),
        Topic("boats", "Boats", "r"),
    )
    made = event(call=call(topics=topics))

    assert [r.id for r in passages(made).topics.rank(["ethernet"])] == ["nets"]


def test_a_talk_is_found_by_the_lives_of_its_people_too():
    made = event(
        session("s", talks=[talk("t", "On Tides", by=[as_author("ann-lee")])]),
        people=[person("Ann Lee", bio="She keeps a lighthouse.")],
    )

    assert [r.id for r in passages(made).talks.rank([stem("lighthouse")])] == ["t"]


def test_our_own_summary_speaks_for_a_record_before_the_authors_words():
    both = talk("t", summary="Ours.", abstract="Theirs.")

    assert text_of(both) == "Ours."
    assert text_of(talk("t", abstract="Theirs.")) == "Theirs."
    assert text_of(person("Ann", bio="Hers.", bio_summary="Ours.")) == "Ours."
    assert text_of(fact("f", "A fact.")) == "A fact."


def test_the_sentences_of_a_record_are_those_of_its_text():
    here = kbnets()
    (quic,) = here.rows(only(Of.TALK, "cquic"))

    assert here.passages.of(quic)[0].text.startswith("The paper presents cQUIC")
    assert here.passages.of(quic) == sentences(text_of(quic))


def test_each_sentence_of_the_scope_is_its_own_record():
    of = passages(event(call=call(scope="All of it. Even boats.")))
    first, second = of.fact_by_id["scope-1"], of.fact_by_id["scope-2"]

    assert [s.text for f in (first, second) for s in of.of(f)] == ["All of it.", "Even boats."]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("memcached", "logmemcached"),
        ("gpu", "ovs-gpu"),
        ("priority flow control", "roce-without-pfc"),
        ("pfc", "roce-without-pfc"),
        ("infiniband", "nfv-interconnects"),
        ("moongen", "killer-microsecond"),
    ],
)
def test_the_papers_of_kbnets_are_found_by_what_they_speak_of(words, first):
    assert kbnets().passages.talks.rank(text_stems(words))[0].id == first


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("rust", "kelpdb"),
        ("shrimp", "shrimp-snaps"),
        ("merkle newspaper", "catch-logs"),
        ("raspberry pi voice radio", "believed-forecasts"),
    ],
)
def test_the_talks_of_tidal_are_found_by_what_they_speak_of(words, first):
    assert tidal().passages.talks.rank(text_stems(words))[0].id == first


def test_a_talk_that_is_on_record_once_is_found_once():
    ranked = tidal().passages.talks.rank(text_stems("argo"))

    assert len(ids(ranked)) == len(set(ids(ranked)))
