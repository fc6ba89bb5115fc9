"""The regression check, on reports made up for it."""

import json

import check
import pytest


@pytest.fixture
def committed(tmp_path):
    (tmp_path / "speed.json").write_text(json.dumps({"ratios": {"a step": 10.0, "a map": 4.0}}))
    return tmp_path


def run(committed, **now):
    return check.check(["speed"], 0.3, committed, lambda name, into: {"ratios": {"a step": 10.0, "a map": 4.0}} | now)


def test_the_same_ratios_are_fine(committed, capsys):
    assert run(committed) == 0
    assert "2 ratios, none worse" in capsys.readouterr().out


def test_within_the_tolerance_is_fine_and_better_is_too(committed):
    assert run(committed, ratios={"a step": 7.1, "a map": 40.0}) == 0


def test_each_ratio_that_is_worse_has_a_sentence(committed, capsys):
    assert run(committed, ratios={"a step": 6.9, "a map": 2.0}) == 2
    said = capsys.readouterr().out
    assert "speed: a step was 10 times, and is 6.9 times now." in said
    assert "speed: a map was 4 times, and is 2 times now." in said


def test_a_ratio_that_is_gone_is_said(committed, capsys):
    assert run(committed, ratios={"a step": 10.0}) == 1
    assert "not measured any more" in capsys.readouterr().out


def test_without_its_peers_nothing_is_compared(committed, capsys):
    assert run(committed, ratios={}, missing=["JAX"]) == 0
    assert "JAX is not installed here" in capsys.readouterr().out


def test_nothing_committed_is_no_error(committed):
    assert check.check(["other"], 0.3, committed, lambda *_: pytest.fail("it was run")) == 0


def test_the_exit_status_says_whether_anything_is_worse(monkeypatch):
    for count, status in ((0, 0), (3, 1)):
        monkeypatch.setattr("sys.argv", ["check.py", "maps"])
        monkeypatch.setattr(check, "check", lambda names, tolerance, count=count: count)
        with pytest.raises(SystemExit) as over:
            check.main()
        assert over.value.code == status
