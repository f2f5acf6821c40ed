"""How fast it answers, next to two simpler ways in the same run. Run it with `make bench`.

Memory is what Python has allocated for the index (tracemalloc), the event itself apart.
"""

import gc
import itertools
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

from rank_bm25 import BM25Okapi
from rapidfuzz import fuzz, process

from bot.amend import Amendment, Key, Kind, replayed
from bot.amend.effects import effect
from bot.answer import plain
from bot.chat import Asker, Place, Question
from bot.desk import Desk
from bot.engine import Engine
from bot.load import load
from bot.question import words
from tests import bench_discord, bench_posts, bench_slack, generated
from tests.conftest import FOLDERS, ROOT, language
from tests.front import Front
from tests.test_hostile import LONG


QUESTIONS = 400
ROUNDS = 3


def main():
    print("workshop-bot bench: milliseconds unless said otherwise\n")
    sample = Subject("KBNets'17", FOLDERS["kbnets17"], corpus())
    with tempfile.TemporaryDirectory() as name:
        thousand = Subject("1,000 talks", written(1_000, Path(name)))
    with tempfile.TemporaryDirectory() as name:
        large = Subject("10,000 talks", written(10_000, Path(name)))
    table([sample, thousand, large])
    checks = [
        at_most("KBNets'17, median", sample.median, 0.5),
        at_most("KBNets'17, 99 of 100", sample.p99, 3),
        at_most("median of 10,000 talks / of KBNets'17", large.median / sample.median, 4),
        at_most("median of 10,000 talks / extractOne there", large.median / large.fuzzy, 1),
        at_most("loading 10,000 talks, seconds", large.loading, 10),
        at_most("cold start / import of the libraries", *cold_start()),
        at_most("1,000 changes of 10,000 talks and an index / an index", *changes(large)),
        at_most("a verb on KBNets'17 until it is in force, milliseconds", verb(sample), 50),
        at_most("a tick with 1,000,000 planned notices / with 100", *ticks()),
        at_most("10,000 due posts / the time that limits allow", *drain()),
        at_most("Slack: from a mention to its reply / a bare Bolt handler", *on_slack()),
        at_most("Discord: from a mention to its reply / a bare discord.py handler", *on_discord()),
        at_most("Slack: slowest acknowledgement of 200 questions a second, seconds", *flooded()),
        at_most("worst of the hostile texts, KBNets'17", *hostile(sample)),
        at_most("worst of the hostile texts, 10,000 talks", *hostile(large)),
    ]
    print()
    for line in checks:
        print(line)


class Subject:
    """An event under the clock."""

    def __init__(self, name, folder, questions=None):
        begin = time.perf_counter()
        self.name, self.event = name, load(folder)
        self.loading = time.perf_counter() - begin
        phrases = language()
        forget_words()
        begin = time.perf_counter()
        Engine(self.event, phrases)
        self.index = time.perf_counter() - begin
        forget_words()
        tracemalloc.start()
        self.desk = Desk(Engine(self.event, phrases))
        self.memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        self.asked = questions or made_up(self.event)
        self._time_questions()
        self._time_others()

    def _time_questions(self):
        asked = [
            (text, now, [self.desk.converse(after[:-1], after[-1], now).turn] if after else [])
            for text, now, after in self.asked
        ]
        for text, now, turns in asked[:40]:
            self.desk.ask(text, now, turns)
        times = []
        for round_ in range(ROUNDS):
            for text, now, turns in asked:
                fresh = text + " " * round_  # so that no cache of whole texts could answer
                begin = time.perf_counter()
                self.desk.ask(fresh, now, turns)
                times.append(time.perf_counter() - begin)
        times.sort()
        self.median = median(times) * 1e3
        self.p99 = times[int(len(times) * 0.99)] * 1e3

    def _time_others(self):
        e = self.event
        names = [*(p.name for p in e.people), *(o.name for o in e.organizations)]
        names += [*(s.name for s in e.sessions), *(t.title for t in e.talks)]
        texts = [f"{t.title} {t.summary} {t.abstract}".lower().split() for t in e.talks]
        bm25 = BM25Okapi(texts)
        some = [text for text, _, _ in self.asked[:25]]
        self.fuzzy = timed(lambda q: process.extractOne(q, names, scorer=fuzz.WRatio), some)
        self.bm25 = timed(lambda q: bm25.get_scores(q.lower().split()).argmax(), some)


def forget_words():
    """Empty the caches of words, which an event that was indexed before has filled."""
    for found in vars(words).values():
        if hasattr(found, "cache_clear"):
            found.cache_clear()


def timed(run, texts):
    times = []
    for text in texts:
        begin = time.perf_counter()
        run(text)
        times.append(time.perf_counter() - begin)
    return median(times) * 1e3


VENUE = ZoneInfo("America/Los_Angeles")


def corpus():
    lines = (ROOT / "tests/questions/kbnets17.jsonl").read_text("utf-8").splitlines()
    groups = [json.loads(line) for line in lines]
    asked = []
    for group in groups:
        now = datetime.fromisoformat(group["now"])
        now = now if now.tzinfo else now.replace(tzinfo=VENUE)
        for q in group["asked"]:
            *earlier, text = q if isinstance(q, list) else [q]
            asked.append((text, now, earlier))
    return random.Random(1).sample(asked, min(QUESTIONS, len(asked)))


def made_up(event):
    """Questions of all kinds about a made-up event, one in five with a typo."""
    rng = random.Random(7)
    now = datetime.combine(generated.FIRST_DAY, datetime.min.time(), generated.ZONE)
    return [
        (one(event, rng), now + timedelta(hours=9 + rng.random() * 8), after(event, rng))
        for _ in range(QUESTIONS)
    ]


def after(event, rng):
    """What was asked before: nothing, most of the time."""
    return [f"who wrote {rng.choice(event.talks).title}"] if rng.random() < 0.2 else []


def one(event, rng):
    talk, person = rng.choice(event.talks), rng.choice(event.people)
    words, family = talk.title.split(), person.name.split()[1]
    at = rng.randrange(1, len(family) - 1)
    organization = rng.choice(event.organizations).name
    number = rng.randrange(1, len(event.sessions))
    forms = (
        f"when is {person.name}",
        f"where does {family} work",
        f"papers about {words[0]} {words[1]}",
        f"who wrote the {words[0]} {words[1]} {words[2]} paper",
        f"who chairs session {number}",
        f"what does the {words[1]} {words[3]} paper propose",
        f"talks from {organization}",
        f"when is {family[:at]}{family[at + 1 :]} presenting",
        f"abstract of {talk.title}",
        "what is on now",
        f"{words[0]}?",
        f"is {person.name} before lunch",
        f"what room is the {words[2]} {words[4]} talk in",
        f"how many papers about {words[2]}",
        "whats next in room 3",
        f"coauthors of {person.name}",
        "is there a hotel near by",
        f"papers by {family}",
        "when was the deadline",
        f"last author of {talk.title}",
        "and who chairs it?",
        "where are they from",
    )
    return rng.choice(forms)


def written(talks, folder):
    generated.write(generated.event(talks), folder)
    return folder


def cold_start(runs=11):
    """The ratio of two medians, taken in turns; both find their bytecode, as from the second on."""
    ask = [sys.executable, "-m", "bot", "ask", "when is lunch"]
    base = [sys.executable, "-c", "import pydantic, yaml, rapidfuzz"]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    times: dict[int, list[float]] = {0: [], 1: []}
    for run in range(runs + 1):
        for which, command in enumerate((ask, base)):
            begin = time.perf_counter()
            subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, check=True)
            if run:
                times[which].append(time.perf_counter() - begin)
    first, second = median(times[0]), median(times[1])
    return first / second, 4, f"{first * 1e3:.0f} / {second * 1e3:.0f} ms"


def changes(subject):
    """Applying a thousand amendments and indexing what they give, next to indexing alone."""
    event = subject.event
    rng = random.Random(5)
    effects = []
    for number in range(1_000):
        talk = rng.choice(event.talks)
        effects.append(effect(event, Key(Kind.TALK, talk.id), "title", f"Changed {number}"))
    log = [
        Amendment(n, "kim", event.timetable[0][0].start, "", (e,)) for n, e in enumerate(effects)
    ]
    forget_words()
    begin = time.perf_counter()
    Engine(event, language())
    once = time.perf_counter() - begin
    forget_words()
    begin = time.perf_counter()
    edition = replayed(1, event, log)
    applying = time.perf_counter() - begin
    Engine(edition.event, language())
    both = time.perf_counter() - begin
    return both / once, 1.5, f"{both:.1f} / {once:.1f} s, of it {applying * 1e3:.0f} ms applying"


def verb(subject):
    """From a yes to the engine that answers with it, at best of five."""
    event = subject.event
    place, kim = Place(event.id, "bench", "#chairs"), Asker("kim", "Kim", organizer=True)
    now = datetime(2017, 8, 21, 10, 5, tzinfo=VENUE)
    times = []
    for number in range(5):
        desk = Front(Desk(Engine(event, language())))
        desk.hear(Question(f"a{number}", "delay session 2 by 10", kim, place, now))
        begin = time.perf_counter()
        answer = desk.hear(Question(f"b{number}", "yes", kim, place, now))
        times.append((time.perf_counter() - begin) * 1e3)
        assert answer is not None
        assert plain(answer).startswith("Done:")
    return min(times)


def ticks():
    """How a tick's cost grows with what isn't due."""
    medians = bench_posts.ticks()
    told = ", ".join(f"{n:,}: {ms:.1f} ms" for n, ms in medians.items())
    return medians[1_000_000] / medians[100], 1.2, told


def drain():
    """Ten thousand posts through one limit a channel and one in all."""
    ratio, refused, taken, allowed = bench_posts.drain()
    return ratio, 1.03, f"{taken:.1f} / {allowed:.1f} s, {refused} times too fast"


def on_slack():
    """A question on Slack next to what the least handler takes, and where the time goes."""
    mine, bare, parts = bench_slack.alone()
    told = ", ".join(f"{name} {ms:.2f}" for name, ms in parts.items())
    return mine / bare, 2.5, f"{mine:.2f} / {bare:.2f} ms; {told}"


def on_discord():
    """The same on Discord."""
    mine, bare, parts = bench_discord.alone()
    told = ", ".join(f"{name} {ms:.2f}" for name, ms in parts.items())
    return mine / bare, 2.5, f"{mine:.2f} / {bare:.2f} ms; {told}"


def flooded():
    """Two hundred questions a second for a minute, over four hundred conversations."""
    found = bench_slack.flood()
    late = found["took"] - found["sent"]
    told = f"{found['answered']} of {found['asked']} answered, the last {late:.1f} s behind"
    missed = found["answered"] < found["asked"] or found["unacked"]
    return (math.inf if missed else found["acks"]), 3, told


def hostile(subject):
    now = subject.asked[0][1]
    times = []
    for name, text in (LONG | own_words(subject.event)).items():
        gc.collect()  # or the garbage of the text before would be counted here
        begin = time.perf_counter()
        plain(subject.desk.ask(text, now).answer)
        times.append(((time.perf_counter() - begin) * 1e3, name))
    times.sort(reverse=True)
    return times[0][0], 50, ", ".join(f"{name} {ms:.0f}" for ms, name in times[:4])


def own_words(event):
    """Long texts that repeat what an event and its program are asked about with."""
    rng = random.Random(3)
    people = " ".join(rng.choice(event.people).name for _ in range(300))
    titles = " ".join(rng.choice(event.talks).title for _ in range(300))
    letters = "abcdefghijklmnopqrstuvwxyz"
    unknown = " ".join("".join(rng.choices(letters, k=9)) for _ in range(4_000))
    frequent = sorted(set(event.talks[0].title.lower().split()), key=len)[:6]
    texts = {
        "after": "after ",
        "between": "between session 1 and session 2 and ",
        "compare": "compare session 1 with session 2 ",
        "session": "session ",
        "session 2": "session 2 ",
        "the": "the ",
        "which paper": "which paper ",
        "paper of the of the": "paper of the of the ",
        "when": "when\u200f \u202e",
        "who chairs": "who chairs ",
        "clock run": "3:40",
        "digits": "1",
        "apostrophes": "a'b's ",
        "marks on every letter": "w\u0301\u0302h\u0301e\u0301n ",
        "ligatures": "\ufdfa",
        "everyday pings": "@everyone <!channel> ",
        "people": people + " ",
        "one person": event.people[0].name + " ",
        "organization": f"papers from {event.organizations[0].name} ",
        "titles": titles + " ",
        "one title": event.talks[0].title + " ",
        "frequent words": " ".join(frequent) + " ",
        "unknown words": unknown + " ",
    }
    return {k: "".join(itertools.islice(itertools.cycle(t), 40_000)) for k, t in texts.items()}


def table(subjects):
    head = ("", "median", "p99", "extractOne", "BM25", "load s", "index s", "index MB")
    print("{:14}{:>10}{:>10}{:>12}{:>10}{:>10}{:>10}{:>10}".format(*head))
    for s in subjects:
        row = (s.name, s.median, s.p99, s.fuzzy, s.bm25, s.loading, s.index, s.memory)
        print("{:14}{:>10.2f}{:>10.2f}{:>12.2f}{:>10.2f}{:>10.2f}{:>10.2f}{:>10.0f}".format(*row))


def at_most(what, value, limit, note=""):
    verdict = "ok" if value <= limit else "MISSED"
    return f"{verdict:7} {what}: {value:.2f} (at most {limit}) {note}".rstrip()


if __name__ == "__main__":
    main()
