"""Keys are base32 of a keyed hash, whoever writes it."""

from __future__ import annotations

import hmac
from base64 import b32encode
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from inboxcrm.cadence.keys import key_of_test, outbox_key


@given(st.binary(min_size=1, max_size=40), st.text(max_size=20))
def test_a_key_is_what_the_standard_library_writes(secret: bytes, request: str) -> None:
    said = b"test:" + request.encode("utf-8")
    wanted = b32encode(hmac.digest(secret, said, sha256)[:15]).decode().lower()
    assert key_of_test(secret, request) == wanted


def test_the_same_mail_has_the_same_key_in_every_version() -> None:
    """Keys travel in mail: what this one was, it has to stay."""
    key = outbox_key(b"k" * 32, cadence_id=7, lead_id=12, step_key="s1")
    assert (
        key == b32encode(hmac.digest(b"k" * 32, b"outbox:7:12:s1:0", sha256)[:15]).decode().lower()
    )
    assert len(key) == 24
