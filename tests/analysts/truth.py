"""What is true of a made-up Koha library, counted from its exports a second time: loans, holds and requests of settled months.

Of the treatments of a pipeline it knows what they mean and shares no code with them. Rows that can't be read are no transactions.
"""

import csv
import re
from datetime import date, datetime
from pathlib import Path

AGES = [0, 6, 12, 18, 25, 35, 45, 55, 65, 75]
DAYS = [0, 8, 15, 22, 29]
FURNITURE = re.compile(r"\.(css|js|png|gif|svg|woff2|jpg|ico)$")
REQUEST = re.compile(
    r'^\S+ \S+ (?P<user>.+) \[(?P<day>\d\d/\w{3}/\d{4}):(?P<clock>\d\d:\d\d:\d\d) \S+\] "\S+ (?P<url>\S+) \S+" (?P<status>\d+) '
)


def band(number, edges):
    """The lowest and the highest number of the band that has it; no highest in the last."""
    low = max(edge for edge in edges if edge <= number)
    above = [edge for edge in edges if edge > number]
    return (low, above[0] - 1 if above else None)


def table(inbox, name):
    """The rows of an export: whole, and of valid text."""
    [path] = inbox.glob(f"{name}-*.csv")
    with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        for row in rows:
            if len(row) == len(header) and not any("\udc80" <= c <= "\udcff" for cell in row for c in cell):
                yield {column: "" if cell == "NULL" else cell for column, cell in zip(header, row)}


def moment(cell, since=1990):
    try:
        read = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return read if read.year >= since else None


def age(born, day):
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def transactions(inbox, kind, before):
    """Loans or holds that were opened before a day, as dictionaries; None is unknown."""
    tables, key, opened, closed = {
        "loan": (["issues", "old_issues"], "issue_id", "issuedate", "returndate"),
        "hold": (["reserves", "old_reserves"], "reserve_id", "reservedate", "waitingdate"),
    }[kind]
    patrons = {row["borrowernumber"]: row for row in table(inbox, "borrowers")}
    items = {row["itemnumber"]: row for row in table(inbox, "items")}
    seen, found = set(), []
    for row in (row for name in tables for row in table(inbox, name)):
        exact = tuple(row.values())
        at = moment(row[opened])
        if exact in seen or not at or at.date() >= before or not row[key].isdigit():
            continue
        seen.add(exact)
        patron, item = patrons.get(row["borrowernumber"], {}), items.get(row["itemnumber"], {})
        day, born, end = at.date(), moment(patron.get("dateofbirth", ""), 1900), moment(row[closed])
        took = (end.date() - day).days if end else None
        length = (29, None) if not row[closed] else band(took, DAYS) if took is not None and took >= 0 else None
        found.append({
            "patron": row["borrowernumber"] or None,
            "day": day,
            "month": f"{day:%Y-%m}",
            "hour": at.hour if len(row[opened]) > 10 else None,
            "branch": row["branchcode"] or None,
            "item_type": item.get("itype") or None,
            "collection": item.get("ccode") or None,
            "category": patron.get("categorycode") or None,
            "age": band(age(born.date(), day), AGES) if born and born.date() <= day else None,
            "length": length,
            "renewals": int(row["renewals_count"] or 0) if kind == "loan" else 0,
        })
    return found


def requests(inbox, declared, before):
    """Requests of a proxy's log that count as COUNTER 5 has it, by month and platform."""
    found = {}
    for path in sorted(Path(inbox).glob("ezproxy-*.log")):
        last = {}
        for line in open(path):
            read = REQUEST.match(line)
            if not read or read["status"] not in ("200", "304"):
                continue
            url, at = read["url"], datetime.strptime(f"{read['day']} {read['clock']}", "%d/%b/%Y %H:%M:%S")
            if at.date() >= before or FURNITURE.search(url.split("?")[0].lower()):
                continue
            month, named = f"{at:%Y-%m}", read["user"] != "-"
            key, double = (read["user"], url), False
            if named:
                double = key in last and (at - last[key]).total_seconds() <= 30
                last[key] = at
            if not double:
                cell = (month, platform(url, declared))
                found[cell] = found.get(cell, 0) + 1
    return found


def platform(url, declared):
    host = url.split("//", 1)[1].split("/")[0].split(":")[0] if "//" in url else ""
    labels = host.split(".")
    if labels[-1].isdigit() or len(labels) < 2:
        return None
    suffixes = [".".join(labels[at:]) for at in range(len(labels))]
    return next((declared[suffix] for suffix in suffixes if suffix in declared), ".".join(labels[-2:]))


def first_of_month(text):
    return date.fromisoformat(f"{text}-01")
