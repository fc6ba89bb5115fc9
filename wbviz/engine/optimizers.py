"""Optimisers: how a gradient becomes a step. The rules, defaults and order of operations are those of torch.optim."""

import numpy as np

from . import checks


class Optimizer:
    """Moves parameters in place, `step(params, grad)`, and may remember earlier gradients in `state`.

    lr: the learning rate, 0 or more; an array gives each member of a population its own. It may change at any time.
    state: dict of arrays, empty before the first step and after `reset()`.
    """

    def __init__(self, lr):
        self.lr = lr
        self.state = {}

    @property
    def lr(self):
        return self._lr

    @lr.setter
    def lr(self, value):
        self._lr = checks.rate(value, "lr")

    def step(self, params, grad):
        """Change `params` (an array of floats) in place by one step along `grad`, an array of its shape."""
        if not isinstance(params, np.ndarray) or params.dtype.kind != "f":
            raise TypeError(f"params must be an array of floats that can change in place, got {params!r}.")
        grad = np.asarray(grad, dtype=params.dtype)
        if grad.shape != params.shape:
            raise ValueError(f"The gradient has shape {grad.shape}, the parameters {params.shape}: they must agree.")
        stored = {memory.shape for memory in self.state.values() if memory.ndim}
        if stored and stored != {params.shape}:
            raise ValueError(
                f"This optimizer remembers parameters of shape {stored.pop()}, got {params.shape}. "
                "Call reset() or make a new one for another network."
            )
        self.update(params, grad, checks.per_member(self._lr, "lr", params.shape[:-1]))

    def reset(self):
        """Forget every earlier gradient."""
        self.state = {}

    def __repr__(self):
        settings = {"lr": self._lr} | {
            name: value for name, value in vars(self).items() if name not in ("_lr", "state")
        }
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in settings.items())})"

    def update(self, params, grad, lr):
        """The rule itself; `lr` is ready to be multiplied with params."""
        raise TypeError("Optimizer has no rule of its own: take SGD, RMSprop, Adam, AdamW or Adagrad.")

    def memory(self, name, params):
        """The array `state[name]`, made of zeros at the first step."""
        return self.state.setdefault(name, np.zeros_like(params))


class SGD(Optimizer):
    """(Stochastic) gradient descent, with momentum as Sutskever et al. (2013) and Nesterov's look ahead on request.

    state: velocity, when momentum is above 0.
    """

    def __init__(self, lr=1e-3, momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0):
        super().__init__(lr)
        self.momentum = checks.rate(momentum, "momentum")
        self.dampening = checks.rate(dampening, "dampening")
        self.nesterov = nesterov
        self.weight_decay = checks.rate(weight_decay, "weight_decay")
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                f"nesterov needs momentum above 0 and dampening 0, got momentum={momentum}, dampening={dampening}."
            )

    def update(self, params, grad, lr):
        if self.weight_decay:
            grad = grad + self.weight_decay * params
        if self.momentum:
            if "velocity" in self.state:
                velocity = self.state["velocity"]
                velocity *= self.momentum
                velocity += (1 - self.dampening) * grad
            else:
                velocity = self.state["velocity"] = grad.copy()
            grad = grad + self.momentum * velocity if self.nesterov else velocity
        params -= lr * grad


class RMSprop(Optimizer):
    """Divides each step by a running root mean square of its gradient (Tieleman and Hinton 2012).

    state: mean_square.
    """

    def __init__(self, lr=1e-2, alpha=0.99, eps=1e-8):
        super().__init__(lr)
        self.alpha = checks.rate(alpha, "alpha")
        self.eps = checks.rate(eps, "eps")

    def update(self, params, grad, lr):
        mean_square = self.memory("mean_square", params)
        mean_square *= self.alpha
        mean_square += (1 - self.alpha) * grad * grad
        params -= lr * (grad / (np.sqrt(mean_square) + self.eps))


class Adam(Optimizer):
    """Running means of the gradient (m) and of its square (v), corrected for their start at zero (Kingma and Ba 2015).

    state: m, v and t, the number of steps so far.
    """

    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(lr)
        if np.shape(betas) != (2,):
            raise ValueError(f"betas must be two numbers, such as (0.9, 0.999); got {betas!r}.")
        self.betas = tuple(checks.rate(beta, f"betas[{i}]", below=1) for i, beta in enumerate(betas))
        self.eps = checks.rate(eps, "eps")

    def update(self, params, grad, lr):
        (beta1, beta2), m, v = self.betas, self.memory("m", params), self.memory("v", params)
        t = self.state.setdefault("t", np.zeros((), int))
        t += 1
        m += (1 - beta1) * (grad - m)
        v *= beta2
        v += (1 - beta2) * grad * grad
        root = np.sqrt(v) / np.sqrt(1 - beta2**t) + self.eps
        params -= lr / (1 - beta1**t) * (m / root)


class AdamW(Adam):
    """Adam, with weight decay applied to the parameters and not to the gradient (Loshchilov and Hutter 2019)."""

    def __init__(self, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        super().__init__(lr, betas, eps)
        self.weight_decay = checks.rate(weight_decay, "weight_decay")

    def update(self, params, grad, lr):
        params *= 1 - lr * self.weight_decay
        super().update(params, grad, lr)


class Adagrad(Optimizer):
    """Divides each step by the root of the sum of all its squared gradients (Duchi et al. 2011).

    state: sum_of_squares.
    """

    def __init__(self, lr=1e-2, eps=1e-10):
        super().__init__(lr)
        self.eps = checks.rate(eps, "eps")

    def update(self, params, grad, lr):
        sum_of_squares = self.memory("sum_of_squares", params)
        sum_of_squares += grad * grad
        params -= lr * (grad / (np.sqrt(sum_of_squares) + self.eps))


OPTIMIZERS = {cls.__name__: cls for cls in (SGD, RMSprop, Adam, AdamW, Adagrad)}


def chosen(optimizer):
    """An optimiser from its name, from itself, or, from None, SGD(lr=0.1)."""
    if isinstance(optimizer, str):
        optimizer = checks.pick(OPTIMIZERS, optimizer, "optimizer")()
    if optimizer is not None and not isinstance(optimizer, Optimizer):
        raise TypeError(
            f"optimizer must be a name in OPTIMIZERS or an optimiser such as SGD(lr=0.1), got {optimizer!r}."
        )
    return optimizer or SGD(lr=0.1)
