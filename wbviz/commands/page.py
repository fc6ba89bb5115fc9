"""`wbviz page`: run notebooks and write them as pages of the web."""

from wbviz.book import BookError


def options(parser):
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="what is to become a page")
    parser.add_argument("--to", default="pages", metavar="FOLDER", help="where pages are written (default: ./pages)")


def run(options):
    """Write a page for each of the notebooks, one after the other, and say so."""
    try:
        from wbviz.page import write_page
    except ImportError as error:
        raise BookError(f"Pages cannot be written ({error}). What to do: wbviz check") from error
    for notebook in options.notebooks:
        print(write_page(notebook, options.to, options.notebooks), flush=True)
    return 0
