"""wbviz: a visual textbook on neural-network weights and biases.

This module is all that a chapter needs. Each name is imported when it is first used, so that `wbviz check` can run
where a package is missing, and nothing waits for matplotlib before there is a picture.
"""

from importlib import import_module

from wbviz.widgets import __all__ as _EXPLORERS

__version__ = "0.1.0"

_HOMES = {
    "wbviz.engine": ("Network", "loss_surface", "train"),
    "wbviz.data": ("load_dataset",),
    "wbviz.lessons": ("book_progress", "chapter"),
    "wbviz.lessons.glossary": ("glossary",),
    "wbviz.lessons.self_test": ("self_test",),
    "wbviz.widgets": (*_EXPLORERS, "with_progress"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = list(_HOME_OF)


def __getattr__(name):
    if name not in _HOME_OF:
        raise AttributeError(f"wbviz has no {name!r}. It has: {', '.join(__all__)}.")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__():
    return [*globals(), *__all__]
