"""The index of widgets, docs/widgets.md, and the pictures in it.

python tools/widget_index.py                 text and pictures
python tools/widget_index.py --text          the text alone
python tools/widget_index.py Neuron Momentum text, and the pictures of these
"""

import argparse
import io
import json
import re
from pathlib import Path

from wbviz import widgets
from wbviz.widgets._traits import Choice, Numbers, Parameters, Toggle

ROOT = Path(__file__).resolve().parents[1]
PAGE, PICTURES = ROOT / "docs" / "widgets.md", ROOT / "docs" / "widgets"
#: Colours of a picture: few enough for a small file, and none is missed.
COLOURS = 48
#: Widgets that show little before they have done something: the button that is pressed first.
PRESSED = {"Capstone": "train"}
HEAD = """# Widgets

<!-- Written by tools/widget_index.py: change the widgets, not this page. -->

Every figure of the book.
Each takes its knobs as settings, `Neuron(w=[1.0, 2.0], b=-1.0)`, and as attributes, `neuron.b = -2.0`.
All have `.describe()`, `.png()`, `.state`, `.share()`, `.load(text)`, `.undo()` and `.reset()`.
`controls=["b"]` leaves only some of the controls, `hide=["share"]` takes some away: [for teachers](teachers.md).

| widget | what it shows | chapters |
|---|---|---|
"""


def text():
    """The page."""
    used = chapters_of(widgets.__all__)
    rows = [f"| [{name}](#{name.lower()}) | {shows(name)} | {linked(used[name])} |" for name in widgets.__all__]
    return HEAD + "\n".join(rows) + "\n" + "".join(section(name, used[name]) for name in widgets.__all__)


def section(name, chapters):
    """What there is to know of one widget."""
    cls = getattr(widgets, name)
    knobs = [knob(cls, trait) for trait in cls._tagged("knob")]
    picture = f"widgets/{widgets.file_of(name)}.png"
    state = f"after {PRESSED[name]}()" if name in PRESSED else "as it opens"
    return (
        f"\n## {name}\n\n{shows(name)}\n\n![{cls.title}, {state}]({picture})\n\n"
        f"    from wbviz import {name}\n    {name}()\n\n"
        f"Knobs: {'; '.join(knobs)}.\n\nChapters: {linked(chapters) or 'none yet'}.\n"
    )


def shows(name):
    """What a widget shows: the first line of its docstring."""
    return getattr(widgets, name).__doc__.strip().splitlines()[0].replace("|", "\\|")


def knob(cls, name):
    """A knob in words: its name, its label where that is another, and what it may be."""
    trait = getattr(cls, name)
    meta = trait.metadata
    label = meta["label"] if isinstance(meta["label"], str) else ""
    told = "" if label.replace("{i}", "") in ("", name) or "{i}" in label else f" ({label})"
    return f"`{name}`{told} {span(trait, meta)}".rstrip()


def span(trait, meta):
    """The values of a knob."""
    if isinstance(trait, Toggle):
        return "on or off"
    if isinstance(trait, Choice):
        values = [str(value) for value in trait.values]
        if len(values) == 1:
            return "as the data have it"
        return " / ".join(values) if len(values) <= 12 else f"one of {len(values)}"
    low, high = (f"{meta[end]:,.6f}".rstrip("0").rstrip(".").replace("-", "−") for end in ("min", "max"))
    ends = f"{low} to {high}"
    return f"{ends} each" if isinstance(trait, (Numbers, Parameters)) else ends


def chapters_of(names):
    """In which chapters each widget is opened by a cell: name → their numbers and files, in order."""
    found = {name: [] for name in names}
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        for name in names:
            if re.search(rf"\b{name}(\.of)?\(", code) or name in in_exercises(int(path.name[:2])):
                found[name].append((path.name[:2], path.name))
    return found


def in_exercises(number):
    """The widgets of a chapter's exercises and predictions."""
    from wbviz.lessons import CHAPTERS, chapter

    if number not in CHAPTERS:
        return set()
    items = (*chapter(number).exercises, *chapter(number).predictions)
    return {item.widget.__name__ for item in items if getattr(item, "widget", None)}


def linked(chapters):
    """Links to chapters."""
    return ", ".join(f"[{number}](../chapters/{file})" for number, file in chapters)


def picture(name):
    """A widget's picture, as the bytes of a small PNG file."""
    from PIL import Image  # comes with matplotlib

    figure = getattr(widgets, name)()
    if name in PRESSED:
        getattr(figure, PRESSED[name])()
    image = Image.open(io.BytesIO(figure.png())).convert("RGB")
    figure.close()
    image = image.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="WIDGET", help="pictures of these only")
    parser.add_argument("--text", action="store_true", help="no pictures")
    options = parser.parse_args()
    PAGE.write_text(text(), encoding="utf-8")
    PICTURES.mkdir(exist_ok=True)
    for name in [] if options.text else options.names or widgets.__all__:
        (PICTURES / f"{widgets.file_of(name)}.png").write_bytes(picture(name))
    size = sum(path.stat().st_size for path in PICTURES.iterdir())
    print(f"{PAGE}: {len(widgets.__all__)} widgets, {size:,} bytes of pictures")


if __name__ == "__main__":
    main()
