"""The command line: ``deeplimits limits``, ``deeplimits predict`` and ``deeplimits compare``."""
