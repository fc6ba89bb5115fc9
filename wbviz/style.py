"""The one home of every colour, line width and text size. Imports nothing.

Signed quantities are never told apart by colour alone: positive is blue and solid, negative is vermillion and
dashed, and the number stands beside it. The accents are those of Okabe and Ito (2008) that reach 3:1 on white.
"""

INK = "#1f2328"
MUTED = "#57606a"
FAINT = "#d0d7de"
PAPER = "#ffffff"
PANEL = "#f6f8fa"

BLUE = "#0072b2"
VERMILLION = "#d55e00"
GREEN = "#009e73"
PINK = "#cc79a7"
HIGHLIGHT = "#fff4c2"

POSITIVE, NEGATIVE = BLUE, VERMILLION
POSITIVE_DASH, NEGATIVE_DASH = "solid", (0, (4, 2))
CLASS_COLOURS = (VERMILLION, BLUE, GREEN, PINK, INK)
CLASS_MARKERS = ("o", "s", "^", "D", "P")

#: What the dark theme puts in the place of each colour. A colour not named here, and every image, stays as it is.
DARK = {
    INK: "#e6edf3",
    MUTED: "#9da7b3",
    FAINT: "#444c56",
    PAPER: "#111111",
    PANEL: "#1c2128",
    BLUE: "#58b4f0",
    VERMILLION: "#ff8a3d",
    GREEN: "#3fc79a",
    PINK: "#e6a3c8",
    HIGHLIGHT: "#443a0e",
}

#: Text and marks that lie on a colour map, which is the same in both themes.
MAP_INK = "#000000"
SEQUENTIAL_MAP = "cividis"
#: From negative through zero to positive: vermillion, white, blue.
DIVERGING_COLOURS = (VERMILLION, "#f3c7ad", "#fefefe", "#a9cfe8", BLUE)

THIN, LINE, BOLD = 0.8, 1.8, 3.0
SMALL, TEXT, TITLE = 9.0, 10.5, 12.0
MARKER = 7.0

#: Pixels per inch of the page: a figure of 7.2 × 4.0 inches is 720 × 400 CSS pixels.
DPI = 100


def signed_colour(value):
    """The colour of a signed number: blue for zero or more, vermillion below."""
    return POSITIVE if value >= 0 else NEGATIVE


def signed_dash(value):
    """The line style of a signed number: solid for zero or more, dashed below."""
    return POSITIVE_DASH if value >= 0 else NEGATIVE_DASH


def signed_width(value, scale=1.6):
    """The line width, in points, of a weight: grows with the square root of its size, from thin to 7."""
    return THIN + min(scale * abs(value) ** 0.5, 6.2)
