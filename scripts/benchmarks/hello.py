"""The least a Flask application can do; what a server could answer at most."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello() -> str:
    return "hello"
