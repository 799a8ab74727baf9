"""Save responses as files that can be compared: values that differ in each run are replaced, archives are unpacked."""

import hashlib
import io
import json
import os
import re
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent.parent
_LONGEST_NAME = 150
# Names are made of addresses, such as ~listings~12, which say more than a serial number.
_NOT_IN_NAMES = re.compile(r"[/\\:*\"<>|\x00-\x1f]")
_REPLACED = [
    (re.compile(r"\bI[\w-]{55}\.[\w-]{6}\.[\w-]{27}"), "CSRF-TOKEN"),
    (re.compile(r"(?<=\.)[0-9a-f]{12}(?=/|\.(?:css|js|svg|png|jpg|webp|ico|json|woff2?|map)\b)"), "HASH"),
    (re.compile(r"(?<=受付番号：)[0-9a-f]{12}\b|(?<=request_id\W{3})[0-9a-f]{12}\b"), "REQUEST-ID"),
    (re.compile(r"\d+\.\d秒"), "SECONDS"),
    (re.compile(r"\$argon2id\$[^\"\s]+"), "PASSWORD-HASH"),
]  # fmt: skip
_HEADERS_WITHOUT_VALUE = {"etag", "content-length", "last-modified"}
_TEXTS = ("text/", "application/json", "application/xml", "image/svg+xml", "application/javascript")


class Answers:
    """The folder to which a snapshot is written."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.replaced = [(str(data), "DATA"), (str(ROOT), "ROOT")]
        self.count = 0

    def save(self, place: str, name: str, text: str) -> None:
        """Write `text` to a file in `place`; a name that already exists gets a number."""
        name = file_name(self.plain(name))
        path = self.folder / place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while path.exists():
            number += 1
            path = path.with_name(f"{name} {number}")
        path.write_bytes(self.plain(text).encode("utf-8", "surrogateescape"))
        self.count += 1

    def plain(self, text: str) -> str:
        """Return `text` with a word in place of each value that differs in each run."""
        for found, word in self.replaced:
            text = text.replace(found, word)
        for pattern, word in _REPLACED:
            text = pattern.sub(word, text)
        return text


def file_name(address: str) -> str:
    """Return a readable file name for an address, a different one for each address."""
    name = _NOT_IN_NAMES.sub("~", unquote(address)).strip() or "~"
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    short = name.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
    return f"{short}…{hashlib.sha256(address.encode()).hexdigest()[:8]}"


def headers(given: list[tuple[str, str]]) -> str:
    """Return the headers sorted by name; of those that differ in each run only the name."""
    lines = []
    for name, value in sorted(given, key=lambda pair: (pair[0].lower(), pair[1])):
        if name.lower() == "set-cookie":
            value = re.sub(r"^(\w+)=[^;]+", r"\1=VALUE", value)
        elif name.lower() == "etag":
            value = "weak" if value.startswith("W/") else "strong"
        elif name.lower() in _HEADERS_WITHOUT_VALUE:
            value = "…"
        lines.append(f"{name}: {value}\n")
    return "".join(lines)


def body(content: bytes, media_type: str) -> str:
    """Return the content as text: an archive as its members, a PDF as its words, a picture as its digest."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        return _members(content)
    if content[:5] == b"%PDF-":
        return _words_of_pdf(content)
    if "json" in media_type:
        try:
            return json.dumps(json.loads(content), ensure_ascii=False, indent=1)
        except ValueError:
            pass  # JSON Lines
    if media_type.startswith(_TEXTS) or "json" in media_type or "xml" in media_type or not content:
        try:
            return content.decode()
        except UnicodeDecodeError:
            return content.decode("cp932", "surrogateescape")
    return f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}"


def _members(content: bytes) -> str:
    """Return the names and contents of the members of a ZIP, such as a workbook's sheets."""
    parts = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for member in packed.infolist():
            found = packed.read(member)
            kind = member.filename.rpartition(".")[2]
            text = body(found, "text/plain" if kind in ("xml", "rels", "txt", "csv", "json", "jsonl") else "")
            if kind in ("xml", "rels"):
                text = text.replace("><", ">\n<")
            parts.append(f"── {member.filename}\n{text}\n")
    return "".join(parts)


def _words_of_pdf(content: bytes) -> str:
    # Without libfaketime, which is only for the application.
    plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    told = []
    for command in (["pdfinfo", "-"], ["pdftotext", "-layout", "-", "-"]):
        done = subprocess.run(command, input=content, capture_output=True, env=plain, check=True)  # noqa: S603
        told.append(done.stdout.decode())
    kept = [line for line in told[0].splitlines() if not line.startswith("File size")]
    return "\n".join(kept) + "\n\n" + told[1]
