"""The key of a service account: what is taken for one, and what of it may be shown."""

from __future__ import annotations

import json

import pytest

from ai_studio.llm.credentials import is_service_account, name_of, secrets_in, service_account
from ai_studio.llm.errors import Misconfigured

FILE = {
    "type": "service_account",
    "private_key_id": "0123456789ab7e57",
    "private_key": "-----BEGIN\nabc\n",
    "client_email": "a@p.iam.gserviceaccount.com",
    "token_uri": "https://oauth2.googleapis.com/token",
}


def test_whose_token_it_is():
    assert is_service_account("vertex_ai")
    assert not is_service_account("gemini")


def test_a_whole_file_comes_back_compact():
    assert service_account(json.dumps(FILE, indent=4), None) == json.dumps(FILE, separators=(",", ":"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"type": "authorized_user"}, "the JSON file of a service account"),
        ({"private_key": None}, "private_key is missing"),
        ({"client_email": "", "token_uri": 3}, "client_email, token_uri is missing"),
        ({"token_uri": "https://elsewhere.example.com/token"}, "must be on oauth2.googleapis.com"),
        ({"universe_domain": "example.com"}, "universe_domain"),
    ],
)
def test_what_is_refused(changes: dict[str, object], says: str):
    with pytest.raises(Misconfigured, match=says):
        service_account(json.dumps(FILE | changes), None)


@pytest.mark.parametrize("text", ["", "sk-word", "[]", "[" * 100_000, '"service_account"'])
def test_what_is_no_file(text: str):
    with pytest.raises(Misconfigured):
        service_account(text, None)


@pytest.mark.parametrize(
    ("base_url", "is_taken"),
    [("http://10.0.0.5:8080/v1", True), ("http://10.0.0.5/v1", False), ("https://10.0.0.5:8080", False), (None, False)],
)
def test_keys_may_also_come_from_the_providers_own_host(base_url: str | None, is_taken: bool):
    text = json.dumps(FILE | {"token_uri": "http://10.0.0.5:8080/token"})
    if is_taken:
        assert json.loads(service_account(text, base_url))["token_uri"] == "http://10.0.0.5:8080/token"
    else:
        with pytest.raises(Misconfigured):
            service_account(text, base_url)


def test_all_that_must_not_be_quoted():
    token = json.dumps(FILE)
    assert secrets_in(token) == [token, "-----BEGIN\\nabc\\n", "-----BEGIN\nabc\n"]
    assert secrets_in("sk-word") == ["sk-word"]


def test_what_it_is_recognised_by():
    assert name_of(json.dumps(FILE)) == "0123456789ab7e57"
    assert name_of("sk-word") == "sk-word"
