"""What analysts lose: two versions of the program on the same made-up libraries, what is published beside what is true.

    compare.py BEFORE AFTER FIXTURES FOLDER

Prints Markdown. Sites are made in FOLDER. Published figures are read from `public/` alone, true ones from the exports.
"""

import sys
import tomllib
from pathlib import Path

import questions
import shares
import sites
import truth
from public import Public

before, after, fixtures, folder = sys.argv[1:]
folder = Path(folder)
folder.mkdir(parents=True, exist_ok=True)
first_unsettled = truth.first_of_month("2026-10")

for at, (name, what, lines, together) in enumerate(sites.LIBRARIES):
    for side, program, groups in (("before", before, ""), ("after", after, together)):
        sites.make(program, fixtures, folder / f"{side}-{at}", what, lines, groups)
    inbox = folder / f"after-{at}" / "inbox"
    loans = truth.transactions(inbox, "loan", first_unsettled)
    holds = truth.transactions(inbox, "hold", first_unsettled)
    pipeline = tomllib.loads((folder / f"after-{at}" / "pipelines" / "ezproxy-access.toml").read_text())
    declared = next(one for one in pipeline["publish"] if one["name"] == "platform")["treatment"]["platform"]
    requests = truth.requests(inbox, declared, first_unsettled)
    sides = [{kind: Public(folder / f"{side}-{at}" / "public", kind) for kind in ("loan", "hold", "access")}
             for side in ("before", "after")]

    print(f"## {name[0].upper()}{name[1:]}\n")
    print(f"{len(loans):,} loans, {len(holds):,} holds and {sum(requests.values()):,} requests of settled months.\n")
    print("Share of loans that keep a value, in per cent: as it is / or coarser (a week, a run of ages or hours, a group)\n")
    print("| | First model | This one |\n|---|---|---|")
    kept = [shares.kept(side["loan"], loans) for side in sides]
    for column in shares.COLUMNS:
        print(f"| {column} | {kept[0][column]} | {kept[1][column]} |")
    print("\n| Question | True | First model | This one |\n|---|---|---|---|")
    for question, true, answers in questions.all_of(sides, loans, holds, requests):
        print(f"| {question} | {true} | {answers[0]} | {answers[1]} |")
    print()
