"""The quick path takes the same steps as the readable one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wbviz.engine import (
    ACTIVATIONS,
    LOSSES,
    SCHEDULES,
    SGD,
    Activation,
    Adagrad,
    Adam,
    AdamW,
    Diverged,
    Network,
    ProximalSGD,
    RMSprop,
    Training,
)

OPTIMIZERS = {
    "SGD": lambda: SGD(0.05),
    "SGD with momentum": lambda: SGD(0.02, momentum=0.9, dampening=0.1, weight_decay=0.01),
    "SGD with Nesterov": lambda: SGD(0.02, momentum=0.8, nesterov=True, weight_decay=0.01),
    "RMSprop": lambda: RMSprop(0.002),
    "Adam": lambda: Adam(0.003),
    "AdamW": lambda: AdamW(0.003, weight_decay=0.1),
    "Adagrad": lambda: Adagrad(0.02),
}
EVERYTHING = ("loss", "params", "gradient")


def data(loss, n=32, n_in=3, lead=()):
    rng = np.random.default_rng(4)
    X = rng.normal(size=(*lead, n, n_in))
    if loss == "cross_entropy":
        return X, rng.integers(0, 2, (*lead, n))
    noise = rng.normal(size=(*lead, n, 2))
    return X, (np.sin(X[..., :2]) + noise > 0.3).astype(float) if loss == "binary_cross_entropy" else np.sin(noise)


def make(
    quick, optimizer, loss="mse", hidden="tanh", output="identity", sizes=(3, 5, 4, 2), population=None, **arguments
):
    net = Network(sizes, hidden=hidden, output=output, seed=1, population=population)
    X, y = arguments.pop("data", None) or data(loss)
    arguments = {"epochs": 250, "batch_size": 8, "record": EVERYTHING} | arguments
    training = Training(net, X, y, loss=loss, optimizer=optimizer(), **arguments)
    training.quick = quick
    return training


def both(monkeypatch, *arguments, readable=1, **settings):
    """The same run on both paths, compared; the quick one may take so many steps on the `readable` path."""
    expected = make(False, *arguments, **settings)
    expected.run()
    steps, step = [], Training._step
    monkeypatch.setattr(Training, "_step", lambda self, number: (steps.append(number), step(self, number))[1])
    actual = make(True, *arguments, **settings)
    actual.run()
    monkeypatch.undo()
    assert len(steps) <= readable
    compare(actual, expected)


def compare(actual, expected, tolerance=1e-12):
    assert actual.history.series.keys() == expected.history.series.keys()
    for name, series in expected.history.series.items():
        np.testing.assert_allclose(actual.history.series[name].array, series.array, rtol=tolerance, atol=tolerance)
    np.testing.assert_array_equal(actual.history.diverged, expected.history.diverged)
    np.testing.assert_allclose(actual.net.params, expected.net.params, rtol=tolerance, atol=tolerance)
    assert actual.optimizer.state.keys() == expected.optimizer.state.keys()
    for name, values in expected.optimizer.state.items():
        assert actual.optimizer.state[name].dtype == values.dtype
        np.testing.assert_allclose(actual.optimizer.state[name], values, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_thousand_steps_of_every_optimizer_and_loss(optimizer, loss, monkeypatch):
    both(monkeypatch, OPTIMIZERS[optimizer], loss)


@pytest.mark.parametrize("output", ["identity", "same"])
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_activation_hidden_and_at_the_output(hidden, output, monkeypatch):
    output = hidden if output == "same" else output
    both(monkeypatch, OPTIMIZERS["SGD"], hidden=hidden, output=output, epochs=60)


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "leaky_relu", "gelu"])
def test_large_blocks_too(hidden, monkeypatch):
    both(monkeypatch, OPTIMIZERS["Adam"], hidden=hidden, sizes=(3, 40, 30, 2), epochs=25, batch_size=20)


@pytest.mark.parametrize("penalize_biases", [True, False])
@pytest.mark.parametrize(("l1", "l2"), [(0.01, 0), (0, 0.1), (0.01, 0.1)])
def test_penalties(l1, l2, penalize_biases, monkeypatch):
    both(monkeypatch, OPTIMIZERS["Adam"], l1=l1, l2=l2, penalize_biases=penalize_biases)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("norm", "value"), [(0.3, None), (None, 0.02), (0.3, 0.1)])
def test_clipping(optimizer, norm, value, monkeypatch):
    both(monkeypatch, OPTIMIZERS[optimizer], clip_norm=norm, clip_value=value, l2=0.01, epochs=25)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_parameters(optimizer, monkeypatch):
    frozen = np.arange(20 + 24 + 10) % 3 == 0
    both(monkeypatch, OPTIMIZERS[optimizer], frozen=frozen, l1=0.01, penalize_biases=True, clip_norm=0.5, epochs=25)


@pytest.mark.parametrize("batch_size", [None, 1, 8, 10, 31])
@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_batches_validation_and_schedules(optimizer, batch_size, monkeypatch):
    schedule, X_y = SCHEDULES["cosine"](0.02, T_max=70), data("mse", n=9)
    both(monkeypatch, OPTIMIZERS[optimizer], batch_size=batch_size, schedule=schedule, validation=X_y, epochs=40)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", ["SGD with momentum", "AdamW", "RMSprop"])
def test_populations_with_rates_penalties_and_data_of_their_own(optimizer, loss, monkeypatch):
    def with_rates():
        made = OPTIMIZERS[optimizer]()
        made.lr = np.array([0.001, 0.003, 0.01, 0.0])
        return made

    own = {"data": data(loss, lead=(4,)), "validation": data(loss, n=7)}
    arguments = {"population": 4, "l2": np.array([0, 0.01, 0.1, 0.3]), "clip_norm": 1.0, "epochs": 50} | own
    both(monkeypatch, with_rates, loss, **arguments)
    both(monkeypatch, with_rates, loss, **{**arguments, "data": None, "batch_size": None})


def test_a_population_with_several_axes():
    runs = []
    for quick in (True, False):
        net = Network([3, 4, 2])
        net = net.with_params(net.params * np.linspace(0.5, 1.5, 6).reshape(2, 3, 1))
        training = Training(
            net, *data("mse"), optimizer=Adam(np.array([0.01, 0.02, 0.03])), epochs=60, record=EVERYTHING
        )
        training.quick = quick
        training.run()
        runs.append(training)
    compare(*runs)
    assert runs[0].history.params.shape == (61, 2, 3, 26)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("hidden", ["relu", "tanh", "sigmoid", "elu"])
@pytest.mark.parametrize("lr", [1.0, 5.0, 1e3, 1e100, 1e300])
@pytest.mark.parametrize("batch_size", [None, 5])
@pytest.mark.parametrize("optimizer", [SGD, Adam])
def test_a_run_that_diverges_tells_the_same_story(optimizer, lr, batch_size, hidden):
    X = np.random.default_rng(0).normal(size=(12, 2))
    stories = []
    for quick in (True, False):
        net = Network([2, 8, 1], hidden=hidden)
        arguments = {"epochs": 60, "batch_size": batch_size, "record": EVERYTHING, "optimizer": optimizer(lr)}
        training = Training(net, X, 10 * X[:, :1] ** 2, **arguments)
        training.quick, story = quick, ""
        try:
            training.run()
        except Diverged as error:
            story = error.step, error.what, str(error)
        stories.append((story, len(training.history), int(training.history.diverged)))
        assert np.isfinite(net.params).all()
    assert stories[0] == stories[1]


def test_members_that_diverge_stop_and_the_others_go_on():
    X = np.random.default_rng(0).normal(size=(12, 2))
    runs = []
    for quick in (True, False):
        net = Network([2, 8, 1], hidden="relu", init="he", population=4)
        arguments = {"epochs": 100, "batch_size": 5, "record": EVERYTHING, "validation": (X, X[:, :1])}
        training = Training(net, X, 10 * X[:, :1] ** 2, optimizer=SGD(np.array([0.001, 3, 0.002, 1e160])), **arguments)
        training.quick = quick
        training.run()
        runs.append(training)
    compare(*runs, tolerance=1e-10)
    assert (runs[0].history.diverged >= 0).tolist() == [False, True, False, True]


def test_stepping_is_the_run_to_the_last_bit():
    for batch_size in (None, 8):
        whole, by_step = (make(True, OPTIMIZERS["Adam"], batch_size=batch_size, epochs=30) for _ in range(2))
        whole.run()
        steps = list(by_step)
        compare(whole, by_step, tolerance=0)
        assert [step.loss for step in steps] == whole.history.loss.tolist()
        assert [step.grad_norm for step in steps] == whole.history.grad_norm.tolist()


def test_what_changes_between_steps_counts_from_the_next_step_on():
    def turned(training):
        optimizer, every_other = training.optimizer, np.arange(training.net.n_params) % 2 == 0
        changes = {
            3: lambda: setattr(optimizer, "lr", 0.01),
            5: lambda: setattr(training, "l2", 0.1),
            7: lambda: setattr(training, "frozen", every_other),
            9: lambda: setattr(optimizer, "momentum", 0.5),
            11: lambda: setattr(training, "frozen", None),
            13: lambda: setattr(training, "clip_norm", 0.1),
            15: lambda: training.net.params.__setitem__(3, 0.7),
            17: lambda: setattr(training, "optimizer", Adam(0.01)),
            19: lambda: training.optimizer.reset(),
            21: lambda: setattr(training, "l1", 0.01),
        }
        for k, _ in enumerate(training):
            changes.get(k, lambda: None)()
        return training

    runs = [turned(make(quick, OPTIMIZERS["SGD with momentum"], epochs=8)) for quick in (True, False)]
    compare(*runs)


def test_what_the_quick_path_does_not_know_is_left_to_the_readable_one():
    square = Activation("square", lambda z: z * z, lambda z: 2 * z, "z²")
    renamed = Activation("tanh", lambda z: z, np.ones_like, "z")
    for arguments in ({"hidden": square}, {"output": square}, {"hidden": renamed}):
        training = make(True, OPTIMIZERS["SGD"], epochs=2, **arguments)
        training.run()
        assert training._prepared is None
        compare(training, ran(make(False, OPTIMIZERS["SGD"], epochs=2, **arguments)), tolerance=0)
    training = make(True, lambda: ProximalSGD(0.1, l1=0.1), epochs=2)
    compare(ran(training), ran(make(False, lambda: ProximalSGD(0.1, l1=0.1), epochs=2)), tolerance=0)
    single = Training(Network([3, 2]).with_params(np.ones(8, np.float32)), *data("mse"), epochs=3)
    assert ran(single).net.params.dtype == np.float32
    assert single._prepared is None


def ran(training):
    training.run()
    return training


def test_a_schedule_that_fails_does_so_at_the_same_step():
    def schedule(step):
        return 0.01 if step < 7 else [0.1][step]

    lengths = []
    for quick in (True, False):
        training = make(quick, OPTIMIZERS["Adam"], schedule=schedule)
        with pytest.raises(IndexError):
            training.run()
        lengths.append(len(training.history))
    assert lengths == [7, 7]


def test_an_interrupted_run_is_one_that_has_not_begun_this_stretch():
    def schedule(step):
        if step == 30:
            raise KeyboardInterrupt
        return 0.01

    training = make(True, OPTIMIZERS["Adam"], schedule=schedule)
    next(training)
    params, state = (
        training.net.params.copy(),
        {name: values.copy() for name, values in training.optimizer.state.items()},
    )
    with pytest.raises(KeyboardInterrupt):
        training.run()
    np.testing.assert_array_equal(training.net.params, params)
    assert len(training.history) == 1
    for name, values in state.items():
        np.testing.assert_array_equal(training.optimizer.state[name], values)


def test_a_number_of_steps_can_be_run():
    training = make(True, OPTIMIZERS["SGD"], epochs=3)
    training.run(5)
    assert len(training.history) == 5
    training.run(0)
    assert len(training.history) == 5
    training.run(100)
    assert len(training.history) == 12


mixes = st.fixed_dictionaries(
    {
        "loss": st.sampled_from(list(LOSSES)),
        "hidden": st.sampled_from(list(ACTIVATIONS)),
        "output": st.sampled_from(["identity", "identity", "tanh", "sigmoid"]),
        "sizes": st.lists(st.integers(1, 6), max_size=3).map(lambda hidden: (3, *hidden, 2)),
        "population": st.sampled_from([None, None, 1, 3]),
        "batch_size": st.sampled_from([None, 1, 5, 8, 32]),
        "l1": st.sampled_from([0, 0.01]),
        "l2": st.sampled_from([0, 0.1]),
        "penalize_biases": st.booleans(),
        "clip_norm": st.sampled_from([None, 0.2]),
        "clip_value": st.sampled_from([None, 0.05]),
        "record": st.sets(st.sampled_from(EVERYTHING)),
        "seed": st.integers(0, 3),
    }
)


@settings(max_examples=60)
@given(mixes, st.sampled_from(list(OPTIMIZERS)), st.booleans(), st.integers(1, 40))
def test_odd_mixes(mix, optimizer, freeze, steps):
    mix = {**mix, "validation": data(mix["loss"], n=5) if freeze else None}
    runs = []
    for quick in (True, False):
        training = make(quick, OPTIMIZERS[optimizer], epochs=steps, **mix)
        training.frozen = np.arange(training.net.n_params) % 4 == 1 if freeze else None
        training.run(steps)
        runs.append(training)
    compare(*runs, tolerance=1e-11)
