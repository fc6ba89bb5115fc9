"""Paths made ready for the browser are the paths that Agg would draw."""

import numpy as np
import pytest
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from wbviz.picture.paths import FAR, lines, prepare, rectilinear

SIZE = (200, 100)
TO_PIXELS = Affine2D().scale(10).translate(30, 20)
NAN, FAR_AWAY = np.nan, 1e9
PATHS = {
    "line": Path([(0, 0), (1, 2), (3, 0)]),
    "one point": Path([(1, 1)]),
    "outside": Path([(0, 0), (100, 2), (3, -50)]),
    "far away": Path([(0, 0), (FAR_AWAY, 2), (3, -FAR_AWAY)]),
    "x not a number": Path([(0, 0), (NAN, 2), (3, 0), (4, 4)]),
    "y not a number": Path([(0, 0), (1, 2), (3, NAN), (4, 4)]),
    "infinite": Path([(0, 0), (1, 2), (np.inf, 3), (4, 4)]),
    "two lines": Path([(0, 0), (1, 2), (2, 2), (4, 4)], [1, 2, 1, 2]),
    "rectangle": Path.unit_rectangle(),
    "circle": Path.unit_circle(),
    "curves": Path([(0, 0), (1, 2), (2, 0), (3, 1), (4, 1), (5, 0), (0, 0)], [1, 3, 3, 4, 4, 4, 79]),
    "curves not a number": Path([(0, 0), (1, NAN), (2, 0), (3, 1), (4, 1), (5, 0), (0, 0)], [1, 3, 3, 4, 4, 4, 79]),
    "stopped": Path([(0, 0), (1, 2), (0, 0), (4, 4)], [1, 2, 0, 2]),
    "many": Path(np.random.default_rng(0).uniform(-1, 15, (300, 2))),
}


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("name", PATHS)
def test_short_paths_are_what_matplotlib_makes_of_them(name, filled):
    path = PATHS[name]
    straight = not filled and (path.codes is None or not {3, 4} & {*path.codes})
    clean = path.cleaned(
        TO_PIXELS,
        remove_nans=True,
        clip=(-1, -1, SIZE[0] + 1, SIZE[1] + 1) if straight else None,
        simplify=straight and path.should_simplify,
        curves=True,
    )
    vertices, codes = prepare(path, TO_PIXELS, SIZE, filled)
    codes = lines(len(vertices)) if codes is None else codes
    assert codes.tolist() == clean.codes[:-1].tolist()
    places = codes != Path.CLOSEPOLY
    assert vertices[places].tolist() == np.clip(clean.vertices[:-1], -FAR, FAR)[places].tolist()


def test_curves_are_never_rectilinear():
    level = np.array([(0, 0), (1, 0), (2, 0)], float)
    assert rectilinear(level, None)
    assert rectilinear(level, np.array([1, 2, 2]))
    assert not rectilinear(level, np.array([1, 3, 3]))
