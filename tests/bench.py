"""How fast it answers, next to two simpler ways in the same run. Run it with `make bench`."""

import json
import random
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

from rank_bm25 import BM25Okapi
from rapidfuzz import fuzz, process

from bot.answer import plain
from bot.desk import Desk
from bot.find import Register
from bot.load import load
from bot.passages import Passages
from bot.question import Reader
from tests import generated
from tests.conftest import FOLDERS, ROOT, language
from tests.test_hostile import LONG


QUESTIONS = 400
ROUNDS = 3


def main():
    print("workshop-bot bench: milliseconds unless said otherwise\n")
    sample = Subject("KBNets'17", load(FOLDERS["kbnets17"]), corpus())
    thousand = Subject("1,000 talks", generated.event(1_000))
    large_event = generated.event(10_000)
    large = Subject("10,000 talks", large_event)
    table([sample, thousand, large])
    checks = [
        at_most("KBNets'17, median", sample.median, 0.5),
        at_most("KBNets'17, 99 of 100", sample.p99, 3),
        at_most("median of 10,000 talks / of KBNets'17", large.median / sample.median, 4),
        at_most("median of 10,000 talks / extractOne there", large.median / large.fuzzy, 1),
        at_most("loading 10,000 talks, seconds", loading(large_event), 10),
        at_most("cold start / import of the libraries", *cold_start()),
        at_most("worst of the hostile texts", *hostile(sample.desk)),
    ]
    print()
    for line in checks:
        print(line)


class Subject:
    """An event under the clock."""

    def __init__(self, name, event, questions=None):
        self.name, self.event = name, event
        tracemalloc.start()
        begin = time.perf_counter()
        self.desk = Desk(event, language())
        self.index = time.perf_counter() - begin
        self.memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        begin = time.perf_counter()
        Reader(event, language())
        Passages(event, language())
        Register(event)
        self.index = time.perf_counter() - begin
        asked = questions or made_up(event)
        self._time_questions(asked)
        self._time_others(asked)

    def _time_questions(self, asked):
        for text, now in asked[:40]:
            self.desk.ask(text, now)
        times = []
        for round_ in range(ROUNDS):
            for text, now in asked:
                fresh = text + " " * round_  # so that no cache of whole texts could answer
                begin = time.perf_counter()
                self.desk.ask(fresh, now)
                times.append(time.perf_counter() - begin)
        times.sort()
        self.median = median(times) * 1e3
        self.p99 = times[int(len(times) * 0.99)] * 1e3

    def _time_others(self, asked):
        e = self.event
        names = [x.name for x in (*e.people, *e.organizations, *e.sessions)]
        names += [t.title for t in e.talks]
        texts = [f"{t.title} {t.summary} {t.abstract}".lower().split() for t in e.talks]
        bm25 = BM25Okapi(texts)
        some = [text for text, _ in asked[:25]]
        self.fuzzy = timed(lambda q: process.extractOne(q, names, scorer=fuzz.WRatio), some)
        self.bm25 = timed(lambda q: bm25.get_scores(q.lower().split()).argmax(), some)


def timed(run, texts):
    times = []
    for text in texts:
        begin = time.perf_counter()
        run(text)
        times.append(time.perf_counter() - begin)
    return median(times) * 1e3


def corpus():
    lines = (ROOT / "tests/questions/kbnets17.jsonl").read_text("utf-8").splitlines()
    groups = [json.loads(line) for line in lines]
    asked = [(q["q"], datetime.fromisoformat(q["now"])) for g in groups for q in g["asked"]]
    return random.Random(1).sample(asked, min(QUESTIONS, len(asked)))


def made_up(event):
    """Questions of all kinds about a made-up event, one in five with a typo."""
    rng = random.Random(7)
    now = datetime.combine(generated.FIRST_DAY, datetime.min.time(), generated.ZONE)
    return [
        (one(event, rng), now + timedelta(hours=9 + rng.random() * 8)) for _ in range(QUESTIONS)
    ]


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
    )
    return rng.choice(forms)


def loading(event):
    with tempfile.TemporaryDirectory() as name:
        generated.write(event, Path(name))
        begin = time.perf_counter()
        load(Path(name))
        return time.perf_counter() - begin


def cold_start(runs=11):
    """The ratio of two medians, taken in turns."""
    ask = [sys.executable, "-m", "bot", "ask", "when is lunch"]
    base = [sys.executable, "-c", "import pydantic, yaml, rapidfuzz"]
    times: dict[int, list[float]] = {0: [], 1: []}
    for _ in range(runs):
        for which, command in enumerate((ask, base)):
            begin = time.perf_counter()
            subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
            times[which].append(time.perf_counter() - begin)
    first, second = median(times[0]), median(times[1])
    return first / second, 4, f"{first * 1e3:.0f} / {second * 1e3:.0f} ms"


def hostile(desk):
    now = datetime.fromisoformat("2017-08-21T11:00:00-07:00")
    worst = (0.0, "")
    for name, text in LONG.items():
        begin = time.perf_counter()
        plain(desk.ask(text, now).answer)
        worst = max(worst, ((time.perf_counter() - begin) * 1e3, name))
    return worst[0], 50, worst[1]


def table(subjects):
    head = ("", "median", "p99", "index s", "memory MB", "extractOne", "BM25")
    print("{:14}{:>10}{:>10}{:>10}{:>12}{:>12}{:>10}".format(*head))
    for s in subjects:
        row = (s.name, s.median, s.p99, s.index, s.memory, s.fuzzy, s.bm25)
        print("{:14}{:>10.2f}{:>10.2f}{:>10.2f}{:>12.0f}{:>12.2f}{:>10.2f}".format(*row))


def at_most(what, value, limit, note=""):
    verdict = "ok" if value <= limit else "MISSED"
    return f"{verdict:7} {what}: {value:.2f} (at most {limit}) {note}".rstrip()


if __name__ == "__main__":
    main()
