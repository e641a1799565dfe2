"""Names and definitions of what is measured on networks or predicted for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from deeplimits.validation import unknown_name

# network: one number per network, whose law is measured. layer: one per network and recorded layer, mean and variance.
# statistic: one number for the whole ensemble. layer_pair: one for each two recorded layers.
Kind: TypeAlias = Literal["network", "layer", "statistic", "layer_pair"]


@dataclass(frozen=True)
class Observable:
    """Describe something that is measured and predicted, for each input vector.

    Args:
        name: the key in samples, predictions, JSON and tables.
        symbol: short mathematical form for figure axes (matplotlib mathtext).
        definition: what it is, in words.
        kind: what there is one number of.
        inputs: input vectors that it joins: 1, or 2 for what two inputs have to do with each other.
    """

    name: str
    symbol: str
    definition: str
    kind: Kind = "network"
    inputs: int = 1


_ALL = (
    Observable(
        "log_squared_norm", r"$\ln\,\|z_\mathrm{out}\|^2$", "ln of the squared Euclidean norm of the network's output"
    ),
    Observable(
        "log_norm_hidden",
        r"$\ln\,(n_\mathrm{in}\|z\|^2 / n\|x\|^2)$",
        "ln(input_dim ‖z‖² / (width ‖x‖²)) of the last preactivation vector z",
    ),
    Observable(
        "active_fraction_last", r"$\#\{z_i>0\}/n$", "fraction of positive entries of the last preactivation vector"
    ),
    Observable(
        "energy_fraction_last",
        r"$\|\mathrm{relu}\,z\|^2/\|z\|^2$",
        "‖relu z‖² / ‖z‖² of the last preactivation vector, whatever the activation",
    ),
    Observable(
        "log_norm",
        r"$\ln\,(n_\mathrm{in}\|z_l\|^2 / n\|x\|^2)$",
        "ln(input_dim ‖z_l‖² / (width ‖x‖²)) of the preactivation vector of each layer",
        kind="layer",
    ),
    Observable(
        "mean_square",
        r"$\|z_l\|^2/n$",
        "‖z_l‖² / width of the preactivation vector of each layer",
        kind="layer",
    ),
    Observable(
        "active_fraction",
        r"$\#\{z_{l,i}>0\}/n$",
        "fraction of positive entries of the preactivation vector of each layer",
        kind="layer",
    ),
    Observable(
        "energy_fraction",
        r"$\|\mathrm{relu}\,z_l\|^2/\|z_l\|^2$",
        "‖relu z_l‖² / ‖z_l‖² of the preactivation vector of each layer, whatever the activation",
        kind="layer",
    ),
    Observable(
        "energy_fraction_covariance",
        r"$\mathrm{Cov}(\|\mathrm{relu}\,z_l\|^2/\|z_l\|^2, \|\mathrm{relu}\,z_m\|^2/\|z_m\|^2)$",
        "covariance over networks of the energy fractions of two layers",
        kind="layer_pair",
    ),
    Observable(
        "log_output_second_moment",
        r"$\ln\,\mathrm{E}\,z_{\mathrm{out},i}^2$",
        "ln E z_i² of one coordinate of the output",
        kind="statistic",
    ),
    Observable(
        "output_kurtosis",
        r"$\mathrm{E}\,z_{\mathrm{out},i}^4/(\mathrm{E}\,z_{\mathrm{out},i}^2)^2$",
        "E z_i⁴ / (E z_i²)² of one coordinate of the output: 3 for a Gaussian",
        kind="statistic",
    ),
    Observable(
        "output_square_correlation",
        r"$\mathrm{Corr}(z_{\mathrm{out},i}^2, z_{\mathrm{out},j}^2)$",
        "correlation over networks of the squares of two coordinates of the output",
        kind="statistic",
    ),
    Observable(
        "correlation",
        r"$\langle z_l, z'_l\rangle / \|z_l\|\|z'_l\|$",
        "cosine of the angle between the preactivation vectors of two inputs, at each layer",
        kind="layer",
        inputs=2,
    ),
    Observable(
        "covariance",
        r"$\langle z_l, z'_l\rangle/n$",
        "⟨z_l, z'_l⟩ / width of the preactivation vectors of two inputs, at each layer",
        kind="layer",
        inputs=2,
    ),
    Observable(
        "log_sine",
        r"$\ln\,\sin\angle(z_l, z'_l)$",
        "ln of the sine of the angle between the preactivation vectors of two inputs, at each layer",
        kind="layer",
        inputs=2,
    ),
)

CATALOGUE: dict[str, Observable] = {observable.name: observable for observable in _ALL}
DEFAULT: tuple[str, ...] = ("log_squared_norm", "log_norm_hidden", "active_fraction_last", "energy_fraction_last")


def get(name: str) -> Observable:
    """Return the observable called ``name``.

    Raises:
        ValueError: there is none; the nearest name is suggested.
    """
    if name not in CATALOGUE:
        raise unknown_name("observable", name, CATALOGUE)
    return CATALOGUE[name]
