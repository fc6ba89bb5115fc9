"""What every explorer promises, tested on each of them."""

import json

import pytest
import traitlets

from tests.widgets.turning import bad_values, other_value, shown_by, turn, turn_first
from wbviz import widgets
from wbviz.widgets._base import Explorer

EVERY = pytest.mark.parametrize("cls", [getattr(widgets, name) for name in widgets.__all__], ids=widgets.__all__)


@EVERY
def test_opens_without_arguments_and_says_what_it_shows(cls, make):
    explorer = make(cls)
    assert isinstance(explorer, Explorer)
    assert explorer.knobs
    sentence = explorer.describe()
    assert len(sentence) > 20
    assert "nan" not in sentence.lower()
    assert "inf" not in sentence.lower().split()
    assert explorer.png().startswith(b"\x89PNG")


@EVERY
def test_every_knob_moves_the_picture_or_the_words(cls, make):
    explorer = make(cls)
    for name in (knob for knob in explorer.knobs if knob not in explorer.idle()):
        before = explorer.png(), explorer.describe()
        explorer.apply({name: other_value(explorer, name)})
        after = explorer.png(), explorer.describe()
        assert after[0] != before[0], f"{cls.__name__}.{name} does not move the picture"
        assert after[1] != before[1], f"{cls.__name__}.{name} does not change the description"
        explorer.reset()


@EVERY
def test_a_turned_knob_equals_the_picture_drawn_afresh(cls, make):
    explorer = make(cls)
    explorer.png()
    for name in explorer.knobs:
        explorer.apply({name: other_value(explorer, name)})
        explorer.png()
    afresh = make(cls, **explorer.state)
    assert explorer.describe() == afresh.describe()
    assert explorer.png() == afresh.png()


@EVERY
def test_state_goes_through_json_and_text(cls, make):
    explorer = make(cls)
    for name in explorer.knobs[:3]:
        explorer.apply({name: other_value(explorer, name)})
    state = json.loads(json.dumps(explorer.state))
    assert cls.from_state(state).state == explorer.state
    other = make(cls)
    other.load(explorer.share())
    assert other.state == explorer.state
    assert other.png() == explorer.png()


@EVERY
def test_reset_and_undo_lead_back(cls, make):
    explorer = make(cls)
    start = explorer.state
    for name in explorer.knobs:
        explorer.apply({name: other_value(explorer, name)})
    while explorer.undo():
        pass
    assert explorer.state == start
    explorer.apply({explorer.knobs[0]: other_value(explorer, explorer.knobs[0])})
    explorer.reset()
    assert explorer.state == start


@EVERY
def test_random_numbers_come_from_the_seed(cls, make):
    one, two = make(cls), make(cls)
    one.randomise(seed=3)
    two.randomise(seed=3)
    assert one.state == two.state


@EVERY
def test_a_misspelt_setting_raises(cls):
    name = cls.class_own_traits and cls._state_names()[0]
    with pytest.raises(TypeError, match=f"no setting '{name}x'.*Did you mean"):
        cls(**{f"{name}x": 1})


@EVERY
def test_bad_values_are_refused_with_a_sentence_and_the_last_good_state_stays(cls, make):
    explorer = make(cls)
    state, picture = explorer.state, explorer.png()
    for name in explorer.knobs:
        for bad in bad_values(explorer, name):
            with pytest.raises(traitlets.TraitError):
                setattr(explorer, name, bad)
            with pytest.raises(traitlets.TraitError):
                explorer.apply({name: bad})
    assert explorer.state == state
    assert explorer.png() == picture


@EVERY
def test_a_control_moves_the_trait_and_the_trait_the_control(cls, make):
    explorer = make(cls)
    for name in explorer.knobs:
        explorer.apply({name: other_value(explorer, name)})
        value = getattr(explorer, name)
        value = value if isinstance(value, list) else [value]
        shown = shown_by(explorer._panel._rows[name])
        assert shown == value or shown == pytest.approx(value, rel=1e-5)
        explorer.reset()
        before = getattr(explorer, name)
        turned = other_value(explorer, name)
        wanted = turned[0] if isinstance(turned, list) else turned
        turn_first(explorer._panel._rows[name], wanted)
        now = getattr(explorer, name)
        assert now != before, f"the control of {name} is dead"
        assert (now[0] if isinstance(now, list) else now) == wanted
        explorer.reset()


@EVERY
def test_a_number_out_of_range_is_said_beside_its_field(cls, make):
    explorer = make(cls)
    name = next((n for n in explorer.knobs if "max" in explorer.traits()[n].metadata), None)
    if name is None:
        return
    row, state = explorer._panel._rows[name][0], explorer.state
    turn(row, explorer.traits()[name].metadata["max"] + 5)
    assert "goes from" in row.error
    assert explorer.state == state
    assert row.value == (state[name][0] if isinstance(state[name], list) else state[name])


@EVERY
def test_a_shared_text_is_read_and_never_run(cls, make):
    explorer = make(cls)
    state = explorer.state
    name = cls.__name__
    for text in (
        "",
        "print(1)",
        f"{name}(b=__import__('os').getcwd())",
        f"{name}(nonsense=1)",
        f"{name}(1)",
        "Other()",
    ):
        with pytest.raises(ValueError, match=r"This text"):
            explorer.load(text)
    assert explorer.state == state


@EVERY
def test_repr_is_short_and_the_same_every_time(cls, make):
    explorer = make(cls)
    assert repr(explorer) == f"{cls.__name__}: {cls.title}"
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(explorer)
    assert "image/png" in bundle


@EVERY
def test_some_controls_may_be_left_away(cls, make):
    wanted = make(cls, controls=False).knobs[:2]
    explorer = make(cls, controls=list(wanted))
    assert set(explorer._panel._rows) == set(wanted)
    explorer.apply({wanted[0]: other_value(explorer, wanted[0])})  # those without a control are state as before
    assert explorer.png() == make(cls, **explorer.state).png()
    with pytest.raises(ValueError, match=r"controls: .* has no knob 'no such knob'"):
        make(cls, controls=["no such knob"])
