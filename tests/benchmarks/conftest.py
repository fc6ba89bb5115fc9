"""The benchmarks are scripts: their folder is on the path, as when they run."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))
