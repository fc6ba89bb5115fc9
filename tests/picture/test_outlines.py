"""Numbers are put together from a layout made once for their form: they must be what matplotlib would have laid out."""

import numpy as np
import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from wbviz.picture import outlines

FONT = FontProperties(size=10)


def assembled(text, is_math):
    layout = outlines.lay_out(text, outlines.font_number(FONT), is_math)
    x, y, scale = np.reshape(layout.places, (-1, 3)).T
    shapes = [outlines.glyph(name)[0] for name in layout.names]
    placed = [shape * scale[i] + (x[i], y[i]) for i, shape in enumerate(shapes)]
    return np.concatenate(placed) if placed else np.empty((0, 2))


@pytest.mark.parametrize("pattern", ["{:.2f}", "w = {:+.3f}", "{:.1e}", "loss 0.5 → {:.4f} (12 steps)"])
def test_plain_numbers_are_laid_out_as_matplotlib_does(pattern):
    for value in np.random.default_rng(0).normal(0, 10, 30):
        text = pattern.format(value)
        expected, _ = TextToPath().get_text_path(FONT, text)
        assert assembled(text, False) == pytest.approx(np.array(expected), abs=0.1), text


@pytest.mark.parametrize("pattern", ["$w_1 = {:.2f}$", r"$x_1^2 = \frac{{{:.1f}}}{{3}}$", r"$\sqrt{{{:.2f}}}$"])
def test_numbers_in_formulas_are_laid_out_as_matplotlib_does(pattern):
    for value in np.random.default_rng(0).uniform(1, 9, 15):
        text = pattern.format(value)
        expected, _ = TextToPath().get_text_path(FONT, text, ismath=True)
        got, expected = assembled(text, True), np.array(expected)
        assert len(got) == len(expected), text
        # Within 1.5 hundredths of the font's size: matplotlib raises bars and powers by the ink of the digits below.
        assert np.sort(got, axis=0) == pytest.approx(np.sort(expected, axis=0), abs=1.5), text


def test_all_numbers_of_one_form_share_one_layout():
    outlines._lay_out.cache_clear()
    for k in range(100):
        outlines.lay_out(f"{k / 100:.2f}", outlines.font_number(FONT), False)
    assert outlines._lay_out.cache_info().misses <= 2


def test_blank_text_has_no_glyphs():
    assert outlines.lay_out("   ", outlines.font_number(FONT), False).names == ()


def test_digits_that_are_part_of_a_command_are_not_exchanged():
    font = outlines.font_number(FONT)
    wide, narrow = (outlines.lay_out(rf"$a\hspace{{{gap}}}b$", font, True).places for gap in ("2.0", "0.1"))
    assert wide != narrow
