"""Optuna advises a guided search: its sampler says what to try, its pruner gives up, its storage remembers.

A study kept in a file (SQLite) is complete after every trial: a search that is killed goes on as if nothing had been.
"""

import json
import sqlite3
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from wbviz.engine import checks
from wbviz.engine.guided import PATIENCE, Adviser, Attempt
from wbviz.engine.strategies import Choices

from ._extra import need

#: TPE begins with so many trials drawn at random: the same that a random search would draw.
STARTUP = 10
SAMPLERS = ("tpe", "random")
EVALUATORS = ("PED-ANOVA", "fANOVA")


class OptunaAdviser(Adviser):
    """An Adviser that keeps an Optuna study and asks it. Raises MissingExtra where Optuna is not installed.

    space, seed, prune: as for an Adviser; the pruner is Optuna's median rule.
    sampler: "tpe", the tree-structured Parzen estimator (Bergstra et al. 2011), after STARTUP trials drawn as the plain
    Adviser draws them; "random" draws them all so.
    file: where the study is kept, a path for SQLite; None keeps it in memory.  name: of the study in the file.
    A study that is there already is opened, and its trials are in `past`. One process at a time may go on with it.

    Before each trial the sampler is made anew from (seed, number): what it says follows from the trials before alone,
    so that a search that was broken off and taken up again gives the same table as one that never stopped.
    """

    def __init__(self, space, seed=0, prune=False, sampler="tpe", file=None, name="wbviz"):
        super().__init__(space, seed, prune)
        self.optuna, self.sampler = need("optuna"), checks.pick(dict.fromkeys(SAMPLERS), sampler, "sampler")
        self.sampler = sampler
        self.storage = None if file is None else open_storage(file)
        pruner = self.optuna.pruners.MedianPruner(PATIENCE) if prune else self.optuna.pruners.NopPruner()
        with quiet(self.optuna):
            self.study = self.optuna.create_study(
                storage=self.storage, study_name=name, direction="maximize", load_if_exists=True, pruner=pruner
            )
        self._hold_to_its_space(name)
        self.distributions = {name: distribution(values) for name, values in self.space.items()}
        self.past, self._open = attempts_of(self.study), {}

    def _hold_to_its_space(self, name):
        written = json.dumps({key: repr(values) for key, values in self.space.items()})
        known = self.study.user_attrs.get("space")
        if known is None:
            self.study.set_user_attr("space", written)
        elif known != written:
            raise ValueError(
                f"The study {name!r} was made for other settings: {known}. Give the new study another name or file."
            )

    def ask(self, number):
        """What to try as trial `number`: that of a trial which was broken off, or what the sampler says."""
        trials = self.study.get_trials(deepcopy=False)
        waiting = any(trial.state.name == "WAITING" for trial in trials)
        if number < len(trials) and trials[number].state.name == "RUNNING":
            trial = self.optuna.trial.Trial(self.study, trials[number]._trial_id)
        else:
            if not waiting and (self.sampler == "random" or number < STARTUP):
                self.study.enqueue_trial(self.drawn(number))
            self.study.sampler = self._fresh_sampler(number)
            trial = self.study.ask(self.distributions)
        if trial.number != number:
            raise ValueError(f"This study has gone on elsewhere, to trial {trial.number}: open it again to go on here.")
        self._open[number] = trial
        return {name: trial.params[name] for name in self.space}

    def _fresh_sampler(self, number):
        seed = int(np.random.SeedSequence([self.seed, number, 5]).generate_state(1)[0])
        if self.sampler == "random":
            return self.optuna.samplers.RandomSampler(seed=seed)
        return self.optuna.samplers.TPESampler(seed=seed, n_startup_trials=STARTUP)

    def gives_up(self, number, epochs, scores, attempts):
        """Whether Optuna's pruner ends the trial here."""
        trial = self._open[number]
        if epochs not in self.study.get_trials(deepcopy=False)[number].intermediate_values:
            trial.report(scores[-1], epochs)
        return trial.should_prune()

    def tell(self, attempt):
        """The study hears the score, and keeps the whole attempt beside it."""
        trial, states = self._open.pop(attempt.number), self.optuna.trial.TrialState
        trial.set_user_attr("attempt", written(attempt))
        if attempt.diverged:  # a trial that failed: TPE takes it for worse than all that went to their end
            self._report_if_none(trial, attempt)
        state = states.PRUNED if attempt.stopped or attempt.diverged else states.COMPLETE
        self.study.tell(trial, None if state is states.PRUNED else attempt.score, state)

    def _report_if_none(self, trial, attempt):
        if not self.study.get_trials(deepcopy=False)[attempt.number].intermediate_values:
            trial.report(attempt.score, attempt.epochs)

    def close(self):
        """Let go of the file."""
        if self.storage is not None:
            release(self.storage)


# -- what a study holds ----------------------------------------------------------------------------------------------


def distribution(values):
    """Optuna's distribution of a Range or a list of values."""
    kinds = need("optuna.distributions")
    if isinstance(values, Choices):
        return kinds.CategoricalDistribution(tuple(values))
    if values.whole:
        return kinds.IntDistribution(int(values.low), int(values.high), log=values.log)
    return kinds.FloatDistribution(float(values.low), float(values.high), log=values.log)


def written(attempt):
    """What a study keeps of an attempt beside what it knows itself, as JSON."""
    names = ("epochs", "scores", "loss", "train_score", "stopped", "diverged", "spent")
    return json.dumps({name: getattr(attempt, name) for name in names})


def attempts_of(study):
    """The Attempts that a study holds, by number; trials that were broken off, or that are not ours, are left out."""
    found = []
    for trial in study.get_trials(deepcopy=False):
        if trial.state.is_finished() and "attempt" in trial.user_attrs:
            kept = json.loads(trial.user_attrs["attempt"])
            found.append(Attempt(trial.number, dict(trial.params), **kept | {"scores": tuple(kept["scores"])}))
    return found


def importances_of(settings, scores, space, evaluator="PED-ANOVA", seed=0):
    """{name: share} by an evaluator of Optuna, which add up to 1; {} where the scores are all the same.

    settings: a list of dicts.  scores: as many numbers.  space: {name: Range or Choices}, where they are from.
    evaluator: "PED-ANOVA" (Watanabe, Bansal and Hutter 2023) asks what the best tenth have in common; "fANOVA" (Hutter,
    Hoos and Leyton-Brown 2014) fits a forest to the scores, and needs scikit-learn.
    """
    optuna, make = need("optuna"), checks.pick(_evaluators(), evaluator, "evaluator")
    if len(set(scores)) < 2:
        return {}
    distributions = {name: distribution(values) for name, values in space.items()}
    with quiet(optuna):
        study = optuna.create_study(direction="maximize")
        for setting, score in zip(settings, scores, strict=True):
            study.add_trial(optuna.trial.create_trial(params=setting, distributions=distributions, value=score))
        found = optuna.importance.get_param_importances(study, evaluator=make(seed))
    return {name: float(found.get(name, 0.0)) for name in space}


def _evaluators():
    def ped_anova(seed):
        return need("optuna").importance.PedAnovaImportanceEvaluator()

    def fanova(seed):
        return need("optuna").importance.FanovaImportanceEvaluator(seed=seed)

    return dict(zip(EVALUATORS, (ped_anova, fanova), strict=True))


# -- files -----------------------------------------------------------------------------------------------------------


def open_storage(file):
    """Optuna's storage in a SQLite file, made where there is none. Raises ValueError where it is no such file."""
    optuna, address = need("optuna"), need("optuna.storages")
    path = Path(file)
    if path.exists() and path.stat().st_size and path.read_bytes()[:16] != b"SQLite format 3\x00":
        raise ValueError(f"{path.name} is no SQLite file. Name one that a search has made, or a new one.")
    if not path.parent.is_dir():
        raise ValueError(f"There is no folder {str(path.parent)!r} to keep {path.name} in.")
    from sqlalchemy import URL

    try:
        with quiet(optuna):
            return address.RDBStorage(URL.create("sqlite", database=str(path)).render_as_string())
    except Exception as error:  # SQLAlchemy has many of its own: a locked file, a damaged one, one of another program
        raise ValueError(f"{path.name} could not be opened as a study: {type(error).__name__}.") from error


def release(storage):
    """Close a storage's connections, so that the file may be moved or removed."""
    storage.remove_session()
    storage.engine.dispose()


def studies_in(file):
    """{name of a study: how many trials it holds} for a file that `OptunaAdviser` or Optuna wrote."""
    with sqlite3.connect(f"{Path(file).resolve().as_uri()}?mode=ro", uri=True) as base:
        rows = base.execute(
            "SELECT study_name, count(trial_id) FROM studies LEFT JOIN trials USING (study_id) GROUP BY study_name"
        ).fetchall()
    base.close()
    return dict(rows)


@contextmanager
def quiet(optuna):
    """Optuna tells nothing on the page while this lasts; its own verbosity comes back afterwards."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
