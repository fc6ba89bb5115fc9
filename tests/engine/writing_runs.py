"""A process that writes a run: until it is killed, or onto a disk that has room for a few thousand bytes only."""

import sys
import warnings

from wbviz.engine import RunWriter, StoreError


def until_killed(folder):
    writer = RunWriter(folder, "killed").start({"lr": 0.1})
    step = 0
    while True:
        writer.log(step, {"loss": 1 / (step + 1)})
        print(step, flush=True)
        step += 1


def little_room(folder):
    import resource

    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    writer = RunWriter(folder, "full").start({"lr": 0.1})
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, most))
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for step in range(200):
            writer.log(step, {"loss": 1 / (step + 1)})
        print(len(said), said[0].message)
    try:
        writer.flush()
    except StoreError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    writer.finish()


if __name__ == "__main__":
    {"until_killed": until_killed, "little_room": little_room}[sys.argv[1]](sys.argv[2])
