"""Downloads whose bytes travel in the link, and weights as a file."""

import base64
import datetime
import io
import re

import numpy as np
import pytest

from wbviz.engine import Network, load_npz, save_npz
from wbviz.widgets._download import LARGEST, WeightsFile, download_link
from wbviz.widgets._tree import close_tree


def carried(html):
    """The bytes in a link."""
    return base64.b64decode(re.search(r'href="data:[\w/-]+;base64,([^"]+)"', html)[1])


def uploaded(content):
    now = datetime.datetime.now(datetime.UTC)
    return ({"name": "w.npz", "type": "", "size": len(content), "content": memoryview(content), "last_modified": now},)


def test_the_bytes_are_in_the_link_and_nothing_else_gets_in():
    html = download_link(bytes(range(256)), 'a"b.csv', "<b>Download</b>")
    assert carried(html) == bytes(range(256))
    assert "&lt;b&gt;Download" in html
    assert 'download="a&quot;b.csv"' in html
    with pytest.raises(ValueError, match="would have 1,000,001 bytes"):
        download_link(bytes(LARGEST + 1), "x", "x")


def test_weights_go_out_and_come_in():
    net, taken = Network([2, 3, 1], seed=3), []
    panel = WeightsFile(lambda: net, taken.append)
    panel.children[0].children[0].click()
    content = carried(panel._link.value)
    np.testing.assert_array_equal(load_npz(io.BytesIO(content)).params, net.params)
    assert "13 numbers" in panel._link.value
    panel.upload.value = uploaded(content)
    np.testing.assert_array_equal(taken[0].params, net.params)
    assert panel.upload.value == ()
    assert panel._error.value == ""
    close_tree(panel)


def test_what_cannot_be_loaded_is_said():
    def refuse(net):
        raise ValueError(f"This network has {net.sizes[0]} inputs, but 2 features are on.")

    panel = WeightsFile(lambda: Network([2, 1]), refuse)
    panel.upload.value = uploaded(b"nonsense")
    assert "no file of weights" in panel._error.value
    file = io.BytesIO()
    save_npz(Network([5, 1]), file)
    panel.upload.value = uploaded(file.getvalue())
    assert "5 inputs" in panel._error.value
    close_tree(panel)


def test_without_a_taker_nothing_can_be_loaded():
    panel = WeightsFile(lambda: Network([2, 1]))
    assert panel.upload is None
    assert len(panel.children[0].children) == 2
    close_tree(panel)
