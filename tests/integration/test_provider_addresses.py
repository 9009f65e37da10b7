"""Addresses that are not called, or that prove nothing."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import AsyncClient

from ai_studio.emulator import testing as emulated
from tests.integration.connection_testing import steps_of, stored

pytestmark = pytest.mark.django_db(transaction=True)


async def test_a_certificate_that_proves_nothing(root: AsyncClient, tmp_path: Path):
    async with _https_server(tmp_path) as port:
        model, token = await stored("story", f"https://localhost:{port}/v1")
        [failed] = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert (failed["kind"], failed["code"]) == ("CertificateInvalid", "provider_certificate_invalid")
    assert "certificate" in failed["detail"].lower()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"])
async def test_a_private_address_is_not_called(root: AsyncClient, emulator: str, settings: Any, host: str):
    settings.PROVIDER_PRIVATE_HOSTS = []
    port = emulator.rpartition(":")[2]
    model, token = await stored("story", f"http://{host}:{port}/v1")
    [failed] = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert failed["code"] == "provider_address_refused"
    assert not [each for each in emulated.received_requests(emulator) if each["model"] == model.model_id]


async def test_a_name_that_leads_to_a_private_address_is_not_called(
    root: AsyncClient, emulator: str, settings: Any, monkeypatch: pytest.MonkeyPatch
):
    async def resolve(self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": "10.0.0.7", "port": port, "family": 2, "proto": 0, "flags": 0}]

    monkeypatch.setattr(aiohttp.ThreadedResolver, "resolve", resolve)
    settings.PROVIDER_PRIVATE_HOSTS = ["127.0.0.0/8"]
    model, token = await stored("story", "http://models.example.com/v1")
    [failed] = await steps_of(root, token, token=token.pk, model=model.model_id)
    assert (failed["code"], "10.0.0.7" in failed["detail"]) == ("provider_address_refused", True)


@asynccontextmanager
async def _https_server(folder: Path) -> AsyncIterator[int]:
    """A server whose certificate nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "own.pem").write_bytes(pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "own.pem")
    server = await asyncio.start_server(lambda _r, writer: writer.close(), "localhost", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]
