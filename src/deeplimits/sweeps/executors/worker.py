"""A worker process: computes cells that come in on its standard input, one at a time, until the runner is gone.

Started as ``python -m deeplimits.sweeps.executors.worker [CORE]`` by `worker_process`.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from typing import IO, Any


def main() -> None:
    """Serve until standard input ends."""
    if len(sys.argv) > 1 and hasattr(os, "sched_setaffinity"):
        # Before any library counts the cores that it may use.
        os.sched_setaffinity(0, {int(sys.argv[1])})
    # The runner's pipes get numbers of their own: what a cell prints goes to stderr, and what it reads is empty.
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    _serve(questions, answers)


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    from deeplimits.sweeps.executors.messages import read_message, write_message

    sys.path[:] = read_message(questions)
    try:
        import cloudpickle

        from deeplimits.sweeps.environment import environment_id, versions
        from deeplimits.sweeps.executors.perform import perform

        experiment = cloudpickle.loads(read_message(questions))
        environment = environment_id(versions(experiment.libraries))
    except BaseException:
        write_message(answers, traceback.format_exc())
        return
    write_message(answers, None)
    jobs = _read_ahead(questions)
    while True:
        write_message(answers, perform(experiment, jobs.get(), environment))


def _read_ahead(questions: IO[bytes]) -> queue.SimpleQueue[Any]:
    """Return the queue that a thread fills from ``questions``; the process ends with its runner, also in mid-cell."""
    from deeplimits.sweeps.executors.messages import read_message

    jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def read() -> None:
        try:
            while True:
                jobs.put(read_message(questions))
        except (EOFError, OSError):
            os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return jobs


if __name__ == "__main__":
    main()
