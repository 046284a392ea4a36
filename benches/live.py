"""A live Koha on a MariaDB of the benchmark's own: reading by table beside reading the same from files, and a purge.

    python3 benches/live.py --afterloan target/release/afterloan [--rows 5000000] [--purge 100000]

Prints wall clock, processor time of afterloan and its peak memory (RSS of the whole process), for reading both ways in turn; then
what the purge of some loans takes, with the longest of its batches. Needs MariaDB (mariadbd, mariadb-install-db, mariadb).
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent.parent
PATH = os.environ["PATH"] + ":/usr/sbin"


def program(name):
    found = shutil.which(name, path=PATH)
    if not found:
        raise SystemExit(f"{name} isn't installed; on Debian: apt-get install mariadb-server")
    return found


class Server:
    def __init__(self, folder):
        self.socket = folder / "socket"
        me = subprocess.check_output(["id", "-un"], text=True).strip()
        subprocess.run(
            [program("mariadb-install-db"), "--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db",
             f"--user={me}", f"--datadir={folder}/data"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [program("mariadbd"), "--no-defaults", "--skip-networking", f"--user={me}", f"--datadir={folder}/data",
             f"--socket={self.socket}", "--innodb-buffer-pool-size=1G", "--innodb-flush-log-at-trx-commit=1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while subprocess.run([*self.client(""), "--execute", "SELECT 1"], capture_output=True).returncode:
            time.sleep(0.2)
        self.run("CREATE DATABASE koha CHARACTER SET utf8mb4", "")

    def client(self, database="koha"):
        return [program("mariadb"), "--no-defaults", "--user=root", f"--socket={self.socket}"] + ([database] if database else [])

    def run(self, sql, database="koha"):
        subprocess.run([*self.client(database), "--batch"], input=sql, text=True, check=True)

    def export(self, table, path):
        with open(path, "wb") as out:
            query = subprocess.Popen([*self.client(), "--batch", "--quick", "--execute", f"SELECT * FROM {table}"], stdout=subprocess.PIPE)
            for line in query.stdout:
                out.write(line.replace(b"\t", b","))
            assert query.wait() == 0

    def stop(self):
        self.process.terminate()
        self.process.wait()


def fill(server, rows, due):
    """`rows` returned loans, most of them of patrons who want their history kept: so that `due` of them are due."""
    server.run((HERE / "tests/servers/koha.sql").read_text())
    kept = rows - due
    server.run(f"""
SET foreign_key_checks = 0, unique_checks = 0;
INSERT INTO categories VALUES ('AD', 'A');
INSERT INTO borrowers (borrowernumber, cardnumber, userid, surname, branchcode, categorycode, privacy)
  SELECT 1000000 + seq, CONCAT('C', seq), CONCAT('u', seq), CONCAT('Name', seq), 'MAIN', 'AD', IF(seq <= 50000, 0, 1)
    FROM seq_1_to_60000;
INSERT INTO items (itemnumber, biblionumber, barcode, homebranch, itype, ccode)
  SELECT 5000000 + seq, seq, CONCAT('B', seq), 'MAIN', 'BK', 'FIC' FROM seq_1_to_500000;
INSERT INTO old_issues (issue_id, borrowernumber, issuer_id, itemnumber, branchcode, issuedate, returndate, timestamp)
  SELECT 20000000 + seq, IF(seq <= {kept}, 1000001 + seq % 50000, 1050001 + seq % 10000), NULL, 5000001 + seq % 500000, 'MAIN',
         '2026-01-01 10:00:00' + INTERVAL seq * 3 SECOND, '2026-01-15 10:00:00' + INTERVAL seq * 3 SECOND,
         '2026-01-15 10:00:00' + INTERVAL seq * 3 SECOND
    FROM seq_1_to_{rows};
INSERT INTO statistics (datetime, branch, type, other, itemnumber, borrowernumber)
  SELECT issuedate, 'MAIN', 'issue', NULL, itemnumber, borrowernumber FROM old_issues WHERE issue_id > {20000000 + rows - 1000000};
INSERT INTO statistics (datetime, branch, type, other, itemnumber, borrowernumber)
  SELECT returndate, 'MAIN', 'return', NULL, itemnumber, borrowernumber FROM old_issues WHERE issue_id > {20000000 + rows - 1000000};
INSERT INTO action_logs (timestamp, user, module, action, object, info, interface)
  SELECT issuedate, 1, 'CIRCULATION', 'ISSUE', borrowernumber, itemnumber, 'intranet' FROM old_issues WHERE issue_id > {20000000 + rows - 1000000};
INSERT INTO action_logs (timestamp, user, module, action, object, info, interface)
  SELECT returndate, 1, 'CIRCULATION', 'RETURN', borrowernumber, itemnumber, 'intranet' FROM old_issues WHERE issue_id > {20000000 + rows - 1000000};
ANALYZE TABLE borrowers, items, old_issues, statistics, action_logs;
""")


def timed(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begun
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        raise SystemExit(f"{command} ended with {code}:\n{out}")
    cpu = usage.ru_utime + usage.ru_stime
    print(f"  {wall:6.1f} s, processor {cpu:6.1f} s, memory {usage.ru_maxrss / 1024:6.0f} MiB", flush=True)
    del before
    return out


def site(afterloan, folder, live):
    subprocess.run([afterloan, "init", folder, "--ils", "koha", "--timezone", "UTC"], check=True, stdout=subprocess.DEVNULL)
    (folder / "pipelines/koha-holds.toml").unlink()
    policy = (folder / "policy.toml").read_text()
    policy = re.sub(r'authorization = ""', 'authorization = "a benchmark"', policy)
    (folder / "policy.toml").write_text(policy)
    if live:
        text = f'[database]\nkind = "mariadb"\nhost = "{live}"\nname = "koha"\nreader = "root"\npurger = "root"\ntimezone = "SYSTEM"\n'
        (folder / "system.toml").write_text(text)
        (folder / "system.toml").chmod(0o600)
    return folder


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("--afterloan", required=True, type=pathlib.Path)
    asked.add_argument("--rows", type=int, default=5_000_000)
    asked.add_argument("--purge", type=int, default=100_000)
    asked.add_argument("--rounds", type=int, default=2)
    given = asked.parse_args()
    afterloan = given.afterloan.resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = Server(folder)
        try:
            fill(server, given.rows, given.purge)
            tables, files = site(afterloan, folder / "tables", server.socket), site(afterloan, folder / "files", None)
            for table in ["issues", "old_issues", "borrowers", "items", "accountlines", "return_claims"]:
                server.export(table, files / f"inbox/{table}-1.csv")
                if not (files / f"inbox/{table}-1.csv").stat().st_size:
                    columns = subprocess.check_output([*server.client(), "--batch", "--skip-column-names", "--execute",
                        f"SELECT column_name FROM information_schema.columns WHERE table_schema = 'koha' AND table_name = '{table}' ORDER BY ordinal_position"], text=True)
                    (files / f"inbox/{table}-1.csv").write_text(columns.strip().replace("\n", ",") + "\n")
            for _ in range(given.rounds):
                print(f"{given.rows:,} loans from files:", flush=True)
                timed([afterloan, "plan", "--site", files, "--json"])
                print(f"{given.rows:,} loans by table:", flush=True)
                plan = timed([afterloan, "plan", "--site", tables, "--json"])
            digest = json.loads(plan[plan.index("{"):])["digest"]
            print("a run by table:", flush=True)
            timed([afterloan, "run", "--site", tables, "--accept", digest, "--json"])
            print(f"a purge of {given.purge:,} loans:", flush=True)
            purged = timed([afterloan, "purge", "--site", tables, "--json"])
            purged = json.loads(purged[purged.index("{"):])
            for one in purged["pipelines"]:
                rows = {trace["name"]: (trace["severed"], trace["left"]) for trace in one["traces"] if trace["severed"]}
                print(f"  {one['name']}: {one['done']:,} of {one['asked']:,}; severed, left: {rows}")
                print(f"  {one['batches']} batches, the longest held its locks for {one['longest_ms']} ms")
        finally:
            server.stop()


if __name__ == "__main__":
    main()
