"""Reading back what trackers wrote, byte by byte: W&B's run files and TensorBoard's event files."""

import json
import struct
import time

BLOCK, FIRST, LAST = 32768, 2, 4


def wandb_records(path):
    """The messages in a .wandb file: after 7 bytes of its own it is a LevelDB log, whose pieces fit into blocks."""
    from wandb.proto.wandb_internal_pb2 import Record

    data, at, parts, found = path.read_bytes(), 7, [], []
    assert data[:4] == b":W&B"
    while at + 7 <= len(data):
        if BLOCK - at % BLOCK < 7:
            at += BLOCK - at % BLOCK
            continue
        _, length, kind = struct.unpack("<IHB", data[at : at + 7])
        if at + 7 + length > len(data):  # it is being written
            break
        parts.append(data[at + 7 : at + 7 + length])
        at += 7 + length
        if kind in (1, LAST):
            record = Record()
            record.ParseFromString(b"".join(parts))
            found.append(record)
            parts = []
    return found


def wandb_file(folder, patience=10.0):
    """The one run file in a folder, once W&B's own process has written it to its end: `finish` may return before."""
    (path,), until = folder.glob("wandb/offline-run-*/run-*.wandb"), time.monotonic() + patience
    while time.monotonic() < until and wandb_records(path)[-1].WhichOneof("record_type") != "exit":
        time.sleep(0.05)
    return path


def wandb_history(path):
    """What was logged, row by row: name → value, without W&B's own (which begin with _)."""
    rows = []
    for record in wandb_records(path):
        if record.WhichOneof("record_type") == "history":
            row = {}
            for item in record.history.item:
                *inside, name = item.nested_key or [item.key]
                place = row.setdefault(inside[0], {}) if inside else row
                place[name] = json.loads(item.value_json)
            rows.append({name: value for name, value in row.items() if not name.startswith("_")})
    return rows


def events(folder):
    """The events in TensorBoard's files of a folder: length, check sum, message, check sum, again and again."""
    from tensorboardX.proto.event_pb2 import Event

    found = []
    for path in sorted(folder.glob("events.out.tfevents.*")):
        data, at = path.read_bytes(), 0
        while at < len(data):
            (length,) = struct.unpack("<Q", data[at : at + 8])
            event = Event()
            event.ParseFromString(data[at + 12 : at + 12 + length])
            found.append(event)
            at += 16 + length
    return found
