"""ConceptMap: the concepts of the book, how they are related, and the figure of each."""

import textwrap

from wbviz.scenes.concept_map import LINES, ConceptMapScene
from wbviz.widgets._base import Explorer
from wbviz.widgets._concepts import CONCEPTS, NAME_ONLY, PARTS, RELATIONS, distances, relations_of, way
from wbviz.widgets._panel import button
from wbviz.widgets._points import ARROWS
from wbviz.widgets._stage import Stage
from wbviz.widgets._traits import choice, toggle, whole
from wbviz.widgets._words import plural

NAMES = tuple(CONCEPTS)
PLACES = {name: concept.place for name, concept in CONCEPTS.items()}
NOWHERE, ALL = "nowhere", "none"
LOOSE = [k for k, relation in enumerate(RELATIONS) if relation.verb == NAME_ONLY]
EDGES = [(NAMES.index(relation.one), NAMES.index(relation.other)) for relation in RELATIONS]
WRAP = 100  # characters in a line of the picture


class ConceptMap(Explorer):
    """35 concepts of the book on one page, and the verbs that join them.

    Predict the verbs: hide them, say each relation aloud, and show them. Predict ways: by how many relations, and by
    which, does a weight lead to a dead unit, or to unfairness? Choose concepts and walk from one to the next; mark a
    part and see what joins it to the others. Understand the book as one thing: what is learned in one chapter is the
    cause, the remedy or the measure of something in another, and the three biases share nothing but a name.

    Pointer: press a concept to choose it, with Shift to see the way to it. Keys: the arrows choose, V hides the verbs
    and shows them, Enter opens the figure of the concept on the stage below, Escape takes it away.
    """

    title = "A map of the concepts of this book"
    size = (684, 562)
    interactive = True

    concept = choice("weight", NAMES, label="concept", tip="The concept whose relations are shown")
    goal = choice(NOWHERE, (NOWHERE, *NAMES), label="way to", tip="Another one: the shortest way to it is shown")
    steps = whole(1, min=1, max=6, label="steps", tip="How far the neighbourhood goes that is lit")
    part = choice(ALL, (ALL, *PARTS), label="part", tip="A part of the book to mark, with all its relations")
    verbs = toggle(True, label="show the verbs", tip="Hide them, and name them yourself")

    def __init__(self, **settings):
        super().__init__(**settings)
        self.stage = Stage()
        self.children = (*self.children, self.stage)  # after the words: those of its figure are no words of the map

    def setup(self):
        nodes = [(concept.lines, *concept.place) for concept in CONCEPTS.values()]
        self.scene = ConceptMapScene(self.figure, nodes, EDGES, LOOSE, {part: _area(part) for part in PARTS})

    @button("Open its figure", "Open the figure that shows this concept best, below")
    def open_figure(self):
        """Open the figure of the concept on the stage below → the explorer."""
        return self.stage.show(CONCEPTS[self.concept].term.preset, self.concept)

    # --- what is related ----------------------------------------------------------------------------------------------

    def relations(self):
        """What is said: the relations on the way, or those of the concept, as sentences."""
        return [RELATIONS[k].sentence(self.verbs) for k in self._numbered()]

    def distance(self, name=None):
        """How many relations lie between the concept and another one (the goal, if none is named)."""
        name = self.goal if name is None else name
        return 0 if name == NOWHERE else distances(self.concept)[name]

    def neighbours(self):
        """The names of the concepts that are at most `steps` away, the concept itself left out."""
        far = distances(self.concept)
        return [name for name in NAMES if 0 < far[name] <= self.steps]

    def _numbered(self):
        return relations_of(self.concept) if self.goal == NOWHERE else way(self.concept, self.goal)

    def _near(self):
        """For each concept its distance where it is lit, else None."""
        far = distances(self.concept)
        on_way = {name for k in self._numbered() for name in (RELATIONS[k].one, RELATIONS[k].other)}
        return [min(far[n], 1) if n in on_way else far[n] if far[n] <= self.steps else None for n in NAMES]

    def _lit(self):
        """The numbers of all relations that are drawn dark."""
        far, marked = distances(self.concept), set(self._marked())
        return marked | set(self._numbered()) | {
            k for k, r in enumerate(RELATIONS) if k not in LOOSE and min(far[r.one], far[r.other]) < self.steps
        }  # fmt: skip

    def _marked(self):
        """The numbers of the relations of the part that is marked."""
        return [k for k, ends in enumerate(map(_parts, RELATIONS)) if self.part in ends]

    # --- picture ------------------------------------------------------------------------------------------------------

    def redraw(self):
        ends = {NAMES.index(name) for name in (self.concept, self.goal) if name != NOWHERE}
        marked = "" if self.part == ALL else self.part
        self.scene.update(self._near(), ends, self._lit(), self._numbered(), marked, self._words())

    def _words(self):
        term = CONCEPTS[self.concept].term
        numbered = [f"{number}  {sentence}" for number, sentence in enumerate(self.relations(), 1)]
        said = [*textwrap.wrap(term.meaning, WRAP), *textwrap.wrap(self._way_said(), WRAP), *numbered, self._around()]
        return {"title": f"{self.concept}  (chapter {term.chapter:02d})", "said": [*said, *[""] * LINES][:LINES]}

    def _way_said(self):
        if self.goal == NOWHERE:
            return ""
        if self.goal == self.concept:
            return f"The way to {self.goal}: none, this is it."
        return f"The way to {self.goal}: {plural(self.distance(), 'relation')}."

    def _around(self):
        near = f"Within {plural(self.steps, 'step')}: {len(self.neighbours())} of the other {len(NAMES) - 1} concepts."
        if self.part == ALL:
            return near
        inside = sum(ends == (self.part, self.part) for ends in map(_parts, RELATIONS))
        return f"{near} Marked: {self.part}, {inside} relations inside, {len(self._marked()) - inside} to other parts."

    def describe(self):
        concept = CONCEPTS[self.concept]
        kind = ("The relations on it:" if self._way_said() else "Its relations:") if self._numbered() else ""
        hidden = "" if self.verbs else "The verbs are hidden: which are they?"
        named = (
            f"{self.concept}, of the part {concept.part}, chapter {concept.term.chapter:02d}: {concept.term.meaning}"
        )
        return " ".join(filter(None, (named, self._way_said(), kind, *self.relations(), hidden, self._around())))

    # --- gestures -----------------------------------------------------------------------------------------------------

    def on_press(self, point):
        node = self.scene.at(point.x, point.y) if point.axes is self.scene.axes else None
        if node is None:
            return
        name = NAMES[node]
        if point.shift:
            self.goal = NOWHERE if self.goal == name else name
        else:
            self.concept = name

    def on_key(self, key, shift=False):
        if key in ARROWS:
            self.concept = _beside(self.concept, *ARROWS[key])
        elif key in ("v", "V"):
            self.verbs = not self.verbs
        elif key == "Enter":
            self.open_figure()
        elif key == "Escape":
            self.stage.clear()


def _beside(name, across, up):
    """The nearest concept in a direction, or the same one where there is none: sideways counts three times."""
    x, y = PLACES[name]
    ahead = {
        other: ((column - x) * across - (row - y) * up, abs((column - x) * up) + abs((row - y) * across))
        for other, (column, row) in PLACES.items()
    }
    found = [other for other, (far, _) in ahead.items() if far > 0]
    return min(found, key=lambda other: ahead[other][0] + 3 * ahead[other][1], default=name)


def _parts(relation):
    return CONCEPTS[relation.one].part, CONCEPTS[relation.other].part


def _area(part):
    """The column and row of the area of a part, and how many columns and rows it has."""
    column, row = PARTS[part]
    places = [concept.place for concept in CONCEPTS.values() if concept.part == part]
    return column, row, *(max(place[axis] for place in places) - PARTS[part][axis] + 1 for axis in (0, 1))
