"""Real questions: what they mean, what their answers must say, and what they must never say."""

import json
import re
import unicodedata
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from bot.answer import Reason, Status, plain
from bot.query import Want
from bot.question.context import Turn
from tests.conftest import FOLDERS


QUESTIONS = Path(__file__).parent / "questions"


def read(name):
    return [json.loads(line) for line in (QUESTIONS / name).read_text("utf-8").splitlines()]


WORDED = [group for event in FOLDERS for group in read(f"{event}.jsonl")]
OPEN = read("known-gaps.jsonl")
KEYS = {
    "event",
    "now",
    "private",
    "status",
    "reason",
    "means",
    "rows",
    "asked",
    "says",
    "never",
}


def worded(groups, status=None):
    """Each wording of each group (of one status), named by event and question."""
    return [
        pytest.param(group, asked, id=f"{group['event']}: {spoken(asked)[:70]}")
        for group in groups
        if status in (None, group.get("status", Status.ANSWERED))
        for asked in group["asked"]
    ]


def spoken(asked):
    """A question as one text, with the earlier ones of a follow-up."""
    return asked if isinstance(asked, str) else " > ".join(asked)


def as_list(value):
    return value if isinstance(value, list) else [value]


def reply_to(desk, group, asked):
    """What the desk replies to a question of a group, after the earlier ones of a follow-up."""
    here = desk(group["event"])
    now = datetime.fromisoformat(group["now"])
    now = now if now.tzinfo else now.replace(tzinfo=here.event.zone)
    *earlier, text = as_list(asked)
    private = group.get("private", True)
    turns: tuple[Turn, ...] = ()
    for question in earlier:
        turns += (here.ask(question, now, turns, private=private).turn,)
    return here.ask(text, now, turns, private=private)


def flaws(group, name):
    """What is wrong with the form of a line."""
    if name not in ("known-gaps", group.get("event")) or group.get("event") not in FOLDERS:
        yield "the event is another than the file's"
    if unknown := set(group) - KEYS:
        yield f"unknown keys: {', '.join(sorted(unknown))}"
    if not isinstance(group.get("asked"), list) or not group["asked"]:
        yield "nothing is asked"
    if bad := [means for means in as_list(group.get("means", [])) if means not in list(Want)]:
        yield f"no such meanings: {', '.join(bad)}"
    status = group.get("status", "answered")
    if status not in list(Status):
        yield "no such status"
    if "reason" in group and (group["reason"] not in list(Reason) or status != Status.UNKNOWN):
        yield "a reason of another status, or no such reason"


def check(group, reply):
    """The reply is the one that the group wants."""
    text = plain(reply.answer)

    assert reply.answer.status == group.get("status", Status.ANSWERED), text
    assert "reason" not in group or reply.answer.reason == group["reason"], text
    assert "means" not in group or reply.reading.query.want in as_list(group["means"]), text
    assert "rows" not in group or sorted(reply.turn.rows) == sorted(group["rows"]), text
    assert [p for p in group.get("says", ()) if not says(text, p)] == [], text
    assert [p for p in group.get("never", ()) if says(text, p)] == [], text


def folded(text):
    """Text as it is compared: without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", text.casefold())
    text = re.sub(r"(\d)\s*([ap])\.?m\.?\b", r"\1 \2m", text)
    text = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text)
    text = re.sub(r"['\u2019`]", "", text)
    return f" {' '.join(re.sub(r'[^0-9a-z%$]+', ' ', text).split())} "


def says(text, phrase):
    return folded(phrase) in folded(text)


def test_every_refusal_gives_its_reason(desk):
    for group in WORDED:
        for asked in group["asked"]:
            answer = reply_to(desk, group, asked).answer
            assert (answer.reason is None) == (answer.status != Status.UNKNOWN), asked


@pytest.mark.parametrize(("group", "asked"), worded(WORDED, Status.ANSWERED))
def test_every_wording_is_answered(desk, group, asked):
    check(group, reply_to(desk, group, asked))


@pytest.mark.parametrize(("group", "asked"), worded(WORDED, Status.CLARIFY))
def test_every_wording_is_asked_back(desk, group, asked):
    check(group, reply_to(desk, group, asked))


@pytest.mark.parametrize(("group", "asked"), worded(WORDED, Status.UNKNOWN))
def test_every_wording_is_refused(desk, group, asked):
    check(group, reply_to(desk, group, asked))


@pytest.mark.xfail(raises=AssertionError, strict=True, reason="if closed: move it to the corpus")
@pytest.mark.parametrize(("group", "asked"), worded(OPEN))
def test_a_known_gap_is_open(desk, group, asked):
    check(group, reply_to(desk, group, asked))


@pytest.mark.parametrize("name", [*FOLDERS, "known-gaps"])
def test_every_line_is_well_formed(name):
    mistakes = [
        f"line {number}: {mistake}"
        for number, group in enumerate(read(f"{name}.jsonl"), 1)
        for mistake in flaws(group, name)
    ]

    assert mistakes == []


def test_no_question_stands_in_two_groups():
    asked = Counter(
        (group["event"], group["now"], group.get("private", True), spoken(question).casefold())
        for group in WORDED + OPEN
        for question in group["asked"]
    )

    assert [question for question, times in asked.items() if times > 1] == []
