"""The SQLite library of this process.

One alone may open the database's file: locks of POSIX belong to a process, and a file closed by a second copy of the
library would silently give up those that the first holds. Another process then believes that nobody is at the file, starts
its shared memory afresh, and the first dies of a bus error.
"""

import importlib
from types import ModuleType


def driver() -> ModuleType:
    """Return the DB-API module of a SQLite that loads extensions: pysqlite3, or Python's own where that is not built."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ModuleNotFoundError:
        return importlib.import_module("sqlite3")
