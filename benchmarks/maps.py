"""How long a network takes for a decision map: its answers at 100 × 100 places.

    python benchmarks/maps.py                    measure, write maps.json and the table in README.md
    python benchmarks/maps.py --rounds 20 --dry  try it out, write nothing

wbviz: `Grid(inputs)(net).y_hat`, float32, as the laboratory draws; readable: `net(X)`, float64. The peer is PyTorch
eager, torch.nn.Sequential on the 10,000 places in torch.inference_mode(), in float32 and in float64. All on one thread.
That all find the same answers is checked first.
"""

import _report

_report.one_thread()

import numpy as np  # noqa: E402

from wbviz.engine import Grid, Network  # noqa: E402

SIDE = np.linspace(-1, 1, 100)
X = np.stack(np.meshgrid(SIDE, SIDE), axis=-1).reshape(-1, 2)
GRID = Grid([SIDE, SIDE[:, None]])
NETS = {
    f"{'-'.join(map(str, sizes))} {hidden}": Network(sizes, hidden=hidden, seed=1)
    for sizes in ([2, 4, 1], [2, 4, 2, 1], [2, 8, 8, 1], [2, 8, 8, 8, 1])
    for hidden in ("tanh", "relu")
}


def ways(net):
    """What is measured of a network: name → callable."""
    found = {"wbviz": lambda: GRID(net).y_hat, "readable": lambda: net(X)}
    if _report.version("torch"):
        found |= {"PyTorch": torch_map(net, "float32"), "PyTorch, float64": torch_map(net, "float64")}
    answers = [np.asarray(way()).ravel() for way in found.values()]
    for own in answers:
        np.testing.assert_allclose(own, answers[1], atol=1e-5)
    return found


def torch_map(net, kind):
    """The same answers by PyTorch, as a callable."""
    import torch

    torch.set_num_threads(1)
    kind, layers = getattr(torch, kind), []
    for W, b in zip(net.weights, net.biases, strict=True):
        layer = torch.nn.Linear(*W.shape, dtype=kind)
        layer.weight.data, layer.bias.data = torch.tensor(W.T.copy(), dtype=kind), torch.tensor(b, dtype=kind)
        layers += [layer, torch.nn.Tanh() if net.activations[0].name == "tanh" else torch.nn.ReLU()]
    model, places = torch.nn.Sequential(*layers[:-1]), torch.tensor(X, dtype=kind)

    def run():
        with torch.inference_mode():
            return model(places)

    return run


def measure(options):
    """Microseconds by network and way, and how many times as long as wbviz PyTorch in float32 takes."""
    made, us, ratios = _report.machine("numpy", "torch"), {}, {}
    for name, net in NETS.items():
        seconds = _report.interleaved(ways(net), options.rounds, warmup=10)
        us[name] = {way: 1e6 * _report.median(values) for way, values in seconds.items()}
        if "PyTorch" in seconds:
            ratios[f"map {name}: PyTorch"] = _report.ratios(seconds, "wbviz")["PyTorch"]
    missing = [] if ratios else ["torch"]
    return {"machine": made, "rounds": options.rounds, "missing": missing, "us": us, "ratios": ratios}


def table(report):
    """The report as Markdown."""
    columns = list(next(iter(report["us"].values())))
    rows = []
    for name, us in report["us"].items():
        ratio = report["ratios"].get(f"map {name}: PyTorch")
        rows.append([name, *(f"{us[way]:.0f}" for way in columns), None if ratio is None else f"{ratio:.1f} ×"])
    heads = ["network", *(f"{way}, µs" for way in columns), "PyTorch / wbviz"]
    return f"{_report.markdown(heads, rows)}\n\n{_report.where(report)}"


if __name__ == "__main__":
    _report.main("maps", __doc__, measure, table, rounds=300, quick=60)
