"""What the tests of all explorers share."""

import pytest

from tests.picture.sent import Frames


@pytest.fixture
def make(request):
    """Makes explorers and closes them after the test: of the class given, or else of the module's EXPLORER.

    A module that says PAINTED = True gets them with their picture drawn once.
    """
    made = []

    def build(cls=None, **settings):
        made.append((cls or request.module.EXPLORER)(**settings))
        if getattr(request.module, "PAINTED", False):
            made[-1].png()
        return made[-1]

    yield build
    for explorer in made:
        explorer.close()


@pytest.fixture
def watched(make):
    """Makes explorers, as `make` does, that a browser looks at: `explorer.frames`."""

    def build(cls=None, **settings):
        explorer = make(cls, **settings)
        explorer.frames = Frames(explorer.picture).ready()
        return explorer

    return build
