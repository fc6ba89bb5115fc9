import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from wbviz.engine import LOSSES, softmax

TORCH = {"mse": "MSELoss", "cross_entropy": "CrossEntropyLoss", "binary_cross_entropy": "BCEWithLogitsLoss"}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_equal_to_pytorch(name, scale, problem, torch):
    _, y, n_out = problem(name)
    y_hat = np.random.default_rng(1).normal(size=(7, n_out)) * scale
    t = torch.tensor(y_hat, requires_grad=True)
    expected = getattr(torch.nn, TORCH[name])()(t, torch.tensor(y))
    expected.backward()
    loss, y = LOSSES[name], LOSSES[name].targets(y, y_hat.shape)
    assert loss.value(y_hat, y) == pytest.approx(expected.item(), rel=1e-13)
    np.testing.assert_allclose(loss.gradient(y_hat, y), t.grad.numpy(), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("huge", [1e3, 1e150, 1e300])
def test_huge_logits_give_finite_losses(huge):
    y_hat = np.array([[huge, -huge], [-huge, huge]])
    for name, wrong, right in (
        ("cross_entropy", [1, 0], [0, 1]),
        ("binary_cross_entropy", [[0, 1], [1, 0]], np.eye(2)),
    ):
        loss = LOSSES[name]
        assert loss.value(y_hat, loss.targets(right, y_hat.shape)) == 0
        assert loss.value(y_hat, loss.targets(wrong, y_hat.shape)) >= huge
        assert np.isfinite(loss.gradient(y_hat, loss.targets(wrong, y_hat.shape))).all()


@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=4), elements=st.floats(-1e300, 1e300)))
def test_softmax_is_a_distribution(z):
    p = softmax(z)
    assert p.shape == z.shape
    assert (p >= 0).all()
    np.testing.assert_allclose(p.sum(axis=-1), 1, rtol=1e-12)


def test_a_population_of_outputs_gives_a_loss_each():
    y_hat = np.random.default_rng(0).normal(size=(4, 5, 7, 3))
    for name, y in (
        ("mse", np.ones((7, 3))),
        ("cross_entropy", np.arange(7) % 3),
        ("binary_cross_entropy", np.ones((7, 3))),
    ):
        loss = LOSSES[name]
        losses = loss.value(y_hat, loss.targets(y, y_hat.shape))
        assert losses.shape == (4, 5)
        assert losses[2, 3] == pytest.approx(loss.value(y_hat[2, 3], loss.targets(y, (7, 3))), rel=1e-14)
