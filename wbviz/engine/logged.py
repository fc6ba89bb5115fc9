"""A training that is noted as it runs: the quick path between two looks, and a logger at each of them."""

from .history import Diverged

#: Without other wishes a run is noted so many times, and its histograms so many times.
LOOKS, SPREADS = 200, 20


def logged(training, logger, settings=None, every=None, histograms=None):
    """Run a Training of one network to its end and note it; yields how many steps are made, after each look.

    settings: what the run is noted with; without them, what the training itself knows.  every: steps between two
    looks, by default about a 200th of the run; histograms: steps between two of these, a 20th (0: none).
    At step s are noted `loss`, `lr` and `grad_norm` of the s-th step, whose loss is that before the step; after each
    epoch (the latest one before a look) also `epoch_loss` and, with a validation set, `validation_loss`, as in History.
    A training that diverges is noted so, and raises Diverged; one that is left is noted as stopped.
    """
    if training.net.population:
        raise ValueError(f"A run is of one network, got a population of shape {training.net.population}.")
    every = every or -(-training.n_steps // LOOKS) or 1
    apart = max(every, -(-training.n_steps // SPREADS)) if histograms is None else histograms
    logger.start(settings_of(training) if settings is None else settings, seed=training.seed, steps=training.n_steps)
    notes = _Notes(training, logger, apart)
    try:
        notes.spread()
        while not training.done:
            training.run(_until_next(training.made, every, apart))
            notes.take()
            yield training.made
    except Diverged as error:
        notes.take()
        logger.finish("diverged", str(error))
        raise
    except GeneratorExit:
        logger.finish("stopped")
        raise
    except BaseException as error:
        logger.finish("failed", f"{type(error).__name__}: {error}")
        raise
    logger.finish()


def settings_of(training):
    """The settings that a Training knows, as plain values."""
    optimizer, net = training.optimizer, training.net
    own = {name: value for name, value in vars(optimizer).items() if name not in ("_lr", "state")}
    known = {"sizes": list(net.sizes), "activation": net.activations[0].name, "output": net.activations[-1].name}
    known |= {"loss": training.loss.name, "optimizer": type(optimizer).__name__, "lr": optimizer.lr, **own}
    names = ("epochs", "batch_size", "l1", "l2", "clip_norm", "clip_value")
    return known | {name: getattr(training, name) for name in names}


def _until_next(made, every, apart):
    """Steps from here to the next look."""
    return min(gap - made % gap for gap in (every, apart) if gap)


class _Notes:
    """What is noted of a training, and how far it has been."""

    def __init__(self, training, logger, apart):
        self.training, self.logger, self.apart = training, logger, apart
        self._epochs, self._step = len(training.history.epoch_loss), training.made

    def take(self):
        """Note the last step and the last epoch, if they are new, and histograms where they are due."""
        training, history = self.training, self.training.history
        epochs, made = len(history.epoch_loss), training.made
        if epochs > self._epochs:
            end = made - made % training.batches_per_epoch
            whole = {"epoch_loss": history.epoch_loss[-1]}
            if training.validation is not None:
                whole["validation_loss"] = history.validation_loss[-1]
            self.logger.log(end, whole)
        if made > self._step:
            self.logger.log(made, {name: getattr(history, name)[-1] for name in ("loss", "lr", "grad_norm")})
        self._epochs, self._step = epochs, made
        if self.apart and (made % self.apart == 0 or training.done):
            self.spread()

    def spread(self):
        """Note how weights, biases and their gradient on the whole training set are spread now."""
        if self.apart:
            training = self.training
            penalty = {"l1": training.l1, "l2": training.l2, "penalize_biases": training.penalize_biases}
            gradient = training.net.gradient(training.X, training.y, loss=training.loss, **penalty)
            self.logger.histograms(training.made, training.net, gradient)
