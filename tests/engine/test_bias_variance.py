"""Bias² + variance + noise: unbiased parts that add up, with standard errors that are right."""

import numpy as np
import pytest

from wbviz.engine import Estimate, decompose, measured_error

POINTS, MODELS, SIGMA = 7, 40, 0.5
TRUTH = np.linspace(-1, 1, POINTS)
OFFSET, SPREAD = 0.3 * TRUTH**2, 0.2 + 0.1 * np.arange(POINTS)
TRUE_BIAS2, TRUE_VARIANCE = (OFFSET**2).mean(), (SPREAD**2).mean()


def drawn(seed, models=MODELS):
    """Predictions of models whose bias and variance at each point are known, and fresh targets for them."""
    rng = np.random.default_rng(seed)
    predictions = TRUTH + OFFSET + SPREAD * rng.standard_normal((models, POINTS))
    return predictions, TRUTH + SIGMA * rng.standard_normal((models, POINTS))


def test_the_parts_are_unbiased_and_their_standard_errors_are_right():
    found = [decompose(drawn(seed)[0], TRUTH, SIGMA**2) for seed in range(800)]
    known = {"bias2": TRUE_BIAS2, "variance": TRUE_VARIANCE, "total": TRUE_BIAS2 + TRUE_VARIANCE + SIGMA**2}
    for name, truth in known.items():
        values, errors = np.transpose([getattr(each, name) for each in found])
        assert values.mean() == pytest.approx(truth, abs=4 * values.std() / np.sqrt(800))
        assert np.sqrt((errors**2).mean()) == pytest.approx(values.std(), rel=0.12)


def test_the_sum_is_the_error_measured_on_other_models_within_its_sampling_error():
    apart = []
    for seed in range(400):
        other, targets = drawn(seed + 10_000)
        apart.append(decompose(drawn(seed)[0], TRUTH, SIGMA**2).total.apart(measured_error(other, targets)))
    assert abs(np.mean(apart)) < 4 / np.sqrt(400)
    assert np.std(apart) == pytest.approx(1, abs=0.12)


def test_bias_and_variance_are_the_mean_squared_distance_from_the_truth_to_the_last_digits():
    predictions = drawn(0)[0]
    parts = decompose(predictions, TRUTH)
    assert parts.bias2.value + parts.variance.value == pytest.approx(((predictions - TRUTH) ** 2).mean(), rel=1e-12)
    own = ((predictions - TRUTH) ** 2).mean(axis=1)
    assert parts.total.error == pytest.approx(own.std(ddof=1) / np.sqrt(MODELS))
    assert parts.variance_at == pytest.approx(predictions.var(axis=0, ddof=1))


def test_the_jackknife_leaves_out_one_model_at_a_time():
    predictions = drawn(1)[0]
    left = [decompose(np.delete(predictions, k, axis=0), TRUTH) for k in range(MODELS)]
    for name in ("bias2", "variance"):
        values = np.array([getattr(each, name).value for each in left])
        by_hand = np.sqrt((MODELS - 1) * values.var())
        assert getattr(decompose(predictions, TRUTH), name).error == pytest.approx(by_hand, rel=1e-9)


def test_models_that_agree_have_no_variance_and_points_count_as_they_are_told():
    parts = decompose(np.tile(TRUTH + 0.5, (5, 1)), TRUTH, 0.04, weights=np.ones(POINTS))
    assert parts.variance == (0, 0)
    assert parts.bias2 == pytest.approx((0.25 * POINTS, 0))
    assert parts.total == pytest.approx((0.25 * POINTS + 0.04, 0))


def test_estimates_are_compared_in_standard_errors():
    assert Estimate(2.0, 0.3).apart(Estimate(1.5, 0.4)) == pytest.approx(1.0)
    assert Estimate(1.0, 0.0).apart(Estimate(1.0, 0.0)) == 0
    assert Estimate(1.0, 0.0).apart(Estimate(2.0, 0.0)) == -np.inf


@pytest.mark.parametrize("shape", [(2, 7), (7,), (5, 6)])
def test_predictions_of_another_shape_are_refused(shape):
    with pytest.raises(ValueError, match=r"predictions must have shape \(N, m\)"):
        decompose(np.zeros(shape), TRUTH)
    with pytest.raises(ValueError, match="must both have shape"):
        measured_error(np.zeros(shape), TRUTH)
    with pytest.raises(ValueError, match="noise_variance must be a finite number, 0 or more"):
        decompose(drawn(0)[0], TRUTH, -1.0)
