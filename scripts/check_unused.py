"""Fail if a function, class, method or import is used neither by code nor by tests nor by templates."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Called by frameworks: views and commands through their decorators, hooks by their names.
DECORATORS = ",".join(
    f"@*.{name}"
    for name in [
        "get",
        "post",
        "route",
        "command",
        "group",
        "listens_for",
        "user_loader",
        "before_request",
        "after_request",
        "request_filter",
        "errorhandler",
        "fixture",
    ]
)
HOOKS = {
    "format_commands",
    "get_translations",
    "process_data",
    "process_formdata",
    "pre_validate",
    "iter_choices",
    "process_bind_param",
    "process_result_value",
    "_value",
    "process",
    "format",
    "Meta",
}


def unused() -> list[str]:
    """Return the findings of vulture, without names that frameworks or templates use."""
    command = [sys.executable, "-m", "vulture", "akiya", "tests", "scripts", "--ignore-decorators", DECORATORS]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.splitlines()  # noqa: S603
    templates = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    known = HOOKS | set(re.findall(r"\w+", templates))
    kept = []
    for line in found:
        match = re.search(r"unused (function|class|method|import|property) '(\w+)'", line)
        if (
            match
            and match[2] not in known
            and not match[2].startswith(("test_", "handle_", "validate_"))
            and line.startswith("akiya/")
        ):
            kept.append(line)
    return kept


if __name__ == "__main__":
    problems = unused()
    print("\n".join(problems) or "unused code: none")
    sys.exit(bool(problems))
