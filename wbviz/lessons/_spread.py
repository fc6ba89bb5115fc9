"""How a quantity measured from many seeds is told."""

import numpy as np


def spread(name, values, digits=1):
    """Mean and standard deviation over the seeds, as two entries of a verdict's numbers."""
    return {
        f"{name}, mean": round(float(np.mean(values)), digits),
        f"{name}, sd": round(float(np.std(values)), digits),
    }
