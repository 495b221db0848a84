"""Passwords of tests are hashed by argon2 at its cheapest: what makes guessing dear made every sign-in dear.

`AS_SHIPPED` is what the product hashes with; a test looks at it.
"""

from __future__ import annotations

from argon2 import PasswordHasher

from inboxcrm.services import passwords

AS_SHIPPED = passwords._HASHER
passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
