"""Choose the SQLite library that this process uses.

Only one copy of it may open the database's file: POSIX locks belong to a process, and a second copy that closes the
file would silently release the locks that the first one holds. Another process then believes that nobody uses the file,
resets its shared memory, and the first process dies of a bus error.
"""

import importlib
from types import ModuleType


def driver() -> ModuleType:
    """Return the DB-API module of a SQLite that loads extensions: pysqlite3, or Python's own if it is missing."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ModuleNotFoundError:
        return importlib.import_module("sqlite3")
