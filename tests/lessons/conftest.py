"""Every test has a progress file of its own, and small lessons to try the views with."""

import ipywidgets
import pytest
import traitlets

from wbviz.lessons import (
    Chapter,
    Choose,
    Claim,
    DrawCurve,
    Exercise,
    Mistake,
    Number,
    Option,
    Progress,
    SetControl,
    Verdict,
    matches,
    near,
)


class Dial(ipywidgets.VBox):
    """The least that a lesson asks of an explorer."""

    w = traitlets.List([0.0, 0.0])
    b = traitlets.Float(0.0)

    def __init__(self, **settings):
        super().__init__()
        self.closed = False
        self.apply(settings)

    @property
    def state(self):
        return {"w": list(self.w), "b": self.b}

    def apply(self, settings):
        for name, value in settings.items():
            setattr(self, name, value)

    def close(self):
        self.closed = True
        super().close()


def check_dial(dial):
    if dial.b < 1:
        return "The bias is too low."
    return "" if dial.w[0] > 0 else "The first weight is not positive."


def experiment():
    for step in range(1, 4):
        yield step / 3, f"line {step}"
    return Verdict("holds if …", {"best accuracy": 0.75, "lines": 10201}, "No line does better.")


def make_chapter():
    return Chapter(
        number=97,
        title="A <b>test</b> chapter",
        file="97_test.ipynb",
        predictions=[
            Choose("sign", "Which sign?", lambda: "plus", options=[Option("plus"), Option("minus", "A slip of sign.")]),
            Number("sum", "What is `z`?", lambda: 2.0, tolerance=0.1, mistakes=[Mistake(3.0, "The bias is left out.")]),
            SetControl("bias", "Where does it fire?", lambda: -1.0, widget=Dial, control="b", tolerance=0.05),
            DrawCurve("curve", "Draw it.", lambda: [0, 1, 2, 3, 4], x=range(5), y_range=(-1, 5), tolerance=0.2),
        ],
        exercises=[
            Exercise(
                "dial",
                "Raise the <i>bias</i>.",
                check_dial,
                ("Look at b.", "Then at the first weight."),
                start={"b": 0.0},
                solution={"b": 2.5, "w": [0.5, 0.0]},
                widget=Dial,
                conclusion="That is it.",
            ),
            Exercise("half", "Half of five?", near(2.5, 0.01), ("Divide.", "By two."), start=0.0, solution=2.5),
            Exercise(
                "neuron",
                "Write it.",
                matches(lambda x, w, b: x * w + b, [(0.0, 1.0, 2.0), (2.0, 3.0, 1.0)]),
                ("Multiply.", "Then add."),
                start=lambda x, w, b: x * w,
                solution=lambda x, w, b: x * w + b,
            ),
        ],
        claims=[Claim("xor", "A line can do <xor>.", "What are Weights and Biases?", experiment)],
    )


@pytest.fixture(autouse=True)
def progress(tmp_path, monkeypatch):
    monkeypatch.setenv("WBVIZ_PROGRESS", str(tmp_path / "data" / "progress.json"))
    return Progress.current()


@pytest.fixture
def ch():
    return make_chapter()
