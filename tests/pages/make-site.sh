#!/bin/sh
# Makes a site in FOLDER and runs its night, as `make demo` does, for the sake of its pages.
#
#   make-site.sh BIN FOLDER DAY
set -eu
bin=$1 site=$2 day=$3
looked() { "$@" || [ $? -eq 1 ]; }
# Where the clock is behind the demo's night, tonight: a run never retires ahead of time.
today=$(TZ=EST5EDT date +%Y-%m-%d)
if [ "$(echo "$today" | tr -d -)" -lt "$(echo "$day" | tr -d -)" ]; then day=$today; fi
rm -rf "$site"
"$bin/afterloan" init "$site" --ils koha --name "Millbrook Public Library" > /dev/null
sed -e 's/^statute = ""/statute = "Example Statutes § 1-25"/' -e 's/^schedule = ""/schedule = "M11"/' \
    -e 's/^authorization = ""/authorization = "RC-001 of 2026-09-12"/' "$site/policy.toml" > "$site/policy.new"
mv "$site/policy.new" "$site/policy.toml"
"$bin/afterloan-fixtures" demo "$site/inbox" --as-of "$day" > /dev/null
TZ=EST5EDT touch -t "$(echo "$day" | tr -d -)0000" "$site"/inbox/*
digest=$(looked "$bin/afterloan" plan --site "$site" --as-of "$day" --json | sed -n 's/^  "digest": "\([0-9a-f]*\)".*/\1/p')
looked "$bin/afterloan" run --site "$site" --as-of "$day" --accept "$digest" > /dev/null
