"""Settings are checked; errors name the setting, its value and the remedy."""

import stat
from pathlib import Path

import pytest

from akiya.config import from_env
from akiya.errors import ConfigError


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("DATABASE_URL", "not an address", "postgresql://"),
        ("DATABASE_URL", "postgresql://u@h:abc/x", "5432"),
        ("DATABASE_URL", "postgresql://u@h:99999/x", "5432"),
        ("DATABASE_URL", "sqlite+aiosqlite:///x", "sqlite:///file"),
        ("DATABASE_URL", "postgresql+asyncpg://u@h/x", "postgresql://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///name.sqlite"),
        ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///name.sqlite"),
        ("DATABASE_URL", "sqlite:////nonexistent/dir/x.sqlite", "Create it"),
        ("DATABASE_URL", "sqlite:////tmp", "name of a file"),
        ("AKIYA_STORAGE", "ftp://x", "s3://bucket"),
        ("AKIYA_STORAGE", "s3://[x", "s3://bucket"),
        ("AKIYA_PREFECTURE", "kumamoto", "熊本県"),
        ("SECRET_KEY", "short", "Unset it"),
        ("TZ", "Mars/Base", "Asia/Tokyo"),
        ("TZ", "/etc/passwd", "Asia/Tokyo"),
        ("TZ", "Asia", "Asia/Tokyo"),
        ("AKIYA_HOST", "not a host", "127.0.0.1"),
        ("AKIYA_SITE_URL", "http://[::1", "https://"),
        ("AKIYA_SITE_URL", "http://a b/", "https://"),
        ("AKIYA_SITE_URL", "http://a:99999999", "65535"),
        ("AKIYA_MEDIA_URL", "https://a:x", "65535"),
        ("AKIYA_MAIL_URL", "mail.example", "smtp://"),
        ("AKIYA_MAIL_URL", "smtp://host:abc", "65535"),
        ("AKIYA_MAIL_FROM", "not an address", "akiya@example.jp"),
        ("AKIYA_MAIL_FROM", "a@b.jp\nBcc: c@d.jp", "akiya@example.jp"),
        ("AKIYA_TRUSTED_PROXIES", "two", "number"),
        ("AKIYA_AUDIT_MONTHS", "0", "1 to 1200"),
        ("AKIYA_AUDIT_MONTHS", "long", "months"),
        ("AKIYA_DEBUG", "maybe", "unset"),
        ("AKIYA_SETTINGS", "/no/such/file", "unset"),
        ("AKIYA_SETTINGS", "/tmp", "Name a file"),
        ("AKIYA_STRAGE", "local", "AKIYA_STORAGE?"),
        ("AKIYA_X", "1", "Remove it"),
    ],
)
def test_a_wrong_setting_names_itself_and_the_remedy(tmp_path: Path, name: str, value: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_env({"AKIYA_DATA": str(tmp_path), name: value})
    assert name in str(caught.value)
    assert remedy in str(caught.value)
    assert name == "SECRET_KEY" or value in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:geheim@h:abc/x"),
        ("DATABASE_URL", "mysql://u:geh@eim@h/x"),
        ("AKIYA_MAIL_URL", "smtp://u:geheim@h:abc"),
        ("AKIYA_MAIL_URL", "ftp://u:geheim@h"),
        ("AKIYA_SECRET_KEY", "geheim"),
    ],
)
def test_no_password_is_told(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=r"\*\*\*") as caught:
        from_env({"AKIYA_DATA": str(tmp_path), name: value})
    assert "eim" not in str(caught.value)


def test_what_is_right_is_taken(tmp_path: Path) -> None:
    given = from_env(
        {
            "AKIYA_DATA": str(tmp_path), "DATABASE_URL": "postgresql://u:p%40q@[::1]:5432/x", "AKIYA_HOST": "::1",
            "AKIYA_SITE_URL": "https://空き家.example:8443/", "AKIYA_MAIL_URL": "smtps://u:p@mail.example:465",
            "AKIYA_MAIL_FROM": "空き家バンク <akiya@example.jp>", "AKIYA_DEBUG": "1", "AKIYA_TRUSTED_PROXIES": "",
            "AKIYA_TEST_ANYTHING": "is for the tests", "TZ": "",
        }
    )  # fmt: skip
    assert given.database_url == "postgresql+psycopg://u:p%40q@[::1]:5432/x"
    assert given.site_url == "https://空き家.example:8443"
    assert given.debug
    assert given.trusted_proxies == 0
    assert given.audit_months == 36
    assert str(given.timezone) == "Asia/Tokyo"
    assert not from_env({"AKIYA_DATA": str(tmp_path), "AKIYA_DEBUG": "0"}).debug


def test_a_relative_sqlite_file_lies_in_the_data_folder(tmp_path: Path) -> None:
    given = from_env({"AKIYA_DATA": str(tmp_path), "DATABASE_URL": "sqlite:///mine.sqlite"})
    assert given.database_url == f"sqlite:///{tmp_path}/mine.sqlite"
    absolute = f"sqlite:///{tmp_path}/else.sqlite"
    assert from_env({"AKIYA_DATA": str(tmp_path), "DATABASE_URL": absolute}).database_url == absolute


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = from_env({"AKIYA_DATA": str(tmp_path)}).secret_key
    assert from_env({"AKIYA_DATA": str(tmp_path)}).secret_key == first
    assert len(first) > 40
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("# ours\nAKIYA_PREFECTURE=大分県\nAKIYA_SITE_URL=https://akiya.example\n")
    assert from_env({"AKIYA_DATA": str(tmp_path)}).prefecture == "大分県"
    given = from_env({"AKIYA_DATA": str(tmp_path), "AKIYA_PREFECTURE": "宮崎県"})
    assert given.prefecture == "宮崎県"
    assert given.reachable_from_outside


def test_a_file_may_carry_a_mark_of_its_encoding_and_be_written_for_a_shell(tmp_path: Path) -> None:
    text = (
        "AKIYA_PREFECTURE=大分県\nexport AKIYA_DEBUG='1'\nAKIYA_SITE_URL=\"https://akiya.example\"\nAWS_PROFILE=ours\n"
    )
    (tmp_path / "settings.env").write_text(text, encoding="utf-8-sig")
    given = from_env({"AKIYA_DATA": str(tmp_path)})
    assert (given.prefecture, given.debug, given.site_url) == ("大分県", True, "https://akiya.example")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("AKIYA_PREFECTURE", "NAME=value"),
        ("AKIYA PREFECTURE=熊本県", "NAME=value"),
        ("AKIYA_STRAGE=local", "Did you mean AKIYA_STORAGE?"),
        ("SECRT_KEY=a long secret of ours", "Did you mean SECRET_KEY?"),
        ("AKIYA_DATA=/srv", "in the environment"),
    ],
)
def test_a_line_that_would_have_no_effect_is_named(tmp_path: Path, line: str, words: str) -> None:
    (tmp_path / "settings.env").write_text(f"# ours\n{line}\n")
    with pytest.raises(ConfigError, match=r"settings\.env:2") as caught:
        from_env({"AKIYA_DATA": str(tmp_path)})
    assert words in str(caught.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_bytes("AKIYA_PREFECTURE=熊本県\n".encode("cp932"))
    with pytest.raises(ConfigError, match=r"settings\.env: not UTF-8.*Save"):
        from_env({"AKIYA_DATA": str(tmp_path)})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::"])
def test_a_server_that_listens_outward_is_reachable(tmp_path: Path, host: str) -> None:
    assert from_env({"AKIYA_DATA": str(tmp_path), "AKIYA_HOST": host}).reachable_from_outside
    assert not from_env({"AKIYA_DATA": str(tmp_path), "AKIYA_HOST": "127.0.0.1"}).reachable_from_outside
