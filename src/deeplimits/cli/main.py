"""The command's entry: run it, and turn every outcome into an exit code and at most one line on stderr.

0 done; 1 a claim's outcome is not the expected one; 2 bad input; 3 could not be measured; 4 finished with failed cells;
130 interrupted. What a comparison finds does not change its exit code.
"""

from __future__ import annotations

import _thread
import os
import sys
import traceback
from collections.abc import Sequence

DONE, BAD_INPUT, NOT_MEASURED, INTERRUPTED, BROKEN_PIPE = 0, 2, 3, 130, 141


def main() -> None:
    """Run the command line on the process's arguments and exit."""
    sys.unraisablehook = _pass_interrupt_on
    code = run(sys.argv[1:])
    if code == INTERRUPTED:
        # Device calls may still be running, and taking the interpreter down under them can crash it.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _pass_interrupt_on(unraisable: sys.UnraisableHookArgs) -> None:
    """Interrupt again if an interrupt was swallowed, as by a callback of JAX's garbage collection."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        _thread.interrupt_main()
    else:
        sys.__unraisablehook__(unraisable)


def run(arguments: Sequence[str]) -> int:
    """Run the command line on ``arguments``.

    Returns:
        The exit code.
    """
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt as interrupt:
        return _say(str(interrupt) or "interrupted; nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # The reader went away (as in `| head`). Python would complain once more when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except ValueError as error:
        return _say(str(error), BAD_INPUT)
    except (RuntimeError, MemoryError, OSError) as error:
        return _say(f"could not be measured: {error}", NOT_MEASURED)
    except Exception:
        traceback.print_exc()
        return _say("could not be measured: this is a bug in deeplimits, please report the lines above", NOT_MEASURED)
    return code


def _dispatch(arguments: Sequence[str]) -> int:
    """Parse, run and return the exit code; what the parser finds wrong becomes a ValueError like other bad input."""
    # Imported here, so that an interrupt during the imports is handled too.
    from cyclopts import CycloptsError

    from deeplimits.cli.app import build_app
    from deeplimits.cli.parse_errors import explain

    try:
        code = build_app()(
            arguments, exit_on_error=False, print_error=False, verbose=False, result_action="return_value"
        )
    except CycloptsError as error:
        raise ValueError(explain(error)) from None
    return code if isinstance(code, int) else DONE


def _say(message: str, code: int) -> int:
    print("deeplimits:", " ".join(message.split()), file=sys.stderr)
    return code
