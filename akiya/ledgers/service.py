"""Import ledgers: the worker checks a received file, applies it when a person confirms, and can undo it.

A row of the table of imports says what is to be done. The plan is stored row by row, and exactly that is applied: each
batch of rows is one transaction that also marks them, so a killed worker leaves nothing half done or done twice.
"""

import secrets
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import delete, func, or_, select

from akiya import sandbox
from akiya.accounts.models import Staff
from akiya.db import Session, now, transaction
from akiya.errors import Invalid, NotFound, StorageFailed
from akiya.ledgers import applying, checking, headers, search, sheets
from akiya.ledgers.models import BUSY, Import, Layout, Phase, Row, RowOutcome, RowState
from akiya.listings.service import may_write
from akiya.municipalities import search as municipalities
from akiya.municipalities.models import Prefecture
from akiya.storage.base import Storage
from akiya.tabular.workbook import LARGEST_BYTES
from akiya.values import Values

_ABANDONED = timedelta(seconds=60)
"""A living worker reports more often than this. One that has not is dead, and another worker resumes its import."""
_MOST_TRIES = 3
_SAY_EVERY_S = 0.5


def receive(staff: Staff, code: str | None, name: str, source: Path, storage: Storage) -> Import:
    """Store a ledger privately and queue it for the worker.

    Raise Invalid if the file is too large or another import is unfinished, NotFound or NotAllowed if the account may not
    import ledgers of the municipality `code`.
    """
    may_write(staff)
    municipality = search.municipality_for(staff, code)
    if source.stat().st_size > LARGEST_BYTES:
        message = (
            f"{LARGEST_BYTES // 1024 // 1024}MBを超えています。使っていないシートや画像を消してから、送ってください。"
        )
        raise Invalid(message, {"file": message})
    key = f"private/ledgers/{secrets.token_urlsafe(16)}"
    storage.save(key, source)
    try:
        with transaction(public=False) as session:
            own = municipality.code if municipality else None
            _nobody_else(session, own)
            taken = Import(
                municipality_code=own, staff_id=staff.id, actor=staff.name[:120], name=_name(name), key=key, reading={}
            )
            session.add(taken)
    except Invalid:
        storage.delete(key)
        raise
    return taken


def _name(given: str) -> str:
    return given.replace("\\", "/").rsplit("/", 1)[-1].strip()[:200] or "台帳"


def _nobody_else(session: Session, code: str | None, but: int | None = None) -> None:
    """Raise Invalid if another import that may change homes of the municipality is unfinished."""
    session.scalars(select(Prefecture.code).with_for_update()).all()  # a lock, so that two do not both find nothing
    query = select(Import.id).where(Import.phase.in_(BUSY), Import.id != (but or 0))
    if code is not None:
        query = query.where(or_(Import.municipality_code.is_(None), Import.municipality_code == code))
    if session.scalar(query.limit(1)) is not None:
        message = "別の台帳を処理しています。終わるまで数分待ってから、もう一度試してください。"
        raise Invalid(message, {"file": message})


def choose_columns(staff: Staff, import_id: int, sheet: str, columns: Sequence[Sequence[str]]) -> None:
    """Have the ledger checked again, with this sheet and these columns, which are remembered for the municipality.

    If the sheet is another one than before, `columns` are ignored and the new sheet's are detected. Raise Invalid if a
    column does not exist, is chosen twice or belongs to an older state of the page, or if the import cannot be changed now;
    NotFound or NotAllowed if the account may not change it.
    """
    may_write(staff)
    names = [name for _header, name in columns if name]
    if wrong := [name for name in names if not headers.is_column(name)]:
        raise Invalid(f"「{wrong[0][:40]}」という項目はありません。選択肢から選んでください。")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Invalid(
            f"「{headers.label_of(twice[0])}」が2つの列で選ばれています。どちらかを「使わない」にしてください。"
        )
    with transaction(public=False) as session:
        taken = _held(session, staff, import_id)
        _must_be(taken, Phase.CHECKED)
        _nobody_else(session, taken.municipality_code, taken.id)
        same = sheet == taken.reading.get("sheet")
        if same and [header for header, _name in columns] != [header for header, _name in taken.columns]:
            raise Invalid("列が変わりました。ページを開き直してください。")
        taken.columns = [list(column) for column in columns] if same else []
        taken.reading = {**taken.reading, "sheet": sheet, "tries": 0}
        taken.phase, taken.worked_at, taken.problem, taken.done = Phase.WAITING, None, "", 0
        if same:
            _remember(session, taken)


def _remember(session: Session, taken: Import) -> None:
    if taken.municipality_code is None:
        return
    layout = session.get(Layout, taken.municipality_code) or Layout(municipality_code=taken.municipality_code)
    layout.columns, layout.updated_at = taken.columns, now()
    session.add(layout)


def apply(staff: Staff, import_id: int) -> None:
    """Have the worker apply the checked plan, in the name of the account.

    Raise Invalid if the import is in another phase, another one is unfinished or there is nothing to apply; NotFound or
    NotAllowed if the account may not change it.
    """
    may_write(staff)
    with transaction(public=False) as session:
        taken = _held(session, staff, import_id)
        _must_be(taken, Phase.CHECKED)
        _nobody_else(session, taken.municipality_code, taken.id)
        _start(session, staff, taken, Phase.APPLYING, RowState.PLANNED)
        if not taken.rows:
            raise Invalid("反映する行がありません。新規か変更の行がある台帳を送ってください。")
        _remember(session, taken)


def undo(staff: Staff, import_id: int) -> None:
    """Have the worker undo an applied ledger, in the name of the account.

    Raise Invalid if the import is in another phase or another one is unfinished; NotFound or NotAllowed if the account may
    not change it.
    """
    may_write(staff)
    with transaction(public=False) as session:
        taken = _held(session, staff, import_id)
        _must_be(taken, Phase.APPLIED)
        _nobody_else(session, taken.municipality_code, taken.id)
        _start(session, staff, taken, Phase.UNDOING, RowState.APPLIED)


def _start(session: Session, staff: Staff, taken: Import, phase: Phase, state: RowState) -> None:
    taken.phase, taken.worked_at, taken.done = phase, None, 0
    taken.staff_id, taken.actor = staff.id, staff.name[:120]
    query = select(func.count()).where(
        Row.import_id == taken.id, Row.state == state, Row.outcome.in_((RowOutcome.NEW, RowOutcome.CHANGED))
    )
    taken.rows = session.scalar(query) or 0


def discard(staff: Staff, import_id: int, storage: Storage) -> None:
    """Delete an import that was not applied, with its file.

    Raise Invalid if it is in another phase, NotFound or NotAllowed if the account may not change it.
    """
    may_write(staff)
    with transaction(public=False) as session:
        taken = _held(session, staff, import_id)
        _must_be(taken, Phase.CHECKED, Phase.FAILED)
        key = taken.key
        session.execute(delete(Import).where(Import.id == import_id))
    if key:
        storage.delete(key)


def _held(session: Session, staff: Staff, import_id: int) -> Import:
    """Return the import, locked until the transaction ends. Raise NotFound if the account may not see it."""
    search.for_staff(staff, import_id)
    query = select(Import).where(Import.id == import_id).with_for_update(of=Import)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _must_be(taken: Import, *phases: Phase) -> None:
    if taken.phase not in phases:
        raise Invalid(f"この取り込みは「{taken.phase.label}」です。画面を開き直して、今の状態を確かめてください。")


# ── what the worker does ──


def process_all(storage: Storage) -> None:
    """Process all ledgers that wait for the worker, one after the other."""
    while process_next(storage):
        pass


def process_next(storage: Storage, import_id: int | None = None) -> bool:
    """Process the ledger that has waited longest, or the given one; return False if there was none to process."""
    claimed = _claim(import_id)
    if claimed is None:
        return False
    if claimed.phase is Phase.CHECKING:
        _check(claimed, storage)
        return True
    while _step(claimed.id):
        pass
    if claimed.phase is Phase.APPLYING:
        _forget_file(claimed.id, storage)
    return True


def _claim(import_id: int | None) -> "_Claimed | None":
    with transaction(public=False) as session:
        free = or_(Import.worked_at.is_(None), Import.worked_at < now() - _ABANDONED)
        query = select(Import).where(Import.phase.in_(BUSY), free).order_by(Import.id)
        if import_id is not None:
            query = query.where(Import.id == import_id)
        taken = session.scalar(query.limit(1).with_for_update(of=Import, skip_locked=True))
        if taken is None:
            return None
        taken.worked_at = now()
        if taken.phase in (Phase.WAITING, Phase.CHECKING):
            tries = taken.reading.get("tries", 0) + 1
            taken.reading, taken.phase = {**taken.reading, "tries": tries}, Phase.CHECKING
        return _Claimed(taken)


class _Claimed:
    """The data of an import that the worker needs to process it."""

    def __init__(self, taken: Import) -> None:
        self.id, self.phase, self.key, self.code = taken.id, taken.phase, taken.key, taken.municipality_code
        self.columns, self.reading = taken.columns, taken.reading


def _check(claimed: _Claimed, storage: Storage) -> None:
    """Check the import and store the plan for each row, or mark it as failed with the reason."""
    say = _sayer(claimed.id)
    planned: list[checking.Planned] = []
    values: Values
    try:
        if claimed.reading["tries"] > _MOST_TRIES:
            raise Invalid("この台帳は読み取れませんでした。Excel で開いて保存し直してから、送り直してください。")
        with tempfile.TemporaryDirectory() as folder:
            source, out = Path(folder) / "ledger", Path(folder) / "sheets"
            out.mkdir()
            storage.fetch(claimed.key, source)
            found = sandbox.run("table", source, out, progress=say)
            remembered = _mapping(claimed.columns or search.layout(claimed.code) or [])
            sheet, names = sheets.choose(found, out, remembered, claimed.reading.get("sheet"))
            values = {"phase": Phase.CHECKED, "columns": sheet.header.columns, "problem": ""}
            values["reading"] = {
                "sheet": sheet.name,
                "sheets": names,
                "hidden": found["hidden"],
                "hidden_rows": next(each["hidden_rows"] for each in found["sheets"] if each["name"] == sheet.name),
                "header_row": sheet.header.row,
                "samples": sheet.samples,
                "tries": 0,
            }
            municipality = municipalities.by_code(claimed.code)
            try:
                planned = list(checking.plan(sheet, sheet.header.columns, municipality, say))
            except Invalid as error:  # not a failure: the columns can be corrected on the page
                values["problem"] = str(error)
    except Invalid as error:
        values = {"phase": Phase.FAILED, "problem": str(error)}
    except StorageFailed:  # not the ledger's fault, so it does not count as a try: the import is retried in a minute
        with transaction(public=False) as session:
            taken = session.get(Import, claimed.id)
            if taken is not None:
                taken.reading = {**claimed.reading, "tries": claimed.reading["tries"] - 1}
        raise
    except NotFound:
        values = {"phase": Phase.FAILED, "problem": "送られたファイルが見つかりません。もう一度送ってください。"}
    with transaction(public=False) as session:
        taken = session.scalar(select(Import).where(Import.id == claimed.id).with_for_update(of=Import))
        if taken is None or taken.phase is not Phase.CHECKING:
            return
        applying.plan_rows(session, claimed.id, planned)
        for name, value in values.items():
            setattr(taken, name, value)
        taken.worked_at, taken.rows, taken.done = None, len(planned), 0


def _mapping(columns: Sequence[Sequence[str]]) -> dict[str, str]:
    return {column[0]: column[1] for column in columns}


def _sayer(import_id: int) -> Callable[[int], None]:
    """Return a function that reports the number of rows done from time to time, which also shows the worker is alive."""
    last = 0.0

    def say(rows: int) -> None:
        nonlocal last
        if monotonic() - last < _SAY_EVERY_S:
            return
        last = monotonic()
        with transaction(public=False) as session:
            taken = session.get(Import, import_id)
            if taken is not None:
                taken.done, taken.worked_at = rows, now()

    return say


def _step(import_id: int) -> bool:
    """Apply or undo the next batch of rows; return False, and mark the import as finished, if there are none left."""
    with transaction() as session:
        taken = session.scalar(
            select(Import)
            .where(Import.id == import_id)
            .with_for_update(of=Import)
            .execution_options(populate_existing=True)
        )
        if taken is None or taken.phase not in (Phase.APPLYING, Phase.UNDOING):
            return False
        doing = taken.phase is Phase.APPLYING
        rows = applying.next_rows(session, import_id, RowState.PLANNED if doing else RowState.APPLIED)
        if rows:
            (applying.apply if doing else applying.undo)(session, taken, rows)
            taken.done, taken.worked_at = taken.done + len(rows), now()
            return True
        taken.worked_at = None
        if doing:
            taken.phase, taken.applied_at = Phase.APPLIED, now()
        else:
            taken.phase, taken.undone_at = Phase.UNDONE, now()
        return False


def _forget_file(import_id: int, storage: Storage) -> None:
    """Delete the file of an applied import: its rows record what was done, and it is full of private facts."""
    with transaction(public=False) as session:
        taken = session.get(Import, import_id)
        if taken is None or taken.phase is not Phase.APPLIED or not taken.key:
            return
        key, taken.key = taken.key, ""
    storage.delete(key)
