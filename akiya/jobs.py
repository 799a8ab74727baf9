"""The queue: huey on a SQLite file of its own. Work is described by rows of the database; a task only says "look"."""

import logging
import sqlite3

from flask import Flask
from huey import SqliteHuey, crontab

from akiya.config import Config
from akiya.panoramas import service

log = logging.getLogger("akiya")


class Queue:
    """The queue of `app`: web pages wake the worker, the worker runs."""

    def __init__(self, app: Flask) -> None:
        config: Config = app.config["AKIYA"]
        self.huey = SqliteHuey("akiya", filename=str(config.data / "queue.sqlite"), results=False)

        def tile_panoramas() -> None:
            with app.app_context():
                while service.process_next(app.extensions["akiya_storage"]):
                    pass

        self._tile = self.huey.task()(tile_panoramas)
        # What a killed worker or a lost message left behind is found within a minute.
        self.huey.periodic_task(crontab(minute="*"), name="take_up_again")(tile_panoramas)

    def wake(self) -> None:
        """The worker looks soon; at the latest within a minute."""
        try:
            self._tile()
        except sqlite3.Error:
            log.exception("the queue could not be written; the worker's next look finds the row")

    def run(self) -> None:
        """Works until a signal ends it."""
        consumer = self.huey.create_consumer(workers=1, periodic=True, initial_delay=0.1, max_delay=1.0)
        self._tile()
        consumer.run()
