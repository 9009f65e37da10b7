from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from ai_studio import services
from ai_studio.crypto import Vault, generate_key
from ai_studio.llm.errors import TokenUnreadable
from ai_studio.models import ProviderToken
from tests.factories import make_provider, make_team, make_user

pytestmark = pytest.mark.django_db

CANARY = "sk-canary-1234567890abcdef"


def store(value: str = CANARY, **fields) -> ProviderToken:
    fields.setdefault("provider", None)
    provider = fields.pop("provider") or make_provider()
    return services.set_provider_token(token=ProviderToken(provider=provider, **fields), value=value, by=None)


def test_a_stored_token_opens_again():
    token = ProviderToken.objects.get(pk=store().pk)
    assert services.open_provider_token(token).reveal() == CANARY


def test_nothing_of_the_token_is_in_the_row_but_its_last_four():
    row = ProviderToken.objects.filter(pk=store().pk).values().get()
    assert "canary" not in str(row)
    assert row["last_four"] == "cdef"


@pytest.mark.parametrize(("value", "shown"), [("12345678901", ""), ("123456789012", "9012")])
def test_a_short_token_shows_nothing_of_itself(value: str, shown: str):
    assert store(value).last_four == shown


def test_a_new_value_replaces_the_old_one_and_forgets_its_faults():
    token = store()
    token.last_error_code = "provider_authentication_failed"
    services.set_provider_token(token=token, value="sk-another-one-9999", by=make_user())
    stored = ProviderToken.objects.get(pk=token.pk)
    assert services.open_provider_token(stored).reveal() == "sk-another-one-9999"
    assert (stored.last_four, stored.last_error_code, stored.created_by) == ("9999", "", None)


def test_whoever_made_the_token_is_remembered():
    maker = make_user()
    token = ProviderToken(provider=make_provider())
    assert services.set_provider_token(token=token, value=CANARY, by=maker).created_by == maker


@pytest.mark.parametrize("moved_to", ["another row", "another provider", "another team"])
def test_a_ciphertext_that_was_moved_does_not_open(moved_to: str):
    token = store(team=make_team())
    if moved_to == "another row":
        thief = store("sk-other-123456", team=token.team, provider=token.provider)
        thief.ciphertext = token.ciphertext
        token = thief
    elif moved_to == "another provider":
        token.provider = make_provider()
    else:
        token.team = None
    with pytest.raises(TokenUnreadable) as refused:
        services.open_provider_token(token)
    assert token.pk in refused.value.detail
    assert "canary" not in repr(refused.value)


def test_the_same_token_is_stored_once_for_a_provider_and_team():
    token = store()
    with pytest.raises(IntegrityError):
        store(provider=token.provider)


def rotate() -> str:
    out = io.StringIO()
    call_command("rotate_token_keys", stdout=out)
    return out.getvalue()


def test_rotation_moves_every_token_to_the_newest_key(settings):
    tokens = [store(f"sk-number-{number}-abcdef") for number in range(3)]
    old, new = settings.TOKEN_KEYS, generate_key()
    settings.TOKEN_KEYS = [new, *old]
    assert "3" in rotate()
    settings.TOKEN_KEYS = [new]
    for number, token in enumerate(tokens):
        token.refresh_from_db()
        assert services.open_provider_token(token).reveal() == f"sk-number-{number}-abcdef"


def test_rotation_reports_what_it_can_not_read_and_leaves_it_as_it_is(settings):
    good, damaged, foreign = store("sk-good-123456"), store("sk-bad-1234567"), store("sk-foreign-1234")
    ProviderToken.objects.filter(pk=damaged.pk).update(ciphertext="not a ciphertext")
    ProviderToken.objects.filter(pk=foreign.pk).update(ciphertext=good.ciphertext)
    settings.TOKEN_KEYS = [generate_key(), *settings.TOKEN_KEYS]
    report = services.rotate_token_keys()
    assert report.rotated == 1
    assert set(report.unreadable) == {damaged.pk, foreign.pk}
    assert ProviderToken.objects.get(pk=damaged.pk).ciphertext == "not a ciphertext"
    with pytest.raises(CommandError, match=damaged.pk):
        rotate()


def test_rotation_leaves_a_token_that_is_replaced_meanwhile(monkeypatch):
    token = store()

    def replaced_while_sealing(self, ciphertext: str) -> str:
        services.set_provider_token(token=token, value="sk-replaced-abcdef", by=None)
        return "the old value, sealed anew"

    monkeypatch.setattr(Vault, "rotate", replaced_while_sealing)
    services.rotate_token_keys()
    token.refresh_from_db()
    assert services.open_provider_token(token).reveal() == "sk-replaced-abcdef"


def test_a_new_key_can_be_had_without_any(settings):
    settings.TOKEN_KEYS = []
    out = io.StringIO()
    call_command("rotate_token_keys", "--new-key", stdout=out)
    Vault([out.getvalue().strip()])
    with pytest.raises(CommandError, match="--new-key"):
        call_command("rotate_token_keys")


def create_api_token(*arguments: str) -> str:
    out = io.StringIO()
    call_command("create_api_token", *arguments, stdout=out)
    return out.getvalue()


def test_an_api_token_is_printed_alone_and_signs_in():
    user = make_user("Alice")
    printed = create_api_token("ALICE@example.com")
    assert printed.count("\n") == 1
    signed_in, _ = TokenAuthentication().authenticate_credentials(printed.strip().encode())
    assert signed_in == user
    assert AuthToken.objects.get().expiry is None


def test_an_api_token_expires_when_asked():
    make_user("Alice")
    create_api_token("alice@example.com", "--expires", "7")
    token = AuthToken.objects.get()
    assert (token.expiry - token.created).days in (6, 7)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("nobody@example.com",), "Nobody", id="unknown"),
        pytest.param(("gone@example.com",), "not active", id="not active"),
        pytest.param(("alice@example.com", "--expires", "0"), "at least 1", id="no time at all"),
    ],
)
def test_an_api_token_is_refused_with_a_reason(arguments, says):
    make_user("Alice")
    make_user("Gone", is_active=False)
    with pytest.raises(CommandError, match=says):
        create_api_token(*arguments)
    assert not AuthToken.objects.exists()
