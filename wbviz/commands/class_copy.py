"""`wbviz class-copy`: the chapters as a class is to have them, with what it leaves out."""

import json
import re
from pathlib import Path

from wbviz.book import BookError, shipped_chapters


def options(parser):
    parser.add_argument(
        "--hide",
        nargs="+",
        default=[],
        metavar="WHAT",
        help="predictions, exercises, hints, claims, 03/claims, 01/and-gate …",
    )
    parser.add_argument("--to", default="wbviz-class", metavar="FOLDER", help="default: ./wbviz-class")


def run(options):
    """Copy the chapters and write the settings beside them; nothing that is there is written over."""
    from wbviz.lessons import left_out

    folder, source = Path(options.to).expanduser(), shipped_chapters()
    settings = folder / left_out.SETTINGS
    if folder.exists() and any(folder.iterdir()):
        raise BookError(f"{folder} is not empty; nothing was written. Choose another folder: --to FOLDER.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        settings.write_text(f"hide = {json.dumps(options.hide, ensure_ascii=False)}\n", encoding="utf-8")
        count = copy_chapters(source, folder)
    except ValueError as error:
        settings.unlink(missing_ok=True)
        raise BookError(f"{error} Nothing was written.") from error
    except OSError as error:
        raise BookError(f"{folder} cannot be written: {error.strerror or error}.") from error
    print(f"{count} chapters are in {folder}; {settings.name} there says what is left out.")
    return 0


def copy_chapters(source, folder):
    """Copy every chapter, without the stored outputs of what is left out; returns how many there were."""
    from wbviz.lessons import CHAPTERS, chapter, left_out

    copies = {}
    for found in map(chapter, CHAPTERS):
        book = json.loads((source / found.file).read_text(encoding="utf-8"))
        forget(book, left_out.without(found, folder=folder))
        copies[found.file] = json.dumps(book, indent=1, ensure_ascii=False) + "\n"
    for name, text in copies.items():
        (folder / name).write_text(text, encoding="utf-8")
    return len(copies)


def forget(book, chapter):
    """Take away the outputs of cells that show a lesson which is left out: they tell of it."""
    from wbviz.lessons.house import CALLS

    gone = {
        rf"""\b({call}\(|{kind}\[)\s*["']{re.escape(item.name)}["']"""
        for call, kind in CALLS.items()
        for item in getattr(chapter, kind)
        if item not in chapter.shown(kind)
    }
    for cell in book["cells"]:
        if cell["cell_type"] == "code" and any(re.search(pattern, "".join(cell["source"])) for pattern in gone):
            cell["outputs"] = []
