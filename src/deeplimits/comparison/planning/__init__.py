"""The inverse question: which width, depth or branch scale keeps a limit within a tolerance."""

from deeplimits.comparison.planning.plan import Answer, Plan, plan

__all__ = ["Answer", "Plan", "plan"]
