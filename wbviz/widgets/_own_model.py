"""A learner's own model in an explorer: how it is opened, what of it is kept in the state, and how that is read."""

import hashlib
import json
from dataclasses import dataclass, field
from functools import lru_cache
from weakref import WeakValueDictionary

import ipywidgets
import numpy as np
import traitlets

from wbviz.bridges import network_of
from wbviz.engine import Network
from wbviz.widgets import _own_examples as examples
from wbviz.widgets._packing import packed, unpacked
from wbviz.widgets._traits import Data, count_params
from wbviz.widgets._words import plural

#: A state holds a model and its data in at most so many characters: about 14,000 numbers, or 28,000 of 32 bits.
LONGEST = 150_000
#: No explorer opens a model of more weights and biases, or of more layers.
MOST_PARAMETERS, MOST_LAYERS = 120_000, 51


@dataclass(frozen=True)
class Own:
    """A model and the examples that it is judged on, to be read only. Equal where all that is kept is the same.

    X (n, n_in) and y, as `loss` takes it, are None where no data were given. name: that of the data; rows: how many
    there were, of which n, evenly spread, are used. large: is it too large to be part of a state?
    """

    key: str
    net: Network = field(compare=False, repr=False)
    X: np.ndarray = field(compare=False, repr=False)
    y: np.ndarray = field(compare=False, repr=False)
    loss: str = field(compare=False)
    name: str = field(compare=False)
    rows: int = field(compare=False)
    large: bool = field(compare=False, default=False)

    @property
    def sizes(self):
        """Units layer by layer."""
        return list(self.net.sizes)

    @property
    def architecture(self):
        """The units of its layers: 2-8-1."""
        return architecture(self.net)

    @property
    def counted(self):
        """How many examples there are, and whether they are all: `248 of 449 examples`."""
        used = len(self.X)
        return plural(used, "example") if used == self.rows else f"{used} of {self.rows:,} examples"

    @property
    def labels(self):
        """The class of each example, (n,) whole numbers; None where y is no class."""
        return examples.labels(self.y, self.loss)

    def accuracy(self, y_hat):
        """The share of right answers among y_hat (n, n_out), 0 to 1; None where y is no class."""
        labels = self.labels
        return None if labels is None else float((examples.answers(y_hat, self.loss) == labels).mean())


def architecture(net):
    """The units of the layers of a network: 2-8-1."""
    return "-".join(map(str, net.sizes))


#: What is open and too large for a state, by key.
_OPEN = WeakValueDictionary()


def opened(model, X, y, loss, explorer):
    """(state of the model, Own): a Network, PyTorch or Keras model and data, as the class `explorer` wants them.

    The Own keeps the place of what is too large for the state: hold it until the explorer is made.
    """
    net = network_of(model)
    if net.population:
        raise ValueError(f"A figure opens one network, but got a population {net.population}: net.with_params(...).")
    explorer.check(net)
    given = examples.given(net, X, y, loss, explorer.held_out, explorer.needs_data)
    explorer.check_data(given)
    used = examples.thinned(given, explorer.rows_for(net))
    if not explorer.needs_data:
        used = used._replace(y=None, loss=None)
    if used.loss == "binary_cross_entropy" and net.activations[-1].name == "sigmoid":
        net = Network(net.sizes, net.activations[0].name, "identity", init="zeros").with_params(net.params)
    value = {
        "sizes": list(net.sizes),
        "hidden": net.activations[0].name,
        "output": net.activations[-1].name,
        "params": packed(net.params),
        **{name: None if array is None else packed(array) for name, array in (("X", used.X), ("y", used.y))},
        **{"loss": used.loss, "name": used.name, "rows": given.rows},
    }
    characters = sum(len(value[name][-1]) for name in ("params", "X", "y") if value[name])
    if characters <= LONGEST:
        return value, read(value)
    return _kept_outside(value, Own("", net, used.X, used.y, used.loss, used.name, given.rows, large=True))


def _kept_outside(value, own):
    key = hashlib.sha256(_text(value).encode()).hexdigest()
    own = _OPEN.setdefault(key, Own(**vars(own) | {"key": key}))
    return {"kept": key, "name": own.architecture}, own


def read(value):
    """The Own that a state holds. Raises ValueError with a sentence where it is none."""
    if not isinstance(value, dict):
        raise ValueError("expected a model as `of` keeps it; open one with .of(model).")
    if "kept" in value:
        own = _OPEN.get(str(value["kept"]))
        if own is None:
            raise ValueError(
                f"This text names a model {str(value.get('name'))[:40]} that was too large to be part of it, and is "
                "not open here. Open it again with .of(model)."
            )
        return own
    return _read(_text(value))


@lru_cache(maxsize=4)
def _read(text):
    value = json.loads(text)
    try:
        sizes = [int(size) for size in value["sizes"]]
        fits = min(sizes) > 0 and len(sizes) - 1 <= MOST_LAYERS and count_params(sizes) <= MOST_PARAMETERS
        if not fits:
            raise ValueError(f"a model in a text has at most {MOST_PARAMETERS:,} weights and biases.")
        net = Network(sizes, value["hidden"], value["output"], init="zeros").with_params(unpacked(value["params"]))
        X, y = (None if value[name] is None else unpacked(value[name]) for name in ("X", "y"))
        if X is not None:
            X, y = examples.checked(net, X, y, value["loss"])
        return Own(text, net, X, y, value["loss"], str(value["name"])[:40], int(value["rows"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"this is no model as `of` keeps it ({error}); open one with .of(model).") from None


def _text(value):
    try:
        return json.dumps(value, sort_keys=True)
    except (TypeError, ValueError):
        raise ValueError("expected a model as `of` keeps it; open one with .of(model).") from None


class Model(Data):
    """The trait that holds the model. A figure keeps to the one that it was opened with."""

    def validate(self, obj, value):
        value, before = super().validate(obj, value), obj._trait_values.get(self.name)
        if before is not None and value != before:
            raise traitlets.TraitError("A figure keeps to its model: open another with .of(model), in its own figure.")
        return value


def own_model():
    """The trait `model` of an explorer of a learner's own model."""
    return Model(None).tag(state=True, check=lambda value: read(value) and value)


class OwnModel:
    """Mixin of the explorer that `of` makes, put before the one that it is based on; it has `model = own_model()`.

    It goes by the name of that explorer: in errors, in shared texts and on the page.
    """

    held_out = False  # of a data set by name: are only the rows of its test part used?
    needs_data = True
    _looked_up_own = None, None

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        cls.__name__ = cls.__bases__[1].__name__

    def __init__(self, *, controls=True, **settings):
        own = read(settings["model"])
        self.check(own.net)
        if self.needs_data and own.X is None:
            raise ValueError("This model has no data to be judged on: open it with .of(model, X, y).")
        self.check_data(own)
        _check_loss(own)
        if controls is True:
            hidden = self.without(own)
            controls = [name for name in self.knobs if name not in hidden]
        super().__init__(controls=controls, **settings)

    @classmethod
    def own_kind(cls):
        return cls

    @classmethod
    def opened_with(cls, model, X, y, loss, settings):
        """What `Opens.of` makes."""
        value, own = opened(model, X, y, loss, cls)
        return cls(**{"model": value, **cls.settings_of(own), **settings})

    @classmethod
    def check(cls, net):
        """Raise ValueError, naming the explorer that suits, for a network that this one cannot show."""

    @classmethod
    def check_data(cls, given):
        """Raise ValueError for data that this explorer cannot judge a network on."""

    @classmethod
    def rows_for(cls, net):
        """How many examples are used at most."""
        return 500

    @classmethod
    def settings_of(cls, own):
        """Settings that follow from the model."""
        return {}

    @classmethod
    def without(cls, own):
        """Names of knobs that get no controls for this model."""
        return ()

    @property
    def own(self):
        """The model and its examples."""
        if self._looked_up_own[0] is not self.model:
            self._looked_up_own = self.model, read(self.model)
        return self._looked_up_own[1]

    def _set_in_order(self, settings):
        """The model first: everything else is checked against it."""
        if "model" in settings:
            self.model = settings["model"]
        super()._set_in_order({name: value for name, value in settings.items() if name != "model"})

    def prepare(self):
        super().prepare()
        if (own := self.own).large:
            self._held = own  # as long as the figure is open
            self.under = (*self.under, ipywidgets.Label(too_large(own)))

    def share(self):
        """The explorer as a line of Python, or why there is none."""
        return f"# {too_large(self.own)}" if self.own.large else super().share()


def _check_loss(own):
    """What cannot be judged in finite numbers cannot be shown."""
    with np.errstate(all="ignore"):
        if own.loss is not None and not np.isfinite(own.net.loss(own.X, own.y, loss=own.loss)):
            raise ValueError(
                "The loss of this model on these data is beyond all numbers: its weights or the inputs are too large. "
                "Scale the inputs as they were in training."
            )


def too_large(own):
    """Why a model is not part of the state."""
    numbers = own.net.n_params + (0 if own.X is None else own.X.size)
    return (
        f"This model {own.architecture} and its data are {numbers:,} numbers: too large for a text to share. "
        "Save it as a file, and open it again with .of(model)."
    )


def refuse(net, what, other):
    """Raise the ValueError for a network that an explorer cannot show."""
    raise ValueError(
        f"This model is {architecture(net)}: {net.n_params:,} weights and biases. {what} {other}.of opens it."
    )
