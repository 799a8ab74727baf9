"""Everything an installation holds in one plain file, and an empty installation filled from it."""
