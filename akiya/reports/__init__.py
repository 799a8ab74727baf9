"""Reports and figures for the prefecture's coordinators, and for municipalities of their own."""

from flask import Flask

from akiya.reports import monthly_mail, staff, staff_dashboard


def init_app(app: Flask) -> None:
    """The pages of reports are part of `app`, and the monthly mail is part of its queue."""
    app.register_blueprint(staff.blueprint)
    app.register_blueprint(staff_dashboard.own_pages)
    queue, config = app.extensions["akiya_queue"], app.config["AKIYA"]
    queue.add("monthly_mail", lambda: monthly_mail.look(config.address) and queue.wake("outbox"))
