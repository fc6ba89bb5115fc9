"""The rows of number knobs in Chromium, without JupyterLab: what they show, tell Python and tell the picture."""

import pytest

from tests.picture import browser_paint
from tests.picture.browser_paint import browser
from tests.widgets.shown import Shown
from wbviz.widgets._parameters import ParameterTable
from wbviz.widgets._slider import Slider

pytestmark = browser_paint.MARKS

LINEAR = {"min": -8, "max": 8, "step": 0.1, "tip": "The bias"}
LOG = {"min": 1e-5, "max": 10, "step": 0.001, "tip": "", "log": True}
B = {"knob": "b", "index": None}


@pytest.fixture
def shown():
    rows = []

    def show(meta=LINEAR, value=-1.234, **more):
        widget = meta if isinstance(meta, ParameterTable) else Slider("b", meta, value, print, **{"knob": "b", **more})
        rows.append(Shown(widget))
        return rows[-1]

    yield show
    assert rows.pop()("(row.close(), problems.splice(0))") == []


def test_a_value_between_two_steps_stays_and_nothing_is_reported(shown):
    row = shown()
    assert row("[row.range.value, row.range.min, row.range.max]") == ["-12", "-80", "80"]
    assert row.values == ["-1.234", "-1.234"]
    assert row.told() == row("row.events") == []
    row.keys("input[type=range]", "ArrowRight")
    assert row.values == ["-1.1", "-1.1"]
    assert row.told("value", "turns") == [[-1.1, 1]]


def test_every_step_is_the_decimal_number_and_within_the_range(shown):
    row = shown({**LINEAR, "min": 0.04, "max": 0.999}, 0.5)
    row.keys("input[type=range]", "Home", *["ArrowRight"] * 10)
    told = [value for (value,) in row.told("value")]
    assert told == [0.04, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.999]


def test_a_log_slider_goes_from_stop_to_stop(shown):
    row = shown(LOG, 0.0312)
    assert row.values == ["0.0312", "0.0312"]
    row.keys("input[type=range]", "ArrowRight", "ArrowLeft", "Home", "End")
    assert row.told("value") == [[0.035], [0.03], [1e-5], [10]]


def test_the_picture_hears_of_hold_turn_and_release_by_keys(shown):
    row = shown(value=1)
    row.keys("input[type=range]", "ArrowRight", "ArrowRight", "Tab")
    turns = [{"type": "turn", **B, "value": value} for value in (1.1, 1.2)]
    assert row("row.events") == [{"type": "hold", **B}, *turns, {"type": "release", **B}]


def test_the_picture_hears_of_hold_turn_and_release_by_pointer(shown):
    row = shown(value=0, knob="w", index=1)

    def drag(page):
        box = page.locator("input[type=range]").first.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 20, y, steps=3)
        page.mouse.move(x + 20, y + 300)  # outside: the pointer is held
        page.mouse.up()
        page.keyboard.press("ArrowLeft")  # keys take hold again

    browser(drag)
    events = row("row.events")
    assert all(event["knob"] == "w" and event["index"] == 1 for event in events)
    kinds = [event["type"] for event in events]
    assert kinds == ["hold", *["turn"] * (len(kinds) - 4), "release", "hold", "turn"]
    assert events[-1]["value"] == row.told("value")[-1][0] > 0


def test_a_typed_value_is_told_once_and_nothing_overwrites_it_meanwhile(shown):
    row = shown(value=1)
    row.type("2.375")
    row("row.hear({value: -3})")
    assert row.values == ["-3", "2.375"]
    browser(lambda page: page.keyboard.press("Enter"))
    assert row.values == ["2.375", "2.375"]
    assert row.told("value", "turns") == [[2.375, 1]]
    assert [event["type"] for event in row("row.events")] == ["set", "turn"]


@pytest.mark.parametrize(("typed", "told"), [("99", 99), ("", None)])
def test_what_cannot_be_is_told_to_python_alone_and_goes_back(shown, typed, told):
    row = shown(value=1)
    row.type(typed, "Tab")
    assert row.values == ["1", "1"]
    assert row.told("value", "turns") == [[told, 1]]
    row("row.hear({value: 1, heard: 1, error: 'b goes from −8 to 8'})")
    assert row("[row.events.length, row.el.innerText.includes('goes from')]") == [0, True]
    row.type(typed, "Enter")
    assert row.told("value", "turns")[-1] == [told, 2]


def test_what_python_says_is_shown_unless_the_learner_has_turned_since(shown):
    row = shown(value=1)
    row.keys("input[type=range]", "ArrowRight", "ArrowRight")
    row("row.hear({value: 5, heard: 1})")
    assert row.values == ["1.2", "1.2"]
    assert row("row.model.get('value')") == 1.2
    row("row.hear({value: 5, heard: 2})")
    assert row.values == ["5", "5"]
    assert row("row.events.at(-1)") == {"type": "set", **B, "value": 5}


def test_the_picture_can_move_it_without_anything_being_told(shown):
    row = shown(value=1)
    put = "row.explorer.dispatchEvent(new CustomEvent('wbviz-put', {detail: {knob: 'b', index: %s, value: 2.5}}))"
    row(put % 0)
    assert row.values == ["1", "1"]
    row(put % "null")
    assert row.values == ["2.5", "2.5"]
    assert row.told() == row("row.events") == []


def test_names_keys_and_what_is_disabled(shown):
    row = shown(value=1)
    assert row("[row.range, row.field].map(e => [e.ariaLabel, e.title, e.disabled])") == [["b", "The bias", False]] * 2
    assert row("row.el.querySelector('label').control === row.range")
    assert row("row.el.dataset.lmSuppressShortcuts") == "true"
    row("document.body.addEventListener('keydown', ({key}) => problems.push(key), {once: true})")
    row.keys("input[type=range]", "ArrowUp")
    row("row.hear({disabled: true})")
    assert row("[row.range, row.field].map(e => e.disabled)") == [True, True]
    row("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'seen'})), problems.splice(0)")


def test_the_table_of_parameters_tells_the_picture_too(shown):
    table = ParameterTable({**LINEAR, "label": "w"}, print)
    table.show([0.5, -1.0], [["x₁"], ["ŷ"]], chosen=1)
    table.knob = "params"
    row = shown(table)
    row.keys("input[type=range]", "ArrowRight")
    at = {"knob": "params", "index": 1}
    assert row("row.events") == [{"type": "hold", **at}, {"type": "turn", **at, "value": -0.9}]
    row("row.hear({values: [0.5, -1]})")  # said before Python knew of the turn
    assert row("[...row.el.querySelectorAll('input[type=number]')].map(e => e.value)") == ["0.5", "-0.9"]
    row("row.hear({values: [0.25, -0.9], heard: 1})")
    assert row("row.events.slice(2)") == [{"type": "set", "knob": "params", "index": 0, "value": 0.25}]
    row("document.activeElement.blur()")
    assert row("row.events.at(-1)") == {"type": "release", **at}
    detail = "{knob: 'params', index: 0, value: 3}"
    row(f"row.explorer.dispatchEvent(new CustomEvent('wbviz-put', {{detail: {detail}}}))")
    assert row("row.field.value") == "3"
    assert len(row.told("deeds")) == 1


def test_what_the_table_cannot_take_goes_back(shown):
    table = ParameterTable({**LINEAR, "label": "w"}, print)
    table.show([0.5, -1.0], [["x₁"], ["ŷ"]])
    row = shown(table)
    row.type("99", "Tab")
    assert row("row.field.value") == "0.5"
    assert row("row.model.get('deeds').filter(([, what]) => what === 'edit')") == [[1, "edit", 0, 99]]
    assert row("row.events") == []
