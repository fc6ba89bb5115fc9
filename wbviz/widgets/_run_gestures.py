"""What pointer and keys do on a RunBoard: take a run, brush an axis, move the step."""

import numpy as np

from wbviz.widgets import _run_view as view


class RunGestures:
    """Mixin of RunBoard: gestures that only set its traits."""

    _held = None

    def on_press(self, point):
        scene = self.scene
        places = (scene.curves, scene.parallel, scene.frame)
        self._held = next((axes for axes in places if axes.bbox.expanded(1.06, 1.1).contains(*point.pixel)), None)
        if self._held is scene.parallel and len(scene.at):
            here = self.point(*point.pixel, axes=scene.parallel)
            names = list(self._axis_names())
            self.axis, self._edge = names[int(np.abs(scene.at - here.x).argmin())], here.y
        elif self._held is not None:
            self.on_drag(point)

    def on_drag(self, point):
        if self._held is None or not self.runs:
            return
        here = self.point(*point.pixel, axes=self._held)
        if self._held is self.scene.parallel:
            ends = sorted(round(min(max(y, 0.0), 1.0) * 20) / 20 for y in (self._edge, here.y))
            self.span = ends if ends[0] < ends[1] else [0.0, 1.0]
        elif self._held is self.scene.frame:
            self.step = round(min(max(here.x, 0), self.range_of("step")["max"]))
        else:
            self.run = view.nearest_run(self, here.x, point.pixel)

    def on_key(self, key, shift=False):
        """← and → move the step, ↑ and ↓ go to the run before and after."""
        far = 10 if shift else 1
        step = self.step + {"ArrowLeft": -far, "ArrowRight": far}.get(key, 0)
        run = self.run + {"ArrowUp": -1, "ArrowDown": 1}.get(key, 0)
        self.step = min(max(step, 0), self.range_of("step")["max"])
        self.run = min(max(run, 1), self.range_of("run")["max"])
