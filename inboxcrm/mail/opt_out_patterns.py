"""Ways of saying something as patterns: written one by one, looked for in either case. For the data of `opt_outs`."""

from __future__ import annotations

import re

Ways = tuple[re.Pattern[str], ...]


def patterns_of(*written: str) -> Ways:
    return tuple(re.compile(one, re.IGNORECASE) for one in written)
