"""The forward pass of a learner's own network: a smaller diagram, a longer sum, and the rest as in the book's."""

from wbviz.scenes._diagram import Diagrams
from wbviz.scenes._small_diagram import SmallDiagram
from wbviz.scenes.forward_pass import DIAGRAM, ForwardPassScene

#: Up to so many units a layer stand below each other as numbers, and so many layers beside each other.
MOST_UNITS, MOST_LAYERS = 16, 5


class OwnForwardPassScene(ForwardPassScene):
    """As ForwardPassScene, for networks of up to 16 units a layer: the sum has room for 16 products."""

    LEDGER, CURVE, WORDS = (438, 8, 238, 328), (516, 372, 146, 60), (0, 350, 474, 120)

    def _make_diagrams(self, figure, names):
        ((*before, _),) = names.values()
        self.ROWS = max(map(len, before)) + 2
        self.LINE = min(24, 288 // self.ROWS)
        self.diagrams = Diagrams(figure, DIAGRAM, names, 0, SmallDiagram)

    def _layer_places(self):
        (diagram,) = self.diagrams.values()
        return [(x, "center") for x in diagram.columns]

    def _move_diagram(self, net, values, marked, dimmed, held):
        self.diagram.update(net, values, marked=marked, dimmed=dimmed, held=held)
