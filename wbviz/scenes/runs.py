"""Several training runs in one chart: their losses by epoch, each run with a colour, a mark and a name of its own."""

from wbviz import style
from wbviz.scenes._axes import blank_axes, change, label, plot_axes, stepped_limit

MOST_RUNS = 5
#: Place of the chart, and where the list of runs begins, in pixels from the upper left.
CHART, LIST_X, LIST_Y, ROW = (56, 34, 372, 170), 452, 34, 38
EPOCHS = tuple(m * 10**k for k in range(1, 7) for m in (1, 2, 5))
LOSSES = tuple(m * 10**k for k in range(-3, 7) for m in (1, 2, 5))
#: The axis ends at most so many times above where a run began.
HEADROOM = 4
MARKS = 6  # so many marks are drawn along a curve


class RunsScene:
    """Training loss solid, validation loss dashed; a list beside the chart says which run is which, and its end."""

    def __init__(self, figure):
        width, height = figure.get_size_inches() * style.DPI
        left, top, across, down = CHART
        rect = [left / width, 1 - (top + down) / height, across / width, down / height]
        title = "Loss by epoch (solid: training, dashed: validation)"
        self.axes = plot_axes(figure, rect, title=title, xlabel="epoch", ylabel="loss")
        self.page = blank_axes(figure, [0, 0, 1, 1], xlim=(0, width), ylim=(height, 0))
        self.slots = [_Slot(self.axes, self.page, k) for k in range(MOST_RUNS)]
        self.live = [artist for slot in self.slots for artist in slot.artists]
        self._frame = None

    def update(self, runs):
        """Show up to five runs, dicts of `name`, `end` (two texts), `shown` (bool) and of lists of equal length:
        `epochs`, `train` and `validation` (which may be empty).
        """
        shown = [run for run in runs if run["shown"]]
        self._set_frame(*axis_ends(shown or runs))
        for k, slot in enumerate(self.slots):
            slot.show(runs[k] if k < len(runs) else None)

    def _set_frame(self, last, top):
        if (last, top) != self._frame:
            self._frame = (last, top)
            self.axes.set_xlim(0, last)
            self.axes.set_ylim(0, top)


class _Slot:
    """The two curves of one run, and its rows in the list."""

    def __init__(self, axes, page, k):
        look = {"color": style.CLASS_COLOURS[k], "linewidth": style.LINE, "zorder": 3 - 0.1 * k}
        marked = {"marker": style.CLASS_MARKERS[k], "markersize": 0.8 * style.MARKER}
        (self.train,) = axes.plot([], [], **look, **marked)
        (self.validation,) = axes.plot([], [], **look, **marked, linestyle=(0, (4, 2)), markerfacecolor=style.PAPER)
        y = LIST_Y + ROW * k
        (self.sample,) = page.plot([LIST_X, LIST_X + 22], [y, y], **look, **marked, markevery=(1, 2))
        self.name = label(page, LIST_X + 32, y, size=style.SMALL, ha="left")
        self.end = label(page, LIST_X + 32, y + 16, size=style.SMALL, ha="left")
        self.artists = [self.train, self.validation, self.sample, self.name, self.end]

    def show(self, run):
        """Show a run; None leaves the slot empty."""
        drawn = run is not None and run["shown"]
        for line, values in ((self.train, "train"), (self.validation, "validation")):
            change(line, visible=drawn and bool(run[values]))
            if drawn and run[values]:
                line.set_data(run["epochs"], run[values])
                line.set_markevery(max(1, len(run["epochs"]) // MARKS))
        change(self.sample, visible=drawn)
        for text, name in ((self.name, "name"), (self.end, "end")):
            change(text, visible=run is not None, text=run[name] if run is not None else "")
            change(text, color=style.INK if drawn else style.MUTED)


def axis_ends(runs):
    """Where the axes of these runs end: (epoch, loss), from fixed steps. A run whose loss rose makes no room for
    itself, unless all rose: one that explodes must not flatten the others.
    """
    last = max((run["epochs"][-1] for run in runs), default=1)
    heights = [_height(run) for run in runs if run["train"][-1] <= run["train"][0]] or [_height(run) for run in runs]
    return stepped_limit(last, EPOCHS), stepped_limit(max(heights, default=1), LOSSES)


def _height(run):
    """How high the curves of a run reach, at most `HEADROOM` times where they began."""
    curves = [curve for curve in (run["train"], run["validation"]) if curve]
    return max(min(max(curve), HEADROOM * curve[0]) for curve in curves)
