"""Side by side: 100 steps in three libraries agree to 1e-9 where the formula is one; where it is not, it is said."""

import numpy as np
import pytest

from tests.bridges.libraries import keras_or_skip, problem, torch_or_skip, wild
from wbviz import bridges
from wbviz.bridges import comparing, side_by_side
from wbviz.engine import (
    LOSSES,
    OPTIMIZERS,
    SGD,
    Adagrad,
    Adam,
    AdamW,
    Network,
    RMSprop,
    keras_code,
    numpy_code,
    pytorch_code,
)

RULES = [SGD(lr=0.1), SGD(lr=0.05, momentum=0.9), SGD(lr=0.05, momentum=0.9, nesterov=True), Adam(lr=0.02)]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_a_hundred_steps_agree_to_the_ninth_decimal(rule, loss):
    torch_or_skip()
    keras_or_skip()
    X, y = problem(loss)
    net = Network([3, 4, 2], seed=2)
    start = net.params.copy()
    compared = side_by_side(net, X, y, loss=loss, optimizer=rule)
    assert list(compared.losses) == ["wbviz", "PyTorch", "TensorFlow"]
    for name in ("PyTorch", "TensorFlow"):
        assert len(compared.losses[name]) == 100
        assert compared.difference(name) < 1e-9
        np.testing.assert_allclose(compared.networks[name].params, compared.networks["wbviz"].params, atol=1e-9)
        assert compared.seconds[name] > 0
    assert compared.losses["wbviz"][-1] < compared.losses["wbviz"][0]
    np.testing.assert_array_equal(net.params, start)


@pytest.mark.parametrize("rule", [*RULES, RMSprop(lr=0.01), Adagrad(lr=0.1), AdamW(lr=0.02)], ids=repr)
def test_pytorch_knows_every_optimiser(rule):
    torch_or_skip()
    X, y = problem("mse")
    compared = side_by_side(wild(), X, y, optimizer=rule, libraries=("wbviz", "PyTorch"))
    assert compared.difference("PyTorch") < 1e-9
    assert type(rule) in OPTIMIZERS.values()


def test_as_they_come_keras_goes_another_way_and_pytorch_does_not():
    torch_or_skip()
    keras_or_skip()
    X, y = problem("binary_cross_entropy")
    net = Network([3, 4, 2], seed=2)
    for rule, least in ((Adam(lr=0.05), 1e-6), (SGD(lr=0.3), 1e-9)):
        compared = side_by_side(net, X, y, loss="binary_cross_entropy", optimizer=rule, settings="as they come")
        assert compared.difference("PyTorch") < 1e-12
        assert least < compared.difference("TensorFlow") < 1e-2


def test_in_32_bits_they_differ_by_what_32_bits_can_hold():
    torch_or_skip()
    keras_or_skip()
    X, y = problem("mse")
    compared = side_by_side(Network([3, 4, 2]), X, y, optimizer=SGD(lr=0.1), precision="float32")
    for name in ("PyTorch", "TensorFlow"):
        assert 0 < compared.difference(name) < 1e-5


def test_a_library_that_is_missing_is_named_with_what_to_install(monkeypatch):
    monkeypatch.setattr(comparing, "present", lambda module: False)
    X, y = problem("mse")
    compared = side_by_side(wild(), X, y, steps=3)
    assert list(compared.runs) == ["wbviz"]
    assert compared.missing["PyTorch"] == bridges.how_to_install("torch")
    assert "keras" in compared.missing["TensorFlow"]


def test_a_training_that_diverges_ends_where_it_did():
    torch_or_skip()
    X, y = problem("mse")
    compared = side_by_side(wild("relu"), X, 1e150 * y, optimizer=SGD(lr=1e6), libraries=("wbviz", "PyTorch"))
    for losses in compared.losses.values():
        assert len(losses) < 100
        assert np.isfinite(losses).all()
    assert compared.networks == {"wbviz": None, "PyTorch": None}


def test_wrong_settings_are_refused_in_a_sentence():
    X, y = problem("mse")
    for arguments, sentence in (
        ({"precision": "float16"}, "precision must be one of float64, float32; got 'float16'"),
        ({"settings": "default"}, "settings must be one of aligned, as they come"),
        ({"libraries": ("JAX",)}, "There is no library 'JAX'"),
        ({"loss": "hinge"}, "There is no loss 'hinge'"),
    ):
        with pytest.raises(ValueError, match=sentence):
            side_by_side(wild(), X, y, **arguments)
    with pytest.raises(ValueError, match="got a population"):
        side_by_side(Network([3, 2], population=2), X, y)
    keras_or_skip()
    for rule in (RMSprop(), SGD(weight_decay=0.1)):
        with pytest.raises(ValueError, match="TensorFlow is compared with SGD or Adam"):
            side_by_side(wild(), X, y, optimizer=rule, libraries=("TensorFlow",))


@pytest.mark.parametrize("hidden", ["tanh", "gelu", "leaky_relu", "step"])
def test_the_network_copied_as_code_gives_the_same_numbers_in_all_three(hidden):
    torch = torch_or_skip()
    keras_or_skip()
    net, (X, _) = wild(hidden, "sigmoid"), problem("mse")
    made = {}
    for write in (numpy_code, pytorch_code, keras_code):
        space = {}
        exec(compile(write(net), "copied", "exec"), space)
        made[write.__name__] = space["network"]
    with torch.no_grad():
        theirs = [
            made["numpy_code"](X),
            made["pytorch_code"](torch.tensor(X)).numpy(),
            np.asarray(made["keras_code"](X)),
        ]
    for outputs in theirs:
        np.testing.assert_allclose(outputs, net(X), rtol=1e-12, atol=1e-12)
