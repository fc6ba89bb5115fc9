"""For every test and chapter: the reader's own progress is left alone, and what was left out is said at the end."""

import os
import tempfile
from collections import Counter


def pytest_configure(config):
    folder = tempfile.TemporaryDirectory(prefix="wbviz-test-")
    config.add_cleanup(folder.cleanup)
    os.environ["WBVIZ_PROGRESS"] = os.path.join(folder.name, "progress.json")


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        terminalreporter.section("left out")
    for reason, count in reasons.items():
        terminalreporter.line(f"{count} test{'s' * (count > 1)}: {reason}")
