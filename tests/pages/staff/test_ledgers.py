"""The pages of ledgers, who may see them, and interrupted work."""

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from akiya.db import db
from akiya.errors import Invalid, NotFound
from akiya.ledgers import applying, search, service
from akiya.ledgers.models import Import, Layout, Phase, RowState
from akiya.listings.events import EventKind
from akiya.listings.models import Event, Listing
from tests import factories
from tests.factories import A, B
from tests.ledgers import ledger
from tests.pages.browser import Browser
from tests.pages.public.test_listing import CANARY

pytestmark = pytest.mark.engines

ROWS = [
    ["番号", "所在地", "希望価格", "謎の列", "所有者", "備考"],
    ["新1", "内牧", "480万円", "あ", "カナリア持主", ""],
    ["新2", "内牧", "たかい", "い", "", "<b>"],
]


def upload(app: Flask, visit: Browser, tmp_path: Path, rows: list[list[str]], path: str = "/staff/ledger") -> int:
    content = ledger.csv_file(tmp_path / "l.csv", rows).read_bytes()
    visit.post(path, {"file": (io.BytesIO(content), "台帳.csv")}, content_type="multipart/form-data")
    with app.app_context():
        service.process_all(app.extensions["akiya_storage"])
        return int(db.session.scalar(db.select(db.func.max(Import.id))))


def test_from_sending_to_undoing(app: Flask, people, visit: Browser, tmp_path: Path) -> None:
    visit.sign_in("aoi")
    visit.get("/staff/ledger")
    assert "ファイルが選ばれていません" in visit.post("/staff/ledger", {}, 400).text
    taken = upload(app, visit, tmp_path, ROWS)
    page = visit.get(f"/staff/ledger/{taken}")
    assert "1件を反映する" in page.text
    assert "C3 希望価格" in page.text
    assert "<b>" not in page.text
    assert "新1" not in visit.get(f"/staff/ledger/{taken}?outcome=refused").text
    assert visit.client.get(f"/staff/ledger/{taken}/state.json").get_json()["phase"] == "checked"
    assert "C3,希望価格,たかい" in visit.client.get(f"/staff/ledger/{taken}/report.csv").get_data(as_text=True)
    assert "あ、い" in visit.get(f"/staff/ledger/{taken}/columns").text
    visit.post(f"/staff/ledger/{taken}/columns", {"column-3": "price"}, 400)
    visit.post(f"/staff/ledger/{taken}/columns", {"column-3": "nonsense"}, 400)
    visit.post(f"/staff/ledger/{taken}/columns", {"column-3": "title", "column-5": ""})
    with app.app_context():
        assert db.session.get(Layout, A).columns[3] == ["謎の列", "title"]
        service.process_all(app.extensions["akiya_storage"])
    visit.post(f"/staff/ledger/{taken}/apply")
    assert "http-equiv" in visit.get(f"/staff/ledger/{taken}").markup
    visit.post(f"/staff/ledger/{taken}/undo", status=400)
    with app.app_context():
        service.process_all(app.extensions["akiya_storage"])
        home = db.session.scalar(db.select(Listing))
        assert (home.number, home.title) == ("新1", "あ")
        assert ledger.found(taken).key == ""
        home_id = home.id
    assert "台帳の取り込み" in visit.get(f"/staff/listings/{home_id}").text
    visit.post(f"/staff/ledger/{taken}/apply", status=400)
    visit.post(f"/staff/ledger/{taken}/undo")
    with app.app_context():
        service.process_all(app.extensions["akiya_storage"])
        assert db.session.query(Listing).count() == 0
    assert "すべて元に戻りました" in visit.get(f"/staff/ledger/{taken}").text


def test_a_ledger_is_its_municipalitys_own(app: Flask, people, tmp_path: Path) -> None:
    with app.app_context():
        factories.listing(people["sora"], B, number="外の家")
        taken = ledger.send(
            app, "aoi", ledger.csv_file(tmp_path / "l.csv", [["番号", "市町村"], ["1", "八代市"], ["外の家", ""]])
        )
        assert ledger.counts(taken) == {"refused": 1, "new": 1}
        with pytest.raises(NotFound):
            search.for_staff(factories.staff(people["sora"]), taken)
    visit = Browser(app)
    visit.sign_in("sora")
    for path in (
        f"/staff/ledger/{taken}",
        f"/staff/ledger/{taken}/report.csv",
        f"/staff/ledger/{taken}/state.json",
        f"/staff/ledger?municipality={A}",
        f"/staff/ledger/export.csv?municipality={A}",
    ):
        assert visit.client.get(path).status_code == 404, path
    assert "外の家" in visit.client.get("/staff/ledger/export.csv").get_data(as_text=True)
    ren = Browser(app)
    ren.sign_in("ren")
    assert ren.client.get("/staff/ledger/export.xlsx").status_code == 403


def test_private_facts_come_home_and_go_nowhere_else(
    app: Flask, people, visit: Browser, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        listing_id = factories.listing(people["aoi"], number="1")
        path = ledger.save(tmp_path / "l.xlsx")
        headers = {"owner_name": "所有者の氏名（非公開）", "owner_contact": "所有者の連絡先（非公開）", "lot_number": "番地（非公開）", "consent_scope": "同意の範囲（非公開）",
                   "notes": "内部メモ（非公開）", "true_lon": "経度（度、非公開）", "true_lat": "緯度（度、非公開）"}  # fmt: skip
        ledger.set_cells(path, {("1", headers[name]): value for name, value in CANARY.items()})
        taken = ledger.send(app, "aoi", path)
        ledger.do(app, "aoi", taken)
        home = db.session.get(Listing, listing_id)
        assert (str(home.precision), home.private.true_lon) == ("mesh250", CANARY["true_lon"])
        assert home.lon != CANARY["true_lon"]
    visit.sign_in("aoi")
    logging.getLogger("akiya").propagate = True
    assert "カナリア持主" in visit.client.get("/staff/ledger/export.csv").get_data(as_text=True)
    logging.getLogger("akiya").propagate = False
    assert "exported" in caplog.text
    public = [
        f"/listings/{listing_id}",
        "/listings/",
        "/listings.csv",
        "/listings.geojson",
        "/listings.atom",
        "/sitemap.xml",
        "/listings/?q=カナリア",
    ]
    for address in public:
        text = (
            visit.client.get(address).get_data(as_text=True).replace("q=カナリア", "").replace('value="カナリア"', "")
        )
        for value in CANARY.values():
            assert str(value) not in text + caplog.text, address


def test_only_one_at_a_time_and_what_was_changed_meanwhile_is_refused(app: Flask, people, tmp_path: Path) -> None:
    from akiya.listings import service as listings

    with app.app_context():
        aoi, storage = factories.staff(people["aoi"]), app.extensions["akiya_storage"]
        listing_id = factories.listing(people["aoi"], number="1", price=100)
        path = ledger.csv_file(tmp_path / "l.csv", [["番号", "価格"], ["1", "200"], ["2", "300"]])
        taken = ledger.send(app, "aoi", path)
        other = ledger.send(app, "aoi", path)
        service.apply(aoi, taken)
        for again in (
            lambda: service.receive(aoi, A, "l.csv", path, storage),
            lambda: service.apply(aoi, other),
            lambda: service.apply(aoi, taken),
        ):
            with pytest.raises(Invalid):
                again()
        listings.update(aoi, listing_id, None, {"price": 150})
        service.process_all(storage)
        assert db.session.get(Listing, listing_id).price == 150
        assert ledger.counts(taken) == {"refused": 1, "new": 1}
        assert "別の人が" in ledger.problems(taken)[0][3]
        ledger.do(app, "aoi", other)
        assert ledger.counts(other) == {"refused": 2}


def test_a_killed_worker_leaves_whole_batches_and_nothing_is_done_twice(
    app: Flask, people, tmp_path: Path, monkeypatch: Any
) -> None:
    with app.app_context():
        rows = [["番号", "価格"], *[[f"新{n}", str(n)] for n in range(450)]]
        taken = ledger.send(app, "aoi", ledger.csv_file(tmp_path / "l.csv", rows))
        service.apply(factories.staff(people["aoi"]), taken)
        service._claim(taken)
        # The worker is killed after this: two batches are left, and the import's state is still "working".
        service._step(taken)
        assert db.session.query(Listing).count() == applying.BATCH
        assert not service.process_next(app.extensions["akiya_storage"])
        monkeypatch.setattr(service, "_ABANDONED", service.timedelta(0))
        service.process_all(app.extensions["akiya_storage"])
        db.session.expire_all()
        assert db.session.query(Listing).count() == 450
        assert db.session.query(Event).filter(Event.action == EventKind.LEDGER).count() == 450
        assert ledger.found(taken).phase is Phase.APPLIED
        assert {row.state for row in ledger.rows(taken)} == {RowState.APPLIED}
