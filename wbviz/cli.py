"""The command `wbviz`: open the book, check the installation, or write notebooks as pages."""

import argparse
import os
import sys

from wbviz import __version__, book, check

DESCRIPTION = """A visual textbook on neural-network weights and biases.

  wbviz         copy the chapters to a folder (or, in a clone, take the clone's own)
                and open JupyterLab at chapter 00; your own changes are never overwritten
  wbviz check   is everything there that the book needs?
  wbviz page    run notebooks and write them as HTML pages, whose figures move without Python:
                wbviz page chapters/01_*.ipynb --to pages
"""


def main(arguments=None):
    """Run the command with these arguments (default: the command line's) and return its exit code."""
    commands = parser()
    options = commands.parse_intermixed_args(arguments)
    if options.action == "page" and not options.notebooks:
        commands.error("name the notebooks: wbviz page NOTEBOOK…")
    if options.notebooks and options.action != "page":
        commands.error(f"`wbviz {options.action}` takes no notebooks; a page is made by `wbviz page NOTEBOOK…`")
    if options.action == "check":
        return check_installation()
    try:
        return write_pages(options) if options.action == "page" else open_book(options)
    except book.BookError as error:
        print(f"wbviz: {error}", file=sys.stderr)
        return 1


def parser():
    """The command's options."""
    parser = argparse.ArgumentParser(
        prog="wbviz", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("action", nargs="?", choices=["open", "check", "page"], default="open", help="default: open")
    parser.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="what is to become a page")
    parser.add_argument("--to", default="pages", metavar="FOLDER", help="where pages are written (default: ./pages)")
    parser.add_argument("--folder", help="where your copy of the chapters is or shall be (default: ./wbviz-book)")
    parser.add_argument("--port", type=int, help="JupyterLab's port (default: 8888, or the next free one)")
    parser.add_argument("--no-browser", action="store_true", help="start JupyterLab without opening a browser window")
    parser.add_argument("--version", action="version", version=f"wbviz {__version__}")
    return parser


def open_book(options):
    """Get the chapters ready and run JupyterLab at chapter 00 until the learner stops it; returns the exit code."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise book.BookError(f"JupyterLab does not start ({error}). What to do: wbviz check") from error
    folder = chapters_folder(options.folder)
    print(f"Chapter 00 opens in JupyterLab, in {folder}. Ctrl-C here ends it.", flush=True)
    return LabApp.launch_instance(jupyter_arguments(folder, options.port, not options.no_browser)) or 0


def write_pages(options):
    """Write a page for each of the notebooks, one after the other, and say so; returns the exit code."""
    try:
        from wbviz.page import write_page
    except ImportError as error:
        raise book.BookError(f"Pages cannot be written ({error}). What to do: wbviz check") from error
    for notebook in options.notebooks:
        print(write_page(notebook, options.to, options.notebooks), flush=True)
    return 0


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


def check_installation():
    """Print every finding; returns 1 if something that the book needs is missing, else 0."""
    found = []
    for finding in check.findings():
        print(finding, flush=True)
        found.append(finding)
    failed = sum(bool(finding.remedy) and finding.fatal for finding in found)
    print(f"\n{failed} to put right." if failed else "\nEverything is there. Open the book with: wbviz")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
