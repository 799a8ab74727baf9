"""Print by how many seconds the clock must be shifted to show a moment of Japanese time.

The moment is a day (12:00) or a day and time, such as 2028-02-29 or 2027-01-01T03:00.
"""

import sys
from datetime import datetime, timedelta, timezone

given = sys.argv[1]
try:
    moment = datetime.fromisoformat(given if "T" in given else f"{given}T12:00")
except ValueError:
    sys.exit(f"✗ --at {given}: not a moment. Write one such as 2028-02-29 or 2027-01-01T03:00.")
moment = moment.replace(tzinfo=timezone(timedelta(hours=9)))
print(round((moment - datetime.now(moment.tzinfo)).total_seconds()))
