"""`wbviz check`: is everything there that the book needs?"""

from wbviz import check


def options(parser):
    """It takes none."""


def run(options):
    """Print every finding; 1 if something that the book needs is missing."""
    found = []
    for finding in check.findings():
        print(finding, flush=True)
        found.append(finding)
    failed = sum(bool(finding.remedy) and finding.fatal for finding in found)
    print(f"\n{failed} to put right." if failed else "\nEverything is there. Open the book with: wbviz")
    return 1 if failed else 0
