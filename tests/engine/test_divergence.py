import numpy as np
import pytest

from wbviz.engine import SGD, Adam, Diverged, Network, Training, train

X = np.random.default_rng(0).normal(size=(12, 2))
y = 10 * X[:, :1] ** 2


def relu_net(**settings):
    return Network([2, 8, 1], hidden="relu", init="he", **settings)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("lr", [1.0, 5.0, 1e3, 1e100, 1e300])
@pytest.mark.parametrize("batch_size", [None, 5])
def test_divergence_is_reported_and_the_network_stays_finite(lr, batch_size):
    net = relu_net()
    with pytest.raises(Diverged) as caught:
        train(net, X, y, optimizer=SGD(lr), epochs=1000, batch_size=batch_size, record=("loss", "params"))
    error = caught.value
    assert isinstance(error, ArithmeticError)
    assert error.what in ("loss", "gradient", "parameters")
    assert f"diverged at step {error.step}" in str(error)
    assert "smaller learning rate" in str(error)
    assert error.history.diverged == error.step
    assert len(error.history) in (error.step, error.step + 1)
    for numbers in (error.history.loss, error.history.grad_norm, error.history.params, error.history.epoch_loss):
        assert np.isfinite(numbers).all()
    assert np.isfinite(net.params).all()
    assert np.isfinite(net.loss(X, y))
    assert np.isfinite(net(X)).all()


@pytest.mark.parametrize("batch_size", [None, 5])
def test_the_network_goes_back_to_where_its_loss_was_last_finite(batch_size):
    net = relu_net()
    training = Training(net, X, y, optimizer=SGD(1.0), epochs=1000, batch_size=batch_size, record=("loss", "params"))
    error = run(training)
    assert error.what in ("loss", "gradient")
    assert error.step > 2
    np.testing.assert_array_equal(net.params, error.history.params[len(error.history) - 1])


def test_the_message_says_what_grew():
    with pytest.raises(Diverged, match=r"The loss went from \d.* to \d.*The largest parameter is [Wb]\[\d\]\[\d"):
        train(relu_net(), X, y, optimizer=SGD(1.0), epochs=1000)


def test_a_last_step_into_infinity_does_not_go_unnoticed():
    net = Network([1, 1, 1], hidden="identity")
    with pytest.raises(Diverged) as caught:
        train(net, [[1e80]], [[1e80]], optimizer=SGD(1e200), epochs=1)
    assert caught.value.step == 0
    assert np.isfinite(net.params).all()


def test_after_divergence_the_run_is_done_and_can_be_rewound():
    training = Training(relu_net(), X, y, optimizer=SGD(5.0), epochs=1000)
    first = run(training)
    assert training.done
    assert list(training) == []
    training.rewind()
    assert not training.done
    second = run(training)
    assert (first.step, first.what) == (second.step, second.what)
    np.testing.assert_array_equal(first.history.loss, second.history.loss)
    training.optimizer.lr = 0.01
    training.rewind()
    assert len(list(training)) == 1000


def run(training):
    with pytest.raises(Diverged) as caught:
        list(training)
    return caught.value


@pytest.mark.parametrize("make", [SGD, Adam])
def test_in_a_population_only_the_diverged_members_stop(make):
    lrs = np.array([0.001, 3.0, 0.01, 1e160])
    net = relu_net(population=4)
    history = train(net, X, y, optimizer=make(lrs), epochs=600, batch_size=5, record=("loss", "params", "gradient"))
    assert history.diverged[0] == history.diverged[2] == -1
    assert history.diverged[3] >= 0
    assert np.isfinite(net.params).all()
    for numbers in (history.loss, history.params, history.epoch_loss, history.grad_norm, history.gradient):
        assert np.isfinite(numbers).all()
    for k in (0, 2):
        alone = relu_net(seed=k)
        expected = train(alone, X, y, optimizer=make(lrs[k]), epochs=600, batch_size=5)
        np.testing.assert_allclose(history.loss[:, k], expected.loss, rtol=1e-6)
    for k in np.flatnonzero(history.diverged >= 0):
        stopped = history.params[history.diverged[k] + 1 :, k]
        assert (stopped == stopped[0]).all()
        np.testing.assert_array_equal(net.params[k], stopped[0])


def test_the_error_is_raised_only_when_no_member_is_left():
    net = relu_net(population=3)
    with pytest.raises(Diverged) as caught:
        train(net, X, y, optimizer=SGD(np.array([1.0, 5.0, 100.0])), epochs=1000)
    assert (caught.value.history.diverged >= 0).all()
    assert caught.value.step == caught.value.history.diverged.max()


def test_clipping_saves_a_run_that_diverges():
    with pytest.raises(Diverged):
        train(relu_net(), X, y, optimizer=SGD(0.1), epochs=300)
    history = train(relu_net(), X, y, optimizer=SGD(0.1), epochs=300, clip_norm=1.0)
    assert history.epoch_loss[-1] < history.epoch_loss[0]


@pytest.mark.parametrize("hidden", ["gelu", "silu", "elu", "softplus", "tanh", "sigmoid", "identity"])
def test_every_activation_diverges_in_words(hidden):
    net = Network([2, 5, 5, 1], hidden=hidden)
    with pytest.raises(Diverged):
        train(net, X, y, optimizer=SGD(1e6), epochs=3000)
    assert np.isfinite(net.params).all()
