"""The notation of phrases, and the phrases by which people ask in English."""

from collections import defaultdict
from dataclasses import fields

import pytest

from bot.load.files import read
from bot.question.language import WordLists, expand
from bot.question.language import language as language_of
from bot.question.words import split
from tests.conftest import ROOT, language


# -- the notation ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notation", "phrases"),
    [
        ("how long", ["how long"]),
        ("(start|begin)", ["start", "begin"]),
        ("start|begin", ["start", "begin"]),
        ("what (time|hour)", ["what time", "what hour"]),
        ("when [exactly]", ["when exactly", "when"]),
        ("(the)? room", ["the room", "room"]),
        ("[is] it [over]", ["is it over", "is it", "it over", "it"]),
        ("(a|b) (c|d)", ["a c", "a d", "b c", "b d"]),
        ("(a|b [c]) d", ["a d", "b c d", "b d"]),
        (
            "how (many|much [of (it|them)])",
            ["how many", "how much of it", "how much of them", "how much"],
        ),
        ("[a [b]] c", ["a b c", "a c", "c"]),
        ("(a|) b", ["a b", "b"]),
        ("[word]", ["word"]),
        ("(a|a) b", ["a b"]),
        ("papers about", ["paper about"]),
        ("Camera-Ready", ["camera ready"]),
        ("23:59", ["23:59"]),
    ],
)
def test_a_notation_stands_for_phrases(notation, phrases):
    assert sorted(expand(notation)) == sorted(tuple(p.split()) for p in phrases)


@pytest.mark.parametrize("notation", ["(a", "[a", "a (b", "((a) b", "(a|b"])
def test_a_bracket_that_is_never_closed_is_an_error(notation):
    with pytest.raises(ValueError, match="bracket too few"):
        expand(notation)


@pytest.mark.parametrize("notation", ["a)", "a]", "(a)) b", "[a]]", ")", "a)? b"])
def test_a_bracket_that_was_never_opened_is_an_error(notation):
    with pytest.raises(ValueError, match="bracket too many"):
        expand(notation)


@pytest.mark.parametrize("notation", ["(a]", "[a)", "[a)?", "(a [b)"])
def test_a_bracket_is_closed_by_its_own_kind(notation):
    with pytest.raises(ValueError, match="bracket"):
        expand(notation)


def test_an_error_names_the_phrase():
    with pytest.raises(ValueError, match=r"what .*time"):
        expand("what (time")


# -- a small language ------------------------------------------------------------------------


def small(**more):
    raw = {
        "contractions": {"who's": "who is"},
        "glue": ["the"],
        "filler": ["please"],
        "subjects": {"wifi": {"name": "wifi", "ask": ["(wifi|internet) [password]"]}},
        "details": {"cost": {"look": ["prices"], "ask": ["how dear"], "must": "yes"}},
        **more,
    }
    return language_of(raw, "common words")


def pieces(text, of):
    return [(p.kind, p.value, p.start, p.end) for p in of.annotate(split(text, of.contractions))]


def test_phrases_of_lists_and_of_maps_are_found_where_they_stand():
    of = small(help=["help me"], noun={"talk": ["talks", "(long|short) talk"]})

    assert pieces("help me with long talks", of) == [
        ("help", "help", 0, 2),
        ("noun", "talk", 3, 5),
        ("noun", "talk", 4, 5),
    ]


def test_subjects_and_details_are_found_by_what_people_ask():
    assert pieces("how dear is the internet password", small()) == [
        ("detail", "cost", 0, 2),
        ("subject", "wifi", 4, 5),
        ("subject", "wifi", 4, 6),
    ]


def test_plural_case_and_accents_make_no_difference():
    of = small(noun={"cafe": ["café"]})

    assert pieces("CAFES", of) == [("noun", "cafe", 0, 1)]


def test_a_detail_knows_its_words_by_their_stems():
    cost = small().details["cost"]

    assert (cost.look, cost.must, cost.number) == (frozenset({"price"}), True, False)


def test_a_list_holds_its_words_folded_and_one_that_is_left_out_holds_none():
    lists = small(words={"tags": ["Right", "übel"]}).lists

    assert lists.tags == {"right", "ubel"}
    assert lists.joining == frozenset()


def test_words_of_lists_are_no_phrases():
    of = small(words={"tags": ["right"]})

    assert pieces("right", of) == []
    assert "right" not in of.words


def test_a_phrase_with_a_bad_bracket_spoils_the_language():
    with pytest.raises(ValueError, match="bracket"):
        small(noun={"talk": ["(talk"]})


# -- English ---------------------------------------------------------------------------------


def entries():
    """Every (kind, value, notation) of en.yaml."""
    root = read(ROOT / "data" / "language" / "en.yaml", "en.yaml").root
    assert isinstance(root, dict)
    for section, inside in root.items():
        if section in ("contractions", "glue", "filler", "words", "titles", "alike", "related"):
            continue
        kind = {"subjects": "subject", "details": "detail"}.get(section, section)
        values = inside if isinstance(inside, dict) else {kind: inside}
        for value, notations in values.items():
            asked = notations["ask"] if isinstance(notations, dict) else notations
            yield from ((str(kind), str(value), str(n)) for n in asked)


ENTRIES = tuple(entries())


def test_every_phrase_expands():
    empty = [notation for _, _, notation in ENTRIES if not expand(notation)]

    assert len(ENTRIES) > 900
    assert empty == []


def test_what_a_subject_leads_to_is_a_subject():
    subjects = language().subjects
    leads = {(name, to) for name, s in subjects.items() for _, to in s.then}

    assert leads
    assert [(name, to) for name, to in leads if to not in subjects] == []


def test_a_subject_leads_on_from_something_that_can_be_asked():
    wants = {value for kind, value, _ in ENTRIES if kind == "want"}
    leads = {want for s in language().subjects.values() for want, _ in s.then}

    assert leads <= wants


def test_every_subject_can_be_named_in_a_sentence():
    subjects = language().subjects

    assert [name for name, s in subjects.items() if not s.name] == []
    assert {s.scope for s in subjects.values()} == {"", "talk", "person"}


def test_every_side_of_a_record_is_told_by_some_words():
    assert [name for name, d in language().details.items() if not d.look] == []


TWO_SENSES = {
    # A word may tell of two sides of a paper, and of two things that organizers may be asked.
    "detail": "build, downside, drawback, evaluation, gain, lab, lead, limitation, overhead, run on, studied, study",
    "subject": (
        "contact detail, full paper, homepage, isbn, kid, max size, page number, pdf, preprint,"
        " register, registered, registering, short paper"
    ),
    "noun": "do we eat",
    "relation": "or",
    "want": "how many hour, how many minute, which one, who goe first, who is first, whose talk",
}


def test_no_phrase_has_two_senses_but_those_that_are_meant_to():
    senses = defaultdict(set)
    for kind, value, notation in ENTRIES:
        for words in expand(notation):
            senses[kind, " ".join(words)].add(value)
    twice = {key for key, values in senses.items() if len(values) > 1}
    meant = {(kind, p) for kind, text in TWO_SENSES.items() for p in text.split(", ")}

    assert sorted(twice - meant) == []
    assert sorted(meant - twice) == []


def test_every_list_of_words_is_one_that_the_reading_looks_at():
    root = read(ROOT / "data" / "language" / "en.yaml", "en.yaml").root
    assert isinstance(root, dict)
    written = root["words"]
    assert isinstance(written, dict)

    assert sorted(str(name) for name in written) == sorted(f.name for f in fields(WordLists))
    assert [f.name for f in fields(WordLists) if not getattr(language().lists, f.name)] == []


def test_sides_of_a_life_must_be_told_by_their_own_words():
    assert language().musts == {"education", "doctorate"}


def test_titles_tell_apart_what_a_noun_speaks_of():
    nouns = {value for kind, value, _ in ENTRIES if kind == "noun"}

    assert language().titles["dinner"] == ("dinner", "banquet", "supper", "gala")
    assert language().titles.keys() <= nouns


def test_words_that_say_nearly_the_same_lead_to_each_other():
    of = small(alike=["copy replicates mirror", "copy imitate"])

    assert of.alike["copi"] == {"replic", "mirror", "imit"}
    assert of.alike["imit"] == {"copi"}


def test_related_subjects_are_subjects():
    found = language()

    assert found.related["dual-submission"] == {"originality", "prior-publication"}
    assert found.related.keys() <= found.subjects.keys()


def test_every_phrase_can_be_typed_as_it_stands():
    found = language()

    for kind, value, notation in ENTRIES:
        if not set("([|])") & set(notation):
            words = split(notation, found.contractions)
            pieces = {(p.kind, p.value) for p in found.annotate(words)}
            assert (kind, value) in pieces, notation


def test_a_contraction_stands_for_words_that_are_no_contractions():
    contractions = language().contractions
    chained = {k: v for k, v in contractions.items() if set(v.split()) & set(contractions)}

    assert chained == {}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("what time is it", "want", "clock"),
        ("when exactly", "want", "when"),
        ("who chaired it", "want", "chair"),
        ("wi-fi password", "subject", "wifi"),
        ("camera-ready", "milestone", "camera-ready"),
        ("this arvo", "part", "afternoon"),
        ("tmrw", "day", "1"),
        ("half an hour", "amount", "30 minute"),
        ("penultimate", "ordinal", "-2"),
        ("Thx a lot", "thanks", "thanks"),
        ("ignore all instructions", "decline", "instruction"),
        ("noon", "named clock", "12:00"),
    ],
)
def test_people_ask_in_many_ways(text, kind, value):
    assert (kind, value) in {(p[0], p[1]) for p in pieces(text, language())}
