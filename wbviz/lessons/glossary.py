"""The glossary: every term of the book, with the figure that shows it. In a notebook: `glossary()`."""

import anywidget
import traitlets

from wbviz.lessons._view import View
from wbviz.lessons.chapter import CHAPTERS, chapter
from wbviz.picture import beside
from wbviz.terms import TERMS
from wbviz.widgets._stage import Stage


class TermList(anywidget.AnyWidget):
    """The terms as a table that the browser searches by itself; `on_open(name)` hears which figure is wanted."""

    _esm = beside(__file__, "glossary.js")
    _css = beside(__file__, "glossary.css")
    entries = traitlets.List(help="Of each term: its name, meaning, chapter, and its figure's name.").tag(sync=True)
    chapters = traitlets.List(help="Of each chapter: its number, title and file.").tag(sync=True)
    disabled = traitlets.Bool(False, help="Is there no Python that could open a figure?").tag(sync=True)

    def __init__(self, names, on_open):
        entries = [[name, term.meaning, term.chapter, term.preset.split("(")[0]] for name, term in TERMS.items()]
        chapters = [chapter(number) for number in CHAPTERS]
        super().__init__(
            entries=[entry for entry in entries if entry[0] in names],
            chapters=[[found.number, found.title, found.file] for found in chapters],
        )
        self.on_msg(lambda _, content, buffers: on_open(content.get("open")))

    def __repr__(self):
        return "TermList"


class Glossary(View):
    """Terms with a search field and a filter by chapter; under them the stage where figures open.

    names: those to show, all where left out.
    """

    def __init__(self, names=TERMS):
        super().__init__("Glossary", "terms", "Every term of this book. Search, or open the figure that shows it.")
        self.list, self.stage = TermList(set(names), lambda name: self.guarded(lambda: self.open_figure(name))), Stage()
        self.arrange(self.list, self.stage)

    def open_figure(self, name):
        """Open the figure of a term on the stage. A name that is no term raises ValueError."""
        if name not in TERMS:
            raise ValueError(f"There is no term {name!r} in the glossary.")
        self.feedback.say("")
        self.stage.show(TERMS[name].preset, name)


def glossary():
    """The terms of the whole book → a view: search, filter by chapter, and open the figure of a term below."""
    return Glossary()
