import pytest

from wbviz.data import Table, TableError


def told(table):
    return [str(problem) for problem in table.problems]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("1.0, 2.0, 3.0\n4.0, 5.0, 6.0", ","),
        ("1,5 2,5\n3,5 4,5", " "),
        ("1,5;2,5;red\n1,6;2,7;blue", ";"),
        ("a|b,1\nc|d,2", ","),
        ("red apple,round\ngreen apple,oblong", ","),
        ("x   y\n 1\t 2 \n 3    4", " "),
        ("Mean temperature\n1\n2", ","),
        ("sep=|\na,b|c,d\n1|2", "|"),
    ],
)
def test_the_delimiter_is_found(text, delimiter):
    assert Table.from_text(text).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("x,y\n1,2", True),
        ("1,2\n3,4", False),
        ("red,round\nblue,square\nred,oval", False),
        ("colour,shape\nred,round\nblue,square", True),
        ("a,x\na,1\nb,2", True),
        (",setosa\n5.1,setosa\n4,virginica", False),
        ("NA,y\n1,2", False),
        ("x,y", True),
        ("name,2019\na,1", False),
    ],
)
def test_the_header_is_found(text, header):
    assert Table.from_text(text).header == header


def test_header_and_delimiter_can_be_told():
    assert Table.from_text("name,2019\na,1", header=True).columns == ("name", "2019")
    assert Table.from_text("y\n1,5\n2,5", delimiter=";").values["y"].tolist() == [1.5, 2.5]
    for wrong in ("", ",,", '"', "\n", 3):
        with pytest.raises(ValueError, match="must be one character"):
            Table.from_text("a,b", delimiter=wrong)


def test_latin_1_is_read_and_told():
    for text, encoding in (("größe,Café\n1,2", "latin-1"), ("“a”,€\n1,2", "cp1252"), ("é\x81,b\n1,2", "latin-1")):
        table = Table.from_bytes(text.encode(encoding))
        assert table.text == text
        assert told(table)[0].startswith("The file is not written in UTF-8. It was read as Latin-1")


def test_the_excel_separator_line_is_obeyed_and_counted():
    table = Table.from_text("sep=;\na;b\n1;\n2;3")
    assert (table.columns, table.rows.tolist()) == (("a", "b"), [3, 4])
    assert told(table) == ["Row 3, column 'b': the value is missing (an empty cell)."]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no row in this table"),
        (" \n,,\n", "There is no row in this table"),
        ("a\0b", "holds zero bytes"),
        ("1\n" * 20_002, "more than 20,000 rows, the most that is read"),
        ("," * 200, "Row 1 has 201 cells; at most 200 columns are read"),
        ("x" * 200_000, "Row 1 cannot be read: field larger than field limit"),
        ("x" * 5_000_001, "longer than 5,000,000 characters, the most that is read"),
    ],
)
def test_what_is_no_table_or_too_large_is_refused(text, sentence):
    with pytest.raises(TableError, match=sentence):
        Table.from_text(text)


def test_limits_are_inclusive():
    assert len(Table.from_text("x\n" + "1\n" * 20_000)) == 20_000
    assert len(Table.from_text(",".join("1" * 200)).columns) == 200


def test_files_are_read(tmp_path):
    path = tmp_path / "plants.csv"
    path.write_bytes("\ufeffx;y\r\n1,5;a\r\n2;b\r\n".encode())
    table = Table.from_csv(path)
    assert repr(table) == "Table('plants': 2 rows × 2 columns, 1 remarks)"
    assert Table.from_csv(str(path), delimiter="|").columns == ("x;y",)
    with pytest.raises(TableError, match=r"none\.csv cannot be opened: No such file or directory\. Names are looked"):
        Table.from_csv(tmp_path / "none.csv")
    path.write_bytes(b"1\n" * 3_000_000)
    with pytest.raises(TableError, match="larger than 5,000,000 bytes"):
        Table.from_csv(path)
    path.write_bytes(b"PK\x03\x04....")
    with pytest.raises(TableError, match="a workbook or a zip file, not text"):
        Table.from_csv(path)


def test_only_text_is_text():
    with pytest.raises(TypeError, match="made from text \\(str\\), not from NoneType"):
        Table.from_text(None)
    with pytest.raises(TypeError, match="content is bytes, not str; from_text takes text"):
        Table.from_bytes("a,b")
