"""Looks for texts in every byte of a site outside inbox/ and state/, parquet pages decompressed.

    python needles.py NEEDLES SITE < what was printed

Prints how much was searched, and what was found where, as JSON.
"""

import json
import struct
import sys
from pathlib import Path

import zstandard

FIRST = 6


class Needles:
    """Texts, by their first six bytes. Shorter ones would be found in any compressed byte sooner or later."""

    def __init__(self, texts):
        self.by_first: dict[bytes, set[bytes]] = {}
        for text in texts:
            needle = text.lower().encode()
            if len(needle) >= FIRST:
                self.by_first.setdefault(needle[:FIRST], set()).add(needle)

    def __len__(self):
        return sum(map(len, self.by_first.values()))

    def find(self, layer: bytes) -> list[bytes]:
        """The needles in a piece, which is in lower case."""
        found = []
        for start in range(0, len(layer), 1 << 20):
            part = layer[start:start + (1 << 20) + FIRST]
            for first in {part[at:at + FIRST] for at in range(len(part))} & self.by_first.keys():
                found += [needle for needle in self.by_first[first] if needle in layer]
        return sorted(set(found))


def layers(path: Path) -> list[bytes]:
    """A file's bytes, its name, and of parquet every page decompressed."""
    data = path.read_bytes()
    pieces = [data, str(path).encode()]
    if path.suffix == ".parquet":
        pieces += pages(data)
    return pieces


ZSTD = b"\x28\xb5\x2f\xfd"


def pages(data: bytes) -> list[bytes]:
    """Each page of a parquet file is a zstd frame, dictionaries included. Whatever begins like one is tried."""
    pages, at = [], data.find(ZSTD)
    while at >= 0:
        try:
            pages.append(zstandard.ZstdDecompressor().decompressobj().decompress(data[at:]))
        except zstandard.ZstdError:
            pass
        at = data.find(ZSTD, at + 1)
    footer = struct.unpack("<I", data[-8:-4])[0]
    if data[-4:] != b"PAR1" or footer > len(data) or not pages:
        raise SystemExit("a parquet file isn't what it should be: nothing in it could be searched")
    return pages


def main(needles: Path, site: Path) -> None:
    needles = Needles(needles.read_text().splitlines())
    # They would be found: they are where they may be.
    log = next((site / "inbox").glob("*.log"))
    with log.open("rb") as file:
        if not needles.find(file.read(1 << 20).lower()):
            sys.exit("no needle is found even in the inbox: the search is at fault")
    places = [("the terminal", sys.stdin.buffer.read())]
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site)
        if path.is_file() and name.parts[0] not in ("inbox", "state"):
            places += [(str(name), layer) for layer in layers(path)]
    found = [(place, needle.decode()) for place, layer in places for needle in needles.find(layer.lower())]
    searched = sum(len(layer) for _, layer in places)
    print(json.dumps({"needles": len(needles), "pieces": len(places), "bytes": searched, "found": found}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
