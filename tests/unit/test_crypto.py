from __future__ import annotations

import base64
import os

import pytest

from ai_studio.crypto import Unreadable, Vault, fingerprint, generate_key
from ai_studio.llm import Secret

OLD, NEW = generate_key(), generate_key()


def test_what_is_sealed_opens_again():
    vault = Vault([OLD])
    assert vault.open(vault.seal("sk-ünïcode", context="row 1"), context="row 1").reveal() == "sk-ünïcode"


def test_sealing_twice_gives_different_texts():
    vault = Vault([OLD])
    assert vault.seal("sk-1", context="row 1") != vault.seal("sk-1", context="row 1")


def test_a_ciphertext_in_another_row_is_refused():
    vault = Vault([OLD])
    with pytest.raises(Unreadable):
        vault.open(vault.seal("sk-1", context="row 1"), context="row 2")


def _with_last_byte_changed(ciphertext: str) -> str:
    raw = bytearray(base64.urlsafe_b64decode(ciphertext))
    raw[-1] ^= 1
    return base64.urlsafe_b64encode(raw).decode()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(_with_last_byte_changed, id="one bit"),
        pytest.param(lambda text: text[:-8], id="cut"),
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda _: "not a ciphertext", id="something else"),
        pytest.param(lambda _: "schlüssel", id="not even ASCII"),
    ],
)
def test_a_damaged_ciphertext_is_refused(damage):
    vault = Vault([OLD])
    with pytest.raises(Unreadable):
        vault.open(damage(vault.seal("sk-1", context="row 1")), context="row 1")


def test_a_key_that_is_gone_opens_nothing():
    sealed = Vault([OLD]).seal("sk-1", context="row 1")
    with pytest.raises(Unreadable):
        Vault([NEW]).open(sealed, context="row 1")
    with pytest.raises(Unreadable):
        Vault([NEW]).rotate(sealed)


def test_the_first_key_seals_and_every_key_opens():
    both = Vault([NEW, OLD])
    assert both.open(Vault([OLD]).seal("sk-1", context="row 1"), context="row 1").reveal() == "sk-1"
    assert Vault([NEW]).open(both.seal("sk-1", context="row 1"), context="row 1").reveal() == "sk-1"


def test_rotating_moves_to_the_first_key_and_keeps_value_and_context():
    rotated = Vault([NEW, OLD]).rotate(Vault([OLD]).seal("sk-1", context="row 1"))
    assert Vault([NEW]).open(rotated, context="row 1").reveal() == "sk-1"
    with pytest.raises(Unreadable):
        Vault([OLD]).open(rotated, context="row 1")


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([], id="none"),
        pytest.param([""], id="empty"),
        pytest.param(["too short"], id="malformed"),
        pytest.param([OLD, base64.urlsafe_b64encode(os.urandom(16)).decode()], id="16 bytes beside a good one"),
    ],
)
def test_a_vault_needs_good_keys(keys):
    with pytest.raises(ValueError):
        Vault(keys)


def test_fingerprints_tell_tokens_apart_and_nothing_about_them():
    assert fingerprint("sk-1") == fingerprint("sk-1") != fingerprint("sk-2")
    assert len(fingerprint("sk-1")) == 16
    assert "sk" not in fingerprint("sk-1")


def test_a_secret_does_not_print():
    secret = Secret("sk-canary")
    assert "sk-canary" not in f"{secret} {secret!r} {[secret]} { ({'key': secret}) }"
