"""A hand on a picture, without a browser: the pointer and the keys, as the page would report them."""


def drag(explorer, axes, *places):
    """Press at the first place, in data coordinates of the axes, move through the others, and let go."""
    at = [axes.transData.transform(place) for place in places]
    held = {"press": explorer.picture.pointer.get("press", 0) + 1, "px": at[0][0], "py": at[0][1], "inside": True}
    for k, (x, y) in enumerate(at):
        explorer.picture.pointer = {**held, "x": x, "y": y, "down": k < len(at) - 1, "shift": False}


def press(explorer, *keys, shift=False):
    """Press keys, one after the other, while the picture has the focus."""
    for key in keys:
        seen = explorer.picture.keystrokes.get("n", 0)
        explorer.picture.keystrokes = {"n": seen + 1, "recent": [{"key": key, "shift": shift, "ctrl": False}]}
