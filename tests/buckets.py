"""S3 for tests: a server, its buckets, and a storage that cannot be reached."""

import json
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from moto.server import ThreadedMotoServer

from akiya.storage.s3 import S3Storage


@contextmanager
def running() -> Iterator[str]:
    """Yield the endpoint of an S3 server; processes that are started meanwhile get its credentials."""
    os.environ.update(AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def client(endpoint: str):
    """Return an S3 client for checks that do not use the code under test."""
    return boto3.client("s3", endpoint_url=endpoint)


def make(endpoint: str, *, versioned: bool = False) -> str:
    """Create a bucket and return its name. A versioned one keeps everything that was ever stored in it."""
    name = f"media-{uuid.uuid4().hex[:12]}"
    client(endpoint).create_bucket(Bucket=name)
    if versioned:
        client(endpoint).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def publish(endpoint: str, bucket: str, prefix: str) -> None:
    """Everybody may read what is public, as docs/operations.md says."""
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{bucket}/{prefix}/public/*",
            }
        ],
    }
    client(endpoint).put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def refusing() -> str:
    """Return an endpoint at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def away() -> S3Storage:
    """Return a storage that cannot be reached."""
    return S3Storage("media", "akiya", refusing(), "")
