"""One suite over both places where files can be kept: a folder, and what speaks S3."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from ai_studio.files import storage
from ai_studio.files.problems import FilesUnavailable
from config import files

KEY = "Ab3dEf6hIj9lMn2pQr5tUv"


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as is asked of it: objects by their path. It takes whoever signs at all."""

    objects: dict[str, bytes] = {}

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.objects[self.path] = data
        self._answer(200 if "AWS4-HMAC-SHA256 Credential=key/" in self.headers["Authorization"] else 403)

    def do_GET(self) -> None:
        found = self.objects.get(self.path)
        self._answer(404 if found is None else 200, found or b"")

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        self.objects.pop(self.path, None)
        self._answer(204)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 09:30:00 GMT")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@pytest.fixture
def bucket() -> Iterator[str]:
    """The address of an empty bucket, as FILES_URL."""
    Bucket.objects.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"s3://key:se%2Fcret@127.0.0.1:{server.server_port}/bucket/chats?region=eu-central-1&tls=0"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> str:
    settings.FILES_URL = request.getfixturevalue("bucket") if request.param == "s3" else ""
    settings.STORAGES = {**settings.STORAGES, storage.ALIAS: files.storage(settings.FILES_URL, tmp_path / "files")}
    return str(request.param)


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_bytes(b"\x00What was uploaded")
    return path


def test_what_was_saved_is_read(kept: str, original: Path) -> None:
    storage.save(KEY, storage.ORIGINAL, original)
    assert storage.read(KEY, storage.ORIGINAL) == original.read_bytes()


def test_what_is_not_there_is_said_to_be(kept: str) -> None:
    with pytest.raises(FilesUnavailable, match="not there"):
        storage.read(KEY, storage.ORIGINAL)


def test_what_is_deleted_is_gone_and_can_be_deleted_again(kept: str, original: Path) -> None:
    for form in (storage.ORIGINAL, storage.THUMBNAIL):
        storage.save(KEY, form, original)
    for _ in range(2):
        storage.delete(KEY)
    with pytest.raises(FilesUnavailable):
        storage.read(KEY, storage.THUMBNAIL)
    assert Bucket.objects == {}


def test_a_folder_is_its_owner_s_alone(settings: Any, tmp_path: Path, original: Path) -> None:
    settings.STORAGES = {**settings.STORAGES, storage.ALIAS: files.storage("", tmp_path / "files")}
    storage.save(KEY, storage.ORIGINAL, original)
    (written,) = (tmp_path / "files").rglob("original")
    assert (written.stat().st_mode & 0o777, written.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert written.relative_to(tmp_path / "files").parts == ("Ab", KEY, "original")


def test_a_bucket_is_written_under_its_folder(settings: Any, bucket: str, original: Path, tmp_path: Path) -> None:
    settings.FILES_URL = bucket
    settings.STORAGES = {**settings.STORAGES, storage.ALIAS: files.storage(bucket, tmp_path)}
    storage.save(KEY, storage.ORIGINAL, original)
    assert list(Bucket.objects) == [f"/bucket/chats/Ab/{KEY}/original"]


def test_a_storage_that_is_away_is_said_to_be(settings: Any, bucket: str, original: Path, tmp_path: Path) -> None:
    settings.FILES_URL = nobody = "s3://key:secret@127.0.0.1:9/bucket?tls=0"
    settings.STORAGES = {**settings.STORAGES, storage.ALIAS: files.storage(nobody, tmp_path)}
    for act in (
        lambda: storage.save(KEY, storage.ORIGINAL, original),
        lambda: storage.read(KEY, storage.ORIGINAL),
        lambda: storage.delete(KEY),
    ):
        with pytest.raises(FilesUnavailable):
            act()


@pytest.mark.parametrize("url", ["/var/files", "https://key:secret@host/bucket", "s3://host", "s3:///bucket", "s3://"])
def test_an_address_that_is_none_is_refused_without_its_secrets(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        files.storage(url, tmp_path)
    assert "secret@host" not in str(refused.value).replace("key:secret@host/bucket", "")


def test_without_a_key_the_machine_s_own_role_signs(tmp_path: Path) -> None:
    options = files.storage("s3://s3.example.com/bucket", tmp_path)["OPTIONS"]
    assert (options["access_key"], options["secret_key"], options["endpoint_url"]) == (
        None,
        None,
        "https://s3.example.com",
    )
