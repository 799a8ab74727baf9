"""Store files as objects of an S3 bucket."""

import base64
import hashlib
import mimetypes
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config as BotoConfig
from botocore.exceptions import BotoCoreError, ClientError

from akiya.errors import NotFound, StorageFailed
from akiya.storage.base import IMMUTABLE, Storage, Stored, checked, folder_of_keys, is_ours, shaped
from akiya.storage.local import disk

_ONE_BY_ONE = TransferConfig(use_threads=False)
_AT_A_TIME = 1000  # S3 deletes no more in one request
_GONE = {"404", "NoSuchKey", "NotFound"}


class S3Storage(Storage):
    """A storage of objects in a bucket, below `prefix`; `media_url` is the CDN in front of it, if any."""

    def __init__(self, bucket: str, prefix: str, endpoint: str, media_url: str) -> None:
        self.bucket, self.prefix = bucket, prefix.strip("/")
        self.base = media_url or (f"{endpoint}/{bucket}" if endpoint else f"https://{bucket}.s3.amazonaws.com")
        settings = BotoConfig(connect_timeout=3, read_timeout=30, retries={"max_attempts": 3, "mode": "standard"})
        with _asking():
            self.client: Any = boto3.client("s3", endpoint_url=endpoint or None, config=settings)  # made at run time

    def _object(self, key: str) -> str:
        return f"{self.prefix}/{key}".lstrip("/")

    def save(self, key: str, source: Path) -> None:
        """Upload the file in one request, with checksums that the server verifies."""
        with source.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256")
            file.seek(0)
            md5 = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False))
            file.seek(0)
            more = {"CacheControl": IMMUTABLE} if key.startswith("public/") else {}
            # One request, however large, so that an object exists completely or not at all. The server refuses a body
            # that does not match a checksum; every S3 implementation checks MD5, not every one SHA-256.
            with _asking():
                self.client.put_object(
                    Bucket=self.bucket,
                    Key=self._object(checked(key)),
                    Body=file,
                    ContentType=mimetypes.guess_type(key)[0] or "application/octet-stream",
                    ContentMD5=base64.b64encode(md5.digest()).decode(),
                    ChecksumSHA256=base64.b64encode(sha256.digest()).decode(),
                    Metadata={"sha256": sha256.hexdigest()},
                    **more,
                )

    def fetch(self, key: str, target: Path) -> None:
        """Download the object to `target`. Raise NotFound if it does not exist."""
        with _asking(key), disk():
            self.client.download_file(self.bucket, self._object(checked(key)), str(target), Config=_ONE_BY_ONE)

    def delete(self, prefix: str) -> None:
        """Delete the object `prefix` and all objects in the folder of that name."""
        self.remove([prefix, *self.keys(prefix)])

    def remove(self, keys: Iterable[str]) -> None:
        """Delete these objects, 1,000 a request."""
        left = deque(self._object(shaped(key)) for key in keys)
        while left:
            batch = [{"Key": left.popleft()} for _ in range(min(len(left), _AT_A_TIME))]
            with _asking():
                answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                raise _away(answer["Errors"][0].get("Code", ""))

    def files(self, prefix: str) -> Iterator[Stored]:
        """Yield the objects in the folder `prefix`, in the order of the keys."""
        pages = self.client.get_paginator("list_objects_v2")
        with _asking():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self._object(folder_of_keys(prefix)) + "/"):
                for item in page.get("Contents", []):
                    key = item["Key"].removeprefix(self.prefix).lstrip("/")
                    if is_ours(key):
                        yield Stored(key, item["Size"], item["LastModified"])

    def unfinished(self) -> Iterator[Stored]:
        """Yield nothing: an object exists completely or not at all."""
        return iter(())

    def sha256(self, key: str) -> str:
        """Return the SHA-256 that `save` stored with the object, else compute it. Raise NotFound."""
        name = {"Bucket": self.bucket, "Key": self._object(checked(key))}
        with _asking(key):
            known: str = self.client.head_object(**name)["Metadata"].get("sha256", "")
            if known:
                return known
            found = hashlib.sha256()  # another program uploaded it
            for chunk in self.client.get_object(**name)["Body"].iter_chunks(1 << 20):
                found.update(chunk)
            return found.hexdigest()

    def url(self, key: str) -> str:
        """Return the address of the public object or folder, at the CDN if there is one."""
        return f"{self.base}/{self._object(checked(key))}"

    def origin(self) -> str:
        """Return the origin of the CDN, the endpoint or the bucket."""
        parts = urlsplit(self.base)
        return f"{parts.scheme}://{parts.netloc}"


@contextmanager
def _asking(key: str = "") -> Iterator[None]:
    """Translate errors of S3 in the block to StorageFailed, and a missing object to NotFound if `key` is given."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
        if key and code in _GONE:
            raise NotFound(key) from error
        raise _away(code) from error


def _away(reason: str) -> StorageFailed:
    return StorageFailed(
        f"ファイルの置き場所（S3）を使えません（{reason}）。数分待ってから、もう一度試してください。"
        "続くときは、システムの担当者にこの文を伝えてください。"
    )
