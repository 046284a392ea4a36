"""What people ask of a library's figures, answered from what is published, with the true answer beside it.

An answer says what it told: `exact`; or which share has a cell of its own, what is left being published as `other`; or that
it misleads: a figure that is too large, or two of the three largest in the other order though they truly differ by a tenth.
"""

import tomllib
from collections import Counter

from public import NOTHING, band, months_of
from shares import hours

OFF = 5.0


def all_of(sides, loans, holds, requests):
    """Question, true answer, and the answer of each side."""
    yield by_branch_and_month(sides, loans)
    yield by_hour(sides, loans)
    yield age_by_category(sides, loans)
    yield year_over_year(sides, loans)
    yield cells("Most used collections", sides, "loan", Counter(loan["collection"] for loan in loans), by_column("collection"))
    yield cells("Length of loans", sides, "loan", Counter(loan["length"] for loan in loans), by_band("duration"), days)
    yield patrons(sides, loans)
    yield cells("Platforms, requests", sides, "access", platforms(requests), by_column("platform"))
    yield cells("Wait of holds", sides, "hold", Counter(hold["length"] for hold in holds), by_band("wait"), days)
    yield children(sides, loans)
    yield renewals(sides, loans)


# ---- how good an answer is ------------------------------------------------------------------------------------------


def judged(true, told):
    """Of cells: how much is told, by how much the worst cell is short, and whether figures or their order mislead."""
    true = {name: rows for name, rows in true.items() if name is not None}
    told = {name: rows for name, rows in told.items() if rows and name is not None}
    if not told:
        return "nothing"
    if told == true:
        return "exact"
    whole, all_told = sum(true.values()), sum(told.values())
    short = max((rows - told.get(name, 0), name) for name, rows in true.items())
    first = [name for name in sorted(true, key=true.get, reverse=True)[:3] if name in told]
    turned = any(
        true[more] > 1.1 * true[less] and told[more] < told[less] for at, more in enumerate(first) for less in first[at + 1 :]
    )
    misleads = turned or any(rows > true.get(name, 0) for name, rows in told.items())
    of_three = sum(told.get(name, 0) == true[name] for name in sorted(true, key=true.get, reverse=True)[:3])
    verdict = f"{share(all_told, whole)} told, {of_three} of the three largest exact"
    return verdict + (f", **misleads** (short by up to {short[0]:,})" if misleads else "")


def share(part, whole):
    percent = 100 * part / max(1, whole)
    return f"{percent:.0f} %" if percent < 99.5 or part == whole else f"{percent:.1f} %"


def largest(cells, shown=str, count=3):
    named = [(name, rows) for name, rows in cells.items() if name is not None and rows]
    named.sort(key=lambda cell: (-cell[1], str(cell[0])))
    return " · ".join(f"{shown(name)} {rows:,.0f}" for name, rows in named[:count]) or "–"


def days(length):
    low, high = length
    return f"{low}+ days:" if high is None else f"{low} to {high} days:"


def answer(told, verdict, shown=str):
    return f"{largest(told, shown)} ({verdict})" if verdict != "nothing" else "nothing"


# ---- questions that are cells of one column -------------------------------------------------------------------------


def cells(question, sides, kind, true, read, shown=str):
    answers = []
    for side in sides:
        told = read(side[kind])
        answers.append(answer(told, judged(true, told), shown))
    return question, largest(true, shown), answers


def by_column(name):
    def read(public):
        return Counter(row[name] for row in public.rows("collection") if row[name] not in NOTHING)

    return read


def by_band(name):
    def read(public):
        return Counter(band(row[name]) for row in public.rows("collection") if band(row[name]))

    return read


def platforms(requests):
    found = Counter()
    for (_, platform), rows in requests.items():
        found[platform] += rows
    return found


# ---- the others -----------------------------------------------------------------------------------------------------


def by_branch_and_month(sides, loans):
    """Each cell that is told must be exact; a place that is a group is held against its branches."""
    true = Counter((loan["branch"], loan["month"]) for loan in loans)
    of_branches = Counter(loan["branch"] for loan in loans)
    answers = []
    for side in sides:
        told = Counter((row["branch"], row["month"]) for row in side["loan"].rows("collection"))
        named = {cell: rows for cell, rows in told.items() if cell[0] not in NOTHING}
        exact = wrong = whole = 0
        for (branch, period), rows in named.items():
            members = [branch] if branch in of_branches else group(side, branch)
            is_ = sum(true[member, month] for member in members for month in months_of(period))
            exact, wrong, whole = exact + (rows == is_), wrong + (rows != is_), whole + rows
        months = {month for _, period in told for month in months_of(period)}
        totals = Counter()
        for (branch, _), rows in named.items():
            totals[branch] += rows
        said = f"{exact} cells exact{f', **{wrong} wrong**' if wrong else ''}, {share(whole, len(loans))} of loans told"
        of_months = f"{len(months)} of {len({month for _, month in true})} months"
        answers.append(f"{largest(totals, count=4)} ({of_months}; {said})" if named else f"nothing by branch ({of_months})")
    return "Checkouts by branch and month", f"{largest(of_branches, count=4)} ({len(true)} cells)", answers


def group(side, name):
    """What the board declared of a group of places."""
    policy = side["loan"].folder.parent / "policy.toml"
    return tomllib.loads(policy.read_text())["release"].get("places", {}).get(name, [])


def by_hour(sides, loans):
    """The share after 15 o'clock; loans of a range lie evenly in it."""
    true = Counter(loan["hour"] for loan in loans)
    late = 100 * sum(rows for hour, rows in true.items() if hour is not None and hour >= 15) / max(1, sum(true.values()))
    answers = []
    for side in sides:
        told, exact = Counter(), 0
        for range_, rows in hours(side["loan"]):
            if range_:
                low, high = range_
                exact += rows * (low == high)
                told.update({hour: rows / (high - low + 1) for hour in range(low, high + 1)})
        whole = sum(told.values())
        if not whole:
            answers.append("nothing")
            continue
        is_ = 100 * sum(rows for hour, rows in told.items() if hour >= 15) / whole
        misleads = ", **misleads**" if abs(is_ - late) > OFF else ""
        answers.append(f"{is_:.0f} % ({share(whole, len(loans))} told, {share(exact, len(loans))} by the hour{misleads})")
    return "By hour: share from 15 o'clock on", f"{late:.0f} %", answers


def age_by_category(sides, loans):
    true = Counter((loan["category"], loan["age"]) for loan in loans if loan["category"] and loan["age"])
    answers = []
    for side in sides:
        told, runs = Counter(), 0
        for row in side["loan"].rows("community"):
            who = (row["patron_category"], band(row["age_band"]))
            if who in true:
                told[who] += 1
            else:
                runs += who[0] not in NOTHING or who[1] is not None
        answers.append(answer(told, f"{judged(true, told)}; {share(runs, len(loans))} more by one of both, or a run", person))
    return "Age × category", largest(true, person), answers


def person(who):
    category, (low, high) = who
    return f"{category} {low}+" if high is None else f"{category} {low} to {high}"


def year_over_year(sides, loans):
    """The newest month that is published by itself, against the same a year before."""
    true = Counter(loan["month"] for loan in loans)
    answers = []

    def change(of, month, year_before):
        return 100 * (of[month] / of[year_before] - 1)

    for side in sides:
        told = Counter(row["month"] for row in side["loan"].rows("collection"))
        if not (told["2026-09"] and told["2025-09"]):
            answers.append("nothing")
            continue
        exact = all(told[month] == true[month] for month in ("2026-09", "2025-09"))
        change_ = change(told, "2026-09", "2025-09")
        answers.append(f"{change_:+.1f} % ({'exact' if exact else '**misleads**'})")
    return "Year over year, September 2026", f"{change(true, '2026-09', '2025-09'):+.1f} %", answers


def patrons(sides, loans):
    """Of the newest month; and of the newest year that a side tells, else of the twelve months up to that."""
    def distinct(first, last):
        return len({loan["patron"] for loan in loans if first <= loan["month"] <= last} - {None})

    answers, year = [], ("2025-10", "2026-09")
    for side in sides:
        newest = [row["patrons"] for row in side["loan"].rows("total") if row["month"] == "2026-09"]
        month = f"{newest[0]:,}" if newest and newest[0] is not None else "–"
        of_year = "–"
        for _, rows in side["loan"].year_tables():
            whole = [row for row in rows if row.get("patrons") and set(row) == {"period", "patrons"}]
            if whole:
                of_year, months = f"{int(whole[-1]['patrons']):,}", months_of(whole[-1]["period"])
                year = (months[0], months[-1])
        answers.append(f"{month} · {of_year}")
    of_month, of_year = distinct("2026-09", "2026-09"), distinct(*year)
    return f"Patrons of September, and of {year[0]} to {year[1]}", f"{of_month:,} · {of_year:,}", answers


def children(sides, loans):
    """Loans of whoever is under 18, as far as a category or an age tells."""
    true = sum(loan["age"] is not None and loan["age"][0] < 18 for loan in loans)
    answers = []
    for side in sides:
        rows = side["loan"].rows("community")
        is_child = [band(row["age_band"]) for row in rows]
        told = sum(
            row["patron_category"] in ("CH", "YA") or (ages is not None and ages[1] is not None and ages[1] < 18)
            for row, ages in zip(rows, is_child)
        )
        # One may be a child by category and have no date of birth.
        more = ", **misleads**" if told > true * 1.05 else ""
        answers.append(f"{told:,} ({share(told, true)} told{more})" if told else "nothing")
    return "Children's loans (under 18)", f"{true:,}", answers


def renewals(sides, loans):
    """Renewals, and circulation: checkouts with or without them."""
    checkouts, renewed = len(loans), sum(loan["renewals"] for loan in loans)
    answers = []
    for side in sides:
        rows = side["loan"].rows("by-branch")
        told = sum(row["renewals"] or 0 for row in rows)
        both = sum(row["circulation"] or 0 for row in rows)
        only = sum(row["checkouts"] or 0 for row in rows)
        if not only:
            answers.append("nothing")
            continue
        exact = (told, both) == (renewed, checkouts + renewed)
        verdict = "exact" if exact else f"{share(told, renewed)} and {share(both, checkouts + renewed)}"
        misleads = ", **misleads**" if both < only + told or abs(told / max(1, both) - renewed / (checkouts + renewed)) > OFF / 100 else ""
        answers.append(f"{told:,} · {both:,} · {only:,} ({verdict}{misleads})")
    return "Renewals · circulation · checkouts", f"{renewed:,} · {checkouts + renewed:,} · {checkouts:,}", answers
