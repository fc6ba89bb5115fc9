"""Where the front ends of widgets are read from."""

from pathlib import Path


def beside(file, *names):
    """The text of the files of these names in the folder of `file`, one after the other: a front end is one module.

    As text, not as a file: anywidget keeps every widget alive whose front end is a file it could watch.
    """
    return "\n".join(Path(file).with_name(name).read_text(encoding="utf-8") for name in names)
