"""What a site has published of a kind, by whichever model: rows of its nodes and tables, with the months that each is of."""

import re
from pathlib import Path

import duckdb

NOTHING = {None, "other", "unknown"}


def months_of(period):
    """`2026-08` is one month, `2026-08-to-2026-09` are two."""
    first, _, last = period.partition("-to-")
    number = [int(text[:4]) * 12 + int(text[5:7]) - 1 for text in (first, last or first)]
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(number[0], number[1] + 1)]


class Public:
    def __init__(self, folder, kind):
        self.folder, self.kind = Path(folder), kind

    def rows(self, what):
        """Rows of `dataset/KIND/…` or `statistics/KIND/…`, each with its period; none where there is no such folder."""
        for part in ("dataset", "statistics"):
            folder = self.folder / part / self.kind / what
            if folder.is_dir():
                query = f"SELECT * FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = true, union_by_name = true)"
                found = duckdb.sql(query)
                return [dict(zip(found.columns, row)) for row in found.fetchall()]
        return []

    def periods(self):
        return sorted({path.name.removeprefix("month=") for path in self.folder.glob(f"dataset/{self.kind}/collection/*")})

    def year_tables(self):
        """Rows of tables of whole years, where there are any."""
        for path in sorted(self.folder.glob(f"statistics/{self.kind}/*year*.csv")):
            found = duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true)")
            yield path.stem, [dict(zip(found.columns, row)) for row in found.fetchall()]


def band(text):
    """`6 to 11`, `6-11`, `75+`, `9`: lowest and highest, None where there is none."""
    if text in NOTHING:
        return None
    read = re.fullmatch(r"(\d+)(?:(?: to |-)(\d+)|(\+))?", text)
    if not read:
        return None
    low = int(read[1])
    return (low, None if read[3] else int(read[2] or low))
