import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.data import Table

numbers = st.floats(allow_nan=False, allow_infinity=False)
TABLE = Table.from_text(
    "height,colour,name,same,nothing,label\n"
    + "".join(f"{i},{'red' if i % 3 else 'blue'},name {i},one,,{i % 2}\n" for i in range(20))
)


@given(st.lists(st.tuples(numbers, numbers, st.sampled_from("ABC")), min_size=3, max_size=30))
def test_points_come_back_to_the_last_bit(points):
    points += [(0.0, 0.0, "A"), (0.0, 1.0, "B")]
    table = Table.from_points(points)
    assert table.columns == ("x", "y", "label")
    data = table.to_dataset()
    np.testing.assert_array_equal(data.X, [point[:2] for point in points])
    assert [data.target_names[label] for label in data.y] == [point[2] for point in points]
    again = Table.from_points([point[:2] for point in points], [point[2] for point in points])
    assert again.text == table.text


def test_points_of_numpy():
    points, labels = np.array([[0.1, 1e-300], [1 / 3, 2]]), np.array([1, 0])
    data = Table.from_points(points, labels).to_dataset()
    np.testing.assert_array_equal(data.X, points)
    assert data.y.tolist() == [1, 0]
    assert data.target_names == ("0", "1")


def test_points_of_other_dimensions():
    assert Table.from_points([(1, 2, 3)], ["a"]).columns == ("x1", "x2", "x3", "label")
    assert Table.from_points([(1, 2.5), (2, 3.5), (3, 5.5)]).to_dataset().task == "regression"


def test_no_points_are_a_table_without_rows():
    table = Table.from_points([], [])
    assert len(table) == 0
    assert [str(problem) for problem in table.problems] == ["There is no row of values below the header."]
    with pytest.raises(ValueError, match="my points has no row of values yet; a data set needs at least one"):
        table.to_dataset()


@pytest.mark.parametrize(
    ("points", "labels", "sentence"),
    [
        ([(1, 2)], [0, 1], "1 points but 2 labels"),
        ([(1, 2), (3,)], [0, 1], r"Point 1 is \(3,\); every point must be 2 finite numbers"),
        ([(1, float("inf"))], [0], "Point 0 is"),
        ([("a", 2)], [0], r"Point 0 is \('a', 2\)"),
        ([(0,)], None, "every point must be 1 finite"),
    ],
)
def test_points_that_are_none_are_refused(points, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        Table.from_points(points, labels)


def test_features_are_numbers_and_words_of_few_kinds():
    data = TABLE.to_dataset()
    assert data.feature_names == ("height", "colour=blue", "colour=red")
    assert data.X[:4].tolist() == [[0, 1, 0], [1, 0, 1], [2, 0, 1], [3, 1, 0]]
    assert data.columns["colour"][:2].tolist() == ["blue", "red"]
    assert data.description == (
        "20 rows of my table, to predict 'label' from 2 columns. Not used: 'name', 'same', 'nothing'."
    )


def test_target_and_features_can_be_chosen():
    data = TABLE.to_dataset(target="colour", features=["label", "height"])
    assert (data.task, data.target_names, data.feature_names) == (
        "classification",
        ("blue", "red"),
        ("label", "height"),
    )
    assert TABLE.to_dataset("height", "label").y.shape == (20, 1)


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ("0 1", "classification"),
        ("0 1 0 1", "classification"),
        ("-1 1 1 -1", "classification"),
        ("1 2 3 4", "regression"),
        ("1 1 2 2 3 3", "classification"),
        ("1 1 2 2 3", "regression"),
        ("0.5 1 0.5 1", "regression"),
        (" ".join(f"{i} {i} {i}" for i in range(10)), "classification"),
        (" ".join(f"{i} {i} {i}" for i in range(11)), "regression"),
        ("a b c d", "classification"),
    ],
)
def test_the_task_is_decided_by_the_stated_rule(values, task):
    points = [(float(i), value) for i, value in enumerate(values.split())]
    table = Table.from_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in points))
    assert table.to_dataset().task == task


def test_the_task_can_be_told():
    table = Table.from_text("x,y\n1,1\n2,2\n3,3\n")
    data = table.to_dataset(task="classification")
    assert (data.y.tolist(), data.target_names) == ([0, 1, 2], ("1", "2", "3"))
    data = Table.from_text("x,y\n1,0\n2,1\n").to_dataset(task="regression")
    assert (data.y.tolist(), data.target_names) == ([[0.0], [1.0]], ("y",))


def test_classes_are_ordered_by_size_as_numbers():
    data = Table.from_text("x,y\n1,10\n2,9\n3,10\n4,9\n").to_dataset()
    assert data.target_names == ("9", "10")
    assert data.y.tolist() == [1, 0, 1, 0]


def test_rows_with_a_gap_in_an_unused_column_stay():
    table = Table.from_text("x,z,y\n1,,0\n2,5,1\n3,,0\n")
    assert len(table.to_dataset(task="regression")) == 1
    assert len(table.to_dataset(features=["x"])) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"target": "labl"}, r"no column 'labl'\. Did you mean 'label'\? There are: 'height', 'colour'"),
        ({"target": "nothing"}, "The target 'nothing' holds no value"),
        ({"target": "same"}, "'same' holds 1 different value; classes can be 2 to 50"),
        ({"target": "colour", "task": "regression"}, "The target 'colour' is text; regression predicts numbers"),
        ({"features": ["width"]}, "no column 'width'"),
        ({"features": []}, "no feature to predict 'label' from"),
        ({"features": ["label"]}, "'label' is the target; it cannot be a feature as well"),
        ({"features": ["height", "height"]}, "'height' is named twice"),
        ({"features": ["name"]}, "'name' cannot be a feature: it is text with 20 different values, more than 12"),
        ({"features": ["same"]}, "it is text that is the same in every row"),
        ({"features": ["nothing"]}, "it holds no value"),
        ({"task": "guess"}, "task='guess' must be 'classification', 'regression', or left out"),
    ],
)
def test_what_cannot_be_learnt_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        TABLE.to_dataset(**arguments)


def test_too_many_classes_are_refused():
    table = Table.from_text("x,y\n" + "".join(f"{i},name {i}\n" for i in range(51)))
    with pytest.raises(ValueError, match="holds 51 different values; classes can be 2 to 50"):
        table.to_dataset()


def test_gaps_everywhere_are_refused():
    table = Table.from_text("x,y\n1,\n,2\n3,\n")
    with pytest.raises(ValueError, match="No row has a value in every chosen column"):
        table.to_dataset()
