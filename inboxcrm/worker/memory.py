"""How a process that syncs treats its memory."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """A sync makes and frees many plain objects, none in cycles: looking for cycles so often costs a fifth of it.

    What is loaded by now stays for good and is left out of every later collection.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
