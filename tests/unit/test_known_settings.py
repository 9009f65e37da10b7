from __future__ import annotations

from pathlib import Path

import pytest

from config.known_settings import HIDDEN, SETTINGS, InForce, Origin, in_force, masked


def found(tmp_path: Path, environment: dict[str, str], written: str = "") -> dict[str, InForce]:
    env_file = tmp_path / ".env"
    if written:
        env_file.write_text(written)
    shown = in_force(environment, env_file=env_file, data_dir=tmp_path)
    return {each.setting.name: each for each in shown}


def test_each_has_a_value_and_an_origin(tmp_path: Path):
    shown = found(tmp_path, {})
    assert list(shown) == [setting.name for setting in SETTINGS]
    assert {each.origin for each in shown.values()} == {Origin.DEFAULT}
    assert shown["PORT"].value == "8000"


def test_where_a_value_comes_from(tmp_path: Path):
    environment = {"PORT": "9000", "TIME_ZONE": "Europe/Lisbon", "LOG_LEVEL": ""}
    shown = found(tmp_path, environment, "PORT=8500\nTIME_ZONE=Europe/Lisbon\n")
    assert (shown["PORT"].value, shown["PORT"].origin) == ("9000", Origin.ENVIRONMENT)
    assert (shown["TIME_ZONE"].value, shown["TIME_ZONE"].origin) == ("Europe/Lisbon", Origin.FILE)
    assert shown["TIME_ZONE"].place == str(tmp_path / ".env")
    assert (shown["LOG_LEVEL"].value, shown["LOG_LEVEL"].origin) == ("INFO", Origin.DEFAULT)


def test_secrets_have_no_value_wherever_they_are(tmp_path: Path):
    (tmp_path / "secret_key").write_text("canary-of-the-file\n")
    environment = {"TOKEN_KEYS": "canary-of-tokens", "ADMIN_PASSWORD": "canary-of-the-admin"}
    shown = found(tmp_path, environment, "ADMIN_PASSWORD=canary-of-the-admin\n")
    for name in ("SECRET_KEY", "TOKEN_KEYS", "ADMIN_PASSWORD"):
        assert shown[name].value == HIDDEN
    assert shown["SECRET_KEY"].place == str(tmp_path / "secret_key")
    assert "canary" not in str([(each.value, each.place) for each in shown.values()])


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgres://studio:se@cret@db.internal/studio", "postgres://…@db.internal/studio"),
        ("redis://:secret@127.0.0.1:6379/0", "redis://…@127.0.0.1:6379/0"),
        ("smtp://mail.example.com:587?password=secret&tls=1", "smtp://mail.example.com:587?password=…&tls=1"),
        ("sqlite:////var/lib/studio/db.sqlite3", "sqlite:////var/lib/studio/db.sqlite3"),
        ("50", "50"),
    ],
)
def test_addresses_are_shown_without_who_signs_in(address: str, shown: str):
    assert masked(address) == shown
