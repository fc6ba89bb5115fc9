"""Downloads that need no server: the bytes travel inside the link. And weights as a file, out and in."""

import base64
import io

import ipywidgets as w

from wbviz.engine import load_npz, save_npz
from wbviz.widgets._rows import error_line, put
from wbviz.widgets._words import escape

#: More bytes are refused: browsers stop at some two million characters of a link.
LARGEST = 1_000_000
#: JupyterLab takes the look of a link away.
LINK = "color: var(--jp-content-link-color, #0072b2); text-decoration: underline"


def download_link(content, filename, words, kind="application/octet-stream"):
    """HTML of a link that saves `content` (bytes) as `filename`; `words` are what is read, `kind` is the media type.

    More than `LARGEST` bytes raise ValueError.
    """
    if len(content) > LARGEST:
        raise ValueError(f"{filename} would have {len(content):,} bytes; a link can carry {LARGEST:,}.")
    href = f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
    return f'<a style="{LINK}" download="{escape(filename)}" href="{escape(href)}">{escape(words)}</a>'


class WeightsFile(w.VBox):
    """The network's weights and biases as a file (npz, never pickled): a link to keep them, and a button to load some.

    network: called for the Network as it is now.  on_network: called with a Network that was loaded; what it raises is
    said here. Without it there is nothing to load.
    """

    def __init__(self, network, on_network=None, filename="weights.npz"):
        self._network, self._on_network, self._filename = network, on_network, filename
        write = w.Button(description="Weights as a file", tooltip="Make a link to the weights and biases of now (npz)")
        write.layout.width = "auto"
        write.on_click(lambda _: self._guarded(self.write))
        self._link, self._error = w.HTML(), error_line()
        self.upload = self._make_upload() if on_network else None
        controls = [control for control in (write, self.upload, self._link) if control is not None]
        super().__init__([w.HBox(controls, layout=w.Layout(flex_flow="row wrap", align_items="center")), self._error])

    def _make_upload(self):
        made = w.FileUpload(accept=".npz", multiple=False, description="Load weights")
        made.tooltip = "Take the weights and biases of such a file"
        made.observe(lambda change: self._guarded(self._load, change["new"]), names="value")
        return made

    def write(self):
        """Make a link to the weights and biases as they are now."""
        net, file = self._network(), io.BytesIO()
        save_npz(net, file)
        words = f"Download {self._filename} ({net.n_params} numbers, as they were just now)"
        self._link.value = download_link(file.getvalue(), self._filename, words)

    def _load(self, files):
        if files:
            content = bytes(files[0]["content"])
            self.upload.value = ()
            self._on_network(load_npz(io.BytesIO(content)))

    def _guarded(self, action, *values):
        put(self._error, "")
        try:
            action(*values)
        except Exception as error:  # ipywidgets drops what a callback raises: say it instead
            put(self._error, str(error) or type(error).__name__)
