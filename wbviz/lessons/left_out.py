"""What a teacher leaves out of a class: predictions, exercises, hints and claims, hidden without touching a notebook.

In a cell: `chapter(1, hide=["hints", "xor"])`. For all notebooks of a folder: the file `wbviz-class.toml` beside them,

    hide = ["hints", "03/claims", "01/xor"]
"""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from wbviz.lessons._view import View
from wbviz.lessons.claim import Claim
from wbviz.widgets._words import nearest

#: The file that holds for all notebooks beside it.
SETTINGS = "wbviz-class.toml"
#: What can be left out as a whole; anything else is the name of an item.
WORDS = ("predictions", "exercises", "hints", "claims")
LINE = "Left out in this class."


class LeftOutView(View):
    """What stands in place of a lesson that is left out: one line."""

    def __init__(self, kind, name):
        super().__init__(kind, name, LINE)
        self.prompt.value = f"<p><b>{kind}.</b> {LINE}</p>"
        self.arrange()


@dataclass(frozen=True, repr=False)
class LeftOutClaim(Claim):
    """A claim that is left out: its experiment is not run."""

    def test(self):
        """One line in place of the verdict."""
        return _Line()


class _Line:
    def __repr__(self):
        return LINE


def without(chapter, hide=(), folder=None):
    """The chapter as the settings of its class leave it: those of a cell, and those of the file in `folder`.

    folder: where the notebook is; default: the current folder, in which a kernel starts. Raises ValueError for a name
    that there is not, and for a file that cannot be read.
    """
    names = [hide] if isinstance(hide, str) else list(hide)
    _refuse_unknown(chapter, names, "hide")
    hidden = frozenset([*names, *_of_the_class(chapter, Path(folder or ".") / SETTINGS)])
    if not hidden:
        return chapter
    claims = [_closed(claim) if {"claims", claim.name} & hidden else claim for claim in chapter.claims]
    return replace(chapter, claims=claims, hidden=hidden)


def _closed(claim):
    return LeftOutClaim(claim.name, claim.statement, claim.source_section, claim.experiment)


def _of_the_class(chapter, path):
    """The names in the file that concern this chapter: `hints` does for every one, `01/hints` for one alone."""
    written = read(path)
    for name in written:
        if "/" not in name and name not in WORDS:
            raise ValueError(
                f"{path.name}: there is no {name!r} to hide.{nearest(name, WORDS)} "
                f"There are {', '.join(WORDS)}, and items of one chapter, such as {chapter.key('hints')!r}."
            )
        if re.match(r"\d/", name):
            raise ValueError(f"{path.name}: chapters have two digits: write '0{name}', not {name!r}.")
    start = chapter.key("")
    ours = [name.removeprefix(start) for name in written if name.startswith(start)]
    _refuse_unknown(chapter, ours, path.name)
    return [*(name for name in written if name in WORDS), *ours]


def read(path):
    """The names under `hide` in a settings file; () when there is no such file. Raises ValueError, with a sentence."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}. Correct it, or take it away.") from None
    for name in settings:
        if name != "hide":
            raise ValueError(f"{path.name}: there is no setting {name!r}.{nearest(name, ['hide'])} There is: hide.")
    names = settings.get("hide", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f'{path.name}: hide must be a list of names, such as ["hints", "01/xor"], but is {names!r}.')
    return tuple(names)


def _refuse_unknown(chapter, names, where):
    items = [item.name for kind in ("predictions", "exercises", "claims") for item in getattr(chapter, kind)]
    known = (*WORDS, *dict.fromkeys(items))
    for name in names:
        if name not in known:
            raise ValueError(
                f"{where}: chapter {chapter.label} has no {name!r} to hide.{nearest(name, known)} "
                f"There are: {', '.join(known)}."
            )
