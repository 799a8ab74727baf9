"""Compare the search over HTTP with datasette, tipg and pygeoapi: same rows, same questions, answers checked first.

Every question is asked once, by 16 clients at the same time: a map box with three filters, 20 homes and the exact
total; the same with facets; the page for people. Prints the figures next to their targets, and succeeds however slow
anything is.

Example: scripts/bench search --quick
"""

import argparse
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import instances, load, printing, questions, rows, shares
from benchmarks.instances import POSTGIS, SPATIALITE, Instance
from benchmarks.load import Ask, Figures
from benchmarks.peers import PEERS, Started
from benchmarks.postgres import Cluster
from benchmarks.printing import verdict
from benchmarks.processes import Failed, Servers, apart, free_port
from benchmarks.questions import AKIYA, Language, Question, question

PAGES_AT, MEMORY_AT = 20_000, 100_000
GROWTH = (5_000, PAGES_AT, MEMORY_AT, 1_000_000)
CHECKED, FACETS_EACH = 25, 5  # questions compared; facets in each nth, for which pygeoapi and tipg need 51 requests
TARGETS: dict[str, dict[str, float]] = {
    "json": {SPATIALITE: 8, POSTGIS: 4},  # times the requests/s of the best peer
    "facets": {SPATIALITE: 20, POSTGIS: 10},  # times faster than datasette, median
}
TARGET_PAGES, TARGET_KEPT = 150, 0.6  # requests/s; share of the requests/s of hello
TARGET_GROWTH, TARGET_SLOWEST, TARGET_MEMORY = 60, 500, 200  # times; ms; MB

Asked = tuple[str, Ask, Sequence[int], int]
"""Title, question, ports, expected status."""


class Bench:
    """One run: the options of the command line, a folder, and PostgreSQL if there is one."""

    def __init__(self, given: argparse.Namespace, folder: Path, cluster: Cluster | None) -> None:
        self.given, self.folder, self.cluster = given, folder, cluster

    def run(self) -> None:
        """Start the servers with each number of homes in turn, and measure what is due at it."""
        given, pages_at = self.given, min(self.given.rows, PAGES_AT)
        growth = [count for count in GROWTH if given.growth and count <= given.growth]
        grown: dict[str, dict[int, Figures]] = {}
        for count in sorted({given.rows, pages_at, *growth}):
            with Servers(self.folder) as servers:
                sites = instances.start(count, self.folder, self.cluster, servers)
                if count in growth:
                    asked = [(s.title, self.asking(AKIYA.page, s.port), [s.port], 200) for s in sites]
                    figures = self.rounds(f"growth {count}", asked)
                    printing.table(f"growth: 20 homes and the exact total, JSON, {count:,} homes", figures)
                    for title, one in figures.items():
                        grown.setdefault(title, {})[count] = one
                if count == pages_at:
                    self.pages(sites, count, servers)
                    self.shares(sites, questions.html, "the page for people", count)
                if count == given.rows:
                    with Servers(self.folder) as others:
                        self.beside(sites, self.peers(count, others))
                    self.shares(sites, AKIYA.page, "JSON", count)
                    self.shares(sites, lambda q: AKIYA.faceted(q, ())[0], "JSON with facets", count)
                if count in (given.rows, *growth[-1:]):
                    self.memory(sites, count)
            for left in self.folder.iterdir():  # a million homes take more than a gigabyte of disk
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        for title, by_count in grown.items():
            self.growth(title, by_count)

    # ── what is measured ──

    def beside(self, sites: Sequence[Instance], peers: Sequence[Started]) -> None:
        """Compare a page with its total, and the same with facets, with the peers that give equal answers."""
        first = Started(SPATIALITE, AKIYA, [sites[0].port])
        codes = _codes(sites[0].port)
        others = [*[Started(site.title, AKIYA, [site.port]) for site in sites[1:]], *peers]
        servers = [first, *[other for other in others if _agree(first, other, codes)]]

        def paged(language: Language) -> Callable[[Question], Any]:
            return language.page

        def faceted(language: Language) -> Callable[[Question], Any]:
            return lambda asked: language.faceted(asked, codes)

        for what, title, paths in (
            ("json", "a map box and three filters: 20 homes and the exact total, JSON", paged),
            ("facets", "the same with the counts of every choice", faceted),
        ):
            asked = [(s.title, self.asking(paths(s.language), s.ports[0]), s.ports, 200) for s in servers]
            figures = self.rounds(what, asked)
            printing.table(f"{title}, {self.given.rows:,} homes, {self.given.clients} clients", figures)
            best = [s.title for s in servers if s.language is not AKIYA and s.title in figures]
            best.sort(key=lambda peer: -figures[peer].rate)
            for site in sites:
                own, goal = figures[site.title], TARGETS[what][site.title]
                for peer in best[:1] if what == "json" else ():
                    verdict(f"{site.title}: times the requests/s of {peer}", own.rate / figures[peer].rate, goal)
                for peer in best if what == "facets" else ():
                    aim = goal if peer.startswith("datasette") else None
                    verdict(f"{site.title}: times faster than {peer}, median", figures[peer].p50 / own.p50, aim)

    def pages(self, sites: Sequence[Instance], count: int, servers: Servers) -> None:
        """Measure the page for people: rendered, cached and not modified, next to a minimal application."""
        hello = free_port()
        servers.start(sites[0].command_of("benchmarks.hello:app", hello), {"PYTHONPATH": "scripts"}, hello)
        asked: list[Asked] = [("Flask hello, same server", _always(load.get("/", hello)), [hello], 200)]
        for site in sites:
            asked += _page_questions(site)
        figures = self.rounds("pages", asked)
        printing.table(f"the page for people, gzip, {count:,} homes, {self.given.clients} clients", figures)
        for site in sites:
            verdict(f"{site.title}: pages rendered a second", figures[f"{site.title}, rendered"].rate, TARGET_PAGES)
            for name in ("kept", "304"):
                ratio = figures[f"{site.title}, {name}"].rate / figures[asked[0][0]].rate
                verdict(f"{site.title}: {name}, share of the requests/s of hello", ratio, TARGET_KEPT)

    def memory(self, sites: Sequence[Instance], count: int) -> None:
        """Print the memory of the web processes after all questions."""
        print(f"\nmemory of the web processes after the questions, {count:,} homes (RSS, MB)")
        for site in sites:
            sizes = site.memory()
            print(f"  {site.title}: {' + '.join(f'{size:.0f}' for size in sizes)} = {sum(sizes):.0f}")
            goal = TARGET_MEMORY if count <= MEMORY_AT else None
            verdict(f"{site.title}: the largest process", max(sizes), goal, most=True)

    def shares(self, sites: Sequence[Instance], path: Callable[[Question], str], name: str, count: int) -> None:
        """Print how the time of an answer divides into parts, without the server."""
        spent = {
            site.title: apart(shares.shares, site.environment, path, 20 if self.given.quick else 300, path is questions.html)
            for site in sites
        }  # fmt: skip
        printing.parts(f"{name}, {count:,} homes: ms and share of its parts, one at a time", shares.PARTS, spent)

    def growth(self, title: str, by_count: dict[int, Figures]) -> None:
        """Print how the median grows with the number of homes, and the slowest answer of all."""
        print(f"\ngrowth, {title}")
        least, most = by_count.get(PAGES_AT), by_count.get(GROWTH[-1])
        if least and most:
            verdict("median of 1,000,000 homes, times that of 20,000", most.p50 / least.p50, TARGET_GROWTH, most=True)
        slowest = max(one.slowest for one in by_count.values())
        verdict("the slowest answer, ms", slowest, TARGET_SLOWEST, most=True)

    # ── how ──

    def rounds(self, label: str, asked: Sequence[Asked]) -> dict[str, Figures]:
        """Return the best round of each server; they take turns, so that noise affects all alike.

        A peer that fails is left out.
        """
        found: dict[str, list[Figures]] = {title: [] for title, *_ in asked}
        for turn in range(self.given.rounds):
            for title, ask, ports, status in asked:
                if title not in found:
                    continue
                try:
                    asks = [ask] * self.given.clients
                    found[title].append(
                        load.measure(asks, ports, self.given.seconds, f"{label} {title} {turn}", status)
                    )
                except Failed as error:
                    if title.startswith("akiya"):
                        raise
                    print(f"{title}: left out, {error}", flush=True)
                    del found[title]
        return {title: load.best(figures) for title, figures in found.items()}

    @staticmethod
    def asking(paths: Callable[[Question], Any], port: int) -> Ask:
        """Return a function that makes the requests for the path or paths of a random question."""

        def ask(rng: random.Random) -> list[bytes]:
            told = paths(question(rng))
            return [load.get(path, port) for path in ([told] if isinstance(told, str) else told)]

        return ask

    def peers(self, count: int, servers: Servers) -> list[Started]:
        """Return the peers that could be installed, filled and started."""
        found, addresses = [], {}
        for peer in PEERS:
            try:
                if peer.postgis not in addresses:
                    addresses[peer.postgis] = self.fill_peers(count, peer.postgis)
                found.append(peer.start(servers, self.folder, addresses[peer.postgis]))
            except Failed as error:
                print(f"{peer.name}: left out, {error}", flush=True)
        return found

    def fill_peers(self, count: int, postgis: bool) -> str:
        """Write the homes on offer to SQLite or PostGIS; return the file or the address. Raise Failed."""
        data = instances.data_folder(self.folder, SPATIALITE, count)
        if not postgis:
            apart(rows.fill_sqlite, count, data, self.folder / "home.db")
            return str(self.folder / "home.db")
        if not self.cluster:
            raise Failed("there is no PostGIS")
        address = self.cluster.create("peers")
        apart(rows.fill_postgis, count, data, address)
        return address


def _always(request: bytes) -> Ask:
    return lambda rng: [request]


def _page_questions(site: Instance) -> list[Asked]:
    def request(path: str, **headers: str) -> bytes:
        return load.get(path, site.port, Accept_Encoding="gzip", **headers)

    kept = questions.html(question(random.Random("kept")))  # noqa: S311  (an invented question)
    _status, head, _body = load.Connection(site.port).ask(request(kept))
    unchanged = request(kept, If_None_Match=load.header(head, "ETag"))
    return [
        (f"{site.title}, rendered", lambda rng: [request(questions.html(question(rng)))], [site.port], 200),
        (f"{site.title}, kept", _always(request(kept)), [site.port], 200),
        (f"{site.title}, 304", _always(unchanged), [site.port], 304),
    ]


# ── equal answers ──


def _json(connection: load.Connection, path: str) -> Any:
    status, _head, body = connection.ask(load.get(path, connection.port))
    if status != 200:
        raise Failed(f"status {status} for {path}: {body[:200]!r}")
    return questions.parse(body)


def _codes(port: int) -> list[str]:
    """Return the codes of the municipalities that have homes."""
    return sorted(_json(load.Connection(port), "/listings.geojson?facets=1")["facets"]["municipality"])


def _paths(language: Language, asked: Question, codes: Sequence[str] | None) -> list[str]:
    return [language.page(asked)] if codes is None else language.faceted(asked, codes)


def _agree(first: Started, other: Started, codes: Sequence[str]) -> bool:
    """Return whether both servers give the same totals, ids and counts to CHECKED questions, and print the result.

    Raise Failed if akiya on one database differs from akiya on the other.
    """
    rng, problem = random.Random("check"), ""  # noqa: S311  (invented questions)
    try:
        connections = load.Connection(first.ports[0]), load.Connection(other.ports[0])
        for number in range(CHECKED):
            asked, counted = question(rng), codes if number % FACETS_EACH == 0 else None
            one, two = (
                [_json(connection, path) for path in _paths(server.language, asked, counted)]
                for server, connection in zip((first, other), connections, strict=True)
            )
            problem = questions.disagreement(first.language, one, other.language, two, counted)
            if problem:
                problem = f"its answers differ from those of {first.title}: {problem} for {asked}"
                break
    except (Failed, OSError, KeyError) as error:
        problem = f"{type(error).__name__}: {error}"
    if problem and other.language is AKIYA:
        raise Failed(problem)
    print(
        f"{other.title}: {f'left out, {problem}' if problem else f'{CHECKED} questions, equal totals, ids, facets'}",
        flush=True,
    )
    return not problem


def main() -> None:
    """Fill databases, compare answers, measure and print; leave nothing behind."""
    about, _empty, example = (__doc__ or "").strip().rpartition("\n\n")
    parser = argparse.ArgumentParser(
        prog="scripts/bench search", description=about, epilog=example, formatter_class=argparse.RawDescriptionHelpFormatter
    )  # fmt: skip
    parser.add_argument(
        "--rows",
        type=int,
        default=100_000,
        help="homes for the comparison with peers (100000); pages at 20000 or fewer",
    )
    parser.add_argument("--growth", nargs="?", type=int, const=GROWTH[-1], default=0, metavar="MOST",
                        help="also akiya alone on 5000, 20000, 100000 and 1000000 homes, or up to MOST")  # fmt: skip
    parser.add_argument("--clients", type=int, default=16, help="how many clients ask at the same time (16)")
    parser.add_argument("--seconds", type=float, default=6, help="duration of each measurement (6)")
    parser.add_argument(
        "--rounds", type=int, default=2, help="measurements of each server, of which the best counts (2)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="5000 homes, 4 clients, one second each, to check that everything works"
    )
    given = parser.parse_args()
    if given.quick:
        given.rows, given.seconds, given.rounds, given.clients = 5_000, 1, 1, 4
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # stops everything in order, as Ctrl-C does
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
            cluster = None
            try:
                cluster = stack.enter_context(Cluster())
            except Failed as error:
                print(f"PostGIS: left out, {error}", flush=True)
            Bench(given, folder, cluster).run()
    except Failed as error:
        sys.exit(f"✗ {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
