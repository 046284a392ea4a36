"""Loads all that a site has published, whole folders, as analysts do: with DuckDB, Polars, pandas and pyarrow; and validates
its data package with frictionless.

    load.py PUBLIC

Each loads every dataset folder and every folder of a table as one table, and must find the same rows and sums in them.
"""

import json
import sys
from pathlib import Path

import duckdb
import frictionless
import pandas
import polars
import pyarrow.dataset

public = Path(sys.argv[1])
wrong = []


def sums(frame):
    """Rows and the sum of each column of whole numbers, by name."""
    numbers = [name for name in frame.columns if pandas.api.types.is_integer_dtype(frame[name])]
    return {"rows": len(frame)} | {name: int(frame[name].sum()) for name in numbers}


def with_duckdb(folder):
    query = f"SELECT * EXCLUDE (month) FROM read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
    table = duckdb.sql(query).pl()
    return of_polars(table)


def of_polars(frame):
    numbers = [name for name, kind in frame.schema.items() if kind == polars.Int64]
    return {"rows": len(frame)} | {name: int(frame[name].sum()) for name in numbers}


def with_polars(folder):
    return of_polars(polars.read_parquet(f"{folder}/*/*.parquet", hive_partitioning=True).drop("month"))


def with_pyarrow(folder):
    table = pyarrow.dataset.dataset(folder, partitioning="hive").to_table()
    assert all(table.schema.field(name).metadata[b"description"] for name in table.schema.names if name != "month")
    return sums(table.drop_columns("month").to_pandas(types_mapper={pyarrow.int64(): pandas.Int64Dtype()}.get))


def with_pandas(folder):
    frame = pandas.read_parquet(folder, dtype_backend="numpy_nullable").drop(columns="month")
    return sums(frame)


folders = sorted({path.parent.parent for path in public.glob("**/month=*/*.parquet")})
assert folders, f"nothing is published in {public}"
for folder in folders:
    found = {load.__name__: load(str(folder)) for load in (with_duckdb, with_polars, with_pyarrow, with_pandas)}
    first = next(iter(found.values()))
    if any(other != first for other in found.values()):
        wrong.append(f"{folder}: {found}")

for csv in sorted(public.glob("statistics/*/*-years.csv")):
    years = pandas.read_csv(csv)
    series = pandas.read_csv(csv.with_name(csv.name.replace("-years.csv", ".csv")))
    for year, lines in years.groupby("period"):
        first, last = year.split("-to-")
        within = series[(series["period"].str[:7] >= first) & (series["period"].str[-7:] <= last)]
        for name in lines.select_dtypes("number").columns.drop("months"):
            if int(lines[name].sum()) != int(within[name].sum()):
                wrong.append(f"{csv}: {name} of {year} isn't the sum of its periods")

for csv in sorted(set(public.glob("statistics/*/*.csv")) - set(public.glob("statistics/*/*-years.csv"))):
    series, parquet = pandas.read_csv(csv), with_pandas(str(csv.with_suffix("")))
    if len(series) != parquet["rows"] or len(duckdb.sql(f"SELECT * FROM read_csv('{csv}')").pl()) != parquet["rows"]:
        wrong.append(f"{csv}: {len(series)} rows, and {parquet['rows']} in parquet")
    for name, total in parquet.items():
        if name != "rows" and int(series[name].sum()) != total:
            wrong.append(f"{csv}: {name} sums up to {series[name].sum()}, and to {total} in parquet")

package = json.loads((public / "datapackage.json").read_text())
tables = [resource["name"] for resource in package["resources"] if resource["format"] == "csv"]
for name in tables:
    report = frictionless.Package(str(public / "datapackage.json")).get_resource(name).validate()
    if not report.valid:
        wrong.append(f"datapackage.json, {name}: {report.flatten(['type', 'note'])}")
files = {path for r in package["resources"] for path in [r["path"], *r.get("extrapaths", [])]}
there = {str(path.relative_to(public)) for path in public.glob("**/*") if path.suffix in {".csv", ".parquet"}}
if files != there:
    wrong.append(f"datapackage.json names {sorted(files - there)}, and not {sorted(there - files)}")
metadata = frictionless.Package.metadata_validate(package)
wrong.extend(str(error) for error in metadata)

print(f"{len(folders)} folders, {len(tables)} series: {'sound' if not wrong else 'wrong'}")
for what in wrong:
    print(" -", what)
sys.exit(bool(wrong))
