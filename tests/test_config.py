"""Settings are checked, with the name, the value and the remedy."""

import stat
from pathlib import Path

import pytest

from akiya.config import ConfigError, from_env


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("DATABASE_URL", "not an address", "postgresql://"),
        ("AKIYA_STORAGE", "ftp://x", "s3://bucket"),
        ("AKIYA_PREFECTURE", "kumamoto", "熊本県"),
        ("SECRET_KEY", "short", "Unset it"),
        ("TZ", "Mars/Base", "Asia/Tokyo"),
        ("AKIYA_MAIL_URL", "mail.example", "smtp://"),
        ("AKIYA_TRUSTED_PROXIES", "two", "number"),
        ("AKIYA_SETTINGS", "/no/such/file", "unset"),
    ],
)
def test_a_wrong_setting_names_itself_and_the_remedy(tmp_path: Path, name: str, value: str, remedy: str) -> None:
    with pytest.raises(ConfigError) as caught:
        from_env({"AKIYA_DATA": str(tmp_path), name: value})
    assert name in str(caught.value)
    assert remedy in str(caught.value)


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


def test_a_line_that_is_no_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.env").write_text("AKIYA_PREFECTURE\n")
    with pytest.raises(ConfigError, match=r"settings\.env:1"):
        from_env({"AKIYA_DATA": str(tmp_path)})


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::"])
def test_a_server_that_listens_outward_is_reachable(tmp_path: Path, host: str) -> None:
    assert from_env({"AKIYA_DATA": str(tmp_path), "AKIYA_HOST": host}).reachable_from_outside
    assert not from_env({"AKIYA_DATA": str(tmp_path), "AKIYA_HOST": "127.0.0.1"}).reachable_from_outside
