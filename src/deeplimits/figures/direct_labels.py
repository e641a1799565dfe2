"""Labels written at the curves they name, where they cover nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase

from deeplimits._typing import Float64Array

_GAP = 8.0  # points between a curve and its label
_CLEARANCE = 6.0  # pixels that a label keeps from everything
_ANCHORS = 60  # places tried along each curve


@dataclass(frozen=True)
class Curve:
    """Hold a drawn curve and the text that names it, in data coordinates.

    Args:
        x: abscissas, increasing.
        y: ordinates.
        label: what to write.
        color: colour of the label.
        fill: colour of the area below, if it is filled; the label then stands inside.
    """

    x: Float64Array
    y: Float64Array
    label: str
    color: str
    fill: str | None = None


def label_curves(figure: Figure, axes: Axes, curves: Sequence[Curve]) -> list[Text]:
    """Write each curve's label beside it, where it meets no curve and no other label.

    Places along the curve are tried on every upper side; the one that covers least is taken, of equals the one nearest
    to the curve's peak. Call it when the limits of ``axes`` are final.
    """
    figure.draw_without_rendering()
    paths = [_dense(axes.transData.transform(np.column_stack([curve.x, curve.y]))) for curve in curves]
    inside = axes.get_window_extent()
    texts: list[Text] = []
    taken: list[Bbox] = []
    for curve, path in zip(curves, paths, strict=True):
        text = axes.text(0, 0, curve.label, color=curve.color, fontsize=9.5, va="center", ha="left")
        size = text.get_window_extent()
        if curve.fill is not None:
            text.set_bbox({"facecolor": curve.fill, "edgecolor": "none", "pad": 1})
            places = _places_inside(_top(path, paths), size.width, size.height, inside.y0)
        else:
            places = _places_beside(path, size.width, size.height, _GAP * figure.dpi / 72)
        peak = path[np.argmax(path[:, 1])]
        box = min(places, key=lambda box: (_covered(box, inside, paths, taken), _distance(box, peak)))
        text.set_position(tuple(axes.transData.inverted().transform((box.x0, (box.y0 + box.y1) / 2))))
        texts.append(text)
        taken.append(box)
    return texts


def _places_beside(path: Float64Array, width: float, height: float, gap: float) -> list[Bbox]:
    """Return boxes to the left, to the right, above and between, at points along the path."""
    places = []
    for x, y in path[np.linspace(0, len(path) - 1, _ANCHORS).astype(int)]:
        lefts = (x + gap, y - height / 2), (x - gap - width, y - height / 2), (x - width / 2, y + gap)
        diagonals = (x + 0.8 * gap, y + 0.8 * gap), (x - 0.8 * gap - width, y + 0.8 * gap)
        places += [Bbox.from_bounds(left, bottom, width, height) for left, bottom in (*lefts, *diagonals)]
    return places


def _places_inside(path: Float64Array, width: float, height: float, floor: float) -> list[Bbox]:
    """Return boxes between the path and the floor, at points along the path and at several heights."""
    return [
        Bbox.from_bounds(x - width / 2, floor + share * (y - floor) - height / 2, width, height)
        for x, y in path[np.linspace(0, len(path) - 1, _ANCHORS).astype(int)]
        for share in (0.25, 0.4, 0.55)
    ]


def _top(path: Float64Array, paths: Sequence[Float64Array]) -> Float64Array:
    """Return the part of ``path`` that no other path rises above; all of it if there is no such part."""
    highest = np.max([np.interp(path[:, 0], *other.T) for other in paths], axis=0)
    clear = path[:, 1] > highest - 0.1 * np.ptp(path[:, 1])
    return path[clear] if clear.any() else path


def _distance(box: Bbox, point: Float64Array) -> float:
    """Return how far ``point`` is from the nearest edge of ``box``."""
    outside = np.maximum(np.maximum(box.min - point, point - box.max), 0.0)
    return float(np.hypot(*outside))


def _covered(box: Bbox, inside: BboxBase, paths: Sequence[Float64Array], taken: Sequence[Bbox]) -> int:
    """Rate what a label in ``box`` would cover: points of curves, labels, and what is outside the axes."""
    outside = box.x0 < inside.x0 or box.x1 > inside.x1 or box.y0 < inside.y0 or box.y1 > inside.y1
    wide = box.padded(_CLEARANCE)
    points = sum(int(np.count_nonzero(_contained(wide, path))) for path in paths)
    labels = sum(bool(wide.overlaps(other)) for other in taken)
    return 10_000 * int(outside) + 1_000 * labels + points


def _contained(box: Bbox, path: Float64Array) -> np.ndarray:
    x, y = path.T
    return (box.x0 < x) & (x < box.x1) & (box.y0 < y) & (y < box.y1)


def _dense(path: Float64Array) -> Float64Array:
    """Return a path with points at most 2 pixels apart, so that a steep piece is not missed."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    wanted = np.linspace(0.0, arc[-1], int(arc[-1] / 2) + 2)
    return np.column_stack([np.interp(wanted, arc, path[:, 0]), np.interp(wanted, arc, path[:, 1])])
