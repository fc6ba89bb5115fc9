"""The concepts of the book and how they are related: what ConceptMap draws, and the sentences it says."""

from dataclasses import dataclass
from functools import cache

from wbviz.terms import TERMS


@dataclass(frozen=True)
class Concept:
    """A term on the map.

    name: in the glossary.  lines: how it is written on the map.  said: how it is called in a sentence.
    part: the part of the book it belongs to.  place: its column and its row on the map.
    """

    name: str
    lines: tuple[str, ...]
    said: str
    part: str
    place: tuple[float, float]

    @property
    def term(self):
        """Its entry in the glossary."""
        return TERMS[self.name]


@dataclass(frozen=True)
class Relation:
    """`one` does to `other` what the `verb` says; both are names of concepts."""

    one: str
    verb: str
    other: str

    def sentence(self, verbs=True):
        """The relation as a sentence; without its verb there is a gap to be filled."""
        one, other = CONCEPTS[self.one].said, CONCEPTS[self.other].said
        return f"{one[0].upper()}{one[1:]} {self.verb if verbs else '…'} {other}."


#: Part → the upper left corner of its area on the map, in columns and rows, and its concepts: the name, as it is
#: written, as it is said, and its place in the area.
_PARTS = {
    "neuron": ((0, 0), [
        ("input", "input", "an input", (0, 2)),
        ("weight", "weight", "a weight", (1, 2)),
        ("bias (parameter)", "bias|(parameter)", "a bias", (1, 0)),
        ("threshold", "threshold", "a threshold", (0, 0)),
        ("sum z", "sum z", "the sum z", (0, 1)),
        ("activation function", "activation|function", "an activation function", (1, 1)),
    ]),
    "learning": ((2, 0), [
        ("momentum", "momentum", "momentum", (1, 0)),
        ("gradient descent", "gradient|descent", "gradient descent", (0, 1)),
        ("loss", "loss", "the loss", (1, 2)),
        ("learning rate", "learning|rate", "a learning rate", (0, 0)),
        ("gradient", "gradient", "the gradient", (1, 1)),
        ("backpropagation", "back-|propagation", "backpropagation", (0, 2)),
    ]),
    "trouble": ((4, 0), [
        ("local minimum", "local|minimum", "a local minimum", (0, 0)),
        ("exploding gradient", "exploding|gradient", "an exploding gradient", (1, 1)),
        ("vanishing gradient", "vanishing|gradient", "a vanishing gradient", (1, 2)),
        ("dead unit", "dead unit", "a dead unit", (0, 1)),
        ("clipping", "clipping", "clipping", (1, 0)),
        ("initialisation", "initialisation", "an initialisation", (0, 2)),
    ]),
    "people": ((0, 3), [
        ("bias (unfairness)", "bias|(unfairness)", "bias as unfairness", (1, 1)),
        ("label bias", "label bias", "label bias", (1, 2)),
        ("proxy", "proxy", "a proxy", (0, 0)),
        ("demographic parity", "demographic|parity", "demographic parity", (0, 2)),
        ("fairness penalty", "fairness|penalty", "a fairness penalty", (0, 1)),
    ]),
    "generalising": ((2, 3), [
        ("regularisation", "regularisation", "regularisation", (0, 2)),
        ("overfitting", "overfitting", "overfitting", (1, 2)),
        ("training set", "training set", "the training set", (0, 3)),
        ("capacity", "capacity", "capacity", (1, 0)),
        ("variance", "variance", "variance", (1, 1)),
        ("bias (of a method)", "bias|(of a method)", "the bias of a method", (0, 0)),
        ("validation set", "validation set", "the validation set", (1, 3)),
    ]),
    "tools": ((4, 3), [
        ("automatic differentiation", "automatic|differentiation", "automatic differentiation", (1, 0)),
        ("meta-learning", "meta-learning", "meta-learning", (1, 2)),
        ("hyperparameter", "hyper-|parameter", "a hyperparameter", (0, 1)),
        ("AutoML", "AutoML", "AutoML", (0, 2)),
        ("tracking", "tracking", "tracking", (0, 0)),
    ]),
}  # fmt: skip

#: The parts of the book, as they are marked on the map: name → column and row of the upper left corner.
PARTS = {part: corner for part, (corner, _) in _PARTS.items()}
#: Every concept by its name, part after part.
CONCEPTS = {
    name: Concept(name, tuple(written.split("|")), said, part, (left + column, top + row))
    for part, ((left, top), concepts) in _PARTS.items()
    for name, written, said, (column, row) in concepts
}

#: The verb of those that have nothing else in common.
NAME_ONLY = "shares only its name with"
RELATIONS = [
    Relation(*words)
    for words in (
        ("weight", "multiplies", "input"),
        ("input", "adds its weighted share to", "sum z"),
        ("bias (parameter)", "shifts", "sum z"),
        ("sum z", "goes through", "activation function"),
        ("bias (parameter)", "sets, with the other sign,", "threshold"),
        ("loss", "is measured on", "training set"),
        ("gradient", "is the slope of", "loss"),
        ("backpropagation", "computes", "gradient"),
        ("gradient descent", "steps against", "gradient"),
        ("gradient descent", "adjusts", "weight"),
        ("gradient descent", "adjusts", "bias (parameter)"),
        ("learning rate", "scales the steps of", "gradient descent"),
        ("momentum", "gives a velocity to", "gradient descent"),
        ("momentum", "can leave", "local minimum"),
        ("gradient descent", "can end in", "local minimum"),
        ("backpropagation", "multiplies slopes of", "activation function"),
        ("learning rate", "that is too large makes", "dead unit"),
        ("activation function", "of small slope makes", "vanishing gradient"),
        ("initialisation", "of the right size helps against", "vanishing gradient"),
        ("initialisation", "of too large a size makes", "exploding gradient"),
        ("initialisation", "gives its first value to", "weight"),
        ("clipping", "shortens", "exploding gradient"),
        ("dead unit", "gets nothing from", "gradient"),
        ("bias (parameter)", "that is moved can revive", "dead unit"),
        ("vanishing gradient", "comes from small factors in", "backpropagation"),
        ("exploding gradient", "spoils the steps of", "gradient descent"),
        ("capacity", "beyond need allows", "overfitting"),
        ("overfitting", "learns the noise of", "training set"),
        ("validation set", "reveals", "overfitting"),
        ("regularisation", "holds back", "overfitting"),
        ("regularisation", "shrinks", "weight"),
        ("regularisation", "adds a penalty to", "loss"),
        ("regularisation", "mostly lowers", "variance"),
        ("capacity", "lowers", "bias (of a method)"),
        ("capacity", "mostly raises", "variance"),
        ("overfitting", "shows as", "variance"),
        ("validation set", "is kept apart from", "training set"),
        ("weight", "adds to", "capacity"),
        ("automatic differentiation", "carries out", "backpropagation"),
        ("hyperparameter", "is chosen by", "validation set"),
        ("learning rate", "is", "hyperparameter"),
        ("AutoML", "chooses", "hyperparameter"),
        ("AutoML", "judges by", "validation set"),
        ("tracking", "records", "hyperparameter"),
        ("tracking", "records", "loss"),
        ("meta-learning", "learns", "initialisation"),
        ("label bias", "enters with", "training set"),
        ("label bias", "teaches", "bias (unfairness)"),
        ("proxy", "comes in as", "input"),
        ("proxy", "lets in", "bias (unfairness)"),
        ("weight", "can carry", "bias (unfairness)"),
        ("fairness penalty", "is added to", "loss"),
        ("fairness penalty", "aims at", "demographic parity"),
        ("demographic parity", "is one measure of", "bias (unfairness)"),
        ("regularisation", "alone does not remove", "bias (unfairness)"),
        ("bias (parameter)", NAME_ONLY, "bias (of a method)"),
        ("bias (parameter)", NAME_ONLY, "bias (unfairness)"),
        ("bias (of a method)", NAME_ONLY, "bias (unfairness)"),
    )
]


def relations_of(name):
    """The numbers of the relations (in RELATIONS) of a concept: first what it does, then what is done to it."""
    mine = [k for k, relation in enumerate(RELATIONS) if relation.one == name]
    return [*mine, *(k for k, relation in enumerate(RELATIONS) if relation.other == name)]


@cache
def distances(name):
    """How many relations lead from a concept to each one, whichever way they point: name → steps.

    To share a name is no way from one to the other.
    """
    found, reached = {name: 0}, [name]
    for one in reached:  # which grows meanwhile
        for other in (_end(k, one) for k in _ways_on(one)):
            if other not in found:
                found[other] = found[one] + 1
                reached.append(other)
    return found


@cache
def way(name, goal):
    """The numbers of the relations along one shortest way between two concepts, in order."""
    far, steps = distances(goal), []
    while name != goal:
        nearer = next(k for k in _ways_on(name) if far[_end(k, name)] < far[name])
        name = _end(nearer, name)
        steps.append(nearer)
    return tuple(steps)


def _ways_on(name):
    return [k for k in relations_of(name) if RELATIONS[k].verb != NAME_ONLY]


def _end(number, name):
    """The other end of a relation."""
    relation = RELATIONS[number]
    return relation.other if relation.one == name else relation.one
