"""The laboratory of Playground without its picture: data, features, the network, and training as a pure function."""

#: The data sets by what is asked of them, each drawn in a plane of about ±6, and how much the generator's are enlarged.
CLASSES = {"blobs": 2.0, "moons": 3.0, "circles": 5.0, "spiral": 5.0, "xor": 5.0}
NUMBERS = ("line", "sine", "plane", "hills")
DATA = (*CLASSES, *NUMBERS, "own")
TASKS = ("classification", "regression")
#: What is made of a place (x₁, x₂) before the network sees it.
FEATURES = ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin x1", "sin x2")
LOSSES = {"classification": ("binary_cross_entropy", "mse"), "regression": ("mse",)}
SCHEDULES = (
    "constant", "step", "multistep", "exponential", "polynomial", "cosine", "warm_restarts", "linear_warmup",
    "one_cycle",
)  # fmt: skip
MOST_LAYERS, MOST_UNITS, MOST_POINTS, REACH = 6, 8, 500, 20.0
SPEEDS = ("1 update", "1 epoch", "5 epochs", "20 epochs", "as many as fit")
