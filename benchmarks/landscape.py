"""How long the loss at 101 × 101 points of a plane takes, for a 2-8-8-1 tanh network and 500 examples.

    python benchmarks/landscape.py               measure, write landscape.json and the table in README.md
    python benchmarks/landscape.py --rounds 3 --dry      try it out, write nothing

wbviz in float32 on one thread and as it ships (a thread for each core), and on 34 × 34 points, which is what a live
figure shows while a knob moves. The readable way, in float64, is timed once: it takes seconds.

The peer is PyTorch: the loss of
torch.func.functional_call under torch.vmap over all 10,201 parameter sets, in chunks of 512 (the quickest of 128, 512,
2048 and all at once), in float32, without gradients, on one thread. That both find the same losses is checked first.
"""

import time

import _report

_report.one_thread()

import numpy as np  # noqa: E402

from wbviz.engine import Network, loss_surface, planes, random_directions  # noqa: E402

NET = Network([2, 8, 8, 1], hidden="tanh")
X = np.random.default_rng(0).normal(size=(500, 2))
Y = np.sin(X[:, :1])
PLANES = {
    "two weights of the first layer": {"axes": (("W", 0, 0, 0), ("W", 0, 1, 2))},
    "two weights of one neuron of the first layer": {"axes": (("W", 0, 0, 2), ("W", 0, 1, 2))},
    "a weight of the first layer, one of the second": {"axes": (("W", 0, 0, 0), ("W", 1, 1, 2))},
    "two weights of the second layer": {"axes": (("W", 1, 0, 0), ("W", 1, 1, 2))},
    "weight and bias of the output": {"axes": (("W", 2, 0, 0), ("b", 2, 0))},
    "two random directions": {"directions": random_directions(NET)},
}
CHUNK = 512


def ways(where):
    """What is measured on a plane: name → callable."""
    found = {
        "wbviz": lambda: on_one_thread(lambda: loss_surface(NET, X, Y, dtype=np.float32, **where)),
        "as it ships": lambda: loss_surface(NET, X, Y, dtype=np.float32, **where),
        "34 × 34": lambda: loss_surface(NET, X, Y, dtype=np.float32, resolution=34, **where),
    }
    if _report.version("torch"):
        found["torch.vmap"] = vmap(where)
        ours, theirs = found["wbviz"]().loss, found["torch.vmap"]().numpy().reshape(101, 101)
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    return found


def on_one_thread(work):
    """Run work without threads of wbviz's own."""
    usual, planes.WORTH_A_THREAD = planes.WORTH_A_THREAD, float("inf")
    try:
        return work()
    finally:
        planes.WORTH_A_THREAD = usual


def vmap(where):
    """The same losses by PyTorch, as a callable."""
    import torch

    torch.set_num_threads(1)
    layers = [torch.nn.Linear(n_in, n_out) for n_in, n_out in zip(NET.sizes, NET.sizes[1:], strict=False)]
    model = torch.nn.Sequential(layers[0], torch.nn.Tanh(), layers[1], torch.nn.Tanh(), layers[2])
    inputs, targets = torch.tensor(X, dtype=torch.float32), torch.tensor(Y, dtype=torch.float32)
    points = all_points(where)
    params = {}
    for k, (W, b) in enumerate(zip(*NET.views(points), strict=True)):
        params[f"{2 * k}.weight"] = torch.tensor(np.ascontiguousarray(W.mT), dtype=torch.float32)
        params[f"{2 * k}.bias"] = torch.tensor(b, dtype=torch.float32)

    def loss(params):
        return torch.nn.functional.mse_loss(torch.func.functional_call(model, params, inputs), targets)

    many = torch.vmap(loss, chunk_size=CHUNK)

    def run():
        with torch.no_grad():
            return many(params)

    return run


def all_points(where):
    """The parameters at all points of a plane, row by row: (10201, n_params)."""
    if "directions" in where:
        u = v = np.linspace(-1, 1, 101)
        d1, d2 = where["directions"]
        return (NET.params + v[:, None, None] * d2 + u[:, None] * d1).reshape(-1, NET.n_params)
    points = np.tile(NET.params, (101, 101, 1))
    first, second = (NET.index(*axis) for axis in where["axes"])
    points[..., first] = NET.params[first] + np.linspace(-3, 3, 101)
    points[..., second] = NET.params[second] + np.linspace(-3, 3, 101)[:, None]
    return points.reshape(-1, NET.n_params)


def measure(options):
    """Milliseconds by plane and way, and how many times as long as wbviz on one thread PyTorch takes."""
    made, ms, ratios = _report.machine("numpy", "torch"), {}, {}
    for plane, where in PLANES.items():
        seconds = _report.interleaved(ways(where), options.rounds)
        ms[plane] = {way: 1000 * _report.median(values) for way, values in seconds.items()}
        start = time.perf_counter()
        loss_surface(NET, X, Y, **where)
        ms[plane]["readable, once"] = 1000 * (time.perf_counter() - start)
        if "torch.vmap" in seconds:
            ratios[f"{plane}: torch.vmap"] = _report.ratios(seconds, "wbviz")["torch.vmap"]
    missing = [] if ratios else ["torch"]
    return {"machine": made, "rounds": options.rounds, "missing": missing, "ms": ms, "ratios": ratios}


def table(report):
    """The report as Markdown."""
    columns = list(next(iter(report["ms"].values())))
    rows = [
        [plane, *(number(ms[way]) for way in columns), times(report["ratios"].get(f"{plane}: torch.vmap"))]
        for plane, ms in report["ms"].items()
    ]
    heads = ["plane", *(f"{way}, ms" for way in columns), "torch.vmap / wbviz"]
    return f"{_report.markdown(heads, rows)}\n\n{_report.where(report)}"


def number(ms):
    return f"{ms:.1f}" if ms < 10 else f"{ms:.0f}"


def times(ratio):
    return None if ratio is None else f"{ratio:.0f} ×" if ratio >= 10 else f"{ratio:.1f} ×"


if __name__ == "__main__":
    _report.main("landscape", __doc__, measure, table, rounds=5, quick=1)
