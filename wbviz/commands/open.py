"""`wbviz open`: get the chapters ready and open JupyterLab at chapter 00."""

import os

from wbviz import __version__, book, check


def options(parser):
    parser.add_argument("--folder", help="where your copy of the chapters is or shall be (default: ./wbviz-book)")
    parser.add_argument("--port", type=int, help="JupyterLab's port (default: 8888, or the next free one)")
    parser.add_argument("--no-browser", action="store_true", help="start JupyterLab without opening a browser window")


def run(options):
    """Run JupyterLab at chapter 00 until the learner stops it."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise book.BookError(f"JupyterLab does not start ({error}). What to do: wbviz check") from error
    folder = chapters_folder(options.folder)
    print(f"Chapter 00 opens in JupyterLab, in {folder}. Ctrl-C here ends it.", flush=True)
    return LabApp.launch_instance(jupyter_arguments(folder, options.port, not options.no_browser)) or 0


def chapters_folder(wanted=None):
    """The folder to open: the clone's own chapters, or the learner's copy, made or brought up to date first."""
    if wanted is None and (clone := book.clone_chapters()):
        return clone
    here = "." if os.path.exists(book.RECORD) else "wbviz-book"
    copy = book.copy_book(book.shipped_chapters(), wanted or here, __version__)
    print(copy)
    return copy.folder


def jupyter_arguments(folder, port=None, browser=True):
    """JupyterLab's arguments; the server extension is named here too, for installations that left its file out."""
    arguments = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab/tree/{book.START}",
        f"--ServerApp.jpserver_extensions={check.SERVER_EXTENSION}=True",
    ]
    if port is not None:
        arguments.append(f"--ServerApp.port={port}")
    if not browser:
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    return arguments
