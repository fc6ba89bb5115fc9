"""The command `wbviz`: open the book, check the installation, and what teachers need."""

import argparse
import sys
from importlib import import_module

from wbviz import __version__, book

#: Each is a file of `wbviz.commands`, with `_` for `-`.
COMMANDS = {
    "open": "get the chapters ready and open JupyterLab at chapter 00; what `wbviz` alone does",
    "check": "is everything there that the book needs?",
    "page": "run notebooks and write them as HTML pages, whose figures move without Python",
    "new": "a chapter of your own, from a template that runs as it is",
    "check-chapter": "do the lessons of a chapter keep to the rules, and does its notebook run?",
    "solutions": "what solves the exercises of a chapter",
    "class-copy": "the chapters for a class, without what it leaves out",
    "collect": "the progress files of a class as a table",
}
DESCRIPTION = """A visual textbook on neural-network weights and biases.

  wbviz         copy the chapters to a folder (or, in a clone, take the clone's own)
                and open JupyterLab at chapter 00; your own changes are never overwritten
  wbviz check   is everything there that the book needs?

  wbviz page chapters/01_*.ipynb --to pages
  wbviz solutions 5
  wbviz new "My title" --to my-chapters
  wbviz check-chapter my-chapters/my_title.ipynb
  wbviz class-copy --hide hints 03/claims --to my-class
  wbviz collect handed-in/*.json --to class.csv --items items.csv
"""


def main(arguments=None):
    """Run the command with these arguments (default: the command line's) and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help", "--version")):
        arguments.insert(0, "open")
    options = parser().parse_args(arguments)
    try:
        return command(options.command).run(options)
    except book.BookError as error:
        print(f"wbviz: {error}", file=sys.stderr)
        return 1


def parser():
    """The options of every command."""
    kept = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="wbviz", description=DESCRIPTION, formatter_class=kept)
    parser.add_argument("--version", action="version", version=f"wbviz {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, told in COMMANDS.items():
        one = commands.add_parser(name, help=told, description=told[0].upper() + told[1:])
        command(name).options(one)
    return parser


def command(name):
    """The module of a command."""
    return import_module(f"wbviz.commands.{name.replace('-', '_')}")


if __name__ == "__main__":
    sys.exit(main())
