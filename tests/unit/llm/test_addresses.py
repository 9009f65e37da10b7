"""Which addresses a key may be sent to."""

from __future__ import annotations

import pytest

from ai_studio.llm.addresses import Reachable


@pytest.mark.parametrize(
    "host", ["1.2.3.4.5", "api.openai.com", "ollama", "8.8.8.8", "2606:4700::1111", "[2606:4700::1111]"]
)
def test_public_hosts_are_reached(host: str):
    assert Reachable().allows_name(host)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "::1", "[::1]", "::ffff:10.0.0.1",
        "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "fe80::1", "fd00::1", "100.64.0.1", "224.0.0.1",
        "localhost", "LOCALHOST.", "a.localhost", "printer.local", "metadata.google.internal",
    ],
)  # fmt: skip
def test_private_hosts_are_not(host: str):
    assert not Reachable().allows_name(host)


def test_what_the_operator_has_named_is_reached_and_nothing_beside_it():
    reachable = Reachable.parse(["127.0.0.0/8", " Ollama ", "10.0.0.7", "", "models.internal"])
    for host in ("127.0.0.1", "localhost", "10.0.0.7", "::ffff:10.0.0.7", "models.internal"):
        assert reachable.allows_name(host), host
    for host in ("10.0.0.8", "::1", "other.internal", "printer.local"):
        assert not reachable.allows_name(host), host


def test_a_name_is_judged_by_what_it_leads_to():
    reachable = Reachable.parse(["ollama"])
    assert reachable.allows_address("ollama", "172.18.0.3")
    assert reachable.allows_address("api.example.com", "93.184.216.34")
    for address in ("172.18.0.3", "127.0.0.1", "fe80::1%eth0", "not an address"):
        assert not reachable.allows_address("api.example.com", address)


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "10.0.0/8x", "fe80:::1"])
def test_a_misspelt_network_is_said(entry: str):
    with pytest.raises(ValueError, match="neither a network"):
        Reachable.parse([entry])
