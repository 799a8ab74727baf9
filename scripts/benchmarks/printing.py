"""Print tables of figures, and figures next to their targets."""

from collections.abc import Mapping, Sequence

from benchmarks.load import Figures


def table(title: str, figures: Mapping[str, Figures]) -> None:
    """Print the figures under a title."""
    print(f"\n{title}\n  {'':<34}{'questions/s':>12}{'median ms':>11}{'p99 ms':>10}{'slowest ms':>12}{'asked':>8}")
    for name, one in figures.items():
        print(f"  {name:<34}{one.rate:>12.1f}{one.p50:>11.1f}{one.p99:>10.1f}{one.slowest:>12.1f}{one.count:>8}")


def verdict(what: str, value: float, goal: float | None, *, most: bool = False) -> None:
    """Print a value, and its target if it has one with whether it is met; `most` if less is better."""
    told = ""
    if goal is not None:
        met = value <= goal if most else value >= goal
        told = f"; target {'at most' if most else 'at least'} {goal:g}: {'met' if met else 'MISSED'}"
    print(f"  → {what}: {value:.3g}{told}" if value < 100 else f"  → {what}: {value:.0f}{told}", flush=True)


def parts(title: str, names: Sequence[str], spent: Mapping[str, Mapping[str, float]]) -> None:
    """Print for each row how its milliseconds divide into the parts."""
    print(f"\n{title}\n  {'':<24}" + "".join(f"{name:>16}" for name in (*names, "all")))
    for row, own in spent.items():
        whole = sum(own.values())
        cells = "".join(f"{own[name]:>10.2f} {own[name] / whole:>5.0%}" for name in names)
        print(f"  {row:<24}{cells}{whole:>16.2f}", flush=True)
