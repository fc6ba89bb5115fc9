"""Recording again what has only moved: matplotlib draws an artist once, then its records are kept and placed anew.

The *look* of an artist is all that it is, apart from its words, its place and its data. While the look stays as it was,
a text has the same colours, and the same layout for all words of one form; a patch or a line has the same pen.
Everything else on which the records depend (limits, clipping, the size of the figure) changes with a whole frame only,
and there matplotlib draws everything.
"""

import math
from operator import is_

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import Collection, LineCollection, PolyCollection
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from wbviz.picture import outlines
from wbviz.picture.paths import ends, prepare, rectilinear

#: How many forms of words are kept of a text.
_FORMS = 32
#: Lines of more vertices may be drawn in part only: those are left to matplotlib.
_VERTICES = 1000
#: The parts of a record that lie in the buffer of one frame.
_PLACES = ("xy", "codes", "at", "image")


def memory(artist):
    """What is kept of this artist, told by `learn` and used by `draw`; None for kinds that matplotlib always draws."""
    kind = type(artist)
    if kind is Text:
        return _Text(artist)
    if kind is Line2D:
        return _Line(artist)
    if kind is AxesImage:
        return _Image(artist)
    if issubclass(kind, Collection) and kind.draw in (Collection.draw, LineCollection.draw, PolyCollection.draw):
        return _Collection(artist)
    if issubclass(kind, Patch) and kind.draw is Patch.draw and kind.get_transform is Patch.get_transform:
        return _Patch(artist)
    return None


class _Memory:
    #: Attributes that may change while the look stays.
    moving = {"_stale", "_renderer"}
    #: Whether artists are remembered whose transform is more than a matrix: those on logarithmic axes, say.
    beyond_affine = False

    def __init__(self, artist):
        self._artist, self._look, self._kept = artist, [], {}

    def draw(self, recorder):
        """Record the artist as it is now; returns False, with nothing recorded, where matplotlib has to draw it."""
        return bool(self._kept) and not recorder.whole and self._looks_as_before(self.look()) and self._again(recorder)

    def learn(self, recorder, records):
        """Keep what is needed of the records that matplotlib has just made of the artist."""
        look, artist = self.look(), self._artist
        if recorder.whole or not self._looks_as_before(look) or len(self._kept) == _FORMS:
            self._look, self._kept = look, {}
        special = artist.get_path_effects() or artist.get_agg_filter() or artist.get_sketch_params()
        placed = self.beyond_affine or artist.get_transform().is_affine
        if records and placed and not special and not any("clippath" in record for record in records):
            self._keep(recorder, records)

    def look(self):
        """The values of all attributes that belong to the look."""
        return [value for name, value in vars(self._artist).items() if name not in self.moving]

    def _looks_as_before(self, look):
        return len(look) == len(self._look) and all(map(is_, look, self._look))


class _Text(_Memory):
    """Keeps, for each form of words, the records, and where the line and the box are, seen from the text's place."""

    moving = _Memory.moving | {"_x", "_y", "_text"}
    moving_box = {"_x", "_y", "_width", "_height", "_transform", "_transformSet", "_mutation_scale", "_stale"}

    def look(self):
        box = self._artist.get_bbox_patch()
        of_box = [] if box is None else [value for name, value in vars(box).items() if name not in self.moving_box]
        return super().look() + of_box

    def _keep(self, recorder, records):
        text, box = self._artist, self._artist.get_bbox_patch()
        boxes = [record for record in records if "snap" in record]
        lines = [record for record in records if "text" in record]
        complete = len(lines) == len(text.get_text().split("\n")) and len(boxes + lines) == len(records)
        if not complete or "$" in text.get_text() or text.get_usetex() or text.get_wrap():
            return
        if boxes and (len(boxes) > 1 or "fill" not in boxes[0] or box.get_path_effects()):
            return
        x, y = self._place(recorder)
        self._kept[self._form()] = (
            [self._box(recorder, (x, y), record) for record in boxes],
            [(*line["matrix"][:4], line["matrix"][4] - x, line["matrix"][5] - y, _style(line)) for line in lines],
        )

    def _box(self, recorder, place, record):
        box, size = self._artist.get_bbox_patch(), (recorder.width, recorder.height)
        vertices, codes = prepare(box.get_path(), box.get_transform(), size, filled="fill" in record)
        return vertices - place, codes, _style(record)

    def _again(self, recorder):
        form = self._form()
        x, y = self._place(recorder)
        if form not in self._kept or not math.isfinite(x + y):
            return False
        boxes, lines = self._kept[form]
        for vertices, codes, style in boxes:
            recorder.write_shape(np.add(vertices, (x, y)), codes, style)
        for words, (*turn, right, up, style) in zip(self._artist.get_text().split("\n"), lines, strict=True):
            recorder.write_text(words, form[0], False, [*turn, x + right, y + up], style)
        return True

    def _form(self):
        font = outlines.font_number(self._artist.get_fontproperties())
        return font, *(outlines.form(words, font, False) for words in self._artist.get_text().split("\n"))

    def _place(self, recorder):
        x, y = self._artist.get_unitless_position()
        (a, c, e), (b, d, f), _ = recorder.affine(self._artist.get_transform()).get_matrix().tolist()
        return a * x + c * y + e, b * x + d * y + f


class _Patch(_Memory):
    """Keeps the one record of a patch; path and transform are asked for each time."""

    moving = _Memory.moving | {"_x0", "_y0", "_x", "_y", "_width", "_height", "_center", "_path", "_patch_transform"}

    def _keep(self, recorder, records):
        if len(records) == 1 and "snap" in records[0] and not self._artist.have_units():
            self._kept = {"style": _style(records[0])}

    def _again(self, recorder):
        patch = self._artist
        to_pixels = recorder.affine(Artist.get_transform(patch)).get_matrix()
        affine = Affine2D(to_pixels @ _matrix(patch))
        _draw_path(recorder, patch, patch.get_path(), affine, self._kept["style"])
        return True


def _matrix(patch):
    """The matrix from the path of a patch to its own place; of an upright rectangle, matplotlib's way is a long one."""
    if type(patch) is Rectangle and patch.get_angle() == 0:
        x, y = patch.get_xy()
        return np.array(((patch.get_width(), 0.0, x), (0.0, patch.get_height(), y), (0.0, 0.0, 1.0)))
    return patch.get_patch_transform().get_matrix()


class _Line(_Memory):
    """Keeps the records of a line and of its markers; its path is asked for each time."""

    moving = _Memory.moving | {
        "_xorig", "_yorig", "_x", "_y", "_xy", "_x_filled", "_invalidx", "_invalidy", "_subslice", "_path",
        "_transformed_path", "ind_offset",
    }  # fmt: skip
    beyond_affine = True

    def _keep(self, recorder, records):
        line, markers = self._artist, ["marker" in record for record in records]
        if line.get_drawstyle() != "default" or line.get_markevery() is not None or not _is_whole(_path(line)):
            return
        if line.get_linestyle() == "None" or not all(markers):
            shapes = [recorder.read_shape(record) if "marker" in record else None for record in records]
            self._kept = {"shapes": shapes, "styles": [*map(_style, records)]}

    def _again(self, recorder):
        path, affine = _path(self._artist), recorder.affine(self._artist.get_transform())
        if not _is_whole(path):
            return False
        for marker, style in zip(self._kept["shapes"], self._kept["styles"], strict=True):
            if marker is None:
                _draw_path(recorder, self._artist, path, affine, style)
            else:
                recorder.write_shape(*marker, style, at=affine.transform(ends(path)))
        return True


def _path(line):
    """The path of a line, up to the affine part of its transform."""
    path, transform = line.get_path(), line.get_transform()
    return path if transform.is_affine else transform.transform_path_non_affine(path)


def _is_whole(path):
    return 0 < len(path.vertices) < _VERTICES and bool(np.isfinite(path.vertices).all())


class _Collection(_Memory):
    """Keeps how the shapes of a collection end, meet and are clipped; the shapes and their pens are asked for.

    Only collections are remembered whose shapes stand where their vertices are, in colours that were given as such.
    """

    moving = _Memory.moving | {
        "_paths", "_sizes", "_transforms", "_facecolors", "_edgecolors", "_hatchcolors", "_linewidths", "_linestyles",
        "_original_facecolor", "_original_edgecolor", "_us_lw", "_us_linestyles",
    }  # fmt: skip
    beyond_affine = True

    def _keep(self, recorder, records):
        record, collection = records[0], self._artist
        if len(records) > 1 or "starts" not in record or "by" in record or "at" not in record:
            return
        if collection.get_array() is None and not recorder.buffer.read(record["at"]).any():
            self._kept = {name: record[name] for name in ("clip", "cap", "join") if name in record}

    def _again(self, recorder):
        collection = self._artist
        paths, faces, edges = collection.get_paths(), collection.get_facecolor(), collection.get_edgecolor()
        alone = len(paths) == 1 and len(faces)  # matplotlib may draw such a one as a marker
        if not len(paths) or alone or len(collection.get_transforms()) or not (len(faces) or len(edges)):
            return False
        # `get_linestyle` gives dashes for lines of one point, `_linestyles` those that are drawn.
        pens = faces, edges, collection.get_linewidth(), collection._linestyles, collection.get_antialiased()
        transform = collection.get_transform()
        if not transform.is_affine:
            paths = [transform.transform_path_non_affine(path) for path in paths]
        to_pixels = recorder.affine(transform)
        style = self._kept | {"at": recorder.buffer.add((0, 0))}
        recorder.write_paths(paths, to_pixels, collection.get_snap(), pens, style)
        return True


class _Image(_Memory):
    """Keeps the place of an image that is passed cell by cell, all of it in view; its cells are coloured each time."""

    moving = _Memory.moving | {"_A", "_imcache"}

    def _keep(self, recorder, records):
        rows, columns = self._artist.get_array().shape[:2]
        whole = len(records) == 1 and (records[0].get("rows"), records[0].get("columns")) == (rows, columns)
        if whole and self._artist.get_interpolation() == "none":
            self._kept = {(rows, columns): _style(records[0])}

    def _again(self, recorder):
        cells = self._artist.get_array()
        if cells.shape[:2] not in self._kept:
            return False
        colours = self._artist.to_rgba(cells, bytes=True, norm=cells.ndim == 2)
        recorder.write_image(colours, self._kept[cells.shape[:2]])
        return True


def _style(record):
    return {name: value for name, value in record.items() if name not in _PLACES}


def _draw_path(recorder, artist, path, affine, style):
    vertices, codes = prepare(path, affine, (recorder.width, recorder.height), "fill" in style)
    if len(vertices):
        snap = rectilinear(vertices, codes) if artist.get_snap() is None else artist.get_snap()
        recorder.write_shape(vertices, codes, style | {"snap": int(snap)})
