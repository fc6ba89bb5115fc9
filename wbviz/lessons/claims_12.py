"""The experiments behind chapter 12's claims on where unfairness comes from: records, columns, data, settings."""

from wbviz.lessons._halves import credit, halves, trained, worlds
from wbviz.lessons._spread import spread
from wbviz.lessons.claim import Verdict

SEEDS = 20


def points_of(frontier, rows):
    """How the networks treat the groups of rows, counted against the true answers."""
    return frontier.points(rows.X, rows.deserved, rows.groups)


def _made_up(name, points, at=0):
    """How far B is behind A, and how often all are judged rightly, in per cent, by what each person deserves."""
    return (
        spread(f"{name}: A granted more often than B by", 100 * points.gap("selection_rate", "A", "B")[at])
        | spread(f"{name}: of the deserving, by", 100 * points.gap("tpr", "A", "B")[at])
        | spread(f"{name}: right, per cent", 100 * points.overall["accuracy"][at])
    )


# --- biased records ---------------------------------------------------------------------------------------------------


def biased_records():
    """Worlds in which both groups deserve the same, and a share of the deserving of B was recorded as refused."""
    numbers, shares = {"worlds": SEEDS}, (0.0, 0.25, 0.5)
    for k, share in enumerate(shares):
        learned, unseen = halves(worlds(label_bias=share))
        points = points_of(trained(learned), unseen)
        numbers |= _made_up(f"{100 * share:.0f} % of them recorded wrongly", points)
        yield (k + 1) / len(shares), f"{100 * share:.0f} % recorded wrongly"
    text = (
        "In these worlds both groups deserve the same, and the tests measure both alike. With right records the model "
        "treats them alike. With wrong ones it learns to refuse B: it predicts the records, and they say so. "
        "No weight and no bias went wrong: training did what it was asked."
    )
    return Verdict("holds", numbers, text)


# --- without the column -----------------------------------------------------------------------------------------------


def without_the_column():
    """The same with and without the column that names the group; how much the other columns tell is turned up."""
    numbers = {"seeds": SEEDS}
    cases = (("with the column", 0.8, ()), *((f"without it, proxy {p}", p, ("group=B",)) for p in (0, 0.5, 0.8, 0.95)))
    for k, (name, proxy, without) in enumerate(cases):
        learned, unseen = halves(worlds(label_bias=0.5, proxy=proxy), without=without)
        numbers |= _made_up(name, points_of(trained(learned), unseen))
        yield (k + 1) / (len(cases) + 4), name
    for k, (column, without) in enumerate((c, w) for c in ("sex", "age") for w in ((), (c,))):
        learned, unseen = halves(credit(column), without=without)
        points = points_of(trained(learned, steps=60, l2=0.02), unseen)
        small, large = sorted(points.names, key=lambda name: (points.count[0, 0, points.place(name)], name))
        name = (
            f"German Credit, {large} accepted more often than {small} by, {'without' if without else 'with'} {column}"
        )
        numbers |= spread(name, 100 * points.gap("selection_rate", large, small)[0])
        yield (k + 1 + len(cases)) / (len(cases) + 4), name
    text = (
        "Where no other column tells the group, taking the column out was enough. A district that goes with the group "
        "brings most of the gap back: it is a proxy. In German Credit the gap by recorded sex nearly went with its "
        "column; most of the gap by age stayed. Which it will be, one has to measure."
    )
    return Verdict("holds if nothing else tells the group", numbers, text)


# --- representative data ----------------------------------------------------------------------------------------------


def representative_data():
    """Worlds in which another test shows the merit of B: a thousand rows, of which more and more are from B."""
    numbers = {"worlds": SEEDS, "rows in each": 1000}
    cases = [
        (f"B {100 * share:.0f} % of the rows, {name}", share, hidden, bias)
        for name, hidden, bias in (
            ("no hidden layer", (), 0.0),
            ("8 hidden units", (8,), 0.0),
            ("8, wrong records", (8,), 0.5),
        )
        for share in (0.05, 0.5)
    ]
    for k, (name, share, hidden, bias) in enumerate(cases):
        learned, unseen = halves(worlds(turn=1.0, share=share, label_bias=bias))
        points = points_of(trained(learned, hidden=hidden, l2=0.003, steps=100), unseen)
        numbers |= spread(f"{name}: right in A, per cent", 100 * points.accuracy[0, :, points.place("A")])
        numbers |= spread(f"{name}: in B", 100 * points.accuracy[0, :, points.place("B")])
        yield (k + 1) / len(cases), name
    text = (
        "With few rows of B a model learns what suits A, and is often wrong about B. More rows of B help B. Without a "
        "hidden layer A pays for it with some right answers, since one set of weights has to serve both; with 8 units "
        "both are served. And where the records of B are wrong, more of them teach the same wrong."
    )
    return Verdict("holds if the records are right and the model can serve both groups", numbers, text)


# --- settings ---------------------------------------------------------------------------------------------------------


def settings():
    """The same worlds, one tenth from B: hidden units and λ of the L2 penalty decide how well B is served."""
    numbers, learned_unseen = {"worlds": SEEDS}, halves(worlds(turn=1.0, share=0.1))
    learned, unseen = learned_unseen
    cases = (("no hidden layer, λ 0.003", (), 0.003), ("8 units, λ 0.003", (8,), 0.003), ("8 units, λ 0.1", (8,), 0.1))
    for k, (name, hidden, l2) in enumerate(cases):
        points = points_of(trained(learned, hidden=hidden, l2=l2, steps=100), unseen)
        numbers |= spread(f"{name}: right in A, per cent", 100 * points.accuracy[0, :, points.place("A")])
        numbers |= spread(f"{name}: in B", 100 * points.accuracy[0, :, points.place("B")])
        numbers |= spread(f"{name}: of all", 100 * points.overall["accuracy"][0])
        yield (k + 1) / len(cases), name
    text = (
        "The same data, the same training: with too few units, or too strong a penalty on the weights, the model keeps "
        "what serves the many and gives up what serves the few. The accuracy of all hardly shows it."
    )
    return Verdict("holds", numbers, text)
