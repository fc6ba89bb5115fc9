"""A stage: one place on the page where presets open, one at a time."""

import anywidget
import ipywidgets as w
import traitlets

from wbviz.picture import beside
from wbviz.widgets._opening import explorer_of
from wbviz.widgets._tree import close_tree


class StageHead(anywidget.AnyWidget):
    """What stands above a figure on the stage: its name, a line for what went wrong, and a button that takes it away.

    The browser announces what is said here, moves the focus to the name of a figure that was opened, and back to
    where it was when the figure is taken away.
    """

    _esm = beside(__file__, "stage.js")
    _css = beside(__file__, "stage.css")
    title = traitlets.Unicode(help="The name of what stands there; empty where nothing does.").tag(sync=True)
    said = traitlets.Unicode(help="What went wrong, as plain text.").tag(sync=True)
    opened = traitlets.Int(0, help="How many figures were opened.").tag(sync=True)
    disabled = traitlets.Bool(False, help="Is there no Python that could take the figure away?").tag(sync=True)

    def __init__(self, on_close):
        super().__init__()
        self.on_msg(lambda _, content, buffers: content == "close" and on_close())

    def close(self):
        """Free the model, its layout included."""
        self.unobserve_all()
        close_tree(self)

    def __repr__(self):
        return "StageHead"


class Stage(w.VBox):
    """Presets open here, one at a time; `explorer` is the one that stands there, or None."""

    def __init__(self):
        self.explorer, self._closed = None, False
        self.head = StageHead(self.clear)
        super().__init__([self.head])
        self.add_class("wbviz-stage")

    def show(self, text, purpose=""):
        """Open the figure that a preset (`Neuron(b=-2)`) names, in the place of what stood there → the explorer.

        Its heading says which figure it is and for what `purpose`, and gets the focus. A text that cannot be opened is
        said in the line of the stage; what stood there stays, and None is returned.
        """
        try:
            explorer = explorer_of(text)
        except ValueError as error:
            self.say(str(error))
            return None
        before, self.explorer = self.explorer, explorer
        self.children = (self.head, explorer)
        if before is not None:
            before.close()
        with self.head.hold_sync():
            self.head.title = f"{type(explorer).__name__}{f', for: {purpose}' if purpose else ''}"
            self.head.said, self.head.opened = "", self.head.opened + 1
        return explorer

    def say(self, message):
        """Show a message in the line of the stage; an empty one takes it away."""
        self.head.said = message

    def clear(self):
        """Take away what stands there."""
        before, self.explorer = self.explorer, None
        if before is not None:
            self.children = (self.head,)
            before.close()
        with self.head.hold_sync():
            self.head.title = self.head.said = ""

    def close(self):
        """Free the figure, the head and their models. Safe to call twice."""
        if not self._closed:
            self._closed = True
            self.clear()
            close_tree(self)

    def __repr__(self):
        return "Stage"
