"""Settings that every test shares."""

from hypothesis import settings

# Compilation makes single examples slow, so there is no deadline; the same examples are drawn in every run, so that a
# failure can be seen again.
settings.register_profile("deeplimits", deadline=None, derandomize=True, max_examples=25, database=None)
settings.load_profile("deeplimits")
