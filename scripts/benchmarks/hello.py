"""The smallest Flask application: the most requests a second that a server could answer."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    """Return a constant text."""
    return "hello"
