"""Folding and splitting: what people type becomes words that can be compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question.words import (
    LONGEST_QUESTION,
    base,
    fold,
    phrase,
    shortened,
    split,
    stem,
    text_stems,
    text_words,
    tokens,
)


CONTRACTIONS = {"whos": "who is", "dont": "do not", "pls": "please", "n": "and", "its": "it is"}


def folded(text):
    return [w.folded for w in split(text, CONTRACTIONS)]


def opening(text):
    """The words that open a sentence."""
    return [w.folded for w in split(text, CONTRACTIONS) if w.opens]


def apart(text):
    """The words before which a mark or the beginning stands."""
    return [w.folded for w in split(text, CONTRACTIONS) if w.apart]


# -- folding ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("RDMA", "rdma"),
        ("Håland", "haland"),
        ("Øystein", "oystein"),
        ("Þóra", "thora"),
        ("Łukasz", "lukasz"),
        ("Guðmundur", "gudmundur"),
        ("Straße", "strasse"),
        ("Æther œuvre", "aether oeuvre"),
        ("Coruña", "coruna"),
        ("Dvořák", "dvorak"),
        ("Nguyễn", "nguyen"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "diyarbakir"),
        ("ﬁle", "file"),
        ("ＲＤＭＡ", "rdma"),
        ("mu\u0308ller", "muller"),
    ],
)
def test_folding_takes_away_case_and_accents(typed, plain):
    assert fold(typed) == plain


def test_folding_lowers_letters_of_every_style():
    assert fold("𝐑𝐃𝐌𝐀") == "rdma"


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("papers", "paper"),
        ("studies", "study"),
        ("classes", "class"),
        ("lunches", "lunch"),
        ("boxes", "box"),
        ("process", "process"),
        ("status", "status"),
        ("analysis", "analysis"),
        ("gas", "gas"),
        ("his", "his"),
        ("paper", "paper"),
    ],
)
def test_the_base_of_a_word_lacks_its_plural_ending(plural, singular):
    assert base(plural) == singular


@pytest.mark.parametrize(
    ("first", "second"),
    [("replicate", "replication"), ("measuring", "measured"), ("networks", "network")],
)
def test_forms_of_a_word_have_one_stem(first, second):
    assert stem(first) == stem(second)


# -- splitting -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("When is lunch?", ["when", "is", "lunch"]),
        ("who's on", ["who", "is", "on"]),
        ("who’s on", ["who", "is", "on"]),
        ("who´s on", ["who", "is", "on"]),
        ("whos on", ["who", "is", "on"]),
        ("Don't", ["do", "not"]),
        ("pls pls", ["please", "please"]),
        ("plsssss", ["please"]),
        ("coffee n cake", ["coffee", "and", "cake"]),
        ("", []),
        ("   \n\t ", []),
        ("?!…—", []),
        ("🙂 lunch 🍜", ["lunch"]),
        ("\u202elunch\u202c", ["lunch"]),
        ("lunch\x00\x07", ["lunch"]),
    ],
)
def test_a_question_is_split_into_words_and_slang_is_written_out(text, words):
    assert folded(text) == words


def test_a_word_remembers_how_it_was_typed():
    assert [w.text for w in split("Who wrote LogMemcached?", {})] == [
        "Who",
        "wrote",
        "LogMemcached",
    ]


@pytest.mark.parametrize("text", ["Liu's paper", "Liu’s paper", "LIU'S paper"])
def test_a_possessive_keeps_the_name_alone_and_says_so(text):
    name, paper = split(text, CONTRACTIONS)

    assert (name.folded, name.possessive) == ("liu", True)
    assert (paper.folded, paper.possessive) == ("paper", False)


def test_an_initial_with_an_apostrophe_is_part_of_its_name():
    assert folded("O'Dwyer") == ["odwyer"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("camera-ready", ["camera", "ready"]),
        ("Aalto-Virtanen", ["aalto", "virtanen"]),
        ("client/server", ["client", "server"]),
        ("10:50–12:30", ["10:50", "12:30"]),
    ],
)
def test_hyphens_and_slashes_part_words(text, words):
    assert folded(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [("virtio_user", ["virtio", "user"]), ("where is _lunch_", ["where", "is", "lunch"])],
)
def test_underscores_part_words_and_emphasis_is_no_part_of_them(text, words):
    assert folded(text) == words


@pytest.mark.parametrize(
    "token",
    [
        "3:40",
        "15h40",
        "3.40pm",
        "3pm",
        "3 pm",
        "2017-08-21",
        "3/31",
        "8/21/2017",
        "2nd",
        "18%",
        "3x",
        "3.5x",
        "1,000",
        "1a",
        "2017",
    ],
)
def test_times_dates_and_numbers_stay_whole(token):
    assert folded(f"is {token} right") == ["is", token, "right"]


def test_a_year_behind_an_apostrophe_is_a_word_of_its_own():
    assert folded("KBNets'17") == ["kbnets", "17"]


@pytest.mark.parametrize(
    ("title", "stems"),
    [
        ("LogMemcached", {"logmemcach", "memcach"}),
        ("VirtioUser", {"virtious", "virtio", "user"}),
        ("SurgeCast", {"surgecast", "surg", "cast"}),
        ("MoonGen", {"moongen", "moon"}),
        ("RDMA", {"rdma"}),
    ],
)
def test_a_compound_of_a_text_gives_its_longer_parts_as_well(title, stems):
    assert set(text_stems(title)) == stems


def test_possessives_of_a_text_count_without_their_ending():
    assert text_words("The gauge's noise") == ("the", "gauge", "noise")


def test_a_phrase_is_the_bases_of_its_words():
    assert phrase("Camera-ready versions") == ("camera", "ready", "version")
    assert phrase("12 o'clock") == ("12", "oclock")


# -- sentences and marks ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "openers"),
    [
        ("hello", ["hello"]),
        ("Hello! Is there coffee?", ["hello", "is"]),
        ("thanks. and lunch", ["thanks", "and"]),
        ("first line\nsecond line", ["first", "second"]),
        ("one: two; three", ["one", "two", "three"]),
        ("well… maybe", ["well", "maybe"]),
        ("coffee, lunch and dinner", ["coffee"]),
        ("is 3.40pm ok", ["is"]),
        ("who's on? who", ["who", "who"]),
    ],
)
def test_the_first_word_of_each_sentence_opens_it(text, openers):
    assert opening(text) == openers


def test_the_dots_of_pm_end_no_sentence():
    assert opening("at 3 p.m. today") == ["at"]


@pytest.mark.parametrize(
    ("text", "behind_a_mark"),
    [
        ("coffee, lunch", ["coffee", "lunch"]),
        ("coffee (small) lunch", ["coffee", "small", "lunch"]),
        ("coffee - lunch", ["coffee", "lunch"]),
        ("coffee – lunch", ["coffee", "lunch"]),
        ("coffee/lunch", ["coffee", "lunch"]),
        ("6 + 1 pages", ["6", "1"]),
        ("co-author", ["co"]),
        ("coffee lunch", ["coffee"]),
        ("yes. no", ["yes", "no"]),
    ],
)
def test_a_word_knows_whether_a_mark_stands_before_it(text, behind_a_mark):
    assert apart(text) == behind_a_mark


def test_only_the_first_word_of_a_contraction_opens_a_sentence():
    assert [(w.folded, w.opens, w.apart) for w in split("ok. who's", CONTRACTIONS)] == [
        ("ok", True, True),
        ("who", True, True),
        ("is", False, False),
    ]


# -- long texts ------------------------------------------------------------------------------


def test_a_text_of_ordinary_length_is_read_whole():
    text = "x" * LONGEST_QUESTION

    assert shortened(text) == text


def test_of_a_long_text_the_beginning_and_the_end_are_read():
    text = "hello there " + "chattering " * 4_000 + "when is lunch"

    words = folded(text)

    assert words[:2] == ["hello", "there"]
    assert words[-3:] == ["when", "is", "lunch"]
    assert len(shortened(text)) == LONGEST_QUESTION + 1


def test_of_a_text_of_many_short_words_the_end_is_read_too():
    assert folded("so I ate it " * 200 + "when is lunch")[-3:] == ["when", "is", "lunch"]


def test_a_word_of_forty_thousand_letters_is_no_word():
    assert folded("lunch " + "a" * 400 + " time") == ["lunch", "time"]
    assert folded("a" * 40_000) == []
    assert tokens("a" * 40_000) == []


def test_at_most_three_hundred_words_are_read():
    assert len(folded("a " * 700)) == 300


@given(st.text(max_size=2_500))
def test_any_text_can_be_split(text):
    words = split(text, CONTRACTIONS)

    assert len(words) <= 300
    assert all(w.folded for w in words)
    if words:
        assert words[0].opens
    assert all(w.apart for w in words if w.opens)
