#!/usr/bin/env python3
"""Times afterloan and a DuckDB script on a year of a proxy's log, and searches what leaves. README.md says what the job is.

    python3 benches/bench_logs.py [--lines 10000000] [--rounds 3] [--only afterloan,duckdb]

As bench.py does, whose parts it uses: data and environment lie under target/bench/, each program runs as a process of its
own, in turn, and the better of its rounds counts. Ends with 1 where a bar isn't reached or a needle is found.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import BENCH, HERE, ROOT, built, fresh, make_environment, put, run_checked, timed

PIPELINE = ROOT / "pipelines/ezproxy-access.toml"
# What the run must reach on two cores.
SPEED, MEMORY = 300, 256


def main() -> int:
    args = arguments()
    BENCH.mkdir(parents=True, exist_ok=True)
    data = make_data(args)
    logs = sorted(data.glob("*.log"))
    size = sum(log.stat().st_size for log in logs) / 1e6
    only = args.only.split(",")
    python = make_environment()
    best: dict[str, dict] = {}
    failed = False
    with tempfile.TemporaryDirectory(dir=BENCH, prefix="out-") as out:
        for number in range(1, args.rounds + 1):
            for program in only:
                folder = Path(out) / f"{program}-{number}"
                if program == "afterloan":
                    result = run_afterloan(args, logs, folder)
                else:
                    result = timed([python, HERE / "duckdb_logs_job.py", data, folder, args.as_of, PIPELINE])
                print(f"round {number}  {program:<10} {result['wall']:.2f} s", file=sys.stderr)
                if program not in best or result["wall"] < best[program]["wall"]:
                    best[program] = result
        report(args.lines, size, best)
        if "afterloan" in only:
            ours = best["afterloan"]
            failed = search(python, data, Path(out) / "afterloan-1", ours["said"])
            speed = size / ours["wall"]
            if speed < SPEED or ours["peak"] >= MEMORY:
                print(f"\nThe bars are {SPEED} MB/s and {MEMORY} MiB: {speed:.0f} MB/s and {ours['peak']:.0f} MiB.")
                failed = True
    return int(failed)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--as-of", default="2026-11-01")
    parser.add_argument("--only", default="afterloan,duckdb")
    parser.add_argument("--afterloan", type=Path, default=built("afterloan"))
    parser.add_argument("--fixtures", type=Path, default=built("afterloan-fixtures"))
    return parser.parse_args()


def make_data(args: argparse.Namespace) -> Path:
    data = BENCH / f"logs-{args.lines}-{args.seed}-{args.as_of}"
    if not data.exists():
        print(f"making {args.lines:,} lines in {data}", file=sys.stderr)
        partial = fresh(data.with_suffix(".partial"))
        run_checked([args.fixtures, "bench-logs", partial, "--lines", str(args.lines), "--seed", args.seed,
                     "--as-of", args.as_of], allowed=(0,))
        partial.rename(data)
    return data


def run_afterloan(args: argparse.Namespace, logs: list, site: Path) -> dict:
    """A site's first night: the bench's policy, the repository's own pipeline, the logs, a plan; then run, timed."""
    common = ["--site", site, "--as-of", f"{args.as_of}T00:00:00-04:00", "--json"]
    run_checked([args.afterloan, "init", site, "--ils", "koha"], allowed=(0,))
    shutil.copy(HERE / "site/policy.toml", site / "policy.toml")
    for pipeline in (site / "pipelines").iterdir():
        pipeline.unlink()
    shutil.copy(PIPELINE, site / "pipelines" / PIPELINE.name)
    for log in logs:
        put(log, site / "inbox")
    plan = run_checked([args.afterloan, "plan", *common], allowed=(0, 1))
    return timed([args.afterloan, "run", "--accept", json.loads(plan)["digest"], *common], allowed=(0, 1))


def counted(program: str, said: dict) -> int:
    """Requests of the months that were released: what both programs must agree on."""
    if program == "duckdb":
        return said["counted"]
    return sum(month["rows"] for month in said["pipelines"][0]["released"])


def report(lines: int, size: float, best: dict[str, dict]) -> None:
    print(f"\n{lines:,} lines, {size / 1e3:.2f} GB\n")
    first = next(iter(best.values()))
    print(f"{'':<11}{'wall s':>8}{'CPU s':>8}{'MiB':>8}{'MB/s':>8}{'× wall':>8}{'× CPU':>8}{'× MiB':>8}{'counted':>12}")
    for program, result in best.items():
        ratios = "".join(f"{result[key] / first[key]:>8.2f}" for key in ("wall", "cpu", "peak"))
        print(f"{program:<11}{result['wall']:>8.2f}{result['cpu']:>8.2f}{result['peak']:>8.0f}"
              f"{size / result['wall']:>8.0f}{ratios}{counted(program, result['said']):>12,}")
    if len({counted(program, result["said"]) for program, result in best.items()}) > 1:
        print("\nThe programs don't agree on how many requests count: they didn't do the same job.")
    for name, seconds in best.get("afterloan", {}).get("said", {}).get("stages", {}).items():
        print(f"  {name:<24}{seconds:>8.2f} s")


def search(python: Path, data: Path, site: Path, said: dict) -> bool:
    """Whether a login, an address, a path or a query stands in what leaves, or in what was printed."""
    done = subprocess.run([python, HERE / "needles.py", data / "needles.txt", site], input=json.dumps(said), text=True,
                          stdout=subprocess.PIPE, check=True)
    looked = json.loads(done.stdout)
    print(f"\n{looked['needles']:,} logins, addresses and marks were looked for in {looked['pieces']:,} pieces, "
          f"{looked['bytes'] / 1e6:.1f} MB, of what lies outside inbox/ and state/: {len(looked['found'])} found.")
    for place, needle in looked["found"][:20]:
        print(f"  {place}: {needle}")
    return bool(looked["found"])


if __name__ == "__main__":
    sys.exit(main())
