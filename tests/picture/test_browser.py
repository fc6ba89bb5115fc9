"""The front end in Chromium, without JupyterLab: it paints what Agg draws, and reports gestures."""

import numpy as np
import pytest

from tests.picture import browser_paint, figures
from tests.picture.browser_paint import Shown, agg, paint, similarity
from wbviz import style

pytestmark = browser_paint.MARKS


@pytest.mark.parametrize("dpr", [1, 2])
@pytest.mark.parametrize("name", figures.ALL)
def test_the_browser_paints_what_agg_draws(name, dpr):
    figure = figures.ALL[name]()
    assert similarity(paint(figure, dpr), agg(figure, dpr)) > 0.95


@pytest.fixture
def shown(new_picture):
    views = []

    def show(dpr=1, **options):
        views.append(Shown(new_picture(**options), dpr))
        return views[-1]

    yield show
    for view in views:
        assert view.close() == []


def test_a_moved_line_is_painted_where_it_is(shown):
    view = shown()
    picture = view.picture
    for height in (0.2, 0.8, 0.5):
        picture.line.set_ydata([height, height])
        picture.text.set_text(f"{height:.2f}")
        picture.changed()
        view.deliver()
    assert view.evaluate("picture.model.sent.at(-1)") == {"type": "ack", "frame": 4}
    assert view.evaluate("picture.views[0].el.querySelector('canvas').dataset.frame") == "4"
    assert similarity(view.pixels(), agg(picture)) > 0.98


def test_the_dark_theme_exchanges_the_colours_and_nothing_else(new_picture):
    picture = new_picture()
    picture.figure.set_facecolor(style.PAPER)
    picture.line.set_color(style.BLUE)
    picture.axes.set_facecolor("#123456")
    paper = np.full((2, 2, 3), 255, np.uint8)  # an image in the colour of the paper
    picture.axes.imshow(paper, extent=(0.6, 0.9, 0.1, 0.4), interpolation="none", zorder=9)
    light, dark = paint(picture), paint(picture, dark=True)
    assert hexadecimal(light[2, 2]) == style.PAPER
    assert hexadecimal(dark[2, 2]) == style.DARK[style.PAPER]
    assert has(light, style.BLUE)
    assert has(dark, style.DARK[style.BLUE])
    assert not has(dark, style.BLUE)
    for kept in ("#123456", style.PAPER):  # a colour of no theme, and the image
        assert has(dark, kept)


def hexadecimal(pixel):
    return "#{:02x}{:02x}{:02x}".format(*pixel)


def has(pixels, colour):
    return (pixels == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=2).any()


def test_it_follows_the_theme_while_it_is_shown(shown):
    view = shown()
    light = view.pixels()
    view.dark()
    dark = view.pixels()
    view.dark(False)
    assert (light[2, 2] == 255).all()
    assert hexadecimal(dark[2, 2]) == style.DARK[style.PAPER]
    assert (view.pixels() == light).all()


def test_pointer_and_keys_arrive_as_traits(shown):
    view = shown(interactive=True)

    def act(page):
        page.mouse.move(100, 60)
        page.mouse.down()
        page.mouse.move(500, 400)  # outside: the pointer is held
        page.mouse.move(150, 100)
        page.mouse.up()
        for key in ("ArrowLeft", "Shift+ArrowUp", "+", "Space", "F5x", "a", "Tab"):
            if key != "F5x":
                page.keyboard.press(key)

    browser_paint.browser(act)
    assert view.evaluate("picture.model.get('pointer')") == {
        **{"press": 1, "px": 100, "py": 240, "x": 150, "y": 200},
        **{"down": False, "inside": True, "shift": False, "ctrl": False},
    }
    keys = view.evaluate("picture.model.get('keystrokes')")
    assert keys["n"] == 5
    assert [stroke["key"] for stroke in keys["recent"]] == ["ArrowLeft", "ArrowUp", "+", "Space", "a"]
    assert keys["recent"][1]["shift"]
    downs = view.evaluate("picture.model.saved.filter(saved => saved.pointer?.down).map(saved => saved.pointer.x)")
    assert 500 in downs
    assert view.evaluate("document.activeElement !== picture.views[0].el.querySelector('canvas')"), "Tab leaves it"


def test_no_more_than_32_keys_are_kept_and_the_count_tells_how_many(shown):
    view = shown(interactive=True)

    def act(page):
        page.locator("canvas").first.focus()
        for _ in range(40):
            page.keyboard.press("ArrowRight")

    browser_paint.browser(act)
    keys = view.evaluate("picture.model.get('keystrokes')")
    assert (keys["n"], len(keys["recent"])) == (40, 32)


def test_a_picture_that_is_not_interactive_reports_nothing(shown):
    view = shown()
    browser_paint.browser(lambda page: (page.mouse.click(50, 50), page.keyboard.press("a")))
    assert view.evaluate("picture.model.saved") == []


def test_what_a_screen_reader_is_told(shown):
    view = shown()
    picture = view.picture
    canvas = "picture.views[0].el.querySelector('canvas')"
    assert view.evaluate(f"{canvas}.getAttribute('role')") == "img"
    for sentence in ("It rises.", "It falls."):
        picture.description = sentence
        picture.changed()
        view.deliver()
    assert view.evaluate(f"{canvas}.getAttribute('aria-label')") == "a line: It falls."
    wait = "new Promise(done => setTimeout(done, 700))"
    live = "picture.views[0].el.querySelector('[aria-live=polite]').textContent"
    assert view.evaluate(f"{wait}.then(() => {live})") == "It falls."


def test_two_views_of_one_picture_and_one_that_goes(shown):
    view = shown()
    view.evaluate("addView(Object.keys(pictures).find(key => pictures[key] === picture))")
    view.picture.line.set_ydata([0.3, 0.3])
    view.picture.changed()
    view.deliver()
    both = "picture.views.map(({el}) => el.querySelector('canvas').toDataURL())"
    first, second = view.evaluate(both)
    assert first == second
    view.evaluate("picture.views.pop().remove()")
    assert view.evaluate("picture.model.sent.filter(message => message.type === 'ready').length") == 1
    view.evaluate("picture.views.pop().remove()")
    assert view.evaluate("picture.model.sent.at(-1).type") == "gone"


def test_it_shrinks_with_the_page_and_stays_sharp(shown):
    view = shown(dpr=2)
    view.evaluate("picture.views[0].el.style.width = '200px'")
    view.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert view.pixels().shape == (300, 400, 3)


CONTROLS = """
<div class="wbviz-explorer"><div class="wbviz-knob"><label class="widget-label">weight</label>
<input type="number"></div>
<div class="wbviz-knob"><label class="widget-label">activation</label><div class="widget-toggle-buttons">
<button class="mod-active">tanh</button><button>relu</button></div></div>
<div class="wbviz-error"></div><div class="here"></div></div>
"""


def test_the_controls_of_an_explorer_get_names(shown):
    view = shown()
    view.evaluate(f"document.body.insertAdjacentHTML('beforeend', `{CONTROLS}`)")
    number = "Object.keys(pictures).find(key => pictures[key] === picture)"
    view.evaluate(f"addView({number}, document.querySelector('.here'))")
    frames = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    view.evaluate(frames)

    def attribute(selector, name):
        return view.evaluate(f"document.querySelector('.wbviz-explorer {selector}').getAttribute('{name}')")

    assert attribute("input", "aria-label") == "weight"
    assert attribute(".widget-toggle-buttons", "aria-label") == "activation"
    assert attribute("button:last-child", "aria-pressed") == "false"
    assert attribute(".wbviz-error", "role") == "alert"
    script = "document.querySelector('.wbviz-explorer button:last-child').classList.add('mod-active')"
    view.evaluate(f"({script}, {frames})")
    assert attribute("button:last-child", "aria-pressed") == "true"
    view.evaluate("document.querySelector('.wbviz-explorer').remove()")


@pytest.mark.parametrize("before", ["", "<canvas></canvas>"])
def test_the_words_of_an_explorer_are_those_of_its_first_picture(shown, before):
    view = shown()
    view.picture.description = "a line"
    view.picture.changed()
    view.deliver()
    words = f'{before}<div class="here"></div><div class="wbviz-words">of another</div>'
    view.evaluate(f"document.body.insertAdjacentHTML('beforeend', `<div class='wbviz-explorer'>{words}</div>`)")
    number = "Object.keys(pictures).find(key => pictures[key] === picture)"
    view.evaluate(f"addView({number}, document.querySelector('.here'))")
    said = view.evaluate("document.querySelector('.wbviz-words').textContent")
    assert said == ("of another" if before else "a line")
    view.evaluate("document.querySelector('.wbviz-explorer').remove()")
