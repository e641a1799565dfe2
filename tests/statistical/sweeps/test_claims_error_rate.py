"""How often judging an experiment's claims goes wrong: at most as often as promised."""

import math

import numpy as np
import polars as pl
import pytest
from scipy import stats

from deeplimits.sweeps import Claim, MomentDistance, claims, judge_claims

TOLERANCE, ERROR, NUM_CLAIMS, NUM_CELLS = 0.05, 0.02, 5, 4
EXPERIMENTS = 600  # the defect below is then seen at both seeds with probability 99.6 %
PROMISED = claims.CONFIDENCE_LEVEL


class Measured(MomentDistance):
    """A distance that need not say how many networks would decide: most of the time would go there."""

    def networks_to_decide(self, tolerance: float, delta: float) -> float:
        return math.inf


def any_deviates(differences: np.ndarray) -> bool:
    """Judge claims whose distances were measured as these ``differences``, shape (claims, cells)."""
    made = tuple(
        Claim(
            f"claim-{i}",
            "the mean is 1",
            "nobody, theorem 1",
            TOLERANCE,
            lambda table, row=row: [Measured(f"cell {j}", abs(x), 1000, ERROR) for j, x in enumerate(row)],
        )
        for i, row in enumerate(differences.tolist())
    )
    return any(judged.outcome == "deviates" for judged in judge_claims(made, pl.DataFrame()))


def too_often(seed: int) -> float:
    """Return the p-value of claims that are just true, off by their tolerance, coming out wrong so rarely."""
    generator = np.random.default_rng(seed)
    shape = (EXPERIMENTS, NUM_CLAIMS, NUM_CELLS)
    wrong = sum(map(any_deviates, TOLERANCE + ERROR * generator.normal(size=shape)))
    return float(stats.binomtest(wrong, EXPERIMENTS, PROMISED, alternative="greater").pvalue)


def test_true_claims_are_rarely_called_wrong(verdict) -> None:  # type: ignore[no-untyped-def]
    verdict.accept(too_often)


def test_it_would_see_confidence_that_claims_do_not_share(verdict, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    # The smallest defect: each claim, not the whole experiment, gets 95 %.
    monkeypatch.setattr(claims, "CONFIDENCE_LEVEL", PROMISED * NUM_CLAIMS)
    verdict.reject(too_often)
