"""Which files of a folder are read, and which are refused before they are."""

import os

import pytest

from bot.errors import BadData
from bot.load import load
from bot.load.files import MAX_BYTES, read


EVENT = "id: small\nname: Small Workshop\nzone: America/Los_Angeles\n"


@pytest.fixture
def folder(tmp_path):
    """The folder of a valid event, with room around it."""
    inside = tmp_path / "event"
    inside.mkdir()
    (inside / "event.yaml").write_text(EVENT)
    return inside


def mistakes(folder):
    with pytest.raises(BadData) as caught:
        load(folder)
    return str(caught.value).splitlines()


def scope_of(folder):
    call = load(folder).call
    assert call is not None
    return call.scope


def test_a_folder_that_is_none_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    for name, what in (("nowhere", "there is no such folder"), ("file", "this is not a folder")):
        assert mistakes(tmp_path / name) == [
            f"{tmp_path / name}:1: {what}; expected a folder that holds an event.yaml"
        ]


def test_a_folder_that_can_not_be_looked_at_is_named(tmp_path):
    (mistake,) = mistakes(tmp_path / ("x" * 300))

    assert "the folder can't be read (File name too long); expected a readable folder" in mistake


def test_a_folder_without_an_event_is_none(tmp_path):
    assert mistakes(tmp_path) == [
        "event.yaml:1: there is no such file; expected it in the event's folder"
    ]


def test_other_files_are_left_alone(folder):
    (folder / "notes.yaml").write_text("[")
    (folder / "README.md").write_text("[")
    (folder / "info").mkdir()
    (folder / "info" / "notes.txt").write_text("[")
    (folder / "info" / ".#x.yaml").symlink_to("nobody@nowhere")

    assert load(folder).infos == ()


def test_a_file_of_ten_megabytes_is_read_and_a_larger_one_is_not(folder):
    text = "scope: x #" + "x" * (MAX_BYTES - 10)
    (folder / "call.yaml").write_text(text)
    assert scope_of(folder) == "x"

    (folder / "call.yaml").write_text(text + "x")
    assert mistakes(folder) == [
        (
            "call.yaml:1: the file has 10.0 MB; expected at most 10 MB; what is larger can be a folder,"
            " such as program/*.yaml"
        )
    ]


def test_a_file_is_measured_before_it_is_read(folder):
    with (folder / "call.yaml").open("wb") as file:
        file.truncate(1_000_000_000_000)

    assert mistakes(folder)[0].startswith("call.yaml:1: the file has 1000000.0 MB;")


def test_a_part_is_a_file_or_a_folder_but_not_both(folder):
    (folder / "call.yaml").write_text("scope: x")
    (folder / "call").mkdir()

    assert mistakes(folder) == [
        "call.yaml:1: both call.yaml and a folder call are there; expected one of them"
    ]


def test_an_ending_that_is_not_read_is_refused_so_that_the_file_is_not_missed(folder):
    (folder / "people.yml").write_text("")
    (folder / "program").mkdir()
    (folder / "program" / "day1.yml").write_text("")

    assert mistakes(folder) == [
        "people.yml:1: a name that is not read; expected the name people.yaml",
        "program/day1.yml:1: a name that is not read; expected the name day1.yaml",
    ]


def test_the_event_is_not_a_folder(folder):
    (folder / "event.yaml").unlink()
    (folder / "event.yaml").mkdir()

    assert mistakes(folder) == ["event.yaml:1: this is not a file; expected a file of YAML"]


def test_a_link_inside_the_folder_is_followed(folder):
    (folder / "..data").mkdir()
    (folder / "..data" / "call.yaml").write_text("scope: x")
    (folder / "call.yaml").symlink_to(folder / "..data" / "call.yaml")

    assert scope_of(folder) == "x"


def test_the_folder_itself_may_be_a_link(folder, tmp_path):
    (tmp_path / "link").symlink_to(folder)

    assert load(tmp_path / "link").id == "small"


def test_links_out_of_the_folder_or_to_nowhere_are_refused(folder, tmp_path):
    (tmp_path / "secret.yaml").write_text("scope: secret")
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "all.yaml").write_text("people: []")
    (folder / "call.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "info.yaml").symlink_to(folder / "nowhere.yaml")
    (folder / "people").symlink_to(tmp_path / "people")
    (folder / "program").mkdir()
    (folder / "program" / "a.yaml").symlink_to(folder / "program" / "a.yaml")
    (folder / "program" / "b.yaml").symlink_to(tmp_path / "secret.yaml")

    what = "a link that leads out of the event's folder, or nowhere"
    file, directory = "a file inside the event's folder", "a folder inside the event's folder"
    assert mistakes(folder) == [
        f"call.yaml:1: {what}; expected {file}",
        f"info.yaml:1: {what}; expected {file}",
        f"people:1: {what}; expected {directory}",
        f"program/a.yaml:1: {what}; expected {file}",
        f"program/b.yaml:1: {what}; expected {file}",
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_not_waited_for(folder):
    os.mkfifo(folder / "call.yaml")

    assert mistakes(folder) == ["call.yaml:1: this is not a file; expected a file of YAML"]


def test_a_file_that_can_not_be_read_says_why(folder):
    (mistake,) = read(folder, "call.yaml").mistakes

    assert str(mistake).startswith("call.yaml:1: the file can't be read (")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read it all")
def test_a_file_without_permission_is_named(folder):
    (folder / "call.yaml").write_text("scope: x")
    (folder / "call.yaml").chmod(0)

    assert mistakes(folder) == [
        "call.yaml:1: the file can't be read (Permission denied); expected a readable file"
    ]
