"""Where files of messages are kept, from one address: a folder of this machine, or a bucket of anything that speaks S3."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

CONNECT_SECONDS, SILENCE_SECONDS = 5, 30


def storage(url: str, folder: Path) -> dict[str, Any]:
    """An entry of Django's STORAGES: `folder` where `url` is empty. Raises ImproperlyConfigured."""
    if not url:
        options = {"location": folder, "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    parts = urlsplit(url)
    bucket, _, prefix = parts.path.strip("/").partition("/")
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme != "s3" or not host or not bucket:
        raise ImproperlyConfigured("FILES_URL must be s3://key:secret@host/bucket, or empty for a folder in DATA_DIR.")
    asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    scheme = "http" if asked.get("tls") == "0" else "https"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username or "") or None,
            "secret_key": unquote(parts.password or "") or None,
            "bucket_name": bucket,
            "location": prefix,
            "endpoint_url": f"{scheme}://{host}",
            "region_name": asked.get("region"),
            "client_config": _patience(),
        },
    }


def _patience() -> Any:
    """S3 that hangs must not hang those who wait for a file."""
    from botocore.config import Config

    return Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=SILENCE_SECONDS,
        retries={"max_attempts": 2},
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        # Newer clients add checksums that other makers' S3 does not know.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
