"""Run chapters and store their outputs: the references that `make test` compares. Running it twice changes nothing.

    python tools/references.py                      every chapter
    python tools/references.py chapters/01_*.ipynb  these only

What differs between two runs, or belongs to one machine, is left out: the state of widgets, times, and the versions
of Python and its tools. A live figure keeps its picture, its text, and its view under a name that stays the same.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
#: The marks on a cell that authors set; others are left behind by editors and by the run.
MARKS = ("jupyter", "tags")


def main():
    """Execute and tidy the notebooks named on the command line, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notebooks", nargs="*", type=Path, default=sorted(CHAPTERS.glob("*.ipynb")))
    for path in parser.parse_args().notebooks:
        execute(path)
        notebook = nbformat.read(path, as_version=4)
        tidy(notebook)
        nbformat.validate(notebook)
        nbformat.write(notebook, path)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB", flush=True)


def execute(path):
    """Run every cell of the notebook, from nothing learned, and store its outputs in the file; stops at an error."""
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "--log-level", "WARN"]
    command += ["--ExecutePreprocessor.timeout=60", "--ExecutePreprocessor.kernel_name=python3", str(path)]
    with tempfile.TemporaryDirectory() as nothing_learned:
        progress = os.path.join(nothing_learned, "progress.json")
        if subprocess.run(command, env=os.environ | {"WBVIZ_PROGRESS": progress}).returncode:
            sys.exit(f"{path} stopped at the error above; its outputs are left as they were.")


def tidy(notebook):
    """Leave out of a notebook what is not the same in every run."""
    notebook.metadata.clear()
    notebook.metadata.update({"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata = {mark: cell.metadata[mark] for mark in MARKS if mark in cell.metadata}
        if cell.cell_type == "code":
            cell.outputs = list(merged(tidied(output, cell.id) for output in cell.outputs))


def tidied(output, name):
    """An output whose widget view, if it has one, goes by `name`: the model it names lives in no other kernel."""
    if "data" in output:
        if VIEW in output.data:
            output.data[VIEW]["model_id"] = name
        output.metadata = {}
    return output


def merged(outputs):
    """The outputs with text that came in several pieces put together, and without those that show nothing."""
    last = None
    for output in outputs:
        if output.output_type == "stream" and last is not None and last.get("name") == output.name:
            last.text += output.text
        elif output.output_type == "stream" or output.get("data") or output.output_type == "error":
            last = output
            yield output


if __name__ == "__main__":
    main()
