"""Gaussian weight matrices: how they answer, entry by entry or by deferred decisions."""

from deeplimits.matrices.dense import DenseGaussian
from deeplimits.matrices.lazy import LazyGaussian
from deeplimits.matrices.matrix import Matrix

KINDS: dict[str, type[Matrix]] = {"lazy": LazyGaussian, "dense": DenseGaussian}

__all__ = ["KINDS", "DenseGaussian", "LazyGaussian", "Matrix"]
