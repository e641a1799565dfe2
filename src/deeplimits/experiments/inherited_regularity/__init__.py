"""Marion, Fermanian, Biau and Vert 2025: trained weights inherit the regularity of the initial ones."""

from deeplimits.experiments.inherited_regularity.experiment import InheritedRegularity

__all__ = ["InheritedRegularity"]
