import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from deeplimits.figures.direct_labels import Curve, label_curves

X = np.linspace(-4, 4, 300)


def bell(centre: float, spread: float) -> np.ndarray:
    return np.exp(-(((X - centre) / spread) ** 2) / 2) / spread


def boxes(figure: Figure, texts: list[Text]) -> list[Bbox]:
    figure.draw_without_rendering()
    return [text.get_window_extent() for text in texts]


def test_labels_cover_neither_curves_nor_each_other() -> None:
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    curves = [Curve(X, bell(0.0, 1.0), "first", "k"), Curve(X, bell(0.2, 1.0), "second", "b")]
    curves.append(Curve(X, bell(-1, 0.5), "third", "r"))
    for curve in curves:
        axes.plot(curve.x, curve.y)
    texts = label_curves(figure, axes, curves)
    assert [text.get_text() for text in texts] == ["first", "second", "third"]
    placed = boxes(figure, texts)
    for i, box in enumerate(placed):
        assert not any(box.overlaps(other) for other in placed[i + 1 :])
        for curve in curves:
            x, y = axes.transData.transform(np.column_stack([curve.x, curve.y])).T
            assert not np.any((box.x0 < x) & (x < box.x1) & (box.y0 < y) & (y < box.y1))


def test_the_label_of_a_filled_curve_stands_inside_it() -> None:
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    curves = [Curve(X, bell(0.0, 1.5), "area", "k", fill="#cccccc"), Curve(X, bell(1.0, 0.4), "line", "b")]
    for curve in curves:
        axes.plot(curve.x, curve.y)
    (box, _) = boxes(figure, label_curves(figure, axes, curves))
    (x0, _), (x1, top) = axes.transData.inverted().transform(box.get_points())
    assert top < np.interp([x0, x1], X, curves[0].y).min()
    assert np.interp([x0, x1], X, curves[1].y).max() < np.interp([x0, x1], X, curves[0].y).min()


def test_a_label_stands_near_its_own_curve() -> None:
    figure = Figure(figsize=(6, 4))
    axes = figure.subplots()
    curves = [Curve(X, bell(-2, 0.5), "left", "k"), Curve(X, bell(2, 0.5), "right", "k")]
    for curve in curves:
        axes.plot(curve.x, curve.y)
    for curve, box in zip(curves, boxes(figure, label_curves(figure, axes, curves)), strict=True):
        path = axes.transData.transform(np.column_stack([curve.x, curve.y]))
        nearest = np.maximum(box.min - path, path - box.max).max(axis=1).min()
        assert nearest < 15  # pixels
