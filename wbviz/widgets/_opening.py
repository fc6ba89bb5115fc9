"""Presets: a text such as `Neuron(b=-2)`, as Share writes it, and the explorer it stands for."""

import re

import traitlets

from wbviz import widgets
from wbviz.widgets import _share
from wbviz.widgets._tree import close_tree
from wbviz.widgets._words import nearest


def read_preset(text):
    """The class of explorer and the settings (a dict, perhaps not of all traits) that a text names.

    Nothing is run or opened, and values are not compared with their ranges. What is no explorer of this book, no
    plain value or no setting of that explorer raises ValueError.
    """
    named = re.match(r"\s*([A-Za-z_]\w*)\s*\(", text) if isinstance(text, str) else None
    if named is None:
        raise ValueError(f"This text is no figure: {text!r:.60}. It should look like Neuron(b=-2).")
    name = named[1]
    if name not in widgets.__all__:
        raise ValueError(f"There is no figure {name!r} in this book.{nearest(name, widgets.__all__)}")
    settings = _share.read(name, text)
    cls = getattr(widgets, name)
    for setting in settings:
        if setting not in cls._state_names():
            raise ValueError(f"{name} has no setting {setting!r}.{nearest(setting, cls._state_names())}")
    return cls, settings


def explorer_of(text, **options):
    """The explorer that a text names, opened with its settings; options: `controls`, as every explorer takes it.

    Whatever is wrong with the text raises ValueError.
    """
    cls, settings = read_preset(text)
    made = cls.__new__(cls)
    try:
        made.__init__(**settings, **options)
        return made
    except (TypeError, traitlets.TraitError) as error:
        close_tree(made)  # what was made until then
        raise ValueError(f"{cls.__name__} was not opened. {error}") from None
