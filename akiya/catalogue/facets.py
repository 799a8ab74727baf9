"""The exact count behind every further choice, from the masks of the filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from akiya.catalogue.columns import Array, Catalogue, Mask
from akiya.catalogue.parameters import COUNTED

# What a further choice would leave is counted without the parameter's own filter; of `outside` only the homes that were
# not checked are.
_WITHOUT_ITSELF = {"outside", *(name for name, filter_ in COUNTED.items() if filter_.without_itself)}
Masks = Mapping[tuple[str, str], Mask]
"""The rows that each filter leaves, by (parameter, value); the value is "" where a parameter narrows once."""


@dataclass(frozen=True)
class Facets:
    """For each parameter, how many homes each of its values would leave under all other filters and the map box.

    For `feature`, `tag` and `outside`, which narrow, how many homes of the answer also fit the value. `unchecked` is how
    many fit all else but were not checked for the hazards of `outside`. `without` says how many homes the answer would hold
    without one active filter, by (parameter, value); `value` is "" where a parameter has one value.
    """

    counts: Mapping[str, Mapping[str, int]]
    unchecked: int
    without: Mapping[tuple[str, str], int]


def all_of(masks: Masks, but: Sequence[str] = (), *, rows: int) -> Mask:
    """The rows that every mask holds, but for those of the parameters `but`."""
    kept = [mask for (name, _value), mask in masks.items() if name not in but]
    return reduce(np.logical_and, kept) if kept else np.ones(rows, np.bool_)


def missed(masks: Masks, *, rows: int) -> Array:
    """How many parameters each row does not fit: 0 for the answer."""
    count = np.zeros(rows, np.uint8)
    for name in {name for name, _value in masks}:
        count += ~_of(masks, name, rows)
    return count


def count(
    catalogue: Catalogue, masks: Masks, misses: Array, unchecked: Mask | None, steps: Mapping[str, Sequence[int]]
) -> Facets:
    """Return the facets of the filters `masks`, whose `misses` missed() counted.

    `steps` are the offered values of each number that is counted; `unchecked` the homes that are inside none of the
    chosen hazards' areas and not outside all.
    """
    one = misses == 1
    without = {key: int(np.count_nonzero(misses == 0)) + _kept_out(masks, key, one) for key in masks}
    # Only what fits all, or misses nothing but a parameter that is counted without itself, is counted in any facet: the
    # rest costs nothing, however large the catalogue.
    own = all_of({key: mask for key, mask in masks.items() if key[0] in _WITHOUT_ITSELF}, rows=len(misses))
    places = np.flatnonzero((misses == 0) | (one & ~own))
    masks = {key: mask[places] for key, mask in masks.items()}
    found = places[all_of(masks, rows=len(places))]
    active = {name for name, _value in masks} & _WITHOUT_ITSELF
    others = {name: places[all_of(masks, (name,), rows=len(places))] for name in active}
    counts = {
        name: filter_.count(
            catalogue, others.get(name, found) if filter_.without_itself else found, steps.get(name, ())
        )
        for name, filter_ in COUNTED.items()
    }
    not_checked = 0 if unchecked is None else int(np.count_nonzero(unchecked[others.get("outside", found)]))
    return Facets(counts, not_checked, without)


def _of(masks: Masks, name: str, rows: int) -> Mask:
    return all_of({key: mask for key, mask in masks.items() if key[0] == name}, rows=rows)


def _kept_out(masks: Masks, filter_: tuple[str, str], one: Mask) -> int:
    """How many homes fit all but this filter; `one` holds those that miss one parameter."""
    siblings = [mask for key, mask in masks.items() if key[0] == filter_[0] and key != filter_]
    return int(np.count_nonzero(reduce(np.logical_and, siblings, one & ~masks[filter_])))
