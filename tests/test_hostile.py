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
PING = re.compile(r"@everyone|@here|@channel|<!|<@")
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
}
CALM = settings(
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def assert_harmless(text):
    assert not PING.search(text)
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c != "\n"]
    assert text.strip()


@pytest.mark.parametrize("event", ["kbnets17", "tidal", "harbor"])
@CALM
@given(text=st.text(max_size=300))
def test_any_text_is_answered(event, text):
    assert_harmless(plain(desk_of(event).ask(text, NOW).answer))


@pytest.mark.parametrize("event", ["kbnets17", "tidal", "harbor"])
@CALM
@given(texts=st.lists(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), max_size=3))
def test_any_conversation_of_likely_words_is_answered(event, texts):
    for text in texts:
        reply = desk_of(event).converse(texts, text, NOW)
        assert_harmless(plain(reply.answer))


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("event", ["kbnets17", "tidal", "harbor"])
def test_long_and_broken_texts_are_answered(event, text):
    assert_harmless(plain(desk_of(event).ask(text, NOW).answer))


@CALM
@given(text=st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))
def test_the_same_question_has_the_same_answer(text):
    desk = desk_of("kbnets17")

    assert desk.ask(text, NOW).answer == desk.ask(text, NOW).answer
