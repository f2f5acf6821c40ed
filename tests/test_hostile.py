"""Whatever is typed gives an answer: no exception, no live mention, no control character."""

import re
import unicodedata
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import plain
from tests.conftest import desk_of


NOW = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
EVENTS = pytest.mark.parametrize("event", ["kbnets17", "tidal", "harbor"])
PING = re.compile(r"@everyone|@here|@channel|<!|<@")
TURNS_TEXT_AROUND = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
WORDS = [
    "when",
    "where",
    "who",
    "is",
    "the",
    "rdma",
    "paper",
    "lunch",
    "session",
    "3",
    "keynote",
    "firestone",
    "liu",
    "after",
    "before",
    "between",
    "and",
    "or",
    "deadline",
    "page",
    "limit",
    "4pm",
    "3:40",
    "monday",
    "first",
    "last",
    "now",
    "next",
    "@everyone",
    "<!channel>",
    "???",
    "it",
    "he",
    "what",
    "about",
    "how",
    "many",
    "intel",
    "michigan",
    "chair",
    "from",
    "with",
    "by",
    "24th",
    "of",
    "march",
    "2",
    "weeks",
    "ago",
    "in",
    "an",
    "hour",
]
LONG = {
    "nested brackets": "(" * 10_000 + "when" + ")" * 10_000,
    "one word": "a" * 40_000,
    "spaces": " " * 40_000,
    "right-to-left marks": "\u202e\u200f" * 20_000,
    "control characters": "".join(map(chr, range(32))) * 1_250,
    "content words": "rdma quic paper " * 2_500,
    "relations": "after before between and " * 1_600,
    "clocks": "3:40 4pm 17h30 " * 2_600,
    "names": "Liu Wang Zhang Firestone Tan " * 1_400,
    "combining marks": "a" + "\u0301" * 39_999,
    "emoji": "🙂🎉" * 20_000,
    "numbers": "1 2 3 first second " * 2_000,
    "open brackets": "[" * 10_000 + "who wrote it",
    "square and curly": "[{<" * 3_300 + "session 2" + ">}]" * 3_300,
    "days": "monday tomorrow 24 march in an hour " * 1_100,
    "mentions": "@everyone <!here> <@U1> <#C1> " * 1_300,
    "no spaces": "when,is;session/2-" * 2_200,
}
EARLIER = ["who gives the first keynote", "papers by liu", "and when is the deadline"]
CALM = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


SHARP = st.sampled_from(
    [
        "\x00",
        "\x07",
        "\x1b[31m",
        "\x7f",
        "\x9f",
        "\u200f",
        "\u202e",
        "\u2066",
        "@everyone",
        "@here",
        "@channel",
        "<@U12345>",
        "<@&77>",
        "<!channel>",
        "<!subteam^S1>",
        "<#C1|general>",
    ]
)


def assert_harmless(text):
    assert not PING.search(text)
    assert not TURNS_TEXT_AROUND.search(text)
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]
    assert text.strip()


@EVENTS
@CALM
@given(text=st.text(max_size=300))
def test_any_text_is_answered(event, text):
    assert_harmless(plain(desk_of(event).ask(text, NOW).answer))


@EVENTS
@CALM
@given(texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=3))
def test_any_conversation_of_likely_words_is_answered(event, texts):
    for text in texts:
        reply = desk_of(event).converse(texts, text, NOW)
        assert_harmless(plain(reply.answer))


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@EVENTS
def test_long_and_broken_texts_are_answered(event, text):
    assert_harmless(plain(desk_of(event).ask(text, NOW).answer))


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@EVENTS
def test_long_and_broken_texts_are_answered_after_others(event, text):
    assert_harmless(plain(desk_of(event).converse(EARLIER, text, NOW).answer))


@EVENTS
@CALM
@given(earlier=st.lists(st.text(max_size=60), max_size=3), text=st.text(max_size=200))
def test_any_text_is_answered_after_any_others(event, earlier, text):
    assert_harmless(plain(desk_of(event).converse(earlier, text, NOW).answer))


@EVENTS
@CALM
@given(
    pieces=st.lists(SHARP | st.sampled_from(WORDS) | st.text(max_size=8), min_size=1, max_size=12),
    asks=st.sampled_from(["{}", "is there a paper about {}", "who is {}", "when is {}", "{}?"]),
    glue=st.sampled_from(["", " "]),
)
def test_nothing_typed_comes_back_alive(event, pieces, asks, glue):
    text = asks.format(glue.join(pieces))

    assert_harmless(plain(desk_of(event).converse(["who is dr no"], text, NOW).answer))


@EVENTS
@CALM
@given(
    earlier=st.lists(st.sampled_from(EARLIER), max_size=2),
    text=st.text(max_size=80) | st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join),
)
def test_the_same_question_has_the_same_answer(event, earlier, text):
    first, second = (desk_of(event).converse(earlier, text, NOW) for _ in range(2))

    assert first.answer == second.answer
    assert first.reading == second.reading
