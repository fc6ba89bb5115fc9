import contextlib
import csv
import io
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wbviz.data import Problem, Table, load_dataset
from wbviz.data.cells import MISSING

DELIMITERS = [",", ";", "\t", "|", " "]
numbers = st.floats(allow_nan=False, allow_infinity=False)


def written(rows, delimiter=",", end="\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def table_or_sentence(make, *arguments):
    """What `make` makes, or None where it refuses with a sentence."""
    with contextlib.suppress(ValueError):
        return make(*arguments)
    with pytest.raises(ValueError, match=r"(?s)^[A-Za-z].*\.$"):
        make(*arguments)


def told(table):
    return [str(problem) for problem in table.problems]


@given(
    st.integers(2, 5).flatmap(lambda d: st.lists(st.tuples(*[numbers] * d), min_size=1, max_size=20)),
    st.sampled_from(DELIMITERS),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"]),
    st.booleans(),
)
def test_numbers_come_back_to_the_last_bit(rows, delimiter, end, encoding, header):
    names = [f"x{i}" for i in range(len(rows[0]))]
    text = written([names] * header + [map(repr, row) for row in rows], delimiter, end)
    table = Table.from_bytes(text.encode(encoding))
    assert (table.delimiter, table.decimal, table.header) == (delimiter, ".", header)
    assert table.problems == []
    np.testing.assert_array_equal(np.column_stack([table.values[c] for c in table.columns]), rows)
    assert table.columns == (tuple(names) if header else tuple(f"column {i + 1}" for i in range(len(names))))
    assert table.rows.tolist() == list(range(1 + header, 1 + header + len(rows)))


words = st.text(min_size=1, max_size=12).map(lambda s: s.replace("\0", "").replace("\r", "\n").strip())


@given(st.lists(st.tuples(words, words), min_size=1, max_size=15), st.sampled_from([",", ";", "\t", "|"]))
def test_texts_come_back_whatever_they_hold(rows, delimiter):
    table = Table.from_text(written([("a", "b"), *rows], delimiter), header=True, delimiter=delimiter)
    kept = [i for i, row in enumerate(rows) if any(row)]
    for j, column in enumerate(("a", "b")):
        if table.kinds.get(column) == "text":
            expected = ["" if rows[i][j].lower() in MISSING else rows[i][j] for i in kept]
            assert list(table.values[column]) == expected


@settings(max_examples=300)
@given(st.text(max_size=200) | st.text(alphabet='",;|\t\n\r 0123456789.-+eE=@x', max_size=200))
@example('"\n"')
@example('a,b\n"1,2\n3,4')
@example("sep=\n")
@example('sep="\n1"2')
@example("\ud800,1\n2,3")
def test_any_text_is_a_table_or_a_clear_error(text):
    table = table_or_sentence(Table.from_text, text)
    if table is None:
        return
    assert table.text == text.removeprefix("\ufeff")
    assert set(table.values) == set(table.kinds) == set(table.columns)
    assert all(len(values) == len(table) for values in table.values.values())
    assert all(isinstance(problem, Problem) and str(problem) for problem in table.problems)
    data = table_or_sentence(table.to_dataset)
    if data is not None:
        assert len(data) <= len(table)
        assert np.isfinite(data.X).all()


@pytest.mark.parametrize("text", ["=cmd()|' /C calc'!A0", "@SUM(1)", "+1+1", "__import__('os')", "<script>x</script>"])
def test_nothing_is_executed_or_changed(text):
    table = Table.from_text(written([("a", "b"), (text, 1), ("q", 2)]), delimiter=",")
    assert list(table.values["a"]) == [text, "q"]


def test_a_semicolon_table_with_decimal_commas():
    table = Table.from_text("x;y;label\n1,5;-2,25;red\n,5;1e3;blue\n−1;3;red\n")
    assert (table.delimiter, table.decimal) == (";", ",")
    assert table.values["x"].tolist() == [1.5, 0.5, -1.0]
    assert table.values["y"].tolist() == [-2.25, 1000.0, 3.0]


def test_commas_between_thousands_are_told_not_misread():
    table = Table.from_text("x;y\n1,500;2\n2,000;3\n")
    assert table.kinds == {"x": "text", "y": "number"}
    assert "'1,500' holds a comma; numbers here have a decimal point" in told(table)[0]
    assert Table.from_text("x;y\n0,500;2\n2,000;3\n").values["x"].tolist() == [0.5, 2.0]


def test_missing_values_are_told_by_row_and_column():
    table = Table.from_text("x,y,colour\n1,,red\n\n?,2,N/A\n3,4,blue\nseven,5,red\n")
    assert told(table) == [
        "Row 2, column 'y': the value is missing (an empty cell).",
        "Row 2, column 'colour': 'red' is text. "
        "Half or more of this column is like that: it can be classes, not a number.",
        "Row 4, column 'x': the value is missing ('?').",
        "Row 4, column 'colour': the value is missing ('N/A').",
        "Row 6, column 'x': 'seven' is not a number; the value counts as missing.",
    ]
    assert [p.kind for p in table.problems] == ["missing", "text column", "missing", "missing", "not a number"]
    assert table.rows.tolist() == [2, 4, 5, 6]
    np.testing.assert_array_equal(table.values["x"], [1, math.nan, 3, math.nan])
    assert table.values["colour"].tolist() == ["red", "", "blue", "red"]


def test_ragged_rows_are_told_and_the_others_stay():
    text = "x,y,label\n1,2,a\n3,4\n5,6,b,7\n8,9,b,\n"
    table = Table.from_text(text)
    assert told(table)[1] == "Row 3: it has 2 cells where 3 are expected; the rest count as missing."
    assert told(table)[2].startswith("Row 4: it has 4 cells where 3 are expected, so that their columns are uncertain.")
    assert (table.set_aside, table.rows.tolist(), table.text) == ((4,), [2, 3, 5], text)
    data = table.to_dataset()
    assert data.X.tolist() == [[1, 2], [8, 9]]
    assert data.description == (
        "2 rows of my table, to predict 'label' from 2 columns. Left out: 2 rows with missing or surplus cells."
    )


def test_names_are_made_unique():
    table = Table.from_text("a,a,,a (2),a\n1,2,3,4,5\n")
    assert table.columns == ("a", "a (3)", "column 3", "a (2)", "a (4)")
    assert told(table) == [
        "Row 1, column 'a (3)': an earlier column has the same name; it is called so here.",
        "Row 1, column 'column 3': this column has no name in the header; it is called so here.",
        "Row 1, column 'a (4)': an earlier column has the same name; it is called so here.",
    ]


@given(st.lists(st.sampled_from(["", "a", "a (2)", "a (3)", "column 1", "column 2"]), min_size=1, max_size=8))
def test_names_are_always_unique(names):
    row = [str(i) for i in range(len(names))]
    table = Table.from_text(written([names, row]), header=True, delimiter=",")
    assert len(set(table.columns)) == len(names)
    assert all(table.columns)


def test_columns_of_nothing_are_left_out():
    table = Table.from_text("a,b,\n1,2,\n3,4\n")
    assert (table.columns, table.problems) == (("a", "b"), [])
    assert Table.from_text("1,2,\n3,4,\n").columns == ("column 1", "column 2")
    assert Table.from_text("1,2,\n3,4,\n5,6,7\n").values["column 3"][2] == 7


def test_a_column_without_values_is_told():
    table = Table.from_text("a,b,c\n1,,2\n3,,4\n")
    assert table.kinds["b"] == "empty"
    assert told(table) == ["Column 'b': no cell of this column holds a value."]
    assert table.to_dataset().feature_names == ("a",)


def test_a_quote_that_never_closes_swallows_nothing():
    table = Table.from_text('a,b\n"x, y",1\n"open,2\nz,3\n', delimiter=",")
    assert table.values["a"].tolist() == ["x, y", '"open', "z"]
    assert "Row 3: a quotation mark opens here and never closes; it was read as an ordinary character." in told(table)


def test_rows_over_several_lines_are_told():
    table = Table.from_text('a,b\n"one\ntwo",1\nz,2\n')
    assert table.values["a"].tolist() == ["one\ntwo", "z"]
    assert table.rows.tolist() == [2, 3]
    assert "Row 2: quotation marks join 2 lines into this row; is one of them too many?" in told(table)


def test_an_infinite_number_is_told():
    table = Table.from_text("x,y\n1e999,1\n2,2\n3,3\n")
    assert told(table) == ["Row 2, column 'x': '1e999' is too large for a number; the value counts as missing."]


def test_many_problems_are_counted_not_listed():
    table = Table.from_text("x,y\n" + "1,\n" * 900 + "1,2\n")
    assert len(table.problems) == 500
    assert str(table.problems[-1]) == "There are 401 more remarks like these."


def test_long_cells_are_shortened_in_messages():
    table = Table.from_text("x,y\n1,2\n2,3\n" + "z" * 1000 + ",4\n")
    assert len(told(table)[0]) < 150


def test_bundled_sets_survive_the_way_through_a_table():
    iris = load_dataset("iris")
    rows = [[*map(repr, map(float, x)), iris.target_names[y]] for x, y in zip(iris.X, iris.y, strict=True)]
    data = Table.from_text(written([[*iris.feature_names, "species"], *rows])).to_dataset()
    np.testing.assert_array_equal(data.X, iris.X)
    np.testing.assert_array_equal(data.y, iris.y)
    assert (data.feature_names, data.target_names) == (iris.feature_names, iris.target_names)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_a_clear_error(content):
    table_or_sentence(Table.from_bytes, content)
