"""A search in a process of its own, to be killed in its middle: python killed_search.py FILE."""

import sys

from wbviz.widgets import _architectures as experiment
from wbviz.widgets._architectures import TPE, Setting

SETTING = Setting("moons", TPE, 14, True, 3)


def main():
    """Search, and say each trial on a line of its own."""
    for attempt in experiment.begun(SETTING, sys.argv[1]).steps():
        print(attempt.number, flush=True)


if __name__ == "__main__":
    main()
