"""Files that survive whatever happens while they are written."""

from deeplimits.files.durable import remove_leftovers, write_atomically

__all__ = ["remove_leftovers", "write_atomically"]
