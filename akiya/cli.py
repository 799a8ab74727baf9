"""The `akiya` command."""
