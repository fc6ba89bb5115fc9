"""What all benchmarks share: turns, ratios, tables and their places."""

import gc
import json

import _report
import pytest


def test_ways_take_turns_and_the_warm_up_is_not_counted():
    order = []
    seconds = _report.interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2, warmup=1)
    assert order == ["a", "b"] * 3
    assert {name: len(values) for name, values in seconds.items()} == {"a": 2, "b": 2}


def test_the_garbage_collector_is_off_meanwhile_and_as_before_afterwards():
    seen = []
    _report.interleaved({"a": lambda: seen.append(gc.isenabled())}, 1)
    assert seen == [False, False]
    assert gc.isenabled()


def test_the_garbage_collector_comes_back_after_an_error():
    with pytest.raises(ZeroDivisionError):
        _report.interleaved({"a": lambda: 1 / 0}, 1)
    assert gc.isenabled()


def test_ratios_are_taken_within_a_round():
    # In the second round everything took ten times as long: that says nothing about the ways.
    seconds = {"ours": [1.0, 10.0, 1.0], "peer": [3.0, 30.0, 4.0]}
    assert _report.ratios(seconds, "ours") == {"peer": 3.0}


def test_percentiles_are_values_that_were_measured():
    assert _report.percentile([3.0, 1.0, 2.0], 50) == 2.0
    assert _report.percentile(range(100), 95) == 95
    assert _report.percentile([7.0], 95) == 7.0


def test_a_table_goes_between_its_marks_and_nowhere_else(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb\n<!-- y:begin -->\nkept\n<!-- y:end -->\n")
    _report.write_table("x", r"new \1 $", readme)
    _report.write_table("x", r"newer \1 $", readme)
    assert readme.read_text() == (
        "a\n<!-- x:begin -->\nnewer \\1 $\n<!-- x:end -->\nb\n<!-- y:begin -->\nkept\n<!-- y:end -->\n"
    )


@pytest.mark.parametrize("text", ["no marks", "<!-- x:begin --><!-- x:end -->" * 2])
def test_a_table_without_one_place_is_an_error(tmp_path, text):
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(ValueError, match="it needs one"):
        _report.write_table("x", "new", readme)
    assert readme.read_text() == text


def test_every_benchmark_has_its_place_in_the_readme():
    text = _report.README.read_text()
    for path in _report.HERE.glob("[a-z]*.py"):
        if "_report.main(" in path.read_text():
            assert text.count(f"<!-- {path.stem}:begin -->") == text.count(f"<!-- {path.stem}:end -->") == 1, path.stem


def test_numbers_stand_on_the_right():
    assert _report.markdown(["way", "ms"], [["a", "1.5"], ["b", "−2"]]) == (
        "| way | ms |\n| --- | --: |\n| a | 1.5 |\n| b | −2 |"
    )
    assert _report.markdown(["ms"], [["1"], ["–"], ["?"]]).splitlines()[1] == "| --- |"


def test_a_report_is_saved_in_few_digits(tmp_path):
    _report.save("x", {"ms": [1.23456789, {"a": 12345.678}], "n": 3, "t": "ü"}, tmp_path)
    assert json.loads((tmp_path / "x.json").read_text()) == {"ms": [1.235, {"a": 12350.0}], "n": 3, "t": "ü"}


def test_a_missing_package_has_no_version_and_is_said():
    made = _report.machine("numpy", "no-such-package")
    assert made["versions"]["numpy"]
    assert made["versions"]["no-such-package"] is None
    said = _report.where({"machine": made, "rounds": 2, "missing": ["JAX"]})
    assert "no-such-package" not in said
    assert said.endswith("Not installed, so not measured: JAX.")


def test_into_writes_the_json_elsewhere_and_no_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["x.py", "--quick", "--into", str(tmp_path)])
    monkeypatch.setattr(_report, "write_table", lambda *_: pytest.fail("a table was written"))
    _report.main("x", "doc", lambda options: {"rounds": options.rounds}, str, rounds=9, quick=2)
    assert json.loads((tmp_path / "x.json").read_text()) == {"rounds": 2}
