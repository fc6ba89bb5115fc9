import inspect
import itertools

import numpy as np
import pytest

from wbviz.engine import LOSSES, OPTIMIZERS, SCHEDULES, SGD, Adam, Network, Training, train

RNG = np.random.default_rng(0)
X = RNG.normal(size=(23, 2))
y = np.sin(X[:, :1]) * X[:, 1:]


def small(**settings):
    return Network([2, 4, 1], **settings)


def test_full_batch_gradient_descent_is_the_textbook_loop():
    net, by_hand = small(), small().params.copy()
    training = Training(net, X, y, optimizer=SGD(0.3), epochs=20, l2=0.01, record=("loss", "params", "gradient"))
    training.quick, history = False, training.history
    training.run()
    for k in range(20):
        here = small().with_params(by_hand)
        np.testing.assert_array_equal(history.params[k], by_hand)
        assert history.loss[k] == here.loss(X, y, l2=0.01)
        assert history.penalty[k] == here.penalty(l2=0.01)
        grad = here.gradient(X, y, l2=0.01)
        np.testing.assert_array_equal(history.gradient[k], grad)
        assert history.grad_norm[k] == pytest.approx(np.sqrt((grad**2).sum()), rel=1e-14)
        by_hand -= 0.3 * grad
        assert history.epoch_loss[k] == pytest.approx(small().with_params(by_hand).loss(X, y), rel=1e-14)
    np.testing.assert_array_equal(net.params, by_hand)


def test_history_has_the_shapes_it_promises():
    history = train(small(), X, y, epochs=3, batch_size=10, validation=(X[:5], y[:5]), record=("loss", "params"))
    assert len(history) == 9  # 10 + 10 + 3 examples
    assert history.loss.shape == history.lr.shape == history.grad_norm.shape == history.penalty.shape == (9,)
    assert history.params.shape == (10, 17)
    assert history.epoch_loss.shape == history.validation_loss.shape == (3,)
    assert history.diverged == -1
    assert repr(history) == "History(9 steps, 3 epochs)"
    population = train(small(population=4), X, y, epochs=3, batch_size=10, record="params")
    assert population.loss.shape == population.lr.shape == (9, 4)
    assert population.params.shape == (10, 4, 17)
    assert population.epoch_loss.shape == (3, 4)


def test_what_was_not_recorded_is_said_so():
    history = train(small(), X, y, epochs=1)
    with pytest.raises(AttributeError, match=r'params was not recorded. Train with record=\("loss", "params"\)'):
        _ = history.params
    with pytest.raises(AttributeError, match=r"validation_loss was not recorded. Train with validation=\(X, y\)"):
        _ = history.validation_loss


def test_each_epoch_sees_every_example_once_in_an_order_of_its_own():
    numbered = np.arange(23.0)[:, None]
    training = Training(Network([1, 1]), numbered, numbered, batch_size=5, epochs=3, optimizer=SGD(0.0), seed=4)
    orders = [np.concatenate([training.batch(epoch, k)[0][:, 0] for k in range(5)]) for epoch in range(3)]
    for order in orders:
        assert sorted(order) == list(range(23))
    assert all((a != b).any() for a, b in itertools.combinations([*orders, numbered[:, 0]], 2))
    np.testing.assert_array_equal(training.batch(1, 2)[0], training.batch(1, 2)[1])


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    runs = [train(small(), X, y, epochs=3, batch_size=5, seed=seed).loss for seed in (1, 1, 2)]
    np.testing.assert_array_equal(runs[0], runs[1])
    assert (runs[0] != runs[2]).any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
def test_a_population_trains_as_its_members_alone(optimizer, loss, problem):
    inputs, targets, n_out = problem(loss, n=12)
    arguments = {
        "loss": loss,
        "epochs": 4,
        "batch_size": 5,
        "clip_norm": 0.5,
        "l1": 0.01,
        "validation": (inputs, targets),
    }
    together = Network([3, 4, n_out], population=3, seed=7)
    history = train(together, inputs, targets, optimizer=OPTIMIZERS[optimizer](lr=0.05), **arguments)
    for k in range(3):
        alone = Network([3, 4, n_out], seed=7 + k)
        expected = train(alone, inputs, targets, optimizer=OPTIMIZERS[optimizer](lr=0.05), **arguments)
        np.testing.assert_allclose(together.params[k], alone.params, rtol=1e-9, atol=1e-11)
        for name in ("loss", "penalty", "grad_norm", "epoch_loss", "validation_loss", "lr"):
            np.testing.assert_allclose(getattr(history, name)[:, k], getattr(expected, name), rtol=1e-9)


def test_mini_batch_training_is_that_of_pytorch(torch):
    net = small()
    training = Training(
        net, X, y, optimizer=Adam(0.02), epochs=5, batch_size=6, clip_norm=0.1, l2=0.05, validation=(X, y)
    )
    theirs = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1)).double()
    with torch.no_grad():
        for layer, W, b in zip((theirs[0], theirs[2]), net.weights, net.biases, strict=True):
            layer.weight.copy_(torch.tensor(W.T.copy()))
            layer.bias.copy_(torch.tensor(b))
    oracle = torch.optim.Adam(theirs.parameters(), lr=0.02)
    for epoch, batch in itertools.product(range(5), range(4)):
        inputs, targets = (torch.tensor(part) for part in training.batch(epoch, batch))
        oracle.zero_grad()
        penalty = sum((p**2).sum() for name, p in theirs.named_parameters() if "weight" in name) * 0.05 / 2
        loss = torch.nn.functional.mse_loss(theirs(inputs), targets) + penalty
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(theirs.parameters(), 0.1)
        oracle.step()
        step = next(training)
        assert step.loss == pytest.approx(loss.item(), rel=1e-8)
        assert step.grad_norm == pytest.approx(norm.item(), rel=1e-8)
    np.testing.assert_allclose(net.weights[0].T, theirs[0].weight.detach().numpy(), rtol=1e-7)


@pytest.mark.parametrize("clip_norm", [0.01, 1.0, 1e6])
def test_clipping_by_norm_is_pytorchs(clip_norm, torch):
    net = small()
    grad = net.gradient(X, y * 10)
    t = torch.zeros(17, dtype=torch.float64, requires_grad=True)
    t.grad = torch.tensor(grad)
    torch.nn.utils.clip_grad_norm_([t], clip_norm)
    before = net.params.copy()
    history = train(net, X, y * 10, optimizer=SGD(1.0), epochs=1, clip_norm=clip_norm)
    np.testing.assert_allclose(before - net.params, t.grad.numpy(), rtol=1e-9, atol=1e-14)
    assert history.grad_norm[0] == pytest.approx(np.linalg.norm(grad), rel=1e-14)  # its length before


def test_clipping_by_value_is_pytorchs(torch):
    net = small()
    t = torch.zeros(17, dtype=torch.float64, requires_grad=True)
    t.grad = torch.tensor(net.gradient(X, y * 10))
    torch.nn.utils.clip_grad_value_([t], 0.05)
    before = net.params.copy()
    train(net, X, y * 10, optimizer=SGD(1.0), epochs=1, clip_value=0.05)
    np.testing.assert_allclose(before - net.params, t.grad.numpy(), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    "optimizer", [SGD(0.1, momentum=0.9, weight_decay=0.1), *(OPTIMIZERS[name]() for name in OPTIMIZERS)], ids=repr
)
def test_frozen_parameters_stay_exactly_where_they_are(optimizer):
    net = small()
    frozen = np.arange(17) % 3 == 0
    before = net.params.copy()
    train(net, X, y, optimizer=optimizer, epochs=5, batch_size=6, frozen=frozen, l1=0.1, penalize_biases=True)
    np.testing.assert_array_equal(net.params[frozen], before[frozen])
    assert (net.params[~frozen] != before[~frozen]).all()


def test_freezing_and_thawing_between_steps():
    net = small()
    training = Training(net, X, y, epochs=6, optimizer=SGD(0.1, momentum=0.9))
    next(training), next(training)
    training.frozen = np.ones(17, bool)
    still = net.params.copy()
    next(training), next(training)
    np.testing.assert_array_equal(net.params, still)
    training.frozen = None
    next(training)
    assert (net.params != still).all()


def test_the_schedule_sets_the_rate_of_each_step():
    optimizer = SGD(123.0)
    history = train(
        small(), X, y, epochs=4, batch_size=10, optimizer=optimizer, schedule=SCHEDULES["step"](0.1, 3, 0.5)
    )
    assert history.lr.tolist() == pytest.approx([0.1] * 3 + [0.05] * 3 + [0.025] * 3 + [0.0125] * 3)


def test_settings_may_change_between_steps():
    net = small()
    training = Training(net, X, y, optimizer=SGD(0.1), epochs=10)
    next(training)
    training.optimizer.lr, training.l2, training.clip_norm = 0.5, 0.3, 0.01
    before = net.params.copy()
    step = next(training)
    assert (step.lr, training.history.lr.tolist()) == (0.5, [0.1, 0.5])
    assert training.history.penalty[1] == pytest.approx(small().with_params(before).penalty(l2=0.3))
    assert np.linalg.norm(net.params - before) == pytest.approx(0.5 * 0.01, rel=1e-3)
    net.weights[0][0, 0] = 5.0  # the learner's hand
    assert next(training).number == 2


def test_steps_are_counted_and_more_epochs_go_on():
    training = Training(small(), X, y, epochs=2, batch_size=10)
    steps = list(training)
    assert [(step.number, step.epoch) for step in steps] == [(k, k // 3) for k in range(6)]
    assert training.done
    assert training.n_steps == 6
    training.epochs = 3
    assert not training.done
    assert len(list(training)) == 3
    whole = train(small(), X, y, epochs=3, batch_size=10)
    np.testing.assert_array_equal(training.history.loss, whole.loss)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("stop_after", [0, 1, 4, 7, 12])
def test_rewind_replays_to_the_last_bit(optimizer, stop_after):
    net = small(population=2)
    training = Training(
        net, X, y, optimizer=OPTIMIZERS[optimizer](lr=0.05), epochs=3, batch_size=6, record="params", validation=(X, y)
    )
    start = net.params.copy()
    first = train_to_the_end(training)
    training.rewind()
    list(itertools.islice(training, stop_after))
    training.rewind()
    np.testing.assert_array_equal(net.params, start)
    assert len(training.history) == 0
    for before, after in zip(first, train_to_the_end(training), strict=True):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "Adagrad"])
@pytest.mark.parametrize("made", [1, 4, 7, 8])
def test_a_resumed_run_is_the_uninterrupted_one_to_the_last_bit(optimizer, made):
    schedule = SCHEDULES["exponential"](0.1, gamma=0.9)
    settings = {"epochs": 3, "batch_size": 6, "record": "params", "schedule": schedule, "validation": (X, y)}

    def begun():
        arguments = {"momentum": 0.9} if optimizer == "SGD" else {}
        return Training(small(), X, y, optimizer=OPTIMIZERS[optimizer](lr=0.05, **arguments), **settings)

    whole, first, second = begun(), begun(), begun()
    params = train_to_the_end(whole)[1]
    list(itertools.islice(first, made))
    second.net.params = first.net.params
    second.resume(made, first.optimizer.state)
    for _ in range(2):
        np.testing.assert_array_equal(train_to_the_end(second)[1], params[made:])
        assert second.done
        second.rewind()
    np.testing.assert_array_equal(second.net.params, params[made])


def train_to_the_end(training):
    for _ in training:
        pass
    history = training.history
    return history.loss, history.params, history.grad_norm, history.epoch_loss, history.validation_loss


def test_rewind_with_one_thing_changed_starts_from_the_same_place():
    training = Training(small(), X, y, optimizer=SGD(0.1), epochs=5)
    first = train_to_the_end_loss(training)
    training.optimizer.lr = 0.2
    training.rewind()
    second = train_to_the_end_loss(training)
    assert first[0] == second[0]
    assert (first[1:] != second[1:]).all()


def train_to_the_end_loss(training):
    for _ in training:
        pass
    return training.history.loss.copy()


def test_an_optimizer_starts_afresh_in_each_training():
    optimizer = Adam(0.1)
    runs = [train(small(), X, y, optimizer=optimizer, epochs=5).loss for _ in range(2)]
    np.testing.assert_array_equal(*runs)
    train(Network([2, 7, 1]), X, y, optimizer=optimizer, epochs=1)  # another size is no trouble


def test_an_earlier_history_does_not_change_while_training_goes_on():
    training = Training(small(), X, y, epochs=50)
    next(training)
    early = training.history.loss
    list(training)
    assert len(early) == 1
    with pytest.raises(ValueError, match="read-only"):
        training.history.loss[0] = 0


def test_zero_epochs_are_no_steps():
    net = small()
    before = net.params.copy()
    history = train(net, X, y, epochs=0, record="params")
    assert len(history) == 0
    assert history.params.shape == (1, 17)
    np.testing.assert_array_equal(net.params, before)


def test_members_may_have_their_own_data_rate_and_penalty():
    inputs, targets = RNG.normal(size=(3, 23, 2)), RNG.normal(size=(3, 23, 1))
    net, lr, l2 = small(population=3), np.array([0.01, 0.1, 0.3]), np.array([0.0, 0.1, 1.0])
    train(net, inputs, targets, optimizer=SGD(lr), l2=l2, epochs=4, batch_size=6)
    alone = small(seed=2)
    train(alone, inputs[2], targets[2], optimizer=SGD(0.3), l2=1.0, epochs=4, batch_size=6)
    np.testing.assert_allclose(net.params[2], alone.params, rtol=1e-11)


def test_xor_and_digits_like_tasks_are_learned():
    corners, answers = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0])
    net = Network([2, 4, 1], seed=1)
    train(net, corners, answers, loss="binary_cross_entropy", optimizer=Adam(0.1), epochs=200)
    assert ((net(corners)[:, 0] > 0) == answers).all()


def test_train_shows_its_arguments():
    assert list(inspect.signature(train).parameters)[:3] == ["net", "X", "y"]
    assert "clip_norm" in inspect.signature(train).parameters


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "mean_squared"}, "There is no loss 'mean_squared'.*Choose from mse"),
        ({"loss": "cross_entropi"}, "Did you mean 'cross_entropy'"),
        ({"optimizer": "adam"}, "There is no optimizer 'adam'. Did you mean 'Adam'"),
        ({"optimizer": 0.1}, "optimizer must be a name in OPTIMIZERS or an optimiser"),
        ({"optimizer": Adam}, "optimizer must be a name in OPTIMIZERS or an optimiser"),
        ({"epochs": -1}, "epochs must be at least 0, got -1"),
        ({"epochs": 2.5}, "epochs must be a whole number"),
        ({"batch_size": 0}, "batch_size must be at least 1, got 0"),
        ({"schedule": 0.1}, "schedule must be a function"),
        ({"schedule": "cosine"}, "schedule must be a function"),
        ({"l1": -1}, "l1 must be a finite number, 0 or more; got -1"),
        ({"l2": np.nan}, "l2 must be a finite number"),
        ({"clip_norm": 0}, "clip_norm must be a finite number, above 0"),
        ({"clip_value": -2}, "clip_value must be a finite number, above 0"),
        ({"validation": X}, r"validation must be a pair \(X, y\)"),
        ({"validation": (X[:, :1], y)}, r"In the validation set: X must have shape \(n, 2\)"),
        ({"validation": (X[:0], y[:0])}, "In the validation set: X is empty"),
        ({"validation": (X, y[:3])}, r"In the validation set: y must have shape \(23, 1\)"),
        ({"frozen": [True, False]}, r"frozen must be a boolean mask of shape \(17,\)"),
        ({"frozen": np.zeros(17)}, "frozen must be a boolean mask.*float64"),
        ({"seed": -1}, "seed must be at least 0"),
        ({"record": ("loss", "parms")}, "There is no quantity to record 'parms'. Did you mean 'params'"),
    ],
    ids=str,
)
def test_bad_arguments_are_explained(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        Training(small(), X, y, **arguments)


def test_things_in_the_wrong_place_are_explained():
    with pytest.raises(TypeError, match="net must be a Network, got array"):
        train(X, y, small())
    with pytest.raises(ValueError, match=r"lr must be one number, or one for each member of the population \(3,\)"):
        train(small(population=3), X, y, optimizer=SGD([0.1, 0.2]))


def test_a_misspelt_argument_is_refused():
    with pytest.raises(TypeError, match="epoch"):
        train(small(), X, y, epoch=3)
