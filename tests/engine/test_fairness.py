import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wbviz.data import load_dataset
from wbviz.engine import Network, Training, sigmoid
from wbviz.engine.fairness import PENALTIES, FairnessPenalty, fair_loss, reweighing
from wbviz.engine.frontier import Frontier
from wbviz.engine.group_metrics import group_metrics, unfairness
from wbviz.engine.landscape import numerical_gradient
from wbviz.engine.losses import LOSSES


def rows(n=40, n_groups=2, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 3)), rng.integers(0, 2, n), rng.integers(0, n_groups, n)


def by_hand(goal, y_hat, y, groups):
    """The penalty, written out with loops."""
    p, total = 1 / (1 + np.exp(-y_hat[:, 0])), 0.0
    for label in PENALTIES[goal]:
        means = []
        for group in np.unique(groups):
            chosen = (groups == group) & (True if label is None else y == label)
            if chosen.any():
                means.append(p[chosen].mean())
        total += sum((a - b) ** 2 for i, a in enumerate(means) for b in means[:i])
    return total


@pytest.mark.parametrize("goal", PENALTIES)
@pytest.mark.parametrize("n_groups", [1, 2, 4])
@pytest.mark.parametrize("n", [4, 40])
def test_the_penalty_is_the_formula(goal, n_groups, n):
    X, y, groups = rows(n, n_groups)
    penalty, y_hat = FairnessPenalty(goal, y, groups), 3 * X[:, :1]
    assert penalty.value(y_hat) == pytest.approx(by_hand(goal, y_hat, y, groups), abs=1e-15)


@pytest.mark.parametrize("goal", PENALTIES)
@pytest.mark.parametrize("n_groups", [1, 2, 4])
def test_the_gradient_is_that_of_central_differences(goal, n_groups):
    X, y, groups = rows(30, n_groups)
    penalty, y_hat, h = FairnessPenalty(goal, y, groups), 2 * X[:, :1], 1e-5
    steps = h * np.eye(30)[:, :, None]
    measured = (penalty.value(y_hat + steps) - penalty.value(y_hat - steps)) / (2 * h)
    np.testing.assert_allclose(penalty.gradient(y_hat)[:, 0], measured, atol=1e-10)


@pytest.mark.parametrize("goal", PENALTIES)
def test_the_gradient_reaches_every_weight_and_bias(goal):
    X, y, groups = rows()
    net = Network([3, 4, 1], seed=2)
    loss = fair_loss(y, groups, goal, strength=5.0, weights=reweighing(y, groups))
    gradient = net.gradient(X, y, loss=loss, l2=0.1)
    np.testing.assert_allclose(gradient, numerical_gradient(net, X, y, loss=loss, l2=0.1), atol=1e-8)


@pytest.mark.parametrize("goal", PENALTIES)
def test_loss_and_gradient_are_those_of_pytorch(torch, goal):
    X, y, groups = rows(50, 3)
    y_hat, weights = 2 * X[:, :1], reweighing(y, groups)
    loss = fair_loss(y, groups, goal, strength=2.5, weights=weights)
    z = torch.tensor(y_hat, requires_grad=True)
    data = torch.nn.functional.binary_cross_entropy_with_logits(
        z[:, 0], torch.tensor(y, dtype=torch.float64), weight=torch.tensor(weights)
    )
    p, penalty = torch.sigmoid(z[:, 0]), 0
    for label in PENALTIES[goal]:
        chosen = [(groups == k) & (True if label is None else y == label) for k in range(3)]
        means = [p[torch.tensor(each)].mean() for each in chosen]
        penalty = penalty + sum((means[i] - means[j]) ** 2 for i in range(3) for j in range(i))
    total = data + 2.5 * penalty
    total.backward()
    targets = loss.targets(y, y_hat.shape)
    assert loss.value(y_hat, targets) == pytest.approx(total.item(), abs=1e-12)
    np.testing.assert_allclose(loss.gradient(y_hat, targets), z.grad.numpy(), atol=1e-12)


def test_without_penalty_it_is_binary_cross_entropy():
    X, y, groups = rows()
    plain, fair = LOSSES["binary_cross_entropy"], fair_loss(y, groups)
    targets = fair.targets(y, (40, 1))
    assert fair.value(X[:, :1], targets) == pytest.approx(plain.value(X[:, :1], targets), abs=1e-15)
    np.testing.assert_allclose(fair.gradient(X[:, :1], targets), plain.gradient(X[:, :1], targets), atol=1e-15)


def test_members_of_a_population_have_their_own_strength():
    X, y, groups = rows()
    strengths = np.array([0.0, 1.0, 10.0])
    together = Training(Network([3, 1], population=3), X, y, loss=fair_loss(y, groups, strength=strengths), epochs=20)
    together.run()
    for k, strength in enumerate(strengths):
        alone = Training(Network([3, 1], seed=k), X, y, loss=fair_loss(y, groups, strength=strength), epochs=20)
        alone.run()
        np.testing.assert_allclose(together.net.params[k], alone.net.params, atol=1e-12)


def test_members_may_have_rows_of_their_own():
    X, y, groups = rows()
    penalty = FairnessPenalty("equalized_odds", np.stack([y, 1 - y]), np.stack([groups, groups]))
    y_hat = X[:, :1]
    flipped = FairnessPenalty("equalized_odds", 1 - y, groups)
    assert penalty.value(y_hat)[1] == pytest.approx(flipped.value(y_hat))
    np.testing.assert_allclose(penalty.gradient(y_hat)[1], flipped.gradient(y_hat), atol=1e-15)


@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from("abc")), min_size=1, max_size=40))
def test_reweighing_makes_group_and_answer_independent(data):
    y, groups = np.array([row[0] for row in data]), np.array([row[1] for row in data])
    weights = reweighing(y, groups)
    whole = [set(y[groups == group]) == set(y) for group in np.unique(groups)]
    if all(whole):  # a group without one of the answers cannot be balanced
        assert weights.mean() == pytest.approx(1)
        rates = [np.average(y[groups == g], weights=weights[groups == g]) for g in np.unique(groups)]
        np.testing.assert_allclose(rates, y.mean(), atol=1e-12)


@pytest.mark.parametrize("goal", PENALTIES)
def test_along_the_frontier_the_groups_come_nearer(goal):
    data = load_dataset("two_groups", n=800, base_gap=0.5)
    frontier = Frontier(data.X, data.y, data.columns["group"], [0, 0.1, 1, 100], seeds=2, goal=goal, epochs=100).run()
    points = frontier.points(data.X, data.y, data.columns["group"])
    assert points.tpr.shape == (4, 2, 2)
    entropy, penalty = (part.mean(axis=1) for part in frontier.loss_parts())
    assert (np.diff(entropy) > 0).all()
    assert (np.diff(penalty) < 0).all()
    apart = unfairness(points, goal).mean(axis=1)
    assert apart[-1] < 0.35 * apart[0]
    np.testing.assert_array_equal(points.counts[1, 1], _labels(frontier, data, 1, 1).counts)


def _labels(frontier, data, i, j):
    alone = frontier.net.with_params(frontier.net.params[i, j])
    assert np.array_equal(sigmoid(alone(data.X)[..., 0]), frontier.p(data.X)[i, j])
    return group_metrics(data.y, alone(data.X), data.columns["group"])


def test_a_frontier_can_be_left_and_taken_up_again():
    X, y, groups = rows()
    whole = Frontier(X, y, groups, [0, 1], epochs=30).run()
    parts = Frontier(X, y, groups, [0, 1], epochs=30)
    for _ in range(7):
        next(parts)
    assert (parts.made, parts.n_steps, parts.done) == (7, 30, False)
    assert parts.points(X, y, groups).counts.shape == (2, 1, 2, 4)
    parts.run()
    np.testing.assert_allclose(parts.net.params, whole.net.params, atol=1e-12)
    assert parts.done


def test_the_seeds_of_a_frontier_may_have_rows_of_their_own():
    X, y, groups = (np.stack(parts) for parts in zip(*(rows(seed=seed) for seed in range(3)), strict=True))
    weights = np.stack([reweighing(*pair) for pair in zip(y, groups, strict=True)])
    together = Frontier(X, y, groups, [0, 2.0], seeds=3, weights=weights, epochs=25).run()
    assert together.points(X, y, groups, threshold=[0.4, 0.6]).counts.shape == (2, 3, 2, 4)
    for k in range(3):
        alone = Frontier(X[k], y[k], groups[k], [0, 2.0], seed=k, weights=weights[k], epochs=25).run()
        np.testing.assert_allclose(together.net.params[:, k], alone.net.params[:, 0], atol=1e-12)
        for many, one in zip(together.loss_parts(), alone.loss_parts(), strict=True):
            np.testing.assert_allclose(many[:, k], one[:, 0])
        points = together.points(X, y, groups).counts[:, k]
        np.testing.assert_array_equal(points, alone.points(X[k], y[k], groups[k]).counts[:, 0])


def test_l2_may_differ_along_the_frontier():
    X, y, groups = rows()
    found = Frontier(X, y, groups, [0, 0], seeds=2, l2=[0, 1.0], hidden=(4,), epochs=60).run()
    size = (found.net.weights[0] ** 2).sum(axis=(-1, -2))
    assert (size[1] < size[0]).all()


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda X, y, g: FairnessPenalty("demografic_parity", y, g), "Did you mean 'demographic_parity'"),
        (lambda X, y, g: fair_loss(y, g, strength=-1), "strength must be a finite number, 0 or more"),
        (lambda X, y, g: fair_loss(y, g, weights=np.ones(3)), r"weights must have shape \(40,\)"),
        (lambda X, y, g: fair_loss(y, g, weights=-np.ones(40)), "weights must be a finite number, 0 or more"),
        (lambda X, y, g: Training(Network([3, 1]), X[:9], y[:9], loss=fair_loss(y, g)), "made for the 40 rows"),
        (lambda X, y, g: Training(Network([3, 2]), X, y, loss=fair_loss(y, g)), "one output"),
        (lambda X, y, g: Frontier(X, y, g, strengths=[0, np.inf]), "strengths must be a finite number"),
        (lambda X, y, g: reweighing(y, g[:5]), "each of the 40 rows"),
    ],
)
def test_bad_input_is_named(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call(*rows())
