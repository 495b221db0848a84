"""The practice server as an identity provider: a key of its own, its public half for everybody, and signed ID tokens.

As in OpenID Connect Core 1.0 section 2 and JSON Web Signature (RFC 7515), RS256 only. It says it is Google, whose place
it takes; its key makes sure nobody else believes it.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CERTIFICATES_PATH = "/oauth2/v1/certs"
ISSUER = "https://accounts.google.com"
KEY_ID = "sandbox-key"
LIFETIME_SECONDS = 3600


@lru_cache(maxsize=1)
def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_keys() -> dict[str, str]:
    """Key id -> public key in PEM, as Google's endpoint gives them."""
    pem = (
        _key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return {KEY_ID: pem.decode("ascii")}


def id_token(claims: dict[str, Any], *, at: float) -> str:
    """`at`: seconds of machine time now."""
    head = {"alg": "RS256", "kid": KEY_ID, "typ": "JWT"}
    body = {"iss": ISSUER, "iat": int(at), "exp": int(at) + LIFETIME_SECONDS, **claims}
    told = ".".join(_coded(json.dumps(part).encode()) for part in (head, body))
    signature = _key().sign(told.encode("ascii"), padding.PKCS1v15(), hashes.SHA256())
    return f"{told}.{_coded(signature)}"


def _coded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
