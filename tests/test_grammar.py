"""The engine on a made-up language of fruit and sums: annotate, combine, cover."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question.grammar import Chart, Grammar, Piece, Rule, cover


def piece(kind, value, start, end=None, *, weight=1.0):
    return Piece(kind, value, start, end or start + 1, "given", weight=weight)


def chart(text, *, glue=(), marks=(), lexicon=None):
    """A chart of a text: digits are numbers, other words what the lexicon says."""
    words = text.split()
    pieces = [
        piece("number", int(w), at) if w.isdigit() else piece((lexicon or LEXICON)[w], w, at)
        for at, w in enumerate(words)
        if w.isdigit() or w in (lexicon or LEXICON)
    ]
    return Chart(pieces, [w in glue for w in words], [at in marks for at in range(len(words))])


LEXICON = {
    "plus": "operator",
    "times": "operator",
    "apple": "fruit",
    "pear": "fruit",
    "ripe": "quality",
    "red": "quality",
    "basket": "container",
}
ADD = Rule("add", ("number", "operator", "number"), "sum", lambda a, _, b: a + b)
QUALIFY = Rule("qualify", ("quality", "fruit"), "fruit", lambda q, f: f"{q} {f}")


def made(chart, kind):
    """The pieces of a kind that rules have made: value, words, rule."""
    return [
        (p.value, p.start, p.end, p.rule)
        for p in chart.pieces()
        if p.kind == kind and p.rule != "given"
    ]


def combined(text, *layers, **options):
    found = chart(text, **options)
    Grammar(layers).combine(found)
    return found


# -- combining -------------------------------------------------------------------------------


def test_neighbours_that_fit_a_pattern_make_a_new_piece():
    assert made(combined("2 plus 3", [ADD]), "sum") == [(5, 0, 3, "add")]


def test_words_that_are_no_neighbours_make_nothing():
    assert made(combined("2 plus maybe 3", [ADD]), "sum") == []


def test_the_order_of_the_pattern_matters():
    assert made(combined("plus 2 3", [ADD]), "sum") == []


def test_every_row_of_neighbours_is_tried():
    found = combined("2 plus 3 plus 4", [ADD])

    assert sorted(made(found, "sum")) == [(5, 0, 3, "add"), (7, 2, 5, "add")]


def test_what_a_rule_is_made_from_stays_in_the_chart():
    kinds = [p.kind for p in combined("2 plus 3", [ADD]).pieces()]

    assert sorted(kinds) == ["number", "number", "operator", "sum"]


def test_a_rule_may_refuse():
    small = Rule("small", ("number", "fruit"), "heap", lambda n, f: (n, f) if n < 10 else None)

    assert made(combined("3 apple", [small]), "heap") == [((3, "apple"), 0, 2, "small")]
    assert made(combined("30 apple", [small]), "heap") == []


def test_a_value_that_is_false_but_not_none_is_no_refusal():
    zero = Rule("zero", ("number", "operator", "number"), "sum", lambda a, _, b: a - b)

    assert made(combined("3 plus 3", [zero]), "sum") == [(0, 0, 3, "zero")]


def test_a_pattern_may_name_alternatives():
    put = Rule("put", ("fruit|number", "container"), "filled", lambda x, c: (x, c))

    assert made(combined("apple basket", [put]), "filled") == [(("apple", "basket"), 0, 2, "put")]
    assert made(combined("7 basket", [put]), "filled") == [((7, "basket"), 0, 2, "put")]
    assert made(combined("red basket", [put]), "filled") == []


def test_a_rule_of_one_piece_gives_it_another_kind():
    count = Rule("count", ("number",), "amount", lambda n: f"{n} pieces")

    assert made(combined("4", [count]), "amount") == [("4 pieces", 0, 1, "count")]


def test_a_rule_may_take_up_what_it_has_made_itself():
    found = combined("ripe red apple", [QUALIFY])

    assert ("ripe red apple", 0, 3, "qualify") in made(found, "fruit")
    assert ("red apple", 1, 3, "qualify") in made(found, "fruit")


def test_a_new_piece_may_use_a_longer_one_that_was_given():
    found = Chart(
        [piece("fruit", "love apple", 1, 3), piece("quality", "red", 0)], [False] * 3, [False] * 3
    )

    Grammar([[QUALIFY]]).combine(found)

    assert made(found, "fruit") == [("red love apple", 0, 3, "qualify")]


# -- glue and marks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("2 plus 3", True),
        ("2 plus the 3", True),
        ("2 the plus of the 3", True),
        ("2 plus very 3", False),
        ("2 plus the very 3", False),
    ],
)
def test_glue_words_may_stand_between_the_parts(text, joined):
    found = combined(text, [ADD], glue={"the", "of"})

    assert bool(made(found, "sum")) is joined


def test_a_piece_spans_the_glue_between_its_parts():
    assert made(combined("2 plus the 3", [ADD], glue={"the"}), "sum") == [(5, 0, 4, "add")]


def test_glue_before_and_behind_stays_outside():
    found = combined("the 2 plus 3 the", [ADD], glue={"the"})

    assert made(found, "sum") == [(5, 1, 4, "add")]


def test_a_word_of_glue_that_is_a_piece_itself_can_be_used_or_skipped():
    lexicon = {"on": "operator", "apple": "fruit"}
    use = Rule("use", ("number", "operator", "fruit"), "used", lambda n, o, f: (n, o, f))
    skip = Rule("skip", ("number", "fruit"), "skipped", lambda n, f: (n, f))

    found = combined("2 on apple", [use, skip], glue={"on"}, lexicon=lexicon)

    assert made(found, "used") == [((2, "on", "apple"), 0, 3, "use")]
    assert made(found, "skipped") == [((2, "apple"), 0, 3, "skip")]


def test_a_tight_rule_lets_no_glue_between():
    tight = Rule("add", ADD.pattern, "sum", ADD.make, tight=True)

    assert made(combined("2 plus the 3", [tight], glue={"the"}), "sum") == []
    assert made(combined("2 plus 3", [tight], glue={"the"}), "sum") == [(5, 0, 3, "add")]


def test_a_tight_rule_joins_nothing_over_a_mark():
    tight = Rule("qualify", QUALIFY.pattern, "fruit", QUALIFY.make, tight=True)

    assert made(combined("red apple", [tight], marks={1}), "fruit") == []
    assert made(combined("red apple", [tight], marks={0}), "fruit") != []


def test_a_loose_rule_joins_over_a_mark():
    assert made(combined("red apple", [QUALIFY], marks={1}), "fruit") != []


# -- layers ----------------------------------------------------------------------------------


PACK = Rule("pack", ("fruit", "container"), "pack", lambda f, c: f"{c} of {f}")
STACK = Rule("stack", ("pack", "number"), "stack", lambda p, n: (p, n))


def test_a_layer_sees_what_the_layers_before_it_have_made():
    found = combined("red apple basket 3", [QUALIFY], [PACK], [STACK])

    assert ("basket of red apple", 0, 3, "pack") in made(found, "pack")
    assert (("basket of red apple", 3), 0, 4, "stack") in made(found, "stack")


def test_a_layer_does_not_see_what_later_layers_make():
    assert made(combined("apple basket 3", [STACK], [PACK]), "stack") == []


# -- provenance ------------------------------------------------------------------------------


def test_a_piece_remembers_its_rule_and_its_parts():
    total = Rule("total", ("sum", "container"), "filled", lambda n, c: (n, c), 2.0)
    found = combined("2 plus 3 basket", [ADD], [total])

    (filled,) = [p for p in found.pieces() if p.kind == "filled"]
    whole, container = filled.parts

    assert (filled.rule, filled.weight) == ("total", 2.0)
    assert (whole.rule, container.rule) == ("add", "given")
    assert [p.value for p in whole.parts] == [2, "plus", 3]
    assert [(p.start, p.end) for p in whole.parts] == [(0, 1), (1, 2), (2, 3)]


def test_the_same_piece_is_in_the_chart_once():
    one = Chart([piece("fruit", "apple", 0)], [False], [False])

    assert one.add(piece("fruit", "pear", 0)) is True
    assert one.add(piece("fruit", "apple", 0)) is False
    assert [p.value for p in one.pieces()] == ["apple", "pear"]


def test_two_rules_that_make_the_same_keep_the_first():
    other = Rule("also add", ADD.pattern, "sum", lambda a, _, b: b + a)

    assert made(combined("2 plus 3", [ADD, other]), "sum") == [(5, 0, 3, "add")]


def test_an_empty_chart_stays_empty():
    found = combined("", [ADD, QUALIFY])

    assert found.pieces() == []
    assert cover(found.pieces(), 0) == ()


# -- the best cover --------------------------------------------------------------------------


def values(pieces, count):
    return [p.value for p in cover(pieces, count)]


def test_one_long_piece_beats_its_parts():
    parts = [piece("x", "a", 0), piece("x", "b", 1)]

    assert values([*parts, piece("x", "ab", 0, 2)], 2) == ["ab"]


def test_pieces_without_overlap_are_all_taken_in_their_order():
    assert values([piece("x", "late", 4, 6), piece("x", "early", 0, 2)], 6) == ["early", "late"]


def test_of_two_that_overlap_the_longer_is_taken():
    assert values([piece("x", "short", 0, 2), piece("x", "long", 1, 4)], 4) == ["long"]


def test_of_two_alike_the_heavier_is_taken():
    light, heavy = piece("x", "light", 0, weight=0.9), piece("x", "heavy", 0, weight=1.1)

    assert values([light, heavy], 1) == ["heavy"]
    assert values([heavy, light], 1) == ["heavy"]


def test_two_short_pieces_may_beat_a_light_long_one():
    pieces = [piece("x", "a", 0), piece("x", "b", 1), piece("x", "ab", 0, 2, weight=0.6)]

    assert values(pieces, 2) == ["a", "b"]


def test_words_that_no_piece_explains_are_left_out():
    assert values([piece("x", "a", 1), piece("x", "b", 3)], 6) == ["a", "b"]


SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 4), st.sampled_from([0.3, 0.7, 1.0, 1.3])),
    max_size=8,
)


def drawn(spans):
    return [
        piece("x", n, start, start + width, weight=weight)
        for n, (start, width, weight) in enumerate(spans)
    ]


def worth(pieces):
    """The words explained, by weight, and something for every word that needs no piece more."""
    return sum((p.end - p.start) * p.weight + 0.5 * (p.end - p.start - 1) for p in pieces)


def overlap(pieces):
    return any(a.start < b.end and b.start < a.end for a, b in itertools.combinations(pieces, 2))


@given(SPANS)
def test_a_cover_never_overlaps_and_no_other_is_worth_more(spans):
    pieces = drawn(spans)

    chosen = cover(pieces, 10)

    assert not overlap(chosen)
    assert list(chosen) == sorted(chosen, key=lambda p: p.start)
    rivals = (
        some
        for count in range(len(pieces) + 1)
        for some in itertools.combinations(pieces, count)
        if not overlap(some)
    )
    assert worth(chosen) == pytest.approx(max(worth(some) for some in rivals))


@given(SPANS)
def test_the_same_pieces_have_the_same_cover(spans):
    assert cover(drawn(spans), 10) == cover(drawn(spans), 10)


def test_the_same_words_are_combined_alike_each_time():
    text = "ripe red apple basket 3 plus 4 plus 5"
    layers = [[QUALIFY, ADD], [PACK], [STACK]]

    first, second = combined(text, *layers), combined(text, *layers)

    assert first.pieces() == second.pieces()
    assert cover(first.pieces(), 9) == cover(second.pieces(), 9)
