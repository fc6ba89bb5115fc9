"""Whatever model a learner has, as a network of ours."""

from wbviz.engine import Network

from .keras_models import from_keras
from .pytorch import from_torch


def network_of(model):
    """A Network of one's own from a Network, a PyTorch model (`from_torch`) or a Keras model (`from_keras`).

    Its weights and biases are a copy: what happens to them leaves the model alone. Anything else raises TypeError.
    """
    if isinstance(model, Network):
        return model.copy()
    homes = {cls.__module__.split(".")[0] for cls in type(model).__mro__}
    if "keras" in homes:  # first: with PyTorch as its backend, a Keras model is a PyTorch module too
        return from_keras(model)
    if "torch" in homes:
        return from_torch(model)
    raise TypeError(
        f"A network is a wbviz Network, a torch.nn.Sequential or a keras.Sequential, got {type(model).__name__}."
    )
