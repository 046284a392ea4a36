//! Every text of a site's open zones, as an attacker would dig it out: raw bytes, decompressed parquet pages, cells.
