"""The film of a training: every moment as it was, and never more bytes than stated."""

import sys

import numpy as np
import pytest

from wbviz.data import load_dataset
from wbviz.engine import OPTIMIZERS, SCHEDULES, SGD, Adam, Film, Network, Training

DATA = load_dataset("moons", n=60, noise=0.2, seed=0)
RULES = {
    "SGD": {"lr": 0.3}, "momentum": {"lr": 0.1, "momentum": 0.9, "dampening": 0.1}, "RMSprop": {"lr": 0.02},
    "Adam": {"lr": 0.05}, "AdamW": {"lr": 0.05}, "Adagrad": {"lr": 0.1},
}  # fmt: skip


def begun(rule="Adam", sizes=(2, 4, 1), epochs=40, batch_size=7, record=("loss",), **settings):
    optimizer = OPTIMIZERS["SGD" if rule == "momentum" else rule](**RULES[rule])
    return Training(
        Network(list(sizes), seed=3), DATA.X, DATA.y[:, None], loss="binary_cross_entropy", optimizer=optimizer,
        epochs=epochs, batch_size=batch_size, seed=5, record=record, **settings,
    )  # fmt: skip


def whole(**settings):
    training = begun(record=("loss", "params"), **settings)
    training.run()
    return training.history.params


@pytest.mark.parametrize("quick", [True, False], ids=["quick", "readable"])
@pytest.mark.parametrize("rule", RULES)
def test_every_moment_is_that_of_the_full_recording_to_the_last_bit(rule, quick, monkeypatch):
    monkeypatch.setattr(Training, "quick", quick)
    expected, film = whole(rule=rule), Film(begun(rule), memory=12_000).run()
    assert film.stride > 2
    assert film.last == len(expected) - 1 == 360
    np.testing.assert_array_equal(film.params, expected[film.steps])
    for step in (0, 1, 2, 17, 100, 111, 359, 360):
        np.testing.assert_array_equal(film.at(step), expected[step])
    np.testing.assert_array_equal(film.between(30, 75), expected[30:76])


def test_schedules_penalties_clips_and_frozen_parameters_are_part_of_it():
    def settings():
        frozen = np.zeros(17, bool)
        frozen[[2, 16]] = True
        schedule = SCHEDULES["exponential"](0.1, gamma=0.99)
        return {"l1": 0.01, "l2": 0.02, "clip_norm": 0.5, "frozen": frozen, "schedule": schedule}

    expected, film = whole(**settings()), Film(begun(**settings()), memory=9_000).run()
    for step in (5, 123, 360):
        np.testing.assert_array_equal(film.at(step), expected[step])


def test_memory_stays_within_the_limit_however_long_the_run_becomes():
    training = begun(epochs=1, batch_size=None)
    film, expected = Film(training, memory=5_000), whole(epochs=3000, batch_size=None)
    strides = []
    for epochs in (3, 10, 50, 400, 3000):
        training.epochs = epochs
        film.run()
        strides.append(film.stride)
        assert film.last == epochs
        assert film.nbytes <= film._frames.nbytes <= 5_000
        assert len(training.history) <= 1000 + film.stride
        assert list(film.steps) == list(range(0, epochs + 1, film.stride))
        np.testing.assert_array_equal(film.at(epochs - 1), expected[epochs - 1])
    assert strides == sorted(strides)
    assert strides[0] == 1 < strides[-1]
    assert sys.getsizeof(film._frames) < 5_200


def test_it_may_run_in_parts_and_stop_in_between():
    film, expected = Film(begun(), memory=9_000), whole()
    for steps in (1, 4, 50, 13):
        film.run(steps)
    assert film.last == 68
    np.testing.assert_array_equal(film.at(67), expected[67])
    film.run()
    np.testing.assert_array_equal(film.at(341), expected[341])


def test_a_film_may_begin_where_another_training_stopped():
    first, second, expected = begun(), begun(), whole()
    first.run(100)
    second.net.params = first.net.params
    second.resume(100, first.optimizer.state)
    film = Film(second, memory=9_000).run()
    for step in (100, 101, 250):
        np.testing.assert_array_equal(film.at(step), expected[step])
    with pytest.raises(ValueError, match="goes from step 100 to 360, got step 99"):
        film.at(99)


@pytest.mark.parametrize(("optimizer", "batch_size"), [(SGD(3.0), None), (SGD(3.0), 7), (SGD(0.7), 7), (SGD(1e200), 7)])
def test_a_run_that_diverges_ends_at_its_last_finite_moment(optimizer, batch_size):
    sine = load_dataset("sine", n=40)

    def growing():
        net = Network([1, 4, 1], hidden="identity", seed=1)
        return Training(net, sine.X, sine.y, optimizer=optimizer, epochs=900, batch_size=batch_size)

    film = Film(growing(), memory=2_000).run()
    assert film.diverged is not None
    assert film.steps[-1] <= film.last <= film.diverged
    assert np.isfinite(film.params).all()
    assert np.isfinite(film.training.net.loss(sine.X, sine.y))
    np.testing.assert_allclose(film.at(film.last), film.training.net.params, rtol=1e-9)
    with pytest.raises(ValueError, match="This film goes from step 0"):
        film.at(film.last + 1)


def test_what_it_gives_and_what_it_is_given_are_no_windows_onto_it():
    film = Film(begun(), memory=9_000).run()
    one = film.at(16)
    one[:] = 0
    assert film.at(16).any()


def test_bad_arguments_are_told():
    with pytest.raises(ValueError, match=r"A keyframe of this training takes 424 bytes.*1,272 or more"):
        Film(begun(), memory=1_000)
    with pytest.raises(TypeError, match="training"):
        Film(Network([2, 1]))
    crowd = Training(Network([2, 1], population=2), DATA.X, DATA.y[:, None], optimizer=Adam())
    with pytest.raises(ValueError, match="one network, got a population"):
        Film(crowd)
    with pytest.raises(ValueError, match="got step 361"):
        Film(begun()).run().at(361)


def test_its_name_tells_what_it_keeps():
    assert repr(Film(begun(), memory=9_000).run()) == "Film(12 keyframes, every 32 steps, 5,088 of 9,000 bytes)"
