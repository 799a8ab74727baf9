"""Real workers, killed at any moment, one or two at a time: nothing is lost, half done, or done twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from akiya.db import db, now, transaction
from akiya.media import service as media
from akiya.panoramas import service, tiling
from akiya.panoramas.models import Scene, SceneState
from akiya.storage.base import TOPS, Storage
from akiya.storage.s3 import S3Storage
from tests import buckets, factories, images, waiting

pytestmark = pytest.mark.slow

until = partial(waiting.until, seconds=240)  # tiling is slow on a busy machine

KILLS = 20
STAGES = {"start": (0, 0.6), "claimed": (1, 0.3), "tiling": (20, 0.4), "upload": (100, 0.1), "commit": (100, 0.5)}
"""The progress in percent after which a worker is killed, and within how many seconds."""
STILLS = {"preview.webp", "preview.jpg", "strip.webp"}


class Workers:
    """Workers of the application; only workers that were started here are killed."""

    def __init__(self, app: Flask, more: dict[str, str]) -> None:
        config = app.config["AKIYA"]
        environment = {
            **os.environ, "AKIYA_DATA": str(config.data), "DATABASE_URL": config.database_url, "SECRET_KEY": "x" * 40, **more,
        }  # fmt: skip
        self.work = config.data / "work"
        self.starter = subprocess.Popen(
            [sys.executable, "-m", "tests.panoramas.workers"], env=environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.running: set[int] = set()

    def start(self) -> int:
        """Start a worker and return its pid."""
        self.starter.stdin.write("\n")
        number = int(self.starter.stdout.readline())
        self.running.add(number)
        return number

    def kill(self, number: int, *, alone: bool = False) -> None:
        """Kill the worker and all its child processes; with `alone` only the worker, which its children must notice."""
        (os.kill if alone else os.killpg)(number, signal.SIGKILL)
        self.running.discard(number)
        until(lambda: not Path(f"/proc/{number}").exists())
        until(lambda: not self.children_of_the_dead() or bool(self.running))

    def children_of_the_dead(self) -> list[str]:
        """Return the command lines of child processes that work in the application's folder."""
        found = []
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                line = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
                if str(self.work) in line:
                    found.append(line)
        return found

    def close(self) -> None:
        """Kill the remaining workers and end the process that starts them."""
        for number in list(self.running):
            self.kill(number)
        self.starter.stdin.close()
        self.starter.wait()
        self.starter.stdout.close()


@pytest.fixture
def storage(app: Flask, request: pytest.FixtureRequest, migrated: Flask) -> Storage:
    """Return a folder with SpatiaLite, or a bucket with PostGIS."""
    local: Storage = app.extensions["akiya_storage"]
    if "sqlite" in app.config["AKIYA"].database_url:
        for top in TOPS:
            local.remove(list(local.keys(top)))
        return local
    endpoint = request.getfixturevalue("endpoint")
    return S3Storage(buckets.make(endpoint), "akiya", endpoint, "")


@pytest.fixture
def workers(app: Flask, storage: Storage, request: pytest.FixtureRequest) -> Iterator[Workers]:
    bucket = isinstance(storage, S3Storage)
    more = {"AKIYA_STORAGE": f"s3://{storage.bucket}/akiya"} if isinstance(storage, S3Storage) else {}
    if bucket:
        more["AWS_ENDPOINT_URL_S3"] = request.getfixturevalue("endpoint")
    made = Workers(app, more)
    yield made
    made.close()


class Tours:
    """Several listings of two municipalities, and pictures that clerks send."""

    def __init__(self, app: Flask, people: dict[str, int], storage: Storage, folder: Path) -> None:
        self.app, self.people, self.storage = app, people, storage
        self.pictures = [images.panorama(folder / f"{width}.jpg", width) for width in (2048, 4096, 3300)]
        self.listings = [
            ("aoi", factories.listing(people["aoi"], number="1")),
            ("aoi", factories.listing(people["aoi"], number="2")),
            ("sora", factories.listing(people["sora"], factories.B, number="3")),
        ]

    def add(self, number: int) -> int:
        """Add a scene as the account of its municipality, and return its id; `number` chooses listing and picture."""
        who, listing_id = self.listings[number % 3]
        picture = self.pictures[number // 3 % 3]
        return service.add(factories.staff(self.people[who]), listing_id, picture, self.storage, description="和室").id

    def left(self) -> int:
        """Return how many scenes are not finished."""
        with self.app.app_context():
            unfinished = Scene.state.in_((SceneState.WAITING, SceneState.WORKING))
            return db.session.scalar(db.select(db.func.count()).select_from(Scene).where(unfinished))

    def lacking(self, whole: Container[str] = ()) -> dict[str, str]:
        """Return what each tiled scene lacks, by its key of tiles, "" for nothing; scenes in `whole` are left out."""
        with self.app.app_context():
            ready = db.session.execute(db.select(Scene.id, Scene.tiles_key, Scene.levels).where(Scene.tiles_key != ""))
            return {row.tiles_key: lacks_of(self.storage, row) for row in ready.all() if row.tiles_key not in whole}


def lacks_of(storage: Storage, row) -> str:
    keys = [key.removeprefix(f"{row.tiles_key}/") for key in storage.keys(row.tiles_key)]
    levels = Counter(key.split("/")[0] for key in keys if "/" in key)
    wanted = {str(level): 6 * 4 ** (level - 1) for level in range(1, row.levels + 1)}
    fits = dict(levels) == wanted and {key for key in keys if "/" not in key} == STILLS
    return "" if fits and row.levels else f"{dict(levels)} instead of {wanted}"


@contextmanager
def watched(tours: Tours) -> Iterator[list[str]]:
    """Yield a list of what a visitor could have seen during the block: scenes whose named tiles are incomplete."""
    over, whole = threading.Event(), set[str]()
    seen: list[str] = []

    def look() -> None:
        while not over.is_set():
            # Complete tiles are checked again at the end, not twenty times a second: the more there are, the longer
            # one check would take, and the more easily it would miss incomplete ones.
            for key, lacks in tours.lacking(whole).items():
                if lacks:
                    seen.append(f"{key}: {lacks}")
                else:
                    whole.add(key)
            over.wait(0.05)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def reached(app: Flask, stage: str, dead: set[str]) -> bool:
    """Return whether a worker that is not dead has reached this stage with a scene."""
    if stage == "start":
        return True
    with app.app_context():
        rows = db.session.execute(
            db.select(Scene.worker, Scene.progress).where(Scene.state == SceneState.WORKING)
        ).all()
    return any(row.progress >= STAGES[stage][0] for row in rows if row.worker not in dead)


def test_a_worker_that_is_killed_twenty_times_loses_nothing_and_shows_nothing_half_done(
    app: Flask, people, storage: Storage, workers: Workers, tmp_path: Path
) -> None:
    rng, told, dead = random.Random(20), [], set()
    with app.app_context():
        tours = Tours(app, people, storage, tmp_path)
        sent = [tours.add(number) for number in range(6)]
    with watched(tours) as half_done:
        for kill in range(KILLS):
            stage = list(STAGES)[kill % len(STAGES)]
            worker = workers.start()
            until(lambda stage=stage: reached(app, stage, dead))
            moment = rng.uniform(0, STAGES[stage][1])
            time.sleep(moment)
            workers.kill(worker, alone=kill % 2 == 1)
            with app.app_context():
                working = db.session.scalars(db.select(Scene).where(Scene.state == SceneState.WORKING)).all()
                dead.update(scene.worker for scene in working)
                told.append(f"{kill}: {stage} + {moment:.3f} s, {[f'{s.id} at {s.progress}%' for s in working]}")
                if kill % 7 == 6:  # a clerk changes scenes in progress: no row will name their files
                    with transaction():
                        for scene in working:
                            tiling.wait(db.session.get(Scene, scene.id))
            with app.app_context():
                while tours.left() < 3:
                    sent.append(tours.add(len(sent)))
        print("\n".join(told))  # pytest shows this if an assertion below fails
        workers.start()
        until(lambda: tours.left() == 0)
        until(lambda: not list(workers.work.iterdir()))
    assert not half_done
    with app.app_context():
        states = db.session.execute(db.select(Scene.id, Scene.state, Scene.reason).order_by(Scene.id)).all()
        assert [tuple(row) for row in states] == [(scene_id, SceneState.READY, "") for scene_id in sorted(sent)]
    assert not any(tours.lacking().values())
    workers.close()
    what_no_row_names_is_pruned(app, storage)


def what_no_row_names_is_pruned(app: Flask, storage: Storage) -> None:
    with app.app_context():
        rows = db.session.execute(db.select(Scene.tiles_key, Scene.original_key)).all()
        named = {key for row in rows for key in row}
        files = {key for folder in ("public/panoramas", "private/panoramas") for key in storage.keys(folder)}
        useless = {key for key in files if key not in named and key.rsplit("/", key.count("/") - 2)[0] not in named}
        found = media.compare(storage, now() + timedelta(seconds=1))
        assert useless == {file.key for file in found.orphans}
        assert not found.missing
        media.prune(storage, found)
        left = {key for folder in ("public/panoramas", "private/panoramas") for key in storage.keys(folder)}
        assert left == files - useless
        assert not list(storage.unfinished())


@pytest.mark.engines
def test_two_workers_do_each_scene_once(app: Flask, people, storage: Storage, workers: Workers, tmp_path: Path) -> None:
    with app.app_context():
        tours = Tours(app, people, storage, tmp_path)
        sent = [tours.add(number) for number in range(9)]
    had: dict[int, set[str]] = {}
    most = 0
    for _ in range(2):
        workers.start()

    def over() -> bool:
        nonlocal most
        with app.app_context():
            working = db.session.execute(db.select(Scene.id, Scene.worker).where(Scene.worker != "")).all()
        most = max(most, len(working))
        for scene_id, worker in working:
            had.setdefault(scene_id, set()).add(worker)
        left = tours.left()
        if most < 2 and left < 6:  # add work until the worker that starts later has some too
            with app.app_context():
                sent.append(tours.add(len(sent)))
        return left == 0

    until(over)
    assert most == 2  # each of the two works on one scene at a time
    assert {len(those) for those in had.values()} == {1}
    assert set(had) <= set(sent)
    assert not any(tours.lacking().values())
