"""What `training.py` measures against: the same training by PyTorch, JAX and scikit-learn.

Each function returns a callable that trains from wbviz's own starting weights, keeps the loss of every step, and
returns those losses. Optimisers are the library's own; the data is on its side already, and it runs on one thread.
"""

import warnings

import numpy as np

STEPS = {"torch": 200, "jax": 1000, "scikit-learn": 30}


def layers_of(net):
    return [(W.copy(), b.copy()) for W, b in zip(net.weights, net.biases, strict=True)]


def torch_eager(problem, steps=STEPS["torch"], dtype="float64"):
    """PyTorch as it is usually written: zero_grad, forward, loss, backward, optimizer.step."""
    import torch

    torch.set_num_threads(1)
    dtype, net = getattr(torch, dtype), problem.network()
    X = torch.tensor(problem.X, dtype=dtype)
    y = torch.tensor(problem.y) if problem.classes else torch.tensor(problem.y, dtype=dtype)
    measure = torch.nn.functional.cross_entropy if problem.classes else torch.nn.functional.mse_loss
    kind = getattr(torch.optim, problem.optimizer)

    def run():
        model = torch.nn.Sequential()
        for k, (W, b) in enumerate(layers_of(net)):
            layer = torch.nn.Linear(*W.shape, dtype=dtype)
            with torch.no_grad():
                layer.weight.copy_(torch.tensor(W.T.copy()))
                layer.bias.copy_(torch.tensor(b))
            if k:
                model.append(torch.nn.Tanh() if problem.hidden == "tanh" else torch.nn.ReLU())
            model.append(layer)
        optimizer, losses = kind(model.parameters(), lr=problem.lr), torch.empty(steps, dtype=dtype)
        for step in range(steps):
            rows = problem.rows(step)
            inputs, targets = (X, y) if rows is None else (X[rows], y[rows])
            optimizer.zero_grad()
            loss = measure(model(inputs), targets)
            loss.backward()
            optimizer.step()
            losses[step] = loss.detach()
        return losses.numpy()

    return run


def torch_bmm(problem, members, steps=STEPS["torch"]):
    """Many networks at once by torch.baddbmm, autograd and torch.optim.SGD, in float64."""
    import torch

    torch.set_num_threads(1)
    net = problem.network(population=members)
    X, y = (torch.tensor(part).expand(members, *part.shape) for part in (problem.X, problem.y))
    activation = torch.tanh if problem.hidden == "tanh" else torch.relu

    def run():
        params = [torch.tensor(part) for W, b in layers_of(net) for part in (W, b[:, None, :])]
        for part in params:
            part.requires_grad_()
        optimizer, losses = torch.optim.SGD(params, lr=problem.lr), torch.empty(steps, members, dtype=torch.float64)
        for step in range(steps):
            optimizer.zero_grad()
            a = X
            for k in range(0, len(params), 2):
                a = torch.baddbmm(params[k + 1], activation(a) if k else a, params[k])
            loss = ((a - y) ** 2).mean(dim=(1, 2))
            loss.sum().backward()
            optimizer.step()
            losses[step] = loss.detach()
        return losses.numpy()

    return run


def jax_loop(problem, steps=STEPS["jax"]):
    """The whole loop compiled by jax.jit: a lax.scan over steps, in float64."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, y, start = (
        jnp.array(problem.X),
        jnp.array(problem.y),
        [tuple(map(jnp.array, each)) for each in layers_of(problem.network())],
    )
    activation, n, lr = jnp.tanh if problem.hidden == "tanh" else jax.nn.relu, len(problem.X), problem.lr

    def measure(params):
        a = X
        for k, (W, b) in enumerate(params):
            a = (activation(a) if k else a) @ W + b
        if problem.classes:
            return (jax.nn.logsumexp(a, axis=1) - a[jnp.arange(n), y]).mean()
        return ((a - y) ** 2).mean()

    def sgd(state, _):
        loss, slope = jax.value_and_grad(measure)(state)
        return jax.tree.map(lambda w, g: w - lr * g, state, slope), loss

    def adam(state, _):
        params, m, v, t = state
        loss, g = jax.value_and_grad(measure)(params)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        size, root = lr / (1 - 0.9**t), jnp.sqrt(1 - 0.999**t)
        params = jax.tree.map(lambda w, m, v: w - size * m / (jnp.sqrt(v) / root + 1e-8), params, m, v)
        return (params, m, v, t + 1), loss

    zeros = jax.tree.map(jnp.zeros_like, start)
    step, state = (adam, (start, zeros, zeros, 1.0)) if problem.optimizer == "Adam" else (sgd, start)
    loop = jax.jit(lambda state: jax.lax.scan(step, state, None, length=steps))
    return lambda: np.asarray(loop(state)[1])


def scikit_learn(problem, steps=STEPS["scikit-learn"]):
    """MLPRegressor or MLPClassifier, partial_fit on the batch, from starting weights of its own."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    kind = MLPClassifier if problem.classes else MLPRegressor
    more = {"classes": np.arange(problem.sizes[-1])} if problem.classes else {}
    settings = {"solver": problem.optimizer.lower(), "activation": problem.hidden, "alpha": 0.0, "momentum": 0.0}

    def run():
        model = kind(
            hidden_layer_sizes=problem.sizes[1:-1], batch_size=len(problem.X), learning_rate_init=problem.lr, **settings
        )
        y, losses = np.squeeze(problem.y), []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(steps):
                model.partial_fit(problem.X, y, **more)
                losses.append(model.loss_)
        return np.array(losses)

    return run
