"""The optional libraries: found where they are, and a sentence that says what to install where not."""

import subprocess
import sys

import pytest

from wbviz import bridges
from wbviz.bridges import MissingExtra, _extra, need, present


def test_a_library_that_is_there_is_imported(monkeypatch):
    monkeypatch.setitem(_extra.EXTRAS, "json", ("JSON", "json"))
    assert present("json")
    assert need("json").loads("1") == 1
    assert need("json.decoder").JSONDecoder


@pytest.mark.parametrize("module", bridges.EXTRAS)
def test_a_missing_library_is_named_with_the_command_that_installs_it(module, monkeypatch):
    monkeypatch.setattr(_extra, "find_spec", lambda name: None)
    name, packages = bridges.EXTRAS[module]
    assert not present(module)
    with pytest.raises(MissingExtra, match=f"{name} is not installed.*pip install {packages}"):
        need(module)


def test_bridges_import_none_of_them():
    code = "import sys, wbviz.bridges; print([m for m in wbviz.bridges.EXTRAS if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
