"""The axes that all scenes share: one look, colours and sizes from `wbviz.style`."""

from wbviz import style


def plot_axes(figure, rect, *, title="", xlabel="", ylabel=""):
    """Axes for a plot at `rect` (left, bottom, width, height as fractions of the figure)."""
    axes = figure.add_axes(rect, facecolor=style.PAPER)
    for spine in axes.spines.values():
        spine.set_color(style.MUTED)
        spine.set_linewidth(style.THIN)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=style.MUTED, labelcolor=style.INK, labelsize=style.SMALL, width=style.THIN, length=3)
    axes.set_title(title, fontsize=style.TEXT, color=style.INK, loc="left", pad=6)
    axes.set_xlabel(xlabel, fontsize=style.SMALL, color=style.INK, labelpad=2)
    axes.set_ylabel(ylabel, fontsize=style.SMALL, color=style.INK, labelpad=2)
    return axes


def blank_axes(figure, rect, *, xlim=(0, 1), ylim=(0, 1), equal=False):
    """Axes without any frame, for diagrams and text."""
    axes = figure.add_axes(rect)
    axes.set_axis_off()
    axes.set_xlim(*xlim)
    axes.set_ylim(*ylim)
    if equal:
        axes.set_aspect("equal")
    return axes


def zero_lines(axes, x=True, y=True):
    """Thin lines through the origin."""
    if x:
        axes.axvline(0, color=style.FAINT, linewidth=style.THIN, zorder=0.5)
    if y:
        axes.axhline(0, color=style.FAINT, linewidth=style.THIN, zorder=0.5)


def label(axes, x, y, text="", *, size=style.TEXT, color=style.INK, boxed=False, **kwargs):
    """A text artist; `boxed` puts a patch of paper behind it, so that lines do not run through the number."""
    if boxed:
        kwargs["bbox"] = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.2}
    kwargs = {"ha": "center", "va": "center", **kwargs}
    return axes.text(x, y, text, fontsize=size, color=color, **kwargs)


def change(artist, **properties):
    """Set properties of an artist, and only those whose value differs from the last: an untouched artist costs nothing.

    change(text, text="0.50", position=(1, 2)) calls `set_text` and `set_position`. Values must be comparable (numbers,
    texts, tuples), and the property must not be set in any other way.
    """
    shown = vars(artist).setdefault("_wbviz_shown", {})
    for name, value in properties.items():
        if name not in shown or shown[name] != value:
            shown[name] = value
            getattr(artist, f"set_{name}")(value)


def stepped_limit(value, steps=(5, 10, 20, 50, 100, 200, 500, 1000)):
    """The smallest of `steps` that holds |value|: axes change in steps, so that the picture does not jump about."""
    return next((step for step in steps if abs(value) <= step), abs(value) * 1.1)
