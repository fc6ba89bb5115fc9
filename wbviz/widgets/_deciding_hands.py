"""Pointer and keys on FairnessLab: thresholds dragged on scores or curves, a strength chosen on the frontier."""

import numpy as np

from wbviz.scenes._fairness_views import MIDDLES
from wbviz.widgets import _deciding as experiment
from wbviz.widgets._deciding import STRENGTHS

#: Thresholds go in such steps.
STEP = 0.01


class Hands:
    """Mixin of FairnessLab: what the pointer and the keys set."""

    _held = None

    def on_press(self, point):
        self._held = None
        if self.view == "scores":
            scores = self.scene.scores.axes
            if scores.bbox.padded(8).contains(*point.pixel):
                height = self.point(*point.pixel, axes=scores).y
                self._held = int(abs(height - MIDDLES[1]) < abs(height - MIDDLES[0]))
        elif self.view == "conflict" and self.scene.conflict.axes.bbox.padded(8).contains(*point.pixel):
            self._held = self._nearest_curve(point.pixel)[0]
        elif self.view == "frontier":
            self._choose_strength(point.pixel)
        self.on_drag(point)

    def on_drag(self, point):
        if self._held is None:
            return
        if self.view == "scores":
            x = self.point(*point.pixel, axes=self.scene.scores.axes).x
            self._move(self._held, x, alone=self.apart or point.shift)
        elif self.view == "conflict":
            self._move(self._held, self._nearest_curve(point.pixel, self._held)[1], alone=True)

    def _move(self, group, place, alone):
        """Set the threshold of a group, or of both."""
        place = round(min(max(round(place / STEP) * STEP, 0.0), 1.0), 2)
        if alone:
            self.thresholds = [place if k == group else value for k, value in enumerate(self.both)]
        else:
            self.threshold = place

    def _nearest_curve(self, pixel, group=None):
        """The group whose curve is nearest, and the threshold at its nearest point."""
        best = (np.inf, 0, 0.5)
        for k, one in enumerate(experiment.curves(self.judged, self.known.names)):
            places = np.column_stack([one.rate("fpr"), one.rate("tpr")])
            known = np.isfinite(places).all(axis=1) & np.isfinite(one.threshold)
            if not known.any() or group not in (None, k):
                continue
            away = ((self.scene.conflict.axes.transData.transform(places[known]) - pixel) ** 2).sum(axis=1)
            best = min(best, (float(away.min()), k, float(one.threshold[known][away.argmin()])))
        return best[1:]

    def _choose_strength(self, pixel):
        found, axes = self.path(), self.scene.frontier.axes
        if found is not None and axes.bbox.padded(8).contains(*pixel):
            away = axes.transData.transform(np.column_stack(found.mean())) - pixel
            self.lam = STRENGTHS[int((away**2).sum(axis=1).argmin())]

    def on_key(self, key, shift=False):
        """← → move the first threshold (or the common one), ↓ ↑ the second."""
        group, side = {"ArrowLeft": (0, -1), "ArrowRight": (0, 1), "ArrowDown": (1, -1), "ArrowUp": (1, 1)}.get(
            key, (0, 0)
        )
        if side:
            self._move(group, self.both[group] + side * STEP * (10 if shift else 1), alone=self.apart or group == 1)
