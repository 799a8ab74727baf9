"""Files beside the database: local folders or an S3 bucket, with the same behaviour.

A key is `public/…` (served as it is, immutable) or `private/…` (never served). Keys are made by services, never by users.
"""

import mimetypes
import re
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from akiya.config import Config
from akiya.errors import NotFound

_KEY = re.compile(r"(public|private)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
mimetypes.add_type("image/webp", ".webp")
IMMUTABLE = "public, max-age=31536000, immutable"


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key) or ".." in key:
        raise ValueError(f"not a storage key: {key!r}")
    return key


class Storage(ABC):
    """Keeps whole files under keys."""

    @abstractmethod
    def save(self, key: str, source: Path) -> None:
        """The bytes of `source` are kept under `key`, replacing what was there, wholly or not at all."""

    @abstractmethod
    def fetch(self, key: str, target: Path) -> None:
        """The bytes under `key` are written to `target`. Raises NotFound."""

    @abstractmethod
    def delete(self, prefix: str) -> None:
        """Nothing remains under `prefix` (a key or a folder of keys)."""

    @abstractmethod
    def keys(self, prefix: str) -> Iterator[str]:
        """Every key under the folder `prefix`, in order."""

    @abstractmethod
    def url(self, key: str) -> str:
        """The address a browser loads the public `key` (or folder) from."""

    def save_tree(self, prefix: str, folder: Path) -> None:
        """Every file below `folder` is kept under `prefix`."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.save(f"{prefix}/{path.relative_to(folder).as_posix()}", path)


class LocalStorage(Storage):
    """Files below a folder; panorama tiles lie there like everything else."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def save(self, key: str, source: Path) -> None:
        target = self.root / _checked(key)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        shutil.copyfile(source, part)
        part.replace(target)

    def fetch(self, key: str, target: Path) -> None:
        try:
            shutil.copyfile(self.root / _checked(key), target)
        except FileNotFoundError as error:
            raise NotFound(key) from error

    def delete(self, prefix: str) -> None:
        target = self.root / _checked(prefix)
        if target.is_dir():
            shutil.rmtree(target)
        else:
            target.unlink(missing_ok=True)

    def keys(self, prefix: str) -> Iterator[str]:
        for path in sorted((self.root / _checked(prefix)).rglob("*")):
            if path.is_file():
                yield path.relative_to(self.root).as_posix()

    def url(self, key: str) -> str:
        return "/media/" + _checked(key).removeprefix("public/")


class S3Storage(Storage):
    """Objects of a bucket; `media_url` is the CDN in front of it, if any."""

    def __init__(self, bucket: str, prefix: str, endpoint: str, media_url: str) -> None:
        self.bucket, self.prefix = bucket, prefix.strip("/")
        self.base = media_url or (f"{endpoint}/{bucket}" if endpoint else f"https://{bucket}.s3.amazonaws.com")
        # Loaded here: it takes 25 MB, and most installations keep their files in a folder.
        import boto3
        from botocore.config import Config as BotoConfig

        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            config=BotoConfig(connect_timeout=5, read_timeout=30, retries={"max_attempts": 4, "mode": "standard"}),
        )

    def _object(self, key: str) -> str:
        return f"{self.prefix}/{_checked(key)}".lstrip("/")

    def save(self, key: str, source: Path) -> None:
        extra = {"ContentType": mimetypes.guess_type(key)[0] or "application/octet-stream"}
        if key.startswith("public/"):
            extra["CacheControl"] = IMMUTABLE
        self.client.upload_file(str(source), self.bucket, self._object(key), ExtraArgs=extra)

    def fetch(self, key: str, target: Path) -> None:
        try:
            self.client.download_file(self.bucket, self._object(key), str(target))
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
                raise NotFound(key) from error
            raise

    def delete(self, prefix: str) -> None:
        self.client.delete_object(Bucket=self.bucket, Key=self._object(prefix))
        for key in list(self.keys(prefix)):
            self.client.delete_object(Bucket=self.bucket, Key=self._object(key))

    def keys(self, prefix: str) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=self._object(prefix) + "/"):
            for item in page.get("Contents", []):
                yield item["Key"].removeprefix(self.prefix).lstrip("/")

    def url(self, key: str) -> str:
        return f"{self.base}/{self._object(key)}"


def open_storage(config: Config) -> Storage:
    """The storage that the settings name."""
    if config.storage == "local":
        return LocalStorage(config.data / "media")
    parts = urlsplit(config.storage)
    return S3Storage(parts.netloc, parts.path, config.s3_endpoint, config.media_url)
