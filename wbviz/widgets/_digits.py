"""The real network of the book, 64-16-10 on handwritten digits: its recipe, and explorers that look into it."""

from functools import cache

from wbviz.data import load_dataset
from wbviz.engine import Adam, Network, Training
from wbviz.widgets._base import Explorer
from wbviz.widgets._traits import data

#: 8 × 8 pixels in, one output for each digit.
SIZES = (64, 16, 10)
SIDE, UNITS, CLASSES = 8, SIZES[1], SIZES[2]


@cache
def digits_split():
    """The training set (1,348 digits) and the test set (449): the same rows every time."""
    return load_dataset("digits").split(test=0.25, seed=0)


def digits_training():
    """The recipe of the book as a Training that has not begun; its `.net` is the network.

    ReLU, He initialisation, cross-entropy, Adam with lr 0.01, 30 epochs in batches of 32. It takes 1 to 2 seconds
    and ends at 96.9 % of the test digits (435 of 449).
    """
    train, _ = digits_split()
    net = Network(SIZES, hidden="relu", output="identity", init="he", seed=0)
    recipe = {"loss": "cross_entropy", "optimizer": Adam(lr=0.01), "epochs": 30, "batch_size": 32, "seed": 0}
    return Training(net, train.X, train.y, **recipe)


def trained_digits():
    """The network that the recipe ends with, as a copy of one's own. Trained at the first call, remembered after."""
    return _trained().copy()


@cache
def _trained():
    training = digits_training()
    for _ in training:
        pass
    return training.net


def parameters(net):
    """The 1,210 weights and biases of a digits network as a list of floats; another network raises an error."""
    wanted = f"a network of sizes {list(SIZES)} with ReLU hidden units and identity outputs"
    if not isinstance(net, Network):
        raise TypeError(f"net must be {wanted}, but got {net!r}.")
    same = net.sizes == SIZES and [activation.name for activation in net.activations] == ["relu", "identity"]
    if not same or net.population:
        raise ValueError(
            f"net must be {wanted}, but got {net!r}. Make one with "
            f'Network({list(SIZES)}, hidden="relu", init="he") and train it on the digits.'
        )
    return net.params.tolist()


def network_of(params):
    """The digits network with these 1,210 weights and biases, in the order of `Network.params`."""
    return Network(SIZES, hidden="relu", output="identity", init="zeros").with_params(params)


def _checked(params):
    return None if params is None else network_of(params).params.tolist()


def network_parameters():
    """The trait that holds the network of an explorer: its parameters, or None for the one the recipe makes."""
    return data(None, check=_checked)


class OnDigits(Explorer):
    """An explorer of a digits network: the one given as `net`, or else the book's own.

    A subclass has the trait `net_params = network_parameters()`. The network is copied: training `net` further does
    not move the figure. A network of another architecture raises ValueError.
    """

    def __init__(self, *, net=None, **settings):
        if net is not None:
            if settings.get("net_params") is not None:
                raise TypeError("Give either net or net_params, not both: they say the same thing.")
            settings["net_params"] = parameters(net)
        self._looked_up = (None, None)
        super().__init__(**settings)

    def prepare(self):
        digits_split()
        _ = self.intact

    @property
    def intact(self):
        """The network that is looked into, to be read only."""
        if self._looked_up[1] is None or self._looked_up[0] is not self.net_params:
            self._looked_up = (self.net_params, _trained() if self.net_params is None else network_of(self.net_params))
        return self._looked_up[1]

    @property
    def original(self):
        """The network as it was given or trained, as a copy of one's own."""
        return self.intact.copy()
