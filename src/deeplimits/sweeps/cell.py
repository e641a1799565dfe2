"""A cell: one point of a sweep, with the identity that its place in the store and its random numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from deeplimits.randomness import stable_hash
from deeplimits.sweeps.values import Value


@dataclass(frozen=True, eq=False)
class Cell(Mapping[str, Value]):
    """Hold the fields of one point of a sweep; ``cell["width"]`` reads one.

    Args:
        fields: every field, as the grid gives it.
        id: 16 hexadecimal digits, the cell's name in the store: a hash of its whole content.
        key: integer from 0 to 2⁶³ − 1 that its random numbers derive from: a hash of the content but for fields that
            only say how much is measured, so that more networks of one cell begin with the same networks.
    """

    fields: Mapping[str, Value]
    id: str
    key: int

    @classmethod
    def of(
        cls,
        fields: Mapping[str, Value],
        content: Mapping[str, Value],
        *,
        experiment: str,
        version: int,
        effort: frozenset[str] = frozenset(),
    ) -> Cell:
        """Return the cell with these fields.

        Args:
            fields: every field.
            content: the canonical fields that are not at their default; their order does not matter.
            experiment: name of the experiment it belongs to.
            version: version of that experiment; another version is another cell with the same random numbers.
            effort: names of fields that only say how much is measured.

        >>> few = Cell.of({}, {"width": 3, "draws": 10}, experiment="a", version=1, effort=frozenset({"draws"}))
        >>> many = Cell.of({}, {"width": 3, "draws": 99}, experiment="a", version=1, effort=frozenset({"draws"}))
        >>> few.id == many.id, few.key == many.key
        (False, True)
        """
        address = stable_hash({"experiment": experiment, "version": version, "cell": dict(content)})
        identity = {name: value for name, value in content.items() if name not in effort}
        key = stable_hash({"experiment": experiment, "cell": identity})
        return cls(dict(fields), f"{address:016x}", key >> 1)

    @property
    def label(self) -> str:
        """The fields in words, for messages."""
        text = ", ".join(f"{name} {value}" for name, value in self.fields.items())
        return text if len(text) <= 100 else f"{text[:99]}…"

    def __getitem__(self, name: str) -> Value:
        """Return a field."""
        return self.fields[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the fields."""
        return iter(self.fields)

    def __len__(self) -> int:
        """Count the fields."""
        return len(self.fields)
