"""What the errors tell those who catch them."""

from datetime import timedelta

import pytest

from bot.errors import BadConfig, BadData, Mistake, Refused, TryLater, WorkshopBotError


def test_a_mistake_says_where_it_is_what_is_wrong_and_what_was_expected():
    mistake = Mistake("program.yaml", 9, '"25:99" is not a time', "HH:MM such as 9:30")

    assert str(mistake) == 'program.yaml:9: "25:99" is not a time; expected HH:MM such as 9:30'


def test_a_warning_says_that_it_is_one():
    warning = Mistake("info.yaml", 4, 'unknown subject "fees"', "another", warning=True)

    assert str(warning) == 'info.yaml:4: warning: unknown subject "fees"; expected another'


def test_bad_data_lists_its_mistakes_one_a_line():
    first, second = Mistake("a.yaml", 1, "x", "y"), Mistake("b.yaml", 2, "z", "w")

    error = BadData([first, second])

    assert error.mistakes == (first, second)
    assert str(error) == "a.yaml:1: x; expected y\nb.yaml:2: z; expected w"


def test_an_error_carries_what_its_catcher_acts_upon():
    assert TryLater(timedelta(seconds=2.5)).after == timedelta(seconds=2.5)
    assert str(TryLater(timedelta(seconds=2.5))) == "try again in 2.5 s"
    assert Refused("not_in_channel").reason == "not_in_channel"
    assert str(Refused("not_in_channel")) == "not_in_channel"


@pytest.mark.parametrize("error", [BadData, BadConfig, TryLater, Refused])
def test_every_error_of_ours_can_be_caught_as_one(error):
    assert issubclass(error, WorkshopBotError)
