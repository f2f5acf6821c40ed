"""A made-up event of the bench is an event like any other."""

from bot.load import load
from tests.generated import event, write


def test_a_made_up_event_is_the_same_for_the_same_seed():
    assert event(20, seed=3) == event(20, seed=3)
    assert event(20, seed=3) != event(20, seed=4)


def test_a_made_up_event_written_and_loaded_is_the_same(tmp_path):
    made = event(40)
    write(made, tmp_path)
    loaded = load(tmp_path)

    assert loaded.sessions == made.sessions
    assert loaded.talks == made.talks
    assert loaded.people == made.people
    assert loaded.organizations == made.organizations
    assert loaded.call == made.call
