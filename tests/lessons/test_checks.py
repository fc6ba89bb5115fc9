"""Checks say where the error lies, and nothing a learner writes breaks them."""

import time

import numpy as np
import pytest

from wbviz.lessons import Exercise, Mistake, exercise, matches, near
from wbviz.lessons._text import plain, prose, read_number, shorten, tell


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5),
        (" -2 ", -2),
        ("−1,5", -1.5),
        ("3/4", 0.75),
        ("75 %", 0.75),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("+4.", 4),
    ],
)
def test_numbers_as_people_write_them(text, value):
    assert read_number(text) == pytest.approx(value)


def test_a_number_may_carry_its_unit():
    assert read_number("75 %", "%") == 75
    assert read_number("3 steps", "steps") == 3


@pytest.mark.parametrize("text", ["", "  ", "two", "1/0", "nan", "inf", "1e999", "1,2,3", "--1", "0x10", "1_000", "٣"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValueError, match="number"):
        read_number(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (-1.5, "−1.5"),
        (0, "0"),
        (-0.0, "0"),
        (1797, "1,797"),
        (1e-5, "1e−05"),
        (np.float64(0.75), "0.75"),
    ],
)
def test_numbers_read_well(value, text):
    assert tell(value) == text


def test_tell_attaches_units():
    assert tell(75.0, "%") == "75%"
    assert tell(2, "steps") == "2 steps"


def test_text_is_safe_and_short():
    assert prose("<b>`x < 1`</b>") == "&lt;b&gt;<code>x &lt; 1</code>&lt;/b&gt;"
    assert shorten("a\n b" + "c" * 100, 10) == "a bcccccc…"
    assert plain({"a": np.arange(2), "b": (np.float64(1), float("nan"))}) == {"a": [0, 1], "b": [1.0, None]}


def test_near():
    check = near(lambda: 2.5, 0.01, [Mistake(lambda: 5.0, "That is the whole.")])
    assert check(2.505) == ""
    assert check("2.5") == ""
    assert check(5) == "That is the whole."
    assert check(9) == "9 is too high."
    assert check(-9) == "−9 is too low."
    for bad in (None, "x", float("nan"), [1, 2], object()):
        assert "number" in check(bad)


def neuron(x, w, b):
    return np.dot(x, w) + b


CASES = [(np.array([0.0, 0.0]), np.array([1.0, 1.0]), 2.0), (np.array([1.0, 2.0]), np.array([3.0, 4.0]), 0.5)]


def broken(x, w, b):
    raise ZeroDivisionError("oh no")


def spoils(x, w, b):
    x += 1
    return np.dot(x - 1, w) + b


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x, w, b: np.dot(x, w), ["x = [0., 0.], w = [1., 1.], b = 2", "gave 0", "Expected: 2"]),
        (lambda x, w, b: None, ["nothing (None)", "return", "Expected: 2"]),
        (broken, ["ZeroDivisionError", "oh no", "Expected: 2"]),
        (lambda x, w, b: float("nan"), ["not a finite number", "Expected: 2"]),
        (lambda x, w, b: x * w + b, ["an array of shape (2,) instead of a single number", "Expected: 2"]),
        (lambda x, w, b: "two", ["the text “two”", "Expected: 2"]),
        (lambda x: 0, ["TypeError", "Expected: 2"]),
        (lambda x, w, b: {"a": 1}, ["dict", "Expected: 2"]),
        (3, ["A function is expected"]),
        (None, ["A function is expected", "None"]),
        (neuron(*CASES[0]), ["A function is expected", "without brackets"]),
    ],
)
def test_matches_says_input_output_and_expectation(function, words):
    sentence = matches(neuron, CASES)(function)
    for word in words:
        assert word in sentence


def test_matches_takes_what_is_right_in_another_dress():
    check = matches(neuron, CASES)
    assert check(neuron) == ""
    assert check(lambda *a: np.array([neuron(*a)])) == ""
    assert check(lambda x, w, b: sum(xi * wi for xi, wi in zip(x, w, strict=True)) + b) == ""
    assert check(spoils) == ""
    assert matches(lambda x: x * 2, [(np.ones(3),)])(lambda x: [2, 2, 2]) == ""


def make(check, solution=abs, start=None):
    return Exercise("name", "Do it.", check, ("one", "two"), start=start, solution=solution)


def test_a_check_never_raises_and_always_gives_a_sentence():
    def bad(_):
        raise KeyError("gone")

    assert "KeyError" in make(bad, 1.0).check(3)
    assert "fault of the book" in make(lambda _: None, 1.0).check(3)


def test_an_endless_function_is_stopped(monkeypatch):
    monkeypatch.setattr(exercise, "TIME_LIMIT", 0.3)
    seen = []

    def endless(x):
        while True:
            seen.append(x)
            time.sleep(0.01)

    sentence = make(matches(abs, [(2.0,)])).check(endless)
    assert "For the input (2.0)" in sentence
    assert "loop" in sentence
    count = len(seen)
    time.sleep(0.1)
    assert len(seen) == count


def test_an_interrupted_function_is_told(monkeypatch):
    def interrupted(x):
        raise KeyboardInterrupt

    assert "interrupted" in make(matches(abs, [(2.0,)])).check(interrupted)


@pytest.mark.parametrize("hints", [(), ("one",), ("one", "two", "three"), ("one", "")])
def test_exactly_two_hints(hints):
    with pytest.raises(ValueError, match="two hints"):
        Exercise("name", "Do it.", abs, hints, start=0.0, solution=1.0)
