"""What the benchmarks make of what they saw: on data made up for it."""

import sys
from types import SimpleNamespace

import _watching
import book
import chart
import latency
import memory
import pytest


def drag(**seen):
    nothing = {"pictures": [], "values": [], "up": 0, "messages": [], "paints": [], "bytes": 0}
    return _watching._of_drag(nothing | seen, seconds=2.0)


def test_busy_is_from_busy_to_idle_of_the_same_request():
    messages = [
        ["a", "busy", "2026-11-23T10:00:00.000000Z"],
        ["b", "busy", "2026-11-23T10:00:00.010000Z"],
        ["a", "idle", "2026-11-23T10:00:00.004000Z"],
        ["b", "idle", "2026-11-23T10:00:00.010500Z"],
        ["c", "idle", "2026-11-23T10:00:09.000000Z"],
    ]
    assert _watching.busy_ms(messages) == pytest.approx(4.5)


def test_a_drag_counts_pictures_until_the_hand_lets_go():
    seen = drag(pictures=[10.0, 20.0, 35.0], values=[9.0, 19.0, 29.0, 39.0], up=30.0, bytes=3000)
    assert seen["frames_per_second"] == 1.0
    assert seen["shown"] == pytest.approx(2 / 3)
    assert seen["after"] == 5.0
    assert seen["bytes"] == 1000


def test_a_drag_that_showed_nothing_has_no_last_picture():
    assert drag(values=[9.0], up=30.0)["after"] is None
    assert drag(values=[9.0], up=30.0)["shown"] == 0.0


def test_pictures_between_two_values_are_no_more_than_all_of_them():
    assert drag(pictures=[1.0, 2.0, 3.0], values=[1.0, 2.0], up=9.0)["shown"] == 1.0


def test_a_summary_takes_percentiles_of_all_presses():
    presses = [(float(ms), 2.0, [0.5]) for ms in range(1, 101)]
    found = _watching.summary(presses, [drag(pictures=[1.0], values=[1.0], up=9.0, paints=[4.0] * 10)])
    assert (found["p50"], found["p95"], found["kernel"]) == (51.0, 96.0, 2.0)
    assert found["paint_p95"] == 4.0


def test_a_press_that_never_showed_is_lost_not_slow():
    found = _watching.summary([(5.0, 1.0, []), (None, 1.0, [])], [drag()])
    assert (found["p50"], found["lost"]) == (5.0, 1)


ROWS = [
    {"way": "wbviz, swept", "place": "here", "p50": 8.0, "frames_per_second": 60.0},
    {"way": "bqplot", "place": "here", "p50": 40.0, "frames_per_second": 20.0},
    {"way": "bqplot", "place": "far", "p50": 140.0, "frames_per_second": 7.0},
]


def test_more_is_better_in_every_ratio():
    assert latency.ratios(ROWS) == {
        "here: wbviz, swept, p50 beside bqplot": 5.0,
        "here: wbviz, swept, frames beside bqplot": 3.0,
    }


def test_growth_and_slope_of_a_steady_rise():
    sizes = [100.0 + number for number in range(13)]  # 1 MB every 10 s, for 2 minutes
    assert memory.growth(sizes) == 10.0
    assert memory.slope(sizes) == pytest.approx(6.0)


def test_one_peak_is_no_growth():
    assert memory.growth([100.0] * 5 + [150.0] + [100.0] * 5) == 0.0


def test_medians_of_nested_figures():
    assert book._medians([{"a": {"x": 1.0}, "b": 5.0}, {"a": {"x": 3.0}, "b": 6.0}]) == {"a": {"x": 2.0}, "b": 5.5}


def test_the_chart_is_drawn_without_pyplot(tmp_path, monkeypatch):
    monkeypatch.setattr(chart, "OUT", tmp_path / "speed.png")
    monkeypatch.setattr(chart, "read", lambda name: {"results": ROWS, "ratios": {f"{name} step: torch": 30.0}})
    chart.main()
    assert (tmp_path / "speed.png").read_bytes().startswith(b"\x89PNG")
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_the_chart_can_be_drawn_before_anything_was_measured():
    assert chart.draw({}, {}).axes


def test_the_chart_shows_the_first_peer_of_each_thing():
    ratios = {"a step: torch": 35.0, "a step: jax": 0.9, "a map: torch": 8.0}
    assert chart.first_peers(ratios, 2) == {"a step\nbeside torch": 35.0, "a map\nbeside torch": 8.0}


def test_presses_go_to_and_fro():
    keys = latency.keys(80)
    assert keys.count("ArrowRight") == keys.count("ArrowLeft") == 40


def test_quick_is_short_and_here(monkeypatch):
    options = SimpleNamespace(quick=True, presses=None, places=None, ways=[], rounds=0, seconds=1)
    monkeypatch.setattr(latency, "chromium", _no_browser)
    latency.measure(options)
    assert (options.presses, options.places) == (15, ["here"])


class _no_browser:
    version = "none"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass
