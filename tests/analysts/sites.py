"""Made-up libraries, and a site of each with its night, by any version of the program."""

import json
import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

DAY = "2026-11-01"
# Name, what to make, lines of the proxy's log, places that are declared to be published together.
TOGETHER = '{ "Harbor and bookmobile" = ["HBR", "BKM"] }'
LIBRARIES = [
    ("the demo (1,500 borrowers, four branches, two years)", ["demo"], 40_000, TOGETHER),
    ("150 borrowers, one branch", ["library", "--borrowers", "150", "--branches", "1"], 5_000, ""),
    ("800 borrowers, two branches", ["library", "--borrowers", "800", "--branches", "2"], 20_000, ""),
    ("a town of 8,000, four branches", ["library", "--borrowers", "8000", "--branches", "4"], 200_000, TOGETHER),
]


def make(program, fixtures, folder, what, lines, together):
    """Makes a site, gives it the exports of a night, and runs that night. What a person should look at is accepted."""
    shutil.rmtree(folder, ignore_errors=True)
    run([program, "init", folder, "--ils", "koha", "--with", "ezproxy"])
    policy = Path(folder) / "policy.toml"
    text = policy.read_text()
    text = re.sub(r'^authorization = ""', 'authorization = "RC-001"', text, flags=re.M)
    if together:
        text = text.replace("[release]\n", f"[release]\nplaces = {together}\n")
    policy.write_text(text)
    inbox = Path(folder) / "inbox"
    run([fixtures, what[0], inbox, *what[1:], "--as-of", DAY])
    run([fixtures, "bench-logs", inbox, "--lines", str(lines), "--as-of", DAY])
    (inbox / "needles.txt").unlink()
    night = datetime.fromisoformat(f"{DAY}T00:00:00").replace(tzinfo=ZoneInfo("America/New_York")).timestamp()
    for path in inbox.iterdir():
        # A log is finished when its month is.
        finished = re.search(r"ezproxy-(\d{4})-(\d\d)", path.name)
        at = night if not finished else month_after(int(finished[1]), int(finished[2]))
        os.utime(path, (at, at))
    options = ["--site", folder, "--as-of", DAY]
    digest = json.loads(run([program, "plan", *options, "--json"]))["digest"]
    run([program, "run", *options, "--accept", digest])


def month_after(year, month):
    return datetime(year + month // 12, month % 12 + 1, 1, 1, tzinfo=ZoneInfo("America/New_York")).timestamp()


def run(command):
    """Code 1: a person should look."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout
