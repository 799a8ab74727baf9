"""Open the storage of files: a local folder or an S3 bucket."""

from urllib.parse import urlsplit

from akiya.config import Config
from akiya.storage.base import Storage
from akiya.storage.local import LocalStorage


def open_storage(config: Config) -> Storage:
    """Return the storage that the settings name."""
    if config.storage == "local":
        return LocalStorage(config.data / "media")
    from akiya.storage.s3 import S3Storage  # boto3 takes 25 MB of memory, and most installations use a folder

    parts = urlsplit(config.storage)
    return S3Storage(parts.netloc, parts.path, config.s3_endpoint, config.media_url)
