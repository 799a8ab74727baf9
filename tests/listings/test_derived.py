"""Derived columns of stored homes: computed again by a command, and read the same when pictograms are added."""

import pytest
from flask import Flask

from akiya.db import db, revision, transaction
from akiya.listings import pictograms, service
from akiya.listings.derived import Derived, derive_all
from akiya.listings.enums import Status
from akiya.listings.models import Event, Listing
from tests import factories
from tests.shell import akiya

FACTS = [{"storeys": 1, "onsen": True}, {"garden": True}, {"pets": True, "garden": True}, {"diy": True}, {}]
LIT = [
    ["sale", "single_storey", "onsen"],
    ["sale", "garden"],
    ["sale", "garden", "pets"],
    ["sale", "diy"],
    ["sale"],
]
RIGHT = [
    (1 << 0 | 1 << 3 | 1 << 21, "家0 松の家 内牧 阿蘇市", "家0 松の家 内牧 阿蘇市 5dk"),
    (1 << 0 | 1 << 24, "家1 松の家 内牧 阿蘇市", "家1 松の家 内牧 阿蘇市 5dk"),
    (1 << 0 | 1 << 24 | 1 << 28, "家2 松の家 内牧 阿蘇市", "家2 松の家 内牧 阿蘇市 5dk"),
    (1 << 0 | 1 << 9, "家3 松の家 内牧 阿蘇市", "家3 松の家 内牧 阿蘇市 5dk"),
    (1 << 0, "家4 松の家 内牧 阿蘇市", "家4 松の家 内牧 阿蘇市 5dk"),
]
WRONG = (1 << 16 | 1 << 39, "むかし", "むかしの 言葉")


@pytest.fixture
def homes(app: Flask, people: dict[str, int]) -> list[int]:
    """Return five homes in various states, as they are saved."""
    states = (Status.OPEN, Status.OPEN, Status.DRAFT, Status.CONTRACTED, Status.NEGOTIATING)
    with app.app_context():
        return [
            factories.listing(
                people["aoi"], status=status, number=f"家{number}", title="松の家", layout="5DK", **FACTS[number]
            )
            for number, status in enumerate(states)
        ]


def stored() -> list[tuple[int, str, str]]:
    query = db.select(Listing.features, Listing.search_head, Listing.search_text).order_by(Listing.id)
    return [tuple(row) for row in db.session.execute(query)]


def spoil(ids: list[int]) -> None:
    """Store wrong derived columns for these homes, as if the rules had changed since they were saved."""
    features, head, text = WRONG
    with transaction() as session:
        wrong = {"features": features, "search_head": head, "search_text": text}
        session.execute(db.update(Listing.__table__).where(Listing.id.in_(ids)).values(wrong))


def edited() -> list[object]:
    """Return everything that an edit changes."""
    kept = db.session.execute(db.select(Listing.id, Listing.version, Listing.updated_at).order_by(Listing.id)).all()
    return [*kept, db.session.scalar(db.select(db.func.count()).select_from(Event))]


def found(app: Flask, query: str) -> dict[int, list[str]]:
    answer = app.test_client().get(f"/listings.geojson?{query}").get_json()
    return {home["id"]: home["properties"]["features"] for home in answer["features"]}


def test_wrong_bits_and_texts_are_corrected_without_an_edit(app: Flask, homes: list[int]) -> None:
    with app.app_context():
        assert stored() == RIGHT
        before = edited()
        spoil([homes[0], homes[2], homes[3]])
        assert found(app, "feature=onsen") == {}
        assert found(app, "q=むかし") == {homes[0]: ["city_gas", "no_rebuild"]}
        reports: list[Derived] = []
        done = derive_all(reports.append, batch=2)
        assert done == Derived(listings=5, changed=3, last_id=homes[4])
        assert reports == [Derived(2, 1, homes[1]), Derived(4, 3, homes[3]), Derived(5, 3, homes[4])]
        assert stored() == RIGHT
        assert edited() == before
        assert found(app, "feature=onsen") == {homes[0]: LIT[0]}
        assert found(app, "q=松の家") == {homes[0]: LIT[0], homes[1]: LIT[1], homes[4]: LIT[4]}
        assert found(app, "q=むかし") == {}


def test_kept_pages_are_made_again_only_when_something_changed(app: Flask, homes: list[int]) -> None:
    with app.app_context():
        spoil([homes[1]])
        before = revision()
        assert derive_all(lambda done: None, batch=1).changed == 1
        assert revision() == before + 1
        assert derive_all(lambda done: None, batch=1) == Derived(5, 0, homes[4])
        assert revision() == before + 1
        assert stored() == RIGHT


def test_a_run_that_ends_in_the_middle_keeps_its_batches_and_goes_on(
    app: Flask, homes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        spoil(homes)
        reports: list[Derived] = []
        mask = pictograms.mask

        def killed(listing: Listing) -> int:
            if listing.id == homes[3]:
                raise KeyboardInterrupt
            return mask(listing)

        monkeypatch.setattr(pictograms, "mask", killed)
        with pytest.raises(KeyboardInterrupt):
            derive_all(reports.append, batch=2)
        monkeypatch.undo()
        assert reports == [Derived(2, 2, homes[1])]
        assert stored() == [*RIGHT[:2], WRONG, WRONG, WRONG]
        assert derive_all(reports.append, after=reports[-1].last_id, batch=2) == Derived(3, 3, homes[4])
        assert stored() == RIGHT


def test_a_home_that_is_saved_while_its_batch_is_computed_keeps_what_was_saved(
    app: Flask, people: dict[str, int], homes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        spoil(homes)
        mask = pictograms.mask

        def saved_meanwhile(listing: Listing) -> int:
            if listing.id == homes[1]:
                monkeypatch.setattr(pictograms, "mask", mask)
                service.update(factories.staff(people["aoi"]), homes[1], None, {"garden": False, "pets": True})
            return mask(listing)

        monkeypatch.setattr(pictograms, "mask", saved_meanwhile)
        assert derive_all(lambda done: None).changed == 4
        assert stored() == [RIGHT[0], (1 << 0 | 1 << 28, *RIGHT[1][1:]), *RIGHT[2:]]


def test_the_command_says_where_it_is_and_how_many_changed(app: Flask, homes: list[int]) -> None:
    settings = app.config["AKIYA"]

    def run(*arguments: str) -> tuple[str, list[str]]:
        done = akiya(settings.data, "listings", "derive", *arguments, database=settings.database_url)
        assert done.returncode == 0, done.stderr
        return done.stdout, done.stderr.splitlines()

    with app.app_context():
        spoil(homes[:4])
        assert run("--after", str(homes[0]), "--batch", "3") == (
            "計算し直した物件：4件、変わった物件：3件\n",
            [f"3件（続きからは --after {homes[3]}）", f"4件（続きからは --after {homes[4]}）"],
        )
        db.session.rollback()
        assert stored() == [WRONG, *RIGHT[1:]]
        assert run()[0] == "計算し直した物件：5件、変わった物件：1件\n"
        db.session.rollback()
        assert stored() == RIGHT


def test_a_pictogram_put_among_the_others_changes_no_stored_home(
    app: Flask, homes: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def answered() -> tuple[dict[int, list[str]], dict[str, int], set[int]]:
        answer = app.test_client().get("/listings.geojson?facets=1").get_json()
        shown = {home["id"]: home["properties"]["features"] for home in answer["features"]}
        return shown, answer["facets"]["feature"], set(found(app, "feature=onsen"))

    with app.app_context():
        before = answered()
        assert before[0] == {homes[0]: LIT[0], homes[1]: LIT[1], homes[4]: LIT[4]}
        assert {key: count for key, count in before[1].items() if count} == {
            "sale": 3, "single_storey": 1, "onsen": 1, "garden": 1,
        }  # fmt: skip
        assert before[2] == {homes[0]}
        new = pictograms.Pictogram(
            40, "veranda", pictograms.PictogramGroup.BUILDING, "縁側", lambda listing: True
        )  # fmt: skip
        table = (*pictograms.PICTOGRAMS[:3], new, *pictograms.PICTOGRAMS[3:])
        monkeypatch.setattr(pictograms, "PICTOGRAMS", table)
        monkeypatch.setitem(pictograms.BY_KEY, "veranda", new)
        for key, bit in pictograms.bits_of(table).items():
            monkeypatch.setitem(pictograms.BITS, key, bit)
        with transaction():
            pass  # what is cached in memory is computed again
        assert answered() == (before[0], {**before[1], "veranda": 0}, before[2])
        derive_all(lambda done: None)
        assert answered()[0] == {
            homes[0]: ["sale", "veranda", "single_storey", "onsen"],
            homes[1]: ["sale", "veranda", "garden"],
            homes[4]: ["sale", "veranda"],
        }
