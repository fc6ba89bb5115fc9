"""Where the front ends of widgets are read from."""

from pathlib import Path


def beside(file, name):
    """The text of a file of that name in the folder of `file`.

    As text, not as a file: anywidget keeps every widget alive whose front end is a file it could watch.
    """
    return Path(file).with_name(name).read_text(encoding="utf-8")
