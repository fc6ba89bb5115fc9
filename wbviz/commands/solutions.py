"""`wbviz solutions`: what solves the exercises of a chapter, for its teacher. No notebook holds it."""

import ast
import inspect
import textwrap
from pathlib import Path

from wbviz.book import BookError


def options(parser):
    parser.add_argument("chapter", help="its number, or the file of lessons of your own chapter")
    parser.add_argument("--predictions", action="store_true", help="the true answers of the predictions as well")


def run(options):
    """Print every exercise with a cell that solves it."""
    from wbviz.lessons import chapter

    which = int(options.chapter) if options.chapter.isdecimal() else Path(options.chapter)
    try:
        found = chapter(which)
    except ValueError as error:
        raise BookError(str(error)) from error
    print(f"# Chapter {found.label}: {found.title}. For teachers: no notebook holds these.")
    for exercise in found.exercises:
        print(f"\n# {exercise.name}\n{commented(exercise.prompt)}\n{solution(exercise)}")
    for prediction in found.predictions if options.predictions else ():
        print(f"\n# {prediction.name}\n{commented(prediction.prompt)}\n{commented(prediction.say(prediction.truth()))}")
    return 0


def solution(exercise):
    """A cell that solves it: the figure in the state that passes, the number, or the function."""
    if exercise.kind == "widget":
        return widget_cell(exercise.widget.__name__, exercise.solution)
    if exercise.kind == "number":
        return f"answer = {exercise.solution!r}"
    return function_cell(exercise.solution)


def widget_cell(name, settings):
    """The figure as it is shared: `Neuron(b=-2.0)`."""
    from wbviz.widgets._share import written

    return written(name, settings)


def function_cell(function):
    """The source of a function; of a lambda, only what is its own."""
    if function.__name__ != "<lambda>":
        return textwrap.dedent(inspect.getsource(function)).rstrip()
    text = Path(inspect.getsourcefile(function)).read_text(encoding="utf-8")
    line, names = function.__code__.co_firstlineno, function.__code__.co_varnames[: function.__code__.co_argcount]
    lambdas = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Lambda) and node.lineno == line]
    found = [ast.unparse(node) for node in lambdas if tuple(a.arg for a in node.args.args) == names]
    return f"answer = {found[-1]}" if found else f"# see line {line} of {inspect.getsourcefile(function)}"


def commented(text):
    """The text as comments of a cell."""
    return textwrap.indent(textwrap.fill(text, 100), "# ")
