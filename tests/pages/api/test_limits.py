"""How often one address may use the API."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from akiya import create_app
from akiya.municipalities import service as municipalities
from tests.conftest import close, settings


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    app = create_app(replace(settings(tmp_path), testing=False))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
        municipalities.ensure_prefecture("熊本県")
    yield app
    close(app)


def test_who_asks_too_often_is_told_how_long_to_wait(limited: Flask) -> None:
    client = limited.test_client()
    paths = [f"/api/{('', 'conformance', 'collections')[n % 3]}?nothing={n}" for n in range(301)]
    answers = [client.get(path, environ_overrides={"REMOTE_ADDR": "192.0.2.77"}) for path in paths]
    assert {answer.status_code for answer in answers[:300]} == {400}
    last = answers[300]
    assert (last.status_code, last.mimetype) == (429, "application/problem+json")
    assert int(last.headers["Retry-After"]) > 0
    assert last.headers["Access-Control-Allow-Origin"] == "*"
    elsewhere = client.get("/api/conformance", environ_overrides={"REMOTE_ADDR": "192.0.2.78"})
    assert elsewhere.status_code == 200
