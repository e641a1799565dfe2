"""Reports: a page about a run, made from its store alone."""

from deeplimits.reports.page import write_report

__all__ = ["write_report"]
