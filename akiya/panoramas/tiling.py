"""The worker's part of tours: tile the waiting scenes one after the other, delete the tiles of closed listings.

A claim is a lease that the living worker renews, with the name of its workplace. When a worker is killed, another
worker on the same machine sees that the workplace is abandoned and claims the scene again at once; a worker on another
machine does so when the lease ends. All tiles are stored under a prefix of their own before the row names it, so a
half-stored scene is never visible. The prefix follows from the picture, the options and the scene's salt: work that is
done twice writes the same files again.
"""

import hashlib
import json
import secrets
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from akiya import sandbox
from akiya.db import AnyRow, Session, db, now, transaction
from akiya.errors import BadImage, NotFound, StorageFailed
from akiya.listings.derived import derive
from akiya.listings.enums import CLOSED
from akiya.listings.models import Listing
from akiya.panoramas.models import Scene, SceneState
from akiya.panoramas.workplace import abandoned, workplace
from akiya.storage.base import Storage
from akiya.values import JsonObject

LEASE = timedelta(seconds=60)
"""The time that a claim is valid. A living worker renews it four times as often: one that expires is a dead worker's."""
SUSPECT, MOST_ATTEMPTS = 3, 12
"""The attempts after which a scene waits behind all others, and after which it fails.

A picture that needs too much memory or time ends its child process and fails at once. A worker that ends was most likely
killed for another reason, so a scene gets many attempts.
"""
_GAVE_UP = "変換の途中で何度も止まりました。画像を書き出し直してから、別の画像に替えてください。"
_MISSING = "元の画像が見つかりません。もう一度送ってください。"


@dataclass(frozen=True)
class _Job:
    """A claimed scene: its picture, the options for tiling it, and the worker that claimed it."""

    scene_id: int
    worker: str
    original_key: str
    salt: str
    options: JsonObject


def process_all(storage: Storage, work: Path | None = None) -> None:
    """Tile every waiting scene, and delete the tiles of closed listings.

    `work` is the folder where the workers of this machine put their work in progress; by default a temporary one.
    """
    withdraw_closed(storage)
    while process_next(storage, work):
        pass


def process_next(storage: Storage, work: Path | None = None) -> bool:
    """Tile the scene that is next in turn; return False if none waits. The scene ends ready, or failed with a reason.

    Raise StorageFailed if the storage cannot be reached; the scene then waits again.
    """
    if work is None:
        with tempfile.TemporaryDirectory() as folder:
            return process_next(storage, Path(folder))
    _take_back(work)
    with workplace(work) as place:
        job = _claim(place.name)
        if job is None:
            return False
        try:
            with _kept_alive(job):
                made, tiles_key = _tile(job, storage, place)
        except BadImage as error:
            _fail(job, str(error))
        except NotFound:
            _fail(job, _MISSING)
        except StorageFailed:
            _put_back(job)
            raise
        else:
            _delete(storage, _finish(job, made, tiles_key))
    return True


def _tile(job: _Job, storage: Storage, place: Path) -> tuple[JsonObject, str]:
    """Make and store the tiles; return what the child process reports of the picture, and the prefix of the tiles."""
    source, out = place / "original", place / "tiles"
    out.mkdir()
    storage.fetch(job.original_key, source)
    made = sandbox.run("panorama", source, out, progress=lambda percent: _progress(job, percent), **job.options)
    tiles_key = _prefix(job, source)
    storage.save_tree(tiles_key, out)
    return made, tiles_key


def _take_back(work: Path) -> None:
    """Let the scenes that killed workers of this machine had claimed wait again, and delete their folders."""
    left = abandoned(work)
    if not left:
        return
    with transaction(public=False) as session:
        theirs = (Scene.state == SceneState.WORKING, Scene.worker.in_([folder.name for folder in left]))
        session.execute(update(Scene).where(*theirs).values(state=SceneState.WAITING, worker=""))
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _kept_alive(job: _Job) -> Iterator[None]:
    """Renew the claim as long as this process lives, however slow the work or the storage is."""
    engine, over = db.engine, threading.Event()

    def renew() -> None:
        while not over.wait(LEASE.total_seconds() / 4):
            mine = update(Scene).where(Scene.id == job.scene_id, Scene.worker == job.worker)
            # A short failure of the database is retried in the next round; a longer one makes the work itself fail.
            with suppress(OperationalError), engine.execution_options(writes=True).begin() as connection:
                connection.execute(mine.values(claimed_until=now() + LEASE))

    thread = threading.Thread(target=renew, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def withdraw_closed(storage: Storage) -> None:
    """Delete the tiles of closed listings; their scenes are tiled again when the listing reopens."""
    with transaction() as session:
        query = select(Scene).join(Listing, Listing.id == Scene.listing_id)
        scenes = session.scalars(query.where(Scene.tiles_key != "", Listing.status.in_(CLOSED))).all()
        keys = [withdraw(scene) for scene in scenes]
    for key in keys:
        storage.delete(key)


def withdraw(scene: Scene) -> str:
    """Let the scene wait for tiles under a new prefix; return the old prefix, to be deleted after the commit."""
    key = scene.tiles_key
    wait(scene)
    scene.tiles_key = ""
    show(scene.listing)
    return key


def wait(scene: Scene) -> None:
    """Let the scene wait for the worker. A new salt and no worker make the result of work in progress unusable."""
    scene.state, scene.progress, scene.reason, scene.attempts, scene.worker = SceneState.WAITING, 0, "", 0, ""
    scene.salt, scene.updated_at = secrets.token_urlsafe(16), now()


def show(listing: Listing) -> None:
    """Set whether the listing has a tour that the public can open."""
    with transaction(public=False) as session:
        session.flush()
        shown = select(Scene.id).where(Scene.listing_id == listing.id, Scene.published, Scene.tiles_key != "")
        has = session.scalar(shown.limit(1)) is not None
        if listing.has_panorama != has:
            with transaction():
                listing.has_panorama, listing.updated_at = has, now()
                for name, value in derive(listing, listing.municipality.name).items():
                    setattr(listing, name, value)


def places() -> dict[int, int]:
    """Return each waiting scene's position in the queue, by scene id; workers claim number 1 next."""
    rows = db.session.execute(
        select(Scene.id, Scene.state, Scene.claimed_until, Scene.updated_at, Listing.municipality_code)
        .join(Listing, Listing.id == Scene.listing_id)
        .where(Listing.status.not_in(CLOSED), or_(Scene.state == SceneState.WAITING, Scene.claimed_until.is_not(None)))
    ).all()
    turns: dict[str, float] = {}
    waiting: dict[str, list[AnyRow]] = {}
    for row in rows:
        if row.claimed_until is not None:
            turns[row.municipality_code] = max(turns.get(row.municipality_code, 0.0), row.claimed_until.timestamp())
        if row.state is SceneState.WAITING:
            waiting.setdefault(row.municipality_code, []).append(row)
    for rows_of_one in waiting.values():
        rows_of_one.sort(key=lambda row: (row.updated_at, row.id), reverse=True)
    found: dict[int, int] = {}
    while waiting:
        code = min(waiting, key=lambda code: (turns.get(code, 0.0), waiting[code][-1].updated_at))
        found[waiting[code].pop().id] = len(found) + 1
        turns[code] = max(turns.values(), default=0.0) + 1
        if not waiting[code]:
            del waiting[code]
    return found


def _claim(worker: str) -> _Job | None:
    with transaction(public=False) as session:
        other, home = aliased(Scene), aliased(Listing)
        last = (
            select(home.municipality_code, func.max(other.claimed_until).label("turn"))
            .join(home, home.id == other.listing_id)
            .group_by(home.municipality_code)
            .subquery()
        )
        abandoned = (Scene.state == SceneState.WORKING) & (Scene.claimed_until < now())
        query = (
            select(Scene)
            .join(Listing, Listing.id == Scene.listing_id)
            .join(last, last.c.municipality_code == Listing.municipality_code)
            .where(or_(Scene.state == SceneState.WAITING, abandoned), Listing.status.not_in(CLOSED))
            # Municipalities take turns: one that sends fifty pictures delays another's one picture by one.
            .order_by(Scene.attempts >= SUSPECT, last.c.turn.is_not(None), last.c.turn, Scene.updated_at, Scene.id)
        )
        scene = session.scalar(query.limit(1).with_for_update(of=Scene, skip_locked=True))
        if scene is None:
            return None
        scene.state, scene.progress, scene.attempts = SceneState.WORKING, 1, scene.attempts + 1
        scene.claimed_until, scene.worker = now() + LEASE, worker
        options: JsonObject = {"blurs": scene.blurs} if scene.blurs else {}
        if scene.posed:
            options["view"] = [scene.yaw, scene.pitch]
            options["horizon"] = [scene.horizon_pitch, scene.horizon_roll]
        job = _Job(scene.id, worker, scene.original_key, scene.salt, options)
        hopeless = scene.attempts > MOST_ATTEMPTS
    if hopeless:
        _fail(job, _GAVE_UP)
        return _claim(worker)
    return job


def _prefix(job: _Job, source: Path) -> str:
    with source.open("rb") as file:
        picture = hashlib.file_digest(file, "sha256").hexdigest()
    said = json.dumps([job.salt, picture, job.options], sort_keys=True)
    return f"public/panoramas/{hashlib.sha256(said.encode()).hexdigest()[:40]}"


def _locked(session: Session, job: _Job) -> Scene | None:
    """Return the job's scene, locked; None if the worker has lost its claim or a change has made the work useless."""
    scene: Scene | None = session.get(Scene, job.scene_id, with_for_update=True)
    mine = scene is not None and (scene.salt, scene.worker) == (job.salt, job.worker)
    return scene if mine else None


def _progress(job: _Job, percent: int) -> None:
    with transaction(public=False) as session:
        scene = _locked(session, job)
        if scene is not None:
            scene.progress = percent


def _put_back(job: _Job) -> None:
    with transaction(public=False) as session:
        scene = _locked(session, job)
        if scene is not None:
            scene.state, scene.worker, scene.attempts = SceneState.WAITING, "", scene.attempts - 1


def _fail(job: _Job, reason: str) -> None:
    with transaction(public=False) as session:
        scene = _locked(session, job)
        if scene is not None:
            scene.state, scene.worker, scene.reason = SceneState.FAILED, "", reason


def _finish(job: _Job, made: JsonObject, tiles_key: str) -> str:
    """Set the scene to ready; return the prefix that no row uses any more, or ""."""
    with transaction() as session:
        scene = _locked(session, job)
        if scene is None:
            now_there = session.get(Scene, job.scene_id)
            # Removed or changed during the work: these tiles are of no use. If only the claim was lost, another worker
            # stores the same files under the same prefix, which must stay.
            return "" if now_there is not None and now_there.salt == job.salt else tiles_key
        old = scene.tiles_key
        for name in ("cube", "tile", "levels", "full_bytes"):
            setattr(scene, name, made.get(name, 0))
        if not scene.posed:
            for name in ("yaw", "pitch", "north_offset", "horizon_pitch", "horizon_roll"):
                setattr(scene, name, made[name])
        scene.posed, scene.tiles_key, scene.state, scene.worker = True, tiles_key, SceneState.READY, ""
        scene.progress, scene.reason, scene.attempts = 100, "", 0
        show(scene.listing)
        return old if old != tiles_key else ""


def _delete(storage: Storage, key: str) -> None:
    if key:
        storage.delete(key)
