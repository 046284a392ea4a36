#!/usr/bin/env python3
"""Times afterloan, a DuckDB script and a Polars script on the same job, in one go. README.md says what the job is.

    python3 benches/bench.py [--rows 5000000] [--only afterloan,duckdb,polars] [--rounds 3]

Data and the virtual environment are made under target/bench/ and kept between calls. Each program runs as a process of
its own, in turn, in a folder of its own, and the better of its rounds counts: what else the machine does only slows one
down. The folders are deleted at the end, not between rounds: a file system goes on being busy with what was deleted. What prepares a run (making a site, `plan`)
isn't timed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BENCH = ROOT / "target" / "bench"
PROGRAMS = ["afterloan", "duckdb", "polars"]


def main() -> int:
    args = arguments()
    BENCH.mkdir(parents=True, exist_ok=True)
    data = make_data(args)
    only = args.only.split(",")
    python = make_environment() if {"duckdb", "polars"} & set(only) else None
    if "afterloan" in only and not (HERE / "site" / "policy.toml").exists():
        print("benches/site/policy.toml is missing: afterloan is left out")
        only.remove("afterloan")

    best: dict[str, dict] = {}
    with tempfile.TemporaryDirectory(dir=BENCH, prefix="out-") as out:
        for round_number in range(args.rounds):
            for program in only:
                folder = Path(out) / f"{program}-{round_number + 1}"
                if program == "afterloan":
                    result = run_afterloan(args, data, folder)
                else:
                    result = timed([python, HERE / f"{program}_job.py", data, folder, args.as_of])
                print(f"round {round_number + 1}  {program:<10} {result['wall']:.2f} s", file=sys.stderr)
                if program not in best or result["wall"] < best[program]["wall"]:
                    best[program] = result
    report(args.rows, data, best)
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--as-of", default="2026-11-01")
    parser.add_argument("--only", default=",".join(PROGRAMS))
    parser.add_argument("--afterloan", type=Path, default=built("afterloan"))
    parser.add_argument("--fixtures", type=Path, default=built("afterloan-fixtures"))
    args = parser.parse_args()
    unknown = set(args.only.split(",")) - set(PROGRAMS)
    if unknown:
        parser.error(f"--only knows {', '.join(PROGRAMS)}, not {', '.join(sorted(unknown))}")
    return args


def make_data(args: argparse.Namespace) -> Path:
    """loans.csv and bills.csv; made under another name first, so that a broken-off attempt isn't taken for data."""
    data = BENCH / f"data-{args.rows}-{args.seed}-{args.as_of}"
    if not data.exists():
        print(f"making {args.rows:,} rows in {data}", file=sys.stderr)
        partial = fresh(data.with_suffix(".partial"))
        subprocess.run([args.fixtures, "bench", partial, "--rows", str(args.rows), "--seed", args.seed,
                        "--as-of", args.as_of], check=True)
        partial.rename(data)
    return data


def make_environment() -> Path:
    """A virtual environment with the versions of requirements.txt; made anew when these change."""
    venv, wanted = BENCH / "venv", (HERE / "requirements.txt").read_text()
    mark = venv / "requirements.txt"
    if not mark.exists() or mark.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "--quiet", "--disable-pip-version-check",
                        "-r", HERE / "requirements.txt"], check=True)
        mark.write_text(wanted)
    return venv / "bin/python"


def run_afterloan(args: argparse.Namespace, data: Path, site: Path) -> dict:
    """A site's first night: init, the bench's policy and pipelines, exports, plan; then run, timed."""
    common = ["--site", site, "--as-of", f"{args.as_of}T00:00:00-04:00", "--json"]
    run_checked([args.afterloan, "init", site, "--ils", "koha"], allowed=(0,))
    shutil.copy(HERE / "site/policy.toml", site / "policy.toml")
    shutil.rmtree(site / "pipelines")
    shutil.copytree(HERE / "site/pipelines", site / "pipelines")
    for name in ("loans.csv", "bills.csv"):
        put(data / name, site / "inbox")
    plan = run_checked([args.afterloan, "plan", *common], allowed=(0, 1))
    result = timed([args.afterloan, "run", "--accept", json.loads(plan)["digest"], *common], allowed=(0, 1))
    return result


def put(file: Path, inbox: Path) -> None:
    copy = inbox / file.name
    # A link where the file system has them: copying gigabytes would only push the data out of memory.
    try:
        os.link(file, copy)
    except OSError:
        shutil.copy(file, copy)
    # Tonight's exports, however old the data are.
    os.utime(copy)


def built(program: str) -> Path:
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / program


def run_checked(command: list, allowed: tuple) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, command[:2]))} ended with {done.returncode}")
    return done.stdout


def timed(command: list, allowed: tuple = (0,)) -> dict:
    """Wall and CPU seconds and the peak of resident memory (MiB) of one process, from the kernel's own account of it."""
    os.sync()
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in allowed:
            sys.exit(f"{' '.join(map(str, command[:2]))} ended with {process.returncode}")
        output.seek(0)
        printed = output.read().strip()
    # macOS counts bytes, everyone else kibibytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / unit,
            "said": json.loads(printed)}


def retired(program: str, result: dict):
    said = result["said"]
    return said["totals"]["retired"] if program == "afterloan" else said["retired"]


def report(rows: int, data: Path, best: dict[str, dict]) -> None:
    size = sum(file.stat().st_size for file in data.iterdir()) / 1e9
    print(f"\n{rows:,} rows, {size:.2f} GB, {os.cpu_count()} cores\n")
    first = best.get("afterloan") or next(iter(best.values()))
    print(f"{'':<11}{'wall s':>8}{'CPU s':>8}{'MiB':>8}{'× wall':>8}{'× CPU':>8}{'× MiB':>8}{'retired':>12}")
    for program, result in best.items():
        ratios = "".join(f"{result[key] / first[key]:>8.2f}" for key in ("wall", "cpu", "peak"))
        print(f"{program:<11}{result['wall']:>8.2f}{result['cpu']:>8.2f}{result['peak']:>8.0f}{ratios}"
              f"{retired(program, result):>12,}")
    if len({retired(program, result) for program, result in best.items()}) > 1:
        print("\nThe programs don't agree on how many are retired: they didn't do the same job.")
    for name, seconds in best.get("afterloan", {}).get("said", {}).get("stages", {}).items():
        print(f"  {name:<24}{seconds:>8.2f} s")


def fresh(folder: Path) -> Path:
    """The path, with nothing there."""
    shutil.rmtree(folder, ignore_errors=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
