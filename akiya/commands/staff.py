"""The commands of `akiya staff`: accounts, from the shell."""

import click

from akiya.accounts import invitations, search
from akiya.accounts import service as accounts
from akiya.accounts.models import Role, Staff
from akiya.commands.main import main
from akiya.commands.shared import ready_app
from akiya.errors import Invalid

_ROLE = click.Choice([str(role) for role in Role])


@main.group("staff")
def staff_group() -> None:
    """Invite, create and deactivate staff accounts.

    Example: akiya staff invite --email hana@example.jp --role prefecture
    """


@staff_group.command("invite")
@click.option("--email", required=True)
@click.option("--name", default="", help="May be left for the person to fill in.")
@click.option("--role", required=True, type=_ROLE)
@click.option("--municipality", help="5-digit code; leave it out for a prefecture account.")
def invite_staff(email: str, name: str, role: str, municipality: str | None) -> None:
    """Create an account and mail its holder a link to set the password. Set AKIYA_SITE_URL first.

    Example: akiya staff invite --email aso@example.jp --role staff --municipality 43214
    """
    app = ready_app()
    with app.app_context():
        staff = invitations.invite(None, email, name, Role(role), municipality, app.config["AKIYA"])
        app.extensions["akiya_queue"].wake("outbox")
        click.echo(f"{staff.email} に招待のメールを送ります。リンクは7日間使えます。")


@staff_group.command("invite-again")
@click.argument("emails", nargs=-1)
@click.option(
    "--all", "everyone", is_flag=True, help="Everyone without a password, for example after akiya archive import."
)
def invite_again(emails: tuple[str, ...], everyone: bool) -> None:
    """Mail a new link to people who have not set a password yet; old links stop working. Set AKIYA_SITE_URL first.

    Example: akiya staff invite-again --all
    """
    if bool(emails) == everyone:
        raise Invalid("メールアドレスか --all のどちらかを指定してください。例：akiya staff invite-again --all")
    app = ready_app()
    with app.app_context():
        waiting = search.invited() if everyone else [_account(email) for email in emails]
        for staff in waiting:
            invitations.invite_again(None, staff.id, app.config["AKIYA"])
        app.extensions["akiya_queue"].wake("outbox")
        click.echo(f"{len(waiting):,}人に招待のメールを送ります。リンクは7日間使えます。")


@staff_group.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", required=True, type=_ROLE)
@click.option("--municipality", help="5-digit code; leave it out for a prefecture account.")
@click.password_option(help="At least 10 characters; prompted for if left out.")
def create_staff(email: str, name: str, role: str, municipality: str | None, password: str) -> None:
    """Create an account with a password, without sending a mail.

    Example: akiya staff create --email aso@example.jp --name 阿蘇太郎 --role staff --municipality 43214
    """
    with ready_app().app_context():
        staff = accounts.create(email, name, password, Role(role), municipality)
        click.echo(f"アカウントを作りました：{staff.email}")


@staff_group.command("deactivate")
@click.argument("email")
def deactivate_staff(email: str) -> None:
    """Stop an account from signing in.

    Example: akiya staff deactivate aso@example.jp
    """
    with ready_app().app_context():
        accounts.deactivate(None, _account(email).id)
        click.echo(f"{email} はサインインできなくなりました。")


@staff_group.command("reset-totp")
@click.argument("email")
def reset_totp(email: str) -> None:
    """Remove an account's confirmation codes (TOTP), for a person who lost the device.

    Example: akiya staff reset-totp hana@example.jp
    """
    with ready_app().app_context():
        accounts.reset_totp(None, _account(email).id)
        click.echo(f"{email} の確認コードを消しました。県担当者は次のサインインで設定し直します。")


def _account(email: str) -> Staff:
    staff = search.by_email(accounts.address(email))
    if staff is None:
        raise Invalid(f"メールアドレス「{email}」のアカウントはありません。")
    return staff
