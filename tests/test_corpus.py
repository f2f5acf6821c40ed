"""Real questions: what they mean, what their answers must say, and what they must never say."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from bot.answer import plain


QUESTIONS = Path(__file__).parent / "questions"


def read(name):
    return [json.loads(line) for line in (QUESTIONS / name).read_text("utf-8").splitlines()]


GROUPS = [group for event in ("kbnets17", "tidal", "harbor") for group in read(f"{event}.jsonl")]
CASES = [
    pytest.param(group["event"], group["means"], asked, id=asked["q"][:60])
    for group in GROUPS
    for asked in group["asked"]
]
GAPS = [pytest.param(gap, id=gap["q"][:60]) for gap in read("known-gaps.jsonl")]


def folded(text):
    """Text as it is compared: without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = re.sub(r"(\d)\s*([ap])\.?m\.?\b", r"\1 \2m", text)
    text = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"['\u2019`]", "", text)
    return f" {' '.join(re.sub(r'[^0-9a-z%$]+', ' ', text).split())} "


def says(text, phrase):
    return folded(phrase) in folded(text)


def meaning(reply):
    rows = sorted(reply.turn.rows)
    shown = ", ".join(rows) if len(rows) <= 3 else f"{len(rows)} rows"
    return f"{reply.reading.query.want} of {reply.turn.of}" + (f": {shown}" if rows else "")


@pytest.mark.parametrize(("event", "means", "asked"), CASES)
def test_a_question_is_read_and_answered(ask, event, means, asked):
    reply = ask(asked["q"], asked["now"], event, asked.get("after", ()))
    text = plain(reply.answer)

    assert meaning(reply) == means
    assert str(reply.answer.status) == asked["status"]
    assert [p for p in asked.get("says", ()) if not says(text, p)] == []
    assert [p for p in asked.get("never", ()) if says(text, p)] == []


@pytest.mark.parametrize("gap", GAPS)
def test_a_known_gap_is_still_one(ask, gap):
    reply = ask(gap["q"], gap["now"], gap["event"], gap.get("after", ()))
    text = plain(reply.answer)
    right = str(reply.answer.status) in gap["status"]
    right = right and all(any(says(text, p) for p in group) for group in gap["says"])
    right = right and not any(says(text, p) for p in gap["never"])

    assert not right, "closed: move the line to the corpus"


def test_every_refusal_gives_its_reason(ask):
    for event, group in ((g["event"], g) for g in GROUPS):
        for asked in group["asked"]:
            answer = ask(asked["q"], asked["now"], event, asked.get("after", ())).answer
            assert (answer.reason is None) == (str(answer.status) != "unknown"), asked["q"]
