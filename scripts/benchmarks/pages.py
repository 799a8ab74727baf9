"""Compare the pages of a demonstration with their budgets: Lighthouse's mobile preset, and html-validate.

Figures are medians of three runs. Only prints: a missed budget does not fail the run.
"""

import argparse
import contextlib
import http.cookiejar
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.processes import end
from benchmarks.site import PASSWORD, demonstration

PACKAGES = {"lighthouse": "13.5.0", "html-validate": "10.9.0"}
TOOLS = Path("var/bench/lighthouse").absolute()
CLERK = "aoi@example.jp"
CHROME_FLAGS = "--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu"
RULES = {"root": True, "extends": ["html-validate:standard", "html-validate:a11y"]}
KB = 1000
WISHED = "HTML + CSS"  # the first round trip carries 14 KB: a wish, not a requirement
COMMON = {WISHED: 14, "CLS": 0.02, "performance": 95, "accessibility": 100}
FLOORS = ("performance", "accessibility")
FORMATS = {
    **dict.fromkeys(("bytes", "without CSS", WISHED), "{:.1f} KB"), "requests": "{:.0f}", "LCP": "{:.2f} s", "CLS": "{:.3f}",
    **dict.fromkeys(FLOORS, "{:.0f}"),
}  # fmt: skip


@dataclass
class Target:
    """A page, the budget for its figures, and Lighthouse's reports about it."""

    name: str
    path: str
    budget: dict[str, float]
    cookie: str = ""
    reports: list[dict[str, Any]] = field(default_factory=list)


def run(command: list[str], folder: Path, seconds: float = 300) -> tuple[int, str]:
    """Return (exit code, output) of `command`; end it with all its child processes on Ctrl-C or after `seconds`."""
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    environment = {**os.environ, "PATH": path, "TMPDIR": str(folder), "CHROME_PATH": shutil.which("chromium") or ""}
    process = subprocess.Popen(  # noqa: S603  (commands of this file)
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return 1, f"no answer within {seconds:.0f} s"
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        end(process)
        for left in folder.glob("*/chrome.pid"):  # Lighthouse gives its Chromium a session of its own
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.killpg(int(left.read_text()), signal.SIGKILL)
    return process.returncode, output


def last_line(output: str) -> str:
    """Return the last line of a failed command's output."""
    return (output.strip().splitlines() or ["no output"])[-1]


def install(folder: Path) -> None:
    """Install the npm packages in TOOLS in exactly these versions; end the run if that fails."""
    npm = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if not npm:
        raise SystemExit("✗ npm is missing. Type: sudo apt-get install -y npm")
    if not shutil.which("chromium"):
        raise SystemExit("✗ Chromium is missing. Type: sudo apt-get install -y chromium")
    manifests = {name: TOOLS / "node_modules" / name / "package.json" for name in PACKAGES}
    if all(m.exists() and json.loads(m.read_text())["version"] == PACKAGES[name] for name, m in manifests.items()):
        return
    print("installing Lighthouse and html-validate", flush=True)
    TOOLS.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    options = ["--prefix", str(TOOLS), "--no-save", "--no-package-lock", "--ignore-scripts", "--loglevel=error"]
    code, output = run([npm, "install", *options, "--no-fund", "--no-audit", *wanted], folder, 600)
    if code:
        raise SystemExit(f"✗ Lighthouse could not be installed: {last_line(output)}")


def tool(name: str) -> str:
    """Return the path of an installed npm program."""
    return str(TOOLS / "node_modules/.bin" / name)


def sign_in(url: str) -> tuple[urllib.request.OpenerDirector, str]:
    """Return an opener that is signed in as a clerk, and the session cookie as a header's value."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{url}/staff/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    values = {"csrf_token": token[1] if token else "", "email": CLERK, "password": PASSWORD}
    try:
        opener.open(f"{url}/staff/sign-in", urllib.parse.urlencode(values).encode())
    except urllib.error.HTTPError as error:
        raise SystemExit(f"✗ The demonstration's clerk could not sign in: {error}") from None
    return opener, "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def save_pages(url: str, folder: Path) -> list[Target]:
    """Return the pages to measure, and save each one's HTML, in every language it has, in `folder`.

    This warms up the site, too.
    """
    (clerk, cookie), anyone = sign_in(url), urllib.request.build_opener()
    some = anyone.open(f"{url}/listings/?feature=panorama").read().decode()
    found = re.search(r'card-title.*?href="(/listings/\d+)', some, re.DOTALL)
    if not found:
        raise SystemExit("✗ The demonstration has no listing with a panorama.")
    targets = [
        Target("search", "/listings/", {"bytes": 250, "requests": 30, "LCP": 1.8, **COMMON}),
        Target("listing", found[1], {"bytes": 300, "LCP": 1.8, **COMMON}),
        Target("home", "/", {"LCP": 1.8, **COMMON}),
        Target("staff form", "/staff/listings/new", {"without CSS": 40, "LCP": 1.2, **COMMON}, cookie),
    ]
    for target in targets:
        for language in ("",) if target.cookie else ("", "/en"):
            name = f"{target.name.replace(' ', '-')}{language.replace('/', '-')}.html"
            (folder / name).write_bytes((clerk if target.cookie else anyone).open(url + language + target.path).read())
    return targets


def measure(url: str, target: Target, folder: Path, slowdown: float | None) -> None:
    """Add a report to `target`. Lighthouse sometimes loses the trace of a page, so it is run up to three times."""
    out = folder / "report.json"
    command = [tool("lighthouse"), url + target.path, "--quiet", "--output=json", f"--output-path={out}",
               "--only-categories=performance,accessibility", f"--chrome-flags={CHROME_FLAGS}"]  # fmt: skip
    command += [f"--throttling.cpuSlowdownMultiplier={slowdown}"] if slowdown else []
    command += [f"--extra-headers={json.dumps({'Cookie': target.cookie})}"] if target.cookie else []
    for _attempt in range(3):
        out.unlink(missing_ok=True)
        code, output = run(command, folder)
        report = json.loads(out.read_text()) if out.exists() else {"runtimeError": {"message": last_line(output)}}
        problem = report.get("runtimeError", {}).get("message") or (last_line(output) if code else "")
        if not problem:
            break
    else:
        raise SystemExit(f"✗ Lighthouse could not measure {target.path}: {problem}")
    target.reports.append(report)


def figures(report: dict[str, Any]) -> dict[str, float]:
    """Return the figures that the budgets limit, and others that explain them."""
    audits = report["audits"]
    requests = [
        r for r in audits["network-requests"]["details"]["items"] if not r["url"].startswith(("data:", "blob:"))
    ]
    size: Counter[str] = Counter()
    for request in requests:
        size[request.get("resourceType", "Other")] += request.get("transferSize", 0) / KB
    origin = urllib.parse.urlsplit(report["finalDisplayedUrl"]).netloc
    return {
        "bytes": size.total(), "without CSS": size.total() - size["Stylesheet"], WISHED: size["Document"] + size["Stylesheet"],
        "HTML": size["Document"], "CSS": size["Stylesheet"], "scripts": size["Script"], "images": size["Image"],
        "requests": len(requests), "elsewhere": sum(urllib.parse.urlsplit(r["url"]).netloc != origin for r in requests),
        "LCP": audits["largest-contentful-paint"]["numericValue"] / 1000, "CLS": audits["cumulative-layout-shift"]["numericValue"],
        "TBT": audits["total-blocking-time"]["numericValue"], "server": audits["server-response-time"]["numericValue"],
        **{name: (report["categories"][name]["score"] or 0) * 100 for name in FLOORS},
    }  # fmt: skip


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every element that an audit's details name."""
    if isinstance(value, dict):
        if value.get("type") == "node":
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from nodes(part)


def print_page(target: Target) -> None:
    """Print the figures of a page next to its budgets, then what could be improved."""
    runs = [figures(report) for report in target.reports]
    middle = {name: statistics.median(each[name] for each in runs) for name in runs[0]}
    print(f"\n{target.name}  {target.path}")
    for name, form in FORMATS.items():
        value, budget = middle[name], target.budget.get(name)
        verdict = ""
        if budget is not None:
            met = value >= budget if name in FLOORS else value <= budget
            missed = "not met" if name == WISHED else "MISSED"
            verdict = f"{'≥' if name in FLOORS else '≤'} {form.format(budget):<10}{'met' if met else missed}"
        print(f"  {name:<14}{form.format(value):>10}   {verdict}".rstrip())
    print("  sizes in KB: " + ", ".join(f"{name} {middle[name]:.1f}" for name in ("HTML", "CSS", "scripts", "images")))
    if middle["elsewhere"]:
        print(f"  requests to other hosts: {middle['elsewhere']:.0f}")
    for name, unit in (("performance", ""), ("LCP", " s"), ("CLS", ""), ("TBT", " ms"), ("server", " ms")):
        print(f"  {name} of each run: " + ", ".join(f"{each[name]:.4g}{unit}" for each in runs))
    print_next_steps(target.reports[sorted(range(len(runs)), key=lambda n: runs[n]["performance"])[len(runs) // 2]])


def print_next_steps(report: dict[str, Any]) -> None:
    """Print the element of the LCP, each accessibility audit below 1, and the largest opportunities."""
    audits, categories = report["audits"], report["categories"]
    print("  LCP is " + next((node["selector"] for node in nodes(audits["lcp-breakdown-insight"])), "not known"))
    for node in list(nodes(audits["layout-shifts"]))[:3]:
        print(f"  shifts: {node['selector']}")
    for name in (ref["id"] for ref in categories["accessibility"]["auditRefs"]):
        audit = audits[name]
        if audit["score"] is not None and audit["score"] < 1:
            print(f"  accessibility: {name}: {audit['title']}")
            for node in list(nodes(audit.get("details")))[:5]:
                print(f"    {node['selector']}   {node['snippet'][:120]}")
    work = audits["mainthread-work-breakdown"]["details"]["items"][:4]
    print("  main thread: " + ", ".join(f"{each['groupLabel']} {each['duration']:.0f} ms" for each in work))
    savings = {}
    for name in (ref["id"] for ref in categories["performance"]["auditRefs"] if not ref["weight"]):
        if (audits[name]["score"] or 0) < 1 and any(saved := (audits[name].get("metricSavings") or {}).values()):
            savings[name] = max(saved)
    for name in sorted(savings, key=lambda name: -savings[name])[:5]:
        saved = ", ".join(f"{metric} {value:g}" for metric, value in audits[name]["metricSavings"].items() if value)
        print(f"  could save: {name}: {audits[name].get('displayValue') or audits[name]['title']} ({saved})")


def print_validity(folder: Path) -> None:
    """Print the problems that html-validate finds in the saved pages, each kind once a page."""
    rules = folder / "rules.json"
    rules.write_text(json.dumps(RULES))
    pages = sorted(folder.glob("*.html"))
    out = folder / "validity.json"
    code, output = run(
        [tool("html-validate"), f"--config={rules}", f"--formatter=json={out}", *map(str, pages)], folder
    )
    if code > 1 or not out.exists():
        raise SystemExit(f"✗ html-validate could not run: {last_line(output)}")
    results = {Path(result["filePath"]).stem: result["messages"] for result in json.loads(out.read_text())}
    print(f"\nHTML, by html-validate {PACKAGES['html-validate']}")
    for page in pages:
        messages = results.get(page.stem, [])
        print(f"  {page.stem:<14}{len(messages) or 'no'} problem{'s' * (len(messages) != 1)}")
        counts = Counter(message["ruleId"] for message in messages)
        for message in messages:
            if times := counts.pop(message["ruleId"], 0):
                place = page.read_text(encoding="utf-8").splitlines()[message["line"] - 1].strip()
                print(
                    f"    {times} × {message['ruleId']}: {message['message']}\n      {message['selector']}   {place[:120]}"
                )


def stop(_number: int, _frame: object) -> None:
    """End the run at the first Ctrl-C, and ignore further ones until it has ended."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> None:
    """Serve a demonstration, measure and validate its pages, and print the figures."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench pages", description=__doc__, epilog="Example: scripts/bench pages --runs 5"
    )
    parser.add_argument("--runs", type=int, default=3, help="Lighthouse runs of each page (3)")
    parser.add_argument(
        "--cpu-slowdown", type=float, help="instead of the preset's 4, on a machine slower than Lighthouse expects"
    )
    given = parser.parse_args()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with tempfile.TemporaryDirectory(prefix="akiya-pages-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        install(folder)
        print("loading a demonstration", flush=True)
        with demonstration(folder / "data") as url:
            targets = save_pages(url, folder)
            for turn in range(max(1, given.runs)):
                print(f"Lighthouse {PACKAGES['lighthouse']}, run {turn + 1}", flush=True)
                for target in targets:
                    measure(url, target, folder, given.cpu_slowdown)
        for target in targets:
            print_page(target)
        print_validity(folder)
    reports = [report for target in targets for report in target.reports]
    index = statistics.median(report["environment"]["benchmarkIndex"] for report in reports)
    print(
        f"\nCPU benchmark index {index:.0f}; load {os.getloadavg()[1]:.1f} on {os.cpu_count()} cores: a load above the number of cores makes LCP and TBT too long"
    )
    for warning in sorted({re.sub(r"\s*Learn more about .*", "", w) for r in reports for w in r["runWarnings"]}):
        print(f"Lighthouse warns: {warning}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
