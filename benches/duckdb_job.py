"""The benchmark's job in DuckDB, as a good data engineer would write it.

    python duckdb_job.py DATA OUT 2026-11-01

Reads loans.csv and bills.csv once; keeps what is used of them in memory, columnar and compressed; writes from there.
What the job is, README.md in this folder says.
"""

import json
import secrets
import sys
from pathlib import Path

import duckdb

TYPES = {
    "loan_id": "BIGINT", "patron_id": "INTEGER", "card_barcode": "VARCHAR", "surname": "VARCHAR",
    "first_name": "VARCHAR", "email": "VARCHAR", "phone": "VARCHAR", "birth_date": "DATE", "zip": "VARCHAR",
    "category": "VARCHAR", "item_id": "INTEGER", "item_barcode": "VARCHAR", "title": "VARCHAR", "author": "VARCHAR",
    "call_number": "VARCHAR", "item_type": "VARCHAR", "collection": "VARCHAR", "branch": "VARCHAR",
    "checkout": "TIMESTAMP", "due": "DATE", "returned": "TIMESTAMP", "renewals": "UTINYINT", "staff_id": "INTEGER",
    "channel": "VARCHAR", "note": "VARCHAR",
}
CSV = "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', dateformat = '%Y-%m-%d', " \
    "timestampformat = '%Y-%m-%d %H:%M:%S'"


def main(data: Path, out: Path, as_of: str) -> None:
    out.mkdir(parents=True)
    db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    db.execute(f"SET VARIABLE as_of = TIMESTAMP '{as_of}'")
    # A month is released thirty days after its end.
    db.execute("SET VARIABLE unsettled = date_trunc('month', getvariable('as_of') - INTERVAL 30 DAY)::DATE")

    db.execute(f"""
        CREATE TEMP TABLE owing AS SELECT DISTINCT loan_id FROM read_csv('{data}/bills.csv', {CSV}, columns = {{
            'bill_id': 'BIGINT', 'loan_id': 'BIGINT', 'amount': 'DECIMAL(9, 2)', 'outstanding': 'DECIMAL(9, 2)',
            'date': 'TIMESTAMP', 'type': 'VARCHAR', 'note': 'VARCHAR'}}) WHERE outstanding > 0""")

    db.execute(f"""
        CREATE TEMP TABLE loans AS SELECT
            loan_id, patron_id, branch, item_type, collection, category, renewals,
            date_trunc('month', checkout)::DATE AS month,
            checkout::DATE AS day,
            hour(checkout)::UTINYINT AS hour,
            (isodow(checkout) - 1)::UTINYINT AS weekday,
            date_diff('day', checkout::DATE, returned::DATE)::SMALLINT AS days,
            left(zip, 3) AS zip_prefix,
            CASE WHEN call_number[1] BETWEEN '0' AND '9' THEN left(call_number, 2) || '0'
                 WHEN call_number[2] BETWEEN '0' AND '9' OR call_number[3] BETWEEN '0' AND '9' THEN call_number[1]
                 ELSE split_part(call_number, ' ', 1) END AS call_class,
            CASE WHEN age < 6 THEN '0-5' WHEN age < 12 THEN '6-11' WHEN age < 18 THEN '12-17' WHEN age < 25 THEN '18-24'
                 WHEN age < 35 THEN '25-34' WHEN age < 45 THEN '35-44' WHEN age < 55 THEN '45-54'
                 WHEN age < 65 THEN '55-64' WHEN age < 75 THEN '65-74' ELSE '75+' END AS age_band,
            returned IS NULL AS open,
            returned::DATE > getvariable('as_of')::DATE - 30 AS grace,
            owing.loan_id IS NOT NULL AS owes,
            NOT (open OR grace OR owes) AS retire
        FROM (SELECT *, date_sub('year', birth_date, checkout::DATE) AS age
              FROM read_csv('{data}/loans.csv', {CSV}, columns = {TYPES})) loan
        LEFT JOIN owing USING (loan_id)""")

    # One hash a patron, not one a row.
    db.execute("CREATE TEMP TABLE pseudonyms AS SELECT patron_id, unhex(left(sha256(? || patron_id), 32)) AS pseudonym "
               "FROM (SELECT DISTINCT patron_id FROM loans)", [secrets.token_hex(32)])

    treated = """SELECT pseudonym, branch, item_type, collection, category, renewals, day, hour, days, zip_prefix, call_class,
        age_band, month FROM loans JOIN pseudonyms USING (patron_id)"""
    parquet = "FORMAT parquet, COMPRESSION zstd"
    db.execute(f"COPY ({treated} WHERE month < getvariable('unsettled')) TO '{out}/dataset' "
               f"({parquet}, PARTITION_BY (month))")
    db.execute(f"COPY ({treated} WHERE retire AND month >= getvariable('unsettled')) TO '{out}/staging.parquet' ({parquet})")
    db.execute(f"COPY (SELECT loan_id FROM loans WHERE retire) TO '{out}/worklist.csv' (FORMAT csv)")

    for name, keys in {"items": "branch, item_type, collection", "patrons": "category, age_band",
                       "hours": "weekday, hour"}.items():
        db.execute(f"""
            COPY (SELECT month, {keys},
                      CASE WHEN patrons >= 10 THEN circulation END AS circulation,
                      CASE WHEN patrons >= 10 THEN patrons END AS patrons
                  FROM (SELECT month, {keys}, sum(1 + renewals)::BIGINT AS circulation, count(DISTINCT patron_id) AS patrons
                        FROM loans WHERE month < getvariable('unsettled') GROUP BY ALL)
                  ORDER BY ALL) TO '{out}/{name}.parquet' ({parquet})""")

    names = ["read", "retired", "kept", "open", "grace", "owing"]
    row = db.execute("""
        SELECT count(*), count(*) FILTER (retire), count(*) FILTER (NOT retire OR retire IS NULL), count(*) FILTER (open),
            count(*) FILTER (grace), count(*) FILTER (owes) FROM loans""").fetchone()
    counts = dict(zip(names, row))
    (out / "counts.json").write_text(json.dumps(counts))
    print(json.dumps(counts))


main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
