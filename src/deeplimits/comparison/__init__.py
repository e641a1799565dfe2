"""Comparison: predictions and measurements side by side, with a verdict."""

from deeplimits.comparison.compare import compare
from deeplimits.comparison.comparison import Comparison
from deeplimits.comparison.planning import Plan, plan
from deeplimits.comparison.ranking import Ranking
from deeplimits.comparison.row import Row
from deeplimits.comparison.verdicts import DEFAULT_TOLERANCE, Verdict

__all__ = ["DEFAULT_TOLERANCE", "Comparison", "Plan", "Ranking", "Row", "Verdict", "compare", "plan"]
