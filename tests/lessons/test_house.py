"""The house rules accept a good lesson and catch a bad one."""

import dataclasses

import pytest

from wbviz.lessons import Choose, Option, Verdict, house


def test_good_lessons_pass(ch):
    for exercise in ch.exercises:
        house.check_start_fails(exercise)
        house.check_solution_passes(exercise)
    house.check_prediction(ch.predictions["sign"])
    house.check_prediction(ch.predictions["curve"])
    house.check_options(ch.predictions["sign"])
    house.check_set_control(ch.predictions["bias"])
    house.check_statement(ch.claims["xor"])
    house.check_verdict(ch.claims["xor"])


def test_bad_exercises_are_caught(ch):
    solved = dataclasses.replace(ch.exercises["dial"], start=ch.exercises["dial"].solution)
    with pytest.raises(AssertionError):
        house.check_start_fails(solved)
    unsolvable = dataclasses.replace(ch.exercises["dial"], solution={"b": 0.5})
    with pytest.raises(AssertionError):
        house.check_solution_passes(unsolvable)
    telling = dataclasses.replace(ch.exercises["dial"], hints=("Look at the bias.", "Set it to 2.5 in the end."))
    with pytest.raises(AssertionError, match="gives"):
        house.check_hints(telling)


def test_undiagnosed_options_are_caught():
    bare = Choose("n", "Which?", lambda: "a", options=[Option("a"), Option("b")])
    with pytest.raises(AssertionError):
        house.check_options(bare)


def test_an_experiment_that_cannot_be_repeated_is_caught(ch):
    values = iter([1.0, 2.0])
    claim = dataclasses.replace(ch.claims["xor"], experiment=lambda: _verdict(next(values)))
    with pytest.raises(AssertionError, match="repeatable"):
        house.check_verdict(claim)


def _verdict(value):
    return Verdict("holds", {"n": value}, "It is as it is.")
