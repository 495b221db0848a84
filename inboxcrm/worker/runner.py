"""Who syncs: a name that no other process and no other run bears, and whether its bearer has surely ended."""

from __future__ import annotations

import os
import platform
import secrets

from inboxcrm.services.sync_run import Runner
from inboxcrm.worker.clock import machine_seconds, sleep


def this_runner() -> Runner:
    return Runner(
        name=f"{platform.node()}:{os.getpid()}:{secrets.token_hex(4)}",
        machine_now=machine_seconds,
        wait=sleep,
        is_dead=is_dead,
    )


def is_dead(name: str) -> bool:
    """Only of processes of this machine can that be said; another machine's lease has to run out."""
    host, _, rest = name.partition(":")
    number = rest.partition(":")[0]
    if host != platform.node() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
