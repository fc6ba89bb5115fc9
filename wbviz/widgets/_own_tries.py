"""The tries that a learner made by hand in ArchitectureSearch: state that comes from outside is looked at twice."""

from wbviz.widgets._architectures import ACTIVATIONS, MOST, OPTIMIZERS, SPACE

FIRST_TRY = {"depth": 1, "width": 4, "activation": "sigmoid", "optimizer": "SGD", "lr": 0.1}


def known_tries(value):
    """A list of at most MOST settings, each with a value from the space for all five names."""
    tries = []
    for one in list(value):
        if set(one) != set(SPACE):
            raise ValueError(f"A try names {', '.join(SPACE)}, got {', '.join(map(str, one))}.")
        for name, allowed in (("activation", ACTIVATIONS), ("optimizer", OPTIMIZERS)):
            if one[name] not in allowed:
                raise ValueError(f"The {name} of a try is one of {', '.join(allowed)}, got {one[name]!r}.")
        for name in ("depth", "width", "lr"):
            if isinstance(one[name], bool) or not SPACE[name].low <= one[name] <= SPACE[name].high:
                raise ValueError(
                    f"The {name} of a try goes from {SPACE[name].low} to {SPACE[name].high}, got {one[name]!r}."
                )
        for name in ("depth", "width"):
            if one[name] != int(one[name]):
                raise ValueError(f"The {name} of a try must be a whole number, got {one[name]!r}.")
        tries.append({name: one[name] for name in SPACE})
    if len(tries) > MOST:
        raise ValueError(f"At most {MOST} tries are kept, got {len(tries)}.")
    return tries
