"""Count exactly how many homes each further choice would find, from the masks of the filters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from akiya.catalogue.columns import Array, Catalogue, Mask
from akiya.catalogue.parameters import COUNTED

# Parameters whose choices are counted without their own filter. Of `outside` this applies only to the homes that were not
# checked.
_WITHOUT_ITSELF = {"outside", *(name for name, filter_ in COUNTED.items() if filter_.without_itself)}
Masks = Mapping[tuple[str, str], Mask]
"""The rows that match each filter, by (parameter, value); `value` is "" unless each value narrows by itself."""


@dataclass(frozen=True)
class Facets:
    """For each parameter, the number of homes that each of its values would find under all other filters.

    For `feature`, `tag` and `outside`, where each further value narrows the answer, it is the number of homes of the answer
    that also match the value. `unchecked` is the number of homes that match everything else but were not checked for the
    hazards of `outside`. `without` is the number of homes without one active filter, by (parameter, value); `value` is ""
    unless each value narrows by itself.
    """

    counts: Mapping[str, Mapping[str, int]]
    unchecked: int
    without: Mapping[tuple[str, str], int]


def all_of(masks: Masks, but: Sequence[str] = (), *, rows: int) -> Mask:
    """Return the rows that match every mask except those of the parameters `but`."""
    kept = [mask for (name, _value), mask in masks.items() if name not in but]
    return reduce(np.logical_and, kept) if kept else np.ones(rows, np.bool_)


def missed(masks: Masks, *, rows: int) -> Array:
    """Count for each row the parameters that it does not match: 0 for the rows of the answer."""
    count = np.zeros(rows, np.uint8)
    for name in {name for name, _value in masks}:
        count += ~_of(masks, name, rows)
    return count


def count(
    catalogue: Catalogue, masks: Masks, misses: Array, unchecked: Mask | None, steps: Mapping[str, Sequence[int]]
) -> Facets:
    """Return the facets of the filters `masks`; `misses` is what missed() returned for them.

    `steps` are the offered values of each number that is counted; `unchecked` are the homes that are inside none of the
    chosen hazards' areas but not stated to be outside all of them.
    """
    one = misses == 1
    without = {key: int(np.count_nonzero(misses == 0)) + _kept_out(masks, key, one) for key in masks}
    # Only homes that match everything, or miss a single parameter that is counted without itself, count in any facet.
    # Leaving out the rest first makes the cost depend on the answer and not on the size of the catalogue.
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
    """Count the homes that match everything except this filter; `one` are the homes that miss one parameter."""
    siblings = [mask for key, mask in masks.items() if key[0] == filter_[0] and key != filter_]
    return int(np.count_nonzero(reduce(np.logical_and, siblings, one & ~masks[filter_])))
