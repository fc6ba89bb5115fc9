"""Models trained in PyTorch and in Keras, opened in the four explorers: the numbers are those of the libraries."""

import copy

import numpy as np
import pytest

from tests.bridges.libraries import keras_or_skip, torch_or_skip
from wbviz.data import load_dataset
from wbviz.widgets import ForwardPass, GradientFlow, LossSurface, WeightSurgery


@pytest.fixture
def of():
    """Opens models and closes the explorers after the test."""
    made = []

    def open_(cls, *args, **settings):
        made.append(cls.of(*args, **settings))
        return made[-1]

    yield open_
    for explorer in made:
        explorer.close()


class TestMoonsInPyTorch:
    """2-8-8-1, trained by PyTorch's own Adam in float32."""

    @pytest.fixture(scope="class")
    @classmethod
    def trained(cls):
        torch = torch_or_skip()
        torch.manual_seed(0)
        nn, data = torch.nn, load_dataset("moons", noise=0.2)
        model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 1))
        X, y = (torch.tensor(part, dtype=torch.float32) for part in (data.X, data.y[:, None]))
        optimizer, judge = torch.optim.Adam(model.parameters(), lr=0.02), nn.BCEWithLogitsLoss()
        for _ in range(60):
            optimizer.zero_grad()
            judge(model(X), y).backward()
            optimizer.step()
        optimizer.zero_grad()
        loss = judge(model(X), y)
        loss.backward()
        return model, X, y, loss.item()

    def test_forward_pass_ends_at_pytorchs_output(self, of, trained):
        model, X, _, _ = trained
        explorer = of(ForwardPass, model, x=X[3])
        assert explorer.record().y_hat.item() == pytest.approx(model(X[3:4]).item(), rel=1e-5)

    def test_surgery_counts_the_same_right_answers(self, of, trained):
        model, X, y, loss = trained
        explorer = of(WeightSurgery, model, X, y, operation="none")
        assert explorer.accuracy() == pytest.approx(((model(X) > 0) == (y > 0)).float().mean().item())
        assert explorer.loss() == pytest.approx(loss, rel=1e-5)

    def test_gradients_are_those_of_autograd(self, of, trained):
        model, X, y, loss = trained
        explorer = of(GradientFlow, model, X, y)
        norms = [p.grad.norm().item() for p in model.parameters() if p.ndim == 2]
        np.testing.assert_allclose(explorer.gradient_norms(), norms, rtol=1e-4)
        assert explorer.loss() == pytest.approx(loss, rel=1e-5)

    def test_the_surface_passes_through_pytorchs_loss(self, of, trained):
        torch = torch_or_skip()
        model, X, y, loss = trained
        explorer = of(LossSurface, model, X, y, first="w h²₃→ŷ", second="b ŷ", lr=0.05, steps=20, move="all parameters")
        assert explorer.run.losses[0] == pytest.approx(loss, rel=1e-5)
        twin, judge = copy.deepcopy(model), torch.nn.BCEWithLogitsLoss()
        optimizer = torch.optim.SGD(twin.parameters(), lr=0.05)
        for _ in range(20):
            optimizer.zero_grad()
            judge(twin(X), y).backward()
            optimizer.step()
        after = judge(twin(X), y).item()
        assert explorer.run.losses[-1] == pytest.approx(after, rel=1e-4)

    def test_what_is_shared_has_the_32_bits_of_the_model(self, of, trained):
        model, X, y, _ = trained
        explorer = of(GradientFlow, model, X, y)
        assert explorer.model["params"][0] == "<f4"
        again = GradientFlow.from_state(explorer.state)
        assert again.png() == explorer.png()
        again.close()

    def test_an_unsupported_layer_is_named(self):
        nn = torch_or_skip().nn
        with pytest.raises(ValueError, match=r"Layer 1 .*BatchNorm1d"):
            GradientFlow.of(nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.Linear(4, 1)), "moons")


class TestDigitsInKeras:
    """64-16-10, trained by Keras' own fit in float32."""

    @pytest.fixture(scope="class")
    @classmethod
    def trained(cls):
        keras = keras_or_skip()
        keras.utils.set_random_seed(0)
        train, test = load_dataset("digits").split(test=0.25, seed=0)
        dense = keras.layers.Dense
        model = keras.Sequential([keras.Input((64,)), dense(16, activation="relu"), dense(10)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
        model.fit(train.X, train.y, epochs=3, batch_size=64, verbose=0)
        return model, test, model.evaluate(test.X, test.y, verbose=0)

    def test_surgery_begins_at_keras_accuracy_and_loss(self, of, trained):
        model, test, (loss, accuracy) = trained
        explorer = of(WeightSurgery, model, test.X, test.y, operation="none")
        assert explorer.accuracy() == pytest.approx(accuracy, abs=1e-6)
        assert explorer.loss() == pytest.approx(loss, rel=1e-4)
        explorer.apply({"operation": "shuffle", "amount": 1})
        assert explorer.accuracy() < 0.4

    def test_the_other_two_judge_the_same_model_on_the_rows_they_say(self, of, trained):
        model, test, _ = trained
        for cls in (LossSurface, GradientFlow):
            explorer = of(cls, model, test)
            own = explorer.own
            loss, _ = model.evaluate(own.X, own.y, verbose=0)
            found = explorer.run.losses[0] if cls is LossSurface else explorer.loss()
            assert found == pytest.approx(loss, rel=1e-4)
            assert own.counted in explorer.describe()

    def test_what_is_too_large_to_write_out_is_told_where_to_go(self, trained):
        with pytest.raises(ValueError, match=r"WeightSurgery\.of opens it"):
            ForwardPass.of(trained[0])

    def test_a_sigmoid_at_the_end_gives_keras_binary_crossentropy(self, of):
        keras = keras_or_skip()
        keras.utils.set_random_seed(1)
        data = load_dataset("moons")
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, activation="sigmoid")])
        model.compile(loss="binary_crossentropy", metrics=["accuracy"])
        loss, accuracy = model.evaluate(data.X, data.y, verbose=0)
        explorer = of(WeightSurgery, model, data.X, data.y, operation="none")
        assert explorer.loss() == pytest.approx(loss, rel=1e-4)
        assert explorer.accuracy() == pytest.approx(accuracy, abs=1e-6)
