"""Writing the event as it stands back into its files."""

import tempfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.amend import Amendment, Key, Kind, applied, clashes, meeting
from bot.amend.verbs import (
    Impossible,
    cancel,
    correct,
    delay,
    extend,
    move,
    remember,
    restore,
    substitute,
    swap,
)
from bot.export import exported
from bot.load.texts import FolderLoader
from tests.conftest import FOLDERS
from tests.small import person


LOADED = FolderLoader(FOLDERS["kbnets17"])
FILES = LOADED.read()
EVENT = LOADED.load(FILES)
NOW = datetime(2017, 8, 21, 10, 5, tzinfo=EVENT.zone)


def of(kind, id_):
    return Key(Kind(kind), id_)


def at(clock):
    hour, minute = map(int, clock.split(":"))
    return datetime(2017, 8, 21, hour, minute, tzinfo=EVENT.zone)


SESSIONS = [of("session", s.id) for s in EVENT.sessions]
TALKS = [of("talk", t.id) for t in EVENT.talks]
ROWS = st.sampled_from(SESSIONS + TALKS)
IDS = st.sampled_from([t.id for t in EVENT.talks])
VERBS = st.one_of(
    st.tuples(st.just(delay), st.sampled_from(SESSIONS), st.integers(1, 60), st.just(NOW)),
    st.tuples(st.just(cancel), ROWS),
    st.tuples(st.just(restore), ROWS),
    st.tuples(st.just(swap), IDS, IDS, st.just(NOW)),
    st.tuples(
        st.just(substitute),
        ROWS,
        st.just(""),
        st.sampled_from(["danny-dolev", person("Zoe Quist"), person("Kim Oh")]),
        st.just(NOW),
    ),
    st.tuples(
        st.just(extend),
        st.just("submission"),
        st.dates(date(2017, 4, 1), date(2017, 4, 29)),
    ),
    st.tuples(
        st.just(remember), st.just("Wifi"), st.sampled_from(["a: b", "no", "{x}", "# 1", "é"])
    ),
    st.tuples(
        st.just(correct),
        st.sampled_from(TALKS),
        st.just("title"),
        st.sampled_from(['"A": B', "no", "1e3", "- x", "9:30", "Ünïcode"]),
    ),
    st.tuples(
        st.just(lambda e, key, start: move(e, key, NOW, start=at(start), room="foyer")),
        st.sampled_from(SESSIONS),
        st.sampled_from(["18:00", "19:30"]),
    ),
)


def without_traces(event):
    """The event as files can tell it: no traces, no notes that stand for them, no places."""

    def plain(row):
        return replace(row, trace=None, note="", ref="")

    return replace(
        event,
        sessions=tuple(plain(s) for s in event.sessions),
        talks=tuple(sorted((plain(t) for t in event.talks), key=lambda t: t.id)),
        people=tuple(replace(p, ref="") for p in event.people),
        infos=tuple(replace(i, ref="") for i in event.infos),
    )


@settings(max_examples=25, deadline=None)
@given(st.lists(VERBS, min_size=1, max_size=6))
def test_what_was_changed_comes_back_from_the_exported_files_and_is_then_closed(steps):
    event = EVENT
    log: list[Amendment] = []
    for verb, *arguments in steps:
        try:
            effects = verb(event, *arguments).effects
        except Impossible:
            continue
        log.append(Amendment(len(log) + 1, "kim", NOW, "…", effects))
        event = applied(event, effects)

    assume(not [c for c in clashes(event) if c.what == "room"])  # no file may say that

    loaded = LOADED.load(exported(FILES, EVENT, event))

    assert without_traces(loaded) == without_traces(event)
    met = meeting(loaded, log)
    assert without_traces(applied(loaded, [e for a in met.kept for e in a.effects])) == (
        without_traces(event)
    )


def test_files_in_which_nothing_changes_stay_as_they_are_to_the_byte():
    assert exported(FILES, EVENT, EVENT) == FILES
    changed = applied(EVENT, delay(EVENT, of("session", "session-2"), 10, NOW).effects)
    told = exported(FILES, EVENT, changed)

    assert {name for name in FILES if told[name] != FILES[name]} == {"program.yaml"}


def test_comments_and_order_stay():
    files = {
        **FILES,
        "program.yaml": FILES["program.yaml"].replace(
            "  - id: session-2\n", "  # ask Hong about the room\n  - id: session-2\n"
        ),
    }
    changed = applied(EVENT, delay(EVENT, of("session", "session-2"), 10, NOW).effects)

    told = exported(files, EVENT, changed)["program.yaml"]

    assert "  # ask Hong about the room\n  - id: session-2\n" in told
    assert told.index("id: session-1") < told.index("id: session-2") < told.index("id: session-3")
    assert "start: 15:00\n    end: 15:50" in told


@pytest.mark.parametrize("name", ["tidal", "harbor"])
def test_events_of_several_days_are_written_too(name):
    loader = FolderLoader(FOLDERS[name])
    files = loader.read()
    event = loader.load(files)
    changed = event
    for session in event.sessions[:6]:
        start = session.occurrences[0].start
        before = start.replace(hour=0, minute=1)
        try:
            effects = delay(changed, of("session", session.id), 7, before).effects
        except Impossible:
            continue
        changed = applied(changed, effects)

    assert without_traces(loader.load(exported(files, event, changed))) == without_traces(changed)


def test_a_file_that_wasn_t_there_is_added_for_what_is_new():
    files = {name: text for name, text in FILES.items() if name != "info.yaml"}
    event = LOADED.load(files)
    changed = applied(event, remember(event, "Wifi", "It is called bypass.", ("wifi",)).effects)

    told = exported(files, event, changed)

    assert told["info.yaml"].startswith("info:\n  - id: remembered-001\n")
    with tempfile.TemporaryDirectory() as folder:
        for name, text in told.items():
            Path(folder, name).write_text(text, encoding="utf-8")
        assert FolderLoader(Path(folder)).load(told).infos[0].text == "It is called bypass."


def test_a_comment_before_the_first_talk_stays_there_when_talks_are_swapped():
    text = FILES["program.yaml"].replace(
        "    talks:\n      - id: logmemcached",
        "    talks:\n      # the log one\n      - id: logmemcached",
    )
    changed = applied(EVENT, swap(EVENT, "logmemcached", "cquic", NOW).effects)

    told = exported({**FILES, "program.yaml": text}, EVENT, changed)

    assert "      # the log one\n" in told["program.yaml"]
    assert without_traces(LOADED.load(told)) == without_traces(changed)


def test_what_is_new_about_a_session_stands_before_the_comment_of_the_next():
    text = FILES["program.yaml"].replace(
        "  - id: session-2\n", "  # ask Hong about the room\n  - id: session-2\n"
    )
    lunch = applied(EVENT, delay(EVENT, of("session", "keynote-2"), 10, NOW).effects)

    told = exported({**FILES, "program.yaml": text}, EVENT, lunch)["program.yaml"]

    session = told[told.index("- id: keynote-2") : told.index("# ask Hong")]
    assert "status: moved\n    note: moved from 13:45\n" in session
