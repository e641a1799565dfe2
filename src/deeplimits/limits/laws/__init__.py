"""Laws of one real observable: what a prediction says of it, as far as its theorem goes."""

from deeplimits.limits.laws.law import Law, LawUnavailableError
from deeplimits.limits.laws.layered import AnyLaw, LayeredLaw, LayerPairLaw
from deeplimits.limits.laws.log_chi_square import LogChiSquare
from deeplimits.limits.laws.log_chi_square_sum import LogChiSquareMixture, LogChiSquareSum, log_chi_square
from deeplimits.limits.laws.moments import MomentsOnly
from deeplimits.limits.laws.normal import Normal
from deeplimits.limits.laws.numerical import Inversion, NumericalLaw
from deeplimits.limits.laws.point_mass import PointMass

__all__ = [
    "AnyLaw",
    "Inversion",
    "Law",
    "LawUnavailableError",
    "LayerPairLaw",
    "LayeredLaw",
    "LogChiSquare",
    "LogChiSquareMixture",
    "LogChiSquareSum",
    "MomentsOnly",
    "Normal",
    "NumericalLaw",
    "PointMass",
    "log_chi_square",
]
