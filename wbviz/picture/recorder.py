"""A matplotlib renderer that writes down what is drawn instead of drawing it."""

import math
from contextlib import contextmanager

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.transforms import Affine2D

from wbviz.picture import outlines, raster, styles
from wbviz.picture.frames import Buffer, colour
from wbviz.picture.paths import ends, prepare, prepare_many, rectilinear, rectilinear_many, six


class Recorder(RendererBase):
    """Records draw calls as a display list of *pieces*: what lies still, and a slot for each live artist.

    A piece is a list of records (dicts for JSON) which point into `buffer`. Coordinates are pixels of the figure,
    upwards from the lower left.
    """

    def __init__(self):
        super().__init__()
        self._glyphs = {}
        self.begin(1, 1, 100)

    def begin(self, width, height, dpi, whole=True):
        """Start an empty recording of a figure of width × height pixels at `dpi` pixels per inch.

        A whole one brings every glyph along, another only those that no recording since the last whole one had.
        """
        self.width, self.height, self.dpi = width, height, dpi
        self.pieces, self.slots, self.glyphs, self.buffer = [], {}, {}, Buffer()
        if whole:
            self._glyphs = {}
        self.whole, self._affine, self._piece = whole, {}, None

    def next_frame(self):
        """Go on with another frame in the same recording: transforms may have moved."""
        self._affine = {}

    def forget_new_glyphs(self):
        """This recording goes nowhere: the glyphs that it brought are still to be brought."""
        self._glyphs = {name: number for name, number in self._glyphs.items() if number not in self.glyphs}

    @contextmanager
    def slot(self, artist):
        """While it is open, records go into the slot of `artist`, the list it gives."""
        self._piece = []
        self.slots[artist] = len(self.pieces)
        self.pieces.append(self._piece)
        try:
            yield self._piece
        finally:
            self._piece = None

    def affine(self, transform):
        """The affine part of a transform, worked out once in each recording."""
        if id(transform) not in self._affine:
            self._affine[id(transform)] = transform, transform.get_affine()
        return self._affine[id(transform)][1]

    def _write(self, record):
        if self._piece is None:
            self._piece = []
            self.pieces.append(self._piece)
        self._piece.append(record)

    # What matplotlib asks of every renderer.

    def get_canvas_width_height(self):
        """Width and height of the figure in pixels."""
        return self.width, self.height

    def points_to_pixels(self, points):
        """Points (1/72 inch) in pixels of the figure."""
        return points * self.dpi / 72

    def flipy(self):
        """Text is placed upwards from the lower left, like everything else."""
        return False

    def option_image_nocomposite(self):
        """Neighbouring images stay apart."""
        return True

    def option_scale_image(self):
        """Images without interpolation are passed unsampled, with their transform."""
        return True

    def get_text_width_height_descent(self, s, prop, ismath):
        """Width, height and descent of a line of text in pixels, without hinting."""
        if ismath == "TeX":
            return super().get_text_width_height_descent(s, prop, ismath)
        lengths = outlines.extent(s, outlines.font_number(prop), bool(ismath))
        return tuple(self.points_to_pixels(length) for length in lengths)

    def _get_font_height_metrics(self, prop):
        # matplotlib 3.11 asks for this, if it is there, instead of looking into the font file for every text.
        lengths = outlines.height(outlines.font_number(prop))
        return tuple(None if length is None else self.points_to_pixels(length) for length in lengths)

    # Shapes.

    def draw_path(self, gc, path, transform, rgbFace=None):
        """Record one path."""
        if gc.get_hatch() is not None:
            return self._by_agg(lambda agg, scaled: agg.draw_path(scaled(gc), path, transform + agg.scale, rgbFace))
        filled = rgbFace is not None
        vertices, codes = prepare(path, transform, (self.width, self.height), filled, gc.get_sketch_params())
        style = self._clip(gc) | styles.pen(gc, rgbFace, self.points_to_pixels)
        if len(vertices) and ("fill" in style or "stroke" in style):
            snap = rectilinear(vertices, codes) if gc.get_snap() is None else gc.get_snap()
            self.write_shape(vertices, codes, style | {"snap": int(snap)})

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        """Record one marker and all the places where it stands."""
        vertices, codes = prepare(marker_path, marker_trans, (self.width, self.height), True)
        at = trans.transform(ends(path))
        style = self._clip(gc) | styles.pen(gc, rgbFace, self.points_to_pixels)
        if len(vertices) and len(at) and ("fill" in style or "stroke" in style):
            snap = rectilinear(vertices, codes) if gc.get_snap() is None else gc.get_snap()
            self.write_shape(vertices, codes, style | {"snap": int(snap), "marker": 1}, at)

    def draw_path_collection(
        self, gc, master_transform, paths, all_transforms, offsets, offset_trans, facecolors, edgecolors,
        linewidths, linestyles, antialiaseds, urls, offset_position, *, hatchcolors=None,
    ):  # fmt: skip
        """Record a whole collection (scatter, line segments, polygons) at once."""
        if not len(paths) or not (len(facecolors) or len(edgecolors)):
            return None
        if gc.get_hatch() is not None:
            more = {} if hatchcolors is None else {"hatchcolors": hatchcolors}  # new in matplotlib 3.11
            return self._by_agg(
                lambda agg, scaled: agg.draw_path_collection(
                    scaled(gc), master_transform + agg.scale, paths, all_transforms, offsets, offset_trans + agg.scale,
                    facecolors, edgecolors, linewidths, linestyles, antialiaseds, urls, offset_position, **more,
                )
            )  # fmt: skip
        filled = len(facecolors) > 0
        record = self._shapes(gc.get_snap(), list(paths), master_transform, all_transforms, filled)
        if len(offsets):
            record["at"] = self.buffer.add(offset_trans.transform(np.ma.filled(offsets, np.nan)))
        record |= self._clip(gc) | styles.joints(gc)
        record |= styles.in_turn(
            facecolors, edgecolors, linewidths, linestyles, antialiaseds, self.points_to_pixels, self.buffer
        )
        return self._write(record)

    def draw_quad_mesh(
        self, gc, master_transform, meshWidth, meshHeight, coordinates, offsets, offsetTrans, facecolors,
        antialiased, edgecolors,
    ):  # fmt: skip
        """Record a mesh of flat-coloured quadrilaterals as a collection."""
        points = np.ma.filled(coordinates, np.nan)
        corners = master_transform.transform(points.reshape(-1, 2)).reshape(points.shape)
        quads = np.stack([corners[:-1, :-1], corners[:-1, 1:], corners[1:, 1:], corners[1:, :-1]], axis=2)
        quads = quads.reshape(-1, 4, 2)
        faces = np.resize(facecolors, (len(quads), 4)) if len(facecolors) else np.zeros((len(quads), 4))
        seen = np.isfinite(quads).all(axis=(1, 2))
        level = np.abs(np.diff(quads[:1], axis=1)).min(axis=-1).max(initial=0) < 1e-4
        starts = np.arange(seen.sum() + 1) * 4
        record = self._shape(quads[seen].reshape(-1, 2), None) | {"starts": self.buffer.add(starts, np.uint32)}
        record["snap"] = int(level and not antialiased)
        edges = [] if edgecolors is None else edgecolors
        record |= self._clip(gc) | styles.joints(gc) | {"close": 1}
        pens = edges, [gc.get_linewidth()], [], [antialiased]
        self._write(record | styles.in_turn(faces[seen], *pens, self.points_to_pixels, self.buffer))

    def draw_gouraud_triangles(self, gc, triangles_array, colors_array, transform):
        """Let Agg draw smoothly shaded triangles, and record the image."""
        self._by_agg(
            lambda agg, scaled: agg.draw_gouraud_triangles(
                scaled(gc), triangles_array, colors_array, transform + agg.scale
            )
        )

    # Images and text.

    def draw_image(self, gc, x, y, im, transform=None):
        """Record an image of bytes (rows, columns, 4), its first row lowest, as it is."""
        rows, columns = im.shape[:2]
        if not rows or not columns:
            return
        if transform is None:
            transform = Affine2D().scale(columns, rows)
        a, b, c, d, e, f = six(transform)
        matrix = [a / columns, b / columns, c / rows, d / rows, float(e + x), float(f + y)]
        self.write_image(im, {"matrix": matrix, "alpha": gc.get_alpha()} | self._clip(gc))

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        """Record a line of text as the outlines of its glyphs."""
        font = outlines.font_number(prop)
        scale = self.points_to_pixels(prop.get_size_in_points()) / outlines.UNIT
        cos, sin = scale * math.cos(math.radians(angle)), scale * math.sin(math.radians(angle))
        style = {"fill": colour(gc.get_rgb(), gc.get_alpha() if gc.get_forced_alpha() else None)} | self._clip(gc)
        self.write_text(s, font, bool(ismath), [cos, sin, -sin, cos, float(x), float(y)], style)

    def _glyph(self, name):
        """The number of a glyph; the first time, its outline goes along."""
        if name not in self._glyphs:
            self._glyphs[name] = len(self._glyphs)
            self.glyphs[self._glyphs[name]] = self._shape(*outlines.glyph(name))
        return self._glyphs[name]

    def _by_agg(self, draw):
        """Let `draw(agg, scaled)` draw with Agg at twice the size, and record what it left as an image."""
        image, x, y = raster.draw(draw, self.width, self.height, self.dpi)
        if image is not None:
            step = 1 / raster.SCALE
            self.write_image(image, {"matrix": [step, 0, 0, step, x * step, y * step], "alpha": 1, "smooth": 1})

    # Records and their parts.

    def write_shape(self, vertices, codes, style, at=None):
        """Write one shape, or a marker that stands at each of the places `at`."""
        places = {} if at is None else {"at": self.buffer.add(at)}
        self._write(style | self._shape(vertices, codes) | places)

    def read_shape(self, record):
        """Vertices (n, 2) and codes (n,) or None that lie in the buffer for a record."""
        codes = self.buffer.read(record["codes"], np.uint8) if "codes" in record else None
        return self.buffer.read(record["xy"]).reshape(-1, 2), codes

    def write_text(self, text, font, is_math, matrix, style):
        """Write a line of text; `matrix` brings a font of `outlines.UNIT` pixels to its place."""
        layout = outlines.lay_out(text, font, is_math)
        if layout.names:
            glyphs = [self._glyph(name) for name in layout.names]
            self._write(style | {"text": glyphs, "places": layout.places, "matrix": matrix})

    def write_paths(self, paths, transform, snap, pens, style):
        """Write a collection of shapes; `pens`: colours of fills and lines, widths, dashes, smoothing, each in turn."""
        record = self._shapes(snap, paths, transform, (), filled=len(pens[0]) > 0)
        self._write(style | record | styles.in_turn(*pens, self.points_to_pixels, self.buffer))

    def write_image(self, image, style):
        """Write an image of bytes (rows, columns, 4), its first row lowest."""
        rows, columns = image.shape[:2]
        self._write(style | {"image": self.buffer.add(image, np.uint8), "columns": columns, "rows": rows})

    def _shape(self, vertices, codes):
        record = {"xy": self.buffer.add(vertices)}
        if codes is not None:
            record["codes"] = self.buffer.add(codes, np.uint8)
        return record

    def _shapes(self, snap, paths, master, transforms, filled):
        """Several shapes; where each item is the same shape transformed anew, the shape once and the matrices."""
        size = (self.width, self.height)
        if len(transforms) > 1:
            first = Affine2D(transforms[0]) + master
            vertices, codes, starts = prepare_many(paths, Affine2D(), size, filled=True)
            probe = first.transform(vertices)
        else:
            to_pixels = Affine2D(transforms[0]) + master if len(transforms) else master
            vertices, codes, starts = prepare_many(paths, to_pixels, size, filled)
            probe = vertices
        record = self._shape(vertices, codes) | {"starts": self.buffer.add(starts, np.uint32)}
        if len(transforms) > 1:
            matrices = [six(Affine2D(matrix) + master) for matrix in transforms]
            record["by"] = self.buffer.add(matrices)
        if snap is None:
            flags = rectilinear_many(probe, codes, starts)
            snap = flags[0] if len(set(flags)) == 1 else flags
        record["snap"] = self.buffer.add(snap, np.uint8) if isinstance(snap, list) else int(snap)
        return record

    def _clip(self, gc):
        clip = {}
        rectangle = gc.get_clip_rectangle()
        edges = [] if rectangle is None else rectangle.extents.tolist()
        if edges and all(map(math.isfinite, edges)):
            clip["clip"] = [round(edge, 3) for edge in edges]
        path, transform = gc.get_clip_path()
        if path is not None:
            vertices, codes = prepare(path, transform, (self.width, self.height), filled=True)
            clip["clippath"] = self._shape(vertices, codes)
        return clip
