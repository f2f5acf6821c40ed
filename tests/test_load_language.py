"""The files of a language: what they hold, and every mistake in them with its line."""

import re

import pytest

from bot.errors import BadData
from bot.load.language import load_language
from tests.conftest import ROOT


GOOD = """\
contractions: {whos: who is}
want:
  when: [when, "what (time|hour)"]
polar: ["is", are]
glue: [the]
filler: [please]
subjects:
  wifi: {name: wifi, ask: ["(wifi|internet) [password]"]}
details:
  cost: {look: [price], ask: [how dear], must: "yes"}
"""


def write(folder, phrases=GOOD, common="verbs: ask tell\n"):
    (folder / "en.yaml").write_text(phrases, encoding="utf-8")
    (folder / "en-common.yaml").write_text(common, encoding="utf-8")
    return folder


def mistakes(folder):
    with pytest.raises(BadData) as refused:
        load_language(folder)
    return [str(m) for m in refused.value.mistakes]


def test_the_language_that_comes_along_is_in_order():
    assert load_language(ROOT / "data" / "language").subjects


def test_the_readme_of_the_data_lists_every_subject_in_the_order_of_the_language_file():
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z0-9-]+)` \| \S.* \|$", readme, re.MULTILINE)

    assert listed == list(load_language(ROOT / "data" / "language").subjects)


def test_a_small_language_is_read(tmp_path):
    language = load_language(write(tmp_path))

    assert language.subjects["wifi"].name == "wifi"
    assert language.common == {"ask", "tell"}
    assert language.details["cost"].must


@pytest.mark.parametrize(
    ("written", "instead", "line", "said"),
    [
        ("[when, ", "[when, (what, ", 3, "bracket"),
        ("(wifi|internet)", "(wifi|internet))", 8, "bracket"),
        ("how dear", '"[how dear)"', 10, "bracket"),
        ('[when, "what (time|hour)"]', "when", 3, "not a list"),
        ('["is", are]', "yes", 4, "not a list"),
        ("[please]", "[please, [thanks]]", 6, "no phrase"),
        ("[please]", "[please, ~]", 6, "no phrase"),
        ("{whos: who is}", "[whos]", 1, "not a map"),
        ("{whos: who is}", "{whos: [who, is]}", 1, "no text"),
        ("glue: [the]\n", "", 1, 'missing key "glue"'),
        ("{name: wifi, ask:", "{ask:", 8, 'missing key "name" in "wifi"'),
        ("{name: wifi,", "{name: wifi, scoop: talk,", 8, 'unknown key "scoop" in "wifi"'),
        ("look: [price]", "look: price", 10, "not a list"),
        ("[how dear]", "[]]", 10, "not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_line(written, instead, line, said, tmp_path):
    assert written in GOOD
    (found,) = mistakes(write(tmp_path, GOOD.replace(written, instead)))

    assert found.startswith(f"en.yaml:{line}: ")
    assert said in found


def test_all_mistakes_are_told_at_once(tmp_path):
    found = mistakes(write(tmp_path, GOOD.replace("[when,", "[(when,").replace("[how", "['(how',")))

    assert [m.split(" ")[0] for m in found] == ["en.yaml:3:", "en.yaml:10:"]


@pytest.mark.parametrize("kind", ["subjects", "details"])
@pytest.mark.parametrize("value", ["[a]", "{a: b}"])
def test_entries_without_keys_are_refused(kind, value, tmp_path):
    head, _, _ = GOOD.partition("subjects:")
    other = {"subjects": "details", "details": "subjects"}[kind]

    assert mistakes(write(tmp_path, f"{head}{other}: {{}}\n{kind}: {value}\n"))


def test_everyday_words_must_be_texts(tmp_path):
    (found,) = mistakes(write(tmp_path, common="verbs: [ask, tell]\n"))

    assert found.startswith("en-common.yaml:1: ")


def test_a_language_that_is_not_there_is_a_sentence(tmp_path):
    (found,) = mistakes(tmp_path)

    assert found.startswith("en.yaml:1: the file can't be read")


def test_a_file_that_is_a_list_is_refused(tmp_path):
    (found,) = mistakes(write(tmp_path, "[when, where]\n"))

    assert "not a map" in found
