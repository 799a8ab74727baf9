"""The entry point that a WSGI server loads."""

from akiya import create_app

app = create_app()
