"""The share of true loans that keep a value in what is published."""

from public import NOTHING, band
from truth import AGES
from truth import band as band_of

COLUMNS = ["day", "item type", "branch", "category", "age", "hour"]


def kept(public, loans):
    """Of each column two shares, in per cent of the loans whose value is known: as it is, and that or coarser."""
    known = {
        "day": len(loans),
        "item type": sum(loan["item_type"] is not None for loan in loans),
        "branch": sum(loan["branch"] is not None for loan in loans),
        "category": sum(loan["category"] is not None for loan in loans),
        "age": sum(loan["age"] is not None for loan in loans),
        "hour": sum(loan["hour"] is not None for loan in loans),
    }
    is_, coarser = dict.fromkeys(COLUMNS, 0), dict.fromkeys(COLUMNS, 0)

    def count(column, says, exact=True, rows=1):
        is_[column] += rows * bool(says and exact)
        coarser[column] += rows * bool(says and not exact)

    branches = {loan["branch"] for loan in loans}
    for row in public.rows("collection"):
        count("day", row["day"] or row["week"], row["day"] is not None)
        count("item type", row["item_type"] not in NOTHING)
        count("branch", row["branch"] not in NOTHING, row["branch"] in branches)
    bands = {band_of(edge, AGES) for edge in AGES}
    for row in public.rows("community"):
        count("category", row["patron_category"] not in NOTHING)
        ages = band(row["age_band"])
        count("age", ages is not None, ages in bands)
    for range_, rows in hours(public):
        count("hour", range_ is not None, range_ is not None and range_[0] == range_[1], rows)

    def share(rows, column):
        return f"{100 * rows / max(1, known[column]):.0f}"

    return {column: f"{share(is_[column], column)} / {share(is_[column] + coarser[column], column)}" for column in COLUMNS}


def hours(public):
    """Ranges of hours with how many loans they have, by either model; no range is any hour."""
    for row in public.rows("hours") or public.rows("by-hour"):
        rows = row.get("transactions") or row.get("checkouts") or 0
        yield band(row.get("hours") or row.get("hour")), rows
