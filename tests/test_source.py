"""Strict YAML: what is read as written, what is refused, and at which line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.source import MAX_DEPTH, MAX_MISTAKES, MAX_VALUES, Mapping, Scalar, Sequence, parse


def refused(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return [str(mistake) for mistake in parse(raw, "f.yaml").mistakes]


def read(text):
    raw = text if isinstance(text, bytes) else text.encode()
    document = parse(raw, "f.yaml")
    assert document.mistakes == ()
    return document.root


@pytest.mark.parametrize(
    "written",
    [
        "9:30",
        "09:30",
        "no",
        "on",
        "True",
        "0730",
        "0o17",
        "0x1f",
        "1e3",
        "1_000",
        "3.10",
        ".inf",
        "null",
        "2017-08-21",
        "2017-08-21T09:00:00-07:00",
        "=",
    ],
)
def test_an_unquoted_value_is_the_text_as_written(written):
    assert read(f"{written}: {written}") == {written: written}
    assert read(f"[{written}]") == [written]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a:", ""),
        ("a: ~", ""),
        ("a: ''", ""),
        ("a: '~'", "~"),
        ('a: "9:30"', "9:30"),
        ("a: 'it''s'", "it's"),
        ('a: "tab\\there"', "tab\there"),
        ("a: two\n  lines", "two lines"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ("a: >-\n  two\n  lines\n", "two lines"),
        ("a: x # comment", "x"),
        ("a: C#", "C#"),
        ("a: Zürich – 東京 😀", "Zürich – 東京 😀"),
    ],
)
def test_nothing_is_the_empty_text_and_quotes_and_blocks_are_those_of_yaml(text, value):
    assert read(text) == {"a": value}


def test_every_value_and_key_knows_its_file_and_line():
    root = read("title: x\n\npeople:\n  - id: ann\n    name:\n      Ann Lee\n")

    assert isinstance(root, Mapping)
    assert (root.file, root.line) == ("f.yaml", 1)
    assert root["title"].line == 1
    assert root.key("people").line == 3
    people = root["people"]
    assert isinstance(people, Sequence)
    assert (people.file, people.line) == ("f.yaml", 4)
    person = people[0]
    assert isinstance(person, Mapping)
    name = person["name"]
    assert isinstance(name, Scalar)
    assert (person.key("name").line, name.line, name.file) == (5, 6, "f.yaml")
    assert root.key("no such key") is root


def test_a_byte_order_mark_and_windows_line_ends_are_fine():
    root = read(b"\xef\xbb\xbfa: 1\r\nb: |\r\n  two\r\n  lines\r\nc: 3\r\n")

    assert root == {"a": "1", "b": "two\nlines\n", "c": "3"}
    assert root["c"].line == 5


def test_line_separators_pasted_from_elsewhere_do_not_shift_the_lines():
    root = read("a: one\u2028two\u2029three\x85four\nb: x")

    assert root == {"a": "one two three four", "b": "x"}
    assert root["b"].line == 2


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "\ufeff"])
def test_an_empty_file_is_a_mapping_without_keys(text):
    root = read(text)

    assert isinstance(root, Mapping)
    assert (root, root.line) == ({}, 1)


def test_a_key_given_twice_is_refused_and_the_first_one_kept():
    document = parse(b"a: 1\nb:\n  c: 1\n  d: 2\n  c: {e: f}\na: 3\n", "f.yaml")

    assert [str(mistake) for mistake in document.mistakes] == [
        'f.yaml:5: key "c" is given twice, first in line 3; expected every key once',
        'f.yaml:6: key "a" is given twice, first in line 1; expected every key once',
    ]
    assert document.root == {"a": "1", "b": {"c": "1", "d": "2"}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "a: &x 1",
            (
                'f.yaml:1: an anchor "&x"; expected no anchors: the value written out where it is'
                " needed, or in quotes"
            ),
        ),
        (
            "a: 1\nb: *x",
            'f.yaml:2: an alias "*x"; expected no aliases: the value written out, or in quotes',
        ),
        (
            "a: !!int 3",
            'f.yaml:1: a tag "tag:yaml.org,2002:int"; expected a plain value, or one in quotes',
        ),
        ("a: !x {b: c}", 'f.yaml:1: a tag "!x"; expected a plain value, or one in quotes'),
        (
            "a: !!python/object/apply:os.system [ls]",
            (
                'f.yaml:1: a tag "tag:yaml.org,2002:python/object/apply:os"; expected a plain value, or'
                " one in quotes"
            ),
        ),
        ("a: 1\n<<: {b: 2}", 'f.yaml:2: a merge key "<<"; expected the keys written out here'),
        (
            "a: 1\n---\nb: 2",
            "f.yaml:2: a second document begins here; expected one document in a file",
        ),
        ("a: 1\n? [b]\n: c", "f.yaml:2: a key that is a list or a map; expected a word as the key"),
        ("a: {{ b }}", "f.yaml:1: a key that is a list or a map; expected a word as the key"),
        (
            "a: b\x00",
            "f.yaml:1: a control character (U+0000); expected text without control characters",
        ),
        (
            'a: "b\\0"',
            "f.yaml:1: a control character (U+0000); expected text without control characters",
        ),
        (
            'a: 1\nb: "\\r\\n"',
            "f.yaml:2: a control character (U+000D); expected text without control characters",
        ),
        (
            b"a: 1\nb: caf\xe9\n",
            "f.yaml:2: byte 11 (0xe9) is not UTF-8; expected a file saved as UTF-8",
        ),
        (
            "a: 1\n".encode("utf-16"),
            "f.yaml:1: byte 0 (0xff) is not UTF-8; expected a file saved as UTF-8",
        ),
        (
            "a: 1\ntitle: Foo: Bar",
            (
                "f.yaml:2: not YAML: mapping values are not allowed in this context; expected quotes"
                ' around a value that contains ": "'
            ),
        ),
        (
            "a:\n\tb: 1",
            (
                "f.yaml:2: not YAML: found character that cannot start any token while scanning for the"
                " next token; expected spaces instead of tabs before a key, and quotes around a value"
                " that begins with @, ` or %"
            ),
        ),
        (
            'a: 1\nb: "c\nd: e\n',
            (
                "f.yaml:4: not YAML: found unexpected end of stream while scanning a quoted scalar that"
                " begins in line 2; expected a closing quote"
            ),
        ),
        (
            "a: *best* paper",
            (
                "f.yaml:1: not YAML: did not find expected alphabetic or numeric character while"
                " scanning an alias; expected quotes around a value that begins with * or &"
            ),
        ),
        (
            "a:\n  b: 1\n c: 2",
            (
                "f.yaml:3: not YAML: did not find expected key while parsing a block mapping that"
                " begins in line 1; expected a key that starts in the same column as those above it"
            ),
        ),
        (
            "a: [b\nc: d",
            (
                "f.yaml:2: not YAML: did not find expected ',' or ']' while parsing a flow sequence"
                " that begins in line 1; expected a list such as [a, b], with quotes around what holds"
                " [ ] { } or ,"
            ),
        ),
    ],
)
def test_what_yaml_allows_and_nobody_means_is_refused_with_its_line(text, expected):
    assert refused(text) == [expected]


IN_SINGLE = """single quotes around the whole value, such as '"On Time": Ann''s Study'"""
IN_DOUBLE = """double quotes around the whole value, such as "'On Time': A Study\""""


@pytest.mark.parametrize(
    ("line", "quotation", "expected"),
    [
        ('title: "Too Much Salt": Learning to Cook', '"Too Much Salt"', IN_SINGLE),
        ('title: "Too Much Salt" and Other Tales', '"Too Much Salt"', IN_SINGLE),
        ('title: "Too Much Salt", or How to Cook', '"Too Much Salt"', IN_SINGLE),
        ('- title: "A \\"B\\" C"s', '"A \\"B\\" C"', IN_SINGLE),
        ("title: 'Too Much Salt' and Other Tales", "'Too Much Salt'", IN_DOUBLE),
        ("title: 'Ann''s Salt': A Tale", "'Ann''s Salt'", IN_DOUBLE),
        ('- "Salt" and Pepper', '"Salt"', IN_SINGLE),
        ('tags: [salt, "Salt" and Pepper]', '"Salt"', IN_SINGLE),
        ('a: {title: "Salt" and Pepper, b: c}', '"Salt"', IN_SINGLE),
        ('a: {b: "c", title: "Salt": A Tale}', '"Salt"', IN_SINGLE),
    ],
)
def test_a_value_that_goes_on_behind_a_quotation_is_to_be_quoted_as_a_whole(
    line, quotation, expected
):
    assert refused(f"x: y\nz:\n  {line}\n  b: c\n") == [
        f"f.yaml:3: not YAML: a value goes on behind {quotation}; expected {expected}"
    ]


@pytest.mark.parametrize(
    "line",
    ['"title": Salt: A Tale', 'title: Salt: "A" Tale', 'title: A "Salt": Tale', '- "a": b: c'],
)
def test_other_lines_with_a_quotation_are_told_what_the_parser_says(line):
    (mistake,) = refused(f"x:\n  {line}\n")

    assert mistake.endswith('expected quotes around a value that contains ": "')


def test_an_alias_bomb_is_refused_at_the_cost_of_its_text():
    bomb = "a0: &a0 [x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10)
    )

    document = parse(bomb.encode(), "f.yaml")

    assert document.root is None
    assert len(document.mistakes) == 10 + 9 * 9


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 100_000,
        "- " * 100_000,
        "\n".join(" " * i + "a:" for i in range(1000)),
    ],
)
def test_nesting_is_bounded(text):
    document = parse(text.encode(), "f.yaml")

    assert document.root is None
    assert f"nested more than {MAX_DEPTH} levels deep; expected a flatter file" in str(
        document.mistakes[-1]
    )


def test_nesting_up_to_the_bound_is_read():
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_all_that_is_wrong_with_a_file_is_said_at_once():
    assert [line.split(";")[0] for line in refused("a: &x 1\na: !y 2\nb: *x\nc: [\n")] == [
        'f.yaml:1: an anchor "&x"',
        'f.yaml:2: key "a" is given twice, first in line 1',
        'f.yaml:2: a tag "!y"',
        'f.yaml:3: an alias "*x"',
        "f.yaml:5: not YAML: did not find expected node content while parsing a flow node",
    ]


def test_every_line_with_a_control_character_is_named():
    assert [line.split(" ")[0] for line in refused("a: \x07\x08\nb: x\nc: \x1b[0m\n")] == [
        "f.yaml:1:",
        "f.yaml:3:",
    ]


@pytest.mark.parametrize("text", ["- !a b\n" * 5000, "a: b\n" * 5000, "- \x01\n" * 5000])
def test_a_file_that_is_wrong_all_over_is_not_read_to_its_end(text):
    assert MAX_MISTAKES <= len(refused(text)) <= MAX_MISTAKES + 1


def test_a_file_of_too_many_values_is_not_read_to_its_end():
    (mistake,) = refused("[" + "a," * MAX_VALUES + "]")

    assert mistake.startswith("f.yaml:1: more than 500,000 keys and values")


@pytest.mark.parametrize(
    "broken", ["a: *x", "a: [", "<<: 1", "a: 1\n--- \nb: 1", "a: \x01", b"\xff"]
)
def test_a_file_that_is_not_known_in_full_has_no_root(broken):
    raw = broken if isinstance(broken, bytes) else broken.encode()

    assert parse(raw, "f.yaml").root is None


@given(st.binary())
def test_any_bytes_are_read_or_refused(raw):
    document = parse(raw, "f.yaml")

    assert document.root is not None or document.mistakes


@given(st.text(alphabet="ab0:-?[]{},&*!|>'\"%@`#~ \t\n\r\x00\x85\u2028\ufeff<é\\"))
def test_any_marks_of_yaml_are_read_or_refused(text):
    document = parse(text.encode(), "f.yaml")

    assert document.root is not None or document.mistakes
    assert all(
        1 <= mistake.line <= text.count("\n") + text.count("\r") + 2
        for mistake in document.mistakes
    )


@given(
    st.recursive(
        st.text(
            st.characters(
                exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufffe\uffff"
            )
        ),
        lambda inner: st.lists(inner) | st.dictionaries(st.from_regex(r"\A[a-z]{1,9}\Z"), inner),
        max_leaves=15,
    )
)
def test_whatever_json_can_say_is_read_back(value):
    assert read(json.dumps({"a": value}, ensure_ascii=False)) == {"a": value}
