"""The job of the proxy's log in DuckDB, as a good data engineer would write it.

    python duckdb_logs_job.py DATA OUT 2026-11-01 PIPELINE

Reads the log once, line by line: the format has no delimiter of its own. Keeps what counts in memory, columnar; writes from
there. The suffixes of platforms and the furniture of pages come from the pipeline's file. What the job is, README.md in this
folder says.
"""

import json
import sys
import tomllib
from pathlib import Path

import duckdb


def main(data: Path, out: Path, as_of: str, pipeline: Path) -> None:
    out.mkdir(parents=True)
    declared = tomllib.loads(pipeline.read_text())
    platforms = next(one for one in declared["publish"] if one["name"] == "platform")["treatment"]["platform"]
    furniture = "|".join(ending.removeprefix(".") for ending in declared["requests"]["furniture"])
    counts = ", ".join(f"'{status}'" for status in declared["requests"]["counts"])
    db = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    db.execute(f"SET VARIABLE as_of = TIMESTAMP '{as_of}'")
    # A month is released thirty days after its end.
    db.execute("SET VARIABLE unsettled = date_trunc('month', getvariable('as_of') - INTERVAL 30 DAY)::DATE")
    db.execute("CREATE TEMP TABLE suffixes (suffix VARCHAR, name VARCHAR)")
    db.executemany("INSERT INTO suffixes VALUES (?, ?)", list(platforms.items()))

    # Cut by its marks, which is twice as fast as one regular expression over the line. A login may hold blanks.
    db.execute(f"""
        CREATE TEMP TABLE lines AS
        WITH cut AS (
            SELECT split_part(line, ' [', 1) AS head, split_part(line, '[', 2)[:20] AS time,
                   split_part(line, '"', 2) AS request, split_part(line, '"', 3) AS tail
            FROM read_csv('{data}/*.log', columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false,
                          delim = '\\x01', quote = '', escape = '')),
        cells AS (
            SELECT array_to_string(string_split(head, ' ')[3:], ' ') AS login,
                   split_part(request, ' ', 2) AS url, time
            FROM cut WHERE split_part(tail, ' ', 2) IN ({counts}))
        SELECT nullif(login, '-') AS login, hash(url) AS url,
               split_part(split_part(split_part(url, '/', 3), ':', 1), '@', -1) AS host,
               strptime(time, '%d/%b/%Y:%H:%M:%S') AS time
        FROM cells
        WHERE NOT regexp_matches(split_part(split_part(url, '?', 1), '#', 1), '\\.({furniture})$', 'i')""")

    # The longest suffix that is listed, or the last two names of the host.
    db.execute("""
        CREATE TEMP TABLE platforms AS
        SELECT host, coalesce(arg_max(name, length(suffix)),
                              CASE WHEN regexp_matches(host, '[a-z]$')
                                   THEN array_to_string(string_split(host, '.')[-2:], '.') ELSE 'unknown' END) AS platform
        FROM (SELECT DISTINCT host FROM lines)
        LEFT JOIN suffixes ON host = suffix OR ends_with(host, '.' || suffix)
        GROUP BY host""")

    # Double clicks: the last counts. A session: a reader, a platform, an hour.
    db.execute("""
        CREATE TEMP TABLE requests AS
        SELECT login, platform, time, date_trunc('month', time)::DATE AS month, time::DATE AS day,
               login IS NOT NULL AND row_number() OVER (PARTITION BY login, platform, date_trunc('hour', time) ORDER BY time) = 1
                   AS session
        FROM (SELECT *, lead(time) OVER (PARTITION BY login, url ORDER BY time) AS next FROM lines)
        JOIN platforms USING (host)
        WHERE login IS NULL OR next IS NULL OR next - time > INTERVAL 30 SECOND""")

    parquet = "FORMAT parquet, COMPRESSION zstd"
    db.execute(f"COPY (SELECT platform, day, session, month FROM requests WHERE month < getvariable('unsettled')) "
               f"TO '{out}/dataset' ({parquet}, PARTITION_BY (month))")
    for name, keys in {"platforms": "platform", "hours": "isodow(time) - 1 AS weekday, hour(time) AS hour"}.items():
        db.execute(f"""
            COPY (SELECT * REPLACE (CASE WHEN patrons >= 10 THEN requests END AS requests,
                                    CASE WHEN patrons >= 10 THEN sessions END AS sessions,
                                    CASE WHEN patrons >= 10 THEN patrons END AS patrons)
                  FROM (SELECT month, {keys}, count(*) AS requests, count(*) FILTER (session) AS sessions,
                               count(DISTINCT login) AS patrons
                        FROM requests WHERE month < getvariable('unsettled') GROUP BY ALL)
                  ORDER BY ALL) TO '{out}/{name}.parquet' ({parquet})""")
    counted = db.execute("SELECT count(*) FROM requests WHERE month < getvariable('unsettled')").fetchone()[0]
    print(json.dumps({"counted": counted}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
