"""A search that goes trial by trial: before each one an adviser says what to try, and after it hears how it went."""

from dataclasses import dataclass

import numpy as np

from . import checks
from .recipe import Recipe, Start, examples, fit_all
from .strategies import known_space
from .validation import BUNDLE, Job, perform, splits_of, strata

#: The median rule gives nobody up before so many trials went to their end.
PATIENCE = 5


@dataclass(frozen=True, eq=False)
class Attempt:
    """A trial of a guided search, as far as it went.

    number: its place in the search.  setting: what was searched over.  epochs: how long it was trained.
    scores: the mean score on the parts held out, at each look.  loss, train_score: at the last one.
    stopped: whether it was given up before its end.  diverged: whether its training did.
    spent: the epochs of the whole search up to its end, of all networks together.
    """

    number: int
    setting: dict
    epochs: int
    scores: tuple
    loss: float
    train_score: float
    stopped: bool
    diverged: bool
    spent: int

    @property
    def score(self):
        """The mean score at its last look: accuracy, or R²."""
        return self.scores[-1]

    @property
    def rank(self):
        """The larger the better: no divergence, not given up; then the score, the smaller loss, the earlier number."""
        return not self.diverged, not self.stopped, self.score, -self.loss, -self.number

    def __repr__(self):
        setting = ", ".join(
            f"{name}={value:.4g}" if isinstance(value, float) else f"{name}={value!r}"
            for name, value in self.setting.items()
        )
        return f"Attempt({self.number}: {setting} → {self.score:.3f}{', given up' if self.stopped else ''})"


class Adviser:
    """Advises a guided search. This plain one draws at random, and forgets; others learn from what they are told.

    space: as for a Search.  seed: trial t is drawn from (seed, t), whatever came before it.
    prune: whether the median rule gives up poor trials early.
    past: the Attempts of an earlier session, from which a search goes on as far as its budget reaches.
    """

    def __init__(self, space, seed=0, prune=False):
        self.space, self.seed, self.prune = known_space(space, Recipe()), checks.whole(seed, "seed", 0), bool(prune)
        self.past = []

    def drawn(self, number):
        """The setting drawn at random for a trial."""
        rng = np.random.default_rng((self.seed, number))
        return {name: values.draw(rng) for name, values in self.space.items()}

    def ask(self, number):
        """What to try as trial `number` → a setting."""
        return self.drawn(number)

    def gives_up(self, number, epochs, scores, attempts):
        """Whether trial `number` is to end here, at a look before its last.

        epochs, scores: how long it was trained, and its score at each look so far.  attempts: those that are over.
        """
        return self.prune and below_median(scores, attempts)

    def tell(self, attempt):
        """Hear how a trial went."""


class Listed(Adviser):
    """An adviser that was told beforehand what to try: a list of settings, in this order, or {number: setting}."""

    def __init__(self, space, settings, seed=0, prune=False):
        super().__init__(space, seed, prune)
        self.settings = settings

    def ask(self, number):
        return self.settings[number]


def below_median(scores, attempts, patience=PATIENCE):
    """The median rule (Golovin et al. 2017): is the best score so far below the median of the others at this look?

    scores: of the trial, at each look so far.  attempts: only those that went to their end count, and before
    `patience` of them are there nobody is given up.
    """
    others = [attempt.scores[len(scores) - 1] for attempt in attempts if not attempt.stopped]
    return len(others) >= patience and bool(max(scores) < np.median(others))


class Guided:
    """A guided search: `for attempt in Guided(…)` yields an Attempt as each trial is over. It can be left and taken up.

    recipe: what is not searched over, and the epochs of a full training.  adviser: an Adviser.  X (n, d), y: the rows.
    trials: the budget, in full trainings. A trial that is given up leaves its epochs to others, and a trial is begun
    while a full training is left.  most: at most so many trials are begun (None: as many as the budget allows).
    k, rounds, seed: as for a Search; trial t starts from the weights of seed + t.
    looks: a trial is judged so many times, at epochs that grow by `eta`; all but the last may be the end of it.
    at_once: so many trials are asked for before any of them is told. The table depends on it, and on nothing else.
    executor, bundle: as for a Search; an executor has work to share out where at_once or rounds is more than 1.
    """

    def __init__(
        self, recipe, adviser, X, y, trials=30, most=None, k=5, rounds=1, seed=0, looks=3, eta=3, at_once=1,
        executor=None, bundle=BUNDLE,
    ):  # fmt: skip
        self.recipe, self.adviser = checks.a(Recipe, recipe, "recipe"), checks.a(Adviser, adviser, "adviser")
        self.X, self.y, self.n_out = examples(recipe, X, y)
        self.splits = splits_of(len(self.X), k, seed, strata(self.y), rounds)
        self.seed, self.at_once = checks.whole(seed, "seed", 0), checks.whole(at_once, "at_once")
        eta, looks = checks.whole(eta, "eta", 2), checks.whole(looks, "looks")
        self.ends = sorted({max(1, round(recipe.epochs / eta**level)) for level in range(looks)})
        self.budget = checks.whole(trials, "trials") * self._price
        self.most, self.executor, self.bundle = most, executor, bundle
        self.attempts = [attempt for attempt in adviser.past if attempt.spent <= self.budget]
        self.spent = self.attempts[-1].spent if self.attempts else 0
        self._events = self._go()

    def __iter__(self):
        return self

    def __next__(self):
        """The next Attempt that is over."""
        return next(self._events)

    def close(self):
        """Call off what has not begun; what was found stays."""
        self._events.close()

    @property
    def best(self):
        """The best Attempt so far (`Attempt.rank`), None before the first."""
        return max(self.attempts, key=lambda attempt: attempt.rank, default=None)

    @property
    def over(self):
        """Whether the budget has no room for another full training."""
        return self._room() == 0

    def tried(self, number, setting):
        """The Attempt of a setting as trial `number`, to its end, outside the table: nothing is spent or told."""
        alone = Guided(self.recipe, Listed(self.adviser.space, {number: setting}), self.X, self.y)
        alone.splits, alone.seed, alone.ends = self.splits, self.seed, self.ends
        return next(alone._try({number: setting}))

    def model(self, attempt, part=0):
        """The network of an attempt that was judged on a part held out, trained again → Fitted, the same to the bit."""
        recipe = self.recipe.but(**attempt.setting, epochs=attempt.epochs)
        start = Start(recipe, self.splits[part][0], self.seed + attempt.number, self.seed)
        return fit_all([start], self.X, self.y, self.n_out)[0]

    # -- inside --------------------------------------------------------------------------------------------------

    @property
    def _price(self):
        """The epochs of a full training of one trial, of all its networks."""
        return self.recipe.epochs * len(self.splits)

    def _room(self):
        """How many trials may be begun now."""
        room = (self.budget - self.spent) // self._price
        return max(0, room if self.most is None else min(room, self.most - len(self.attempts)))

    def _go(self):
        while room := self._room():
            first = len(self.attempts)
            group = {number: self.adviser.ask(number) for number in range(first, first + min(self.at_once, room))}
            yield from self._try(group)

    def _try(self, group):
        """Train a group of trials look by look, all that are left of it at once; then tell them in their order."""
        alive, scores, last, networks, made = dict(group), {number: [] for number in group}, {}, {}, 0
        for end in self.ends:
            found = self._train(alive, end, networks)
            self.spent += (end - made) * len(self.splits) * len(alive)
            made = end
            for number, parts in found.items():
                scores[number].append(float(np.mean([part.score for part in parts])))
                diverged = bool(any(part.diverged >= 0 for part in parts))
                early = end < self.ends[-1] and (diverged or self._hopeless(number, end, scores[number]))
                last[number] = end, parts, diverged, early
                networks[number] = [part.model for part in parts]
                if early:
                    del alive[number]
        for number, setting in group.items():
            attempt = self._attempt(number, setting, tuple(scores[number]), *last[number])
            self.attempts.append(attempt)
            self.adviser.tell(attempt)
            yield attempt

    def _hopeless(self, number, end, scores):
        return bool(self.adviser.gives_up(number, end, tuple(scores), self.attempts))

    def _train(self, alive, end, networks):
        """Train the trials that are alive to an epoch → {number: a Judged for each part held out}."""
        places, jobs = [], []
        for number, setting in alive.items():
            recipe, before = self.recipe.but(**setting, epochs=end), networks.get(number)
            for part, (rows, held) in enumerate(self.splits):
                start = Start(recipe, rows, self.seed + number, self.seed, before=before and before[part])
                places.append((number, part))
                jobs.append(Job(start, held))
        ready = dict(perform(jobs, self.X, self.y, self.n_out, self.executor, self.bundle))
        found = {number: [] for number in alive}
        for i, (number, _) in enumerate(places):
            found[number].append(ready[i])
        return found

    def _attempt(self, number, setting, scores, epochs, parts, diverged, early):
        loss, train_score = (
            float(np.mean([getattr(part, name) for part in parts])) for name in ("loss", "train_score")
        )
        return Attempt(number, setting, epochs, scores, loss, train_score, early, diverged, self.spent)
