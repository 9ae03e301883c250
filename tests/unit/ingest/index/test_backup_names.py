"""Whatever an archive's members are called, and whatever they are, they stay in their folder."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import SettingsError
from ingest.index import backup
from ingest.index.backup import DATABASES, GENERATION, INVENTORY

PARTS = st.sampled_from(
    [
        *(
            "..",
            ".",
            "",
            "/",
            "//",
            "\\",
            "..\\",
            "C:",
            "~",
            "inner",
            "outside",
            "\u2025",
            "%2e%2e",
        ),
        *(GENERATION, INVENTORY, *DATABASES, "manifest.json", "catalog.db", " ", "\n", "a" * 300),
    ]
)
NAMES = st.one_of(
    st.lists(PARTS, min_size=1, max_size=5).map("/".join),
    st.lists(PARTS, max_size=4).map(lambda parts: "/".join([GENERATION, *parts])),
)
TYPES = st.sampled_from(
    [tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE]
)
MEMBERS = st.lists(st.tuples(NAMES, TYPES, NAMES), min_size=1, max_size=6)
SECRET = "nobody's business"


def archive(file: Path, members: list[tuple[str, bytes, str]]) -> None:
    """Write an archive of members with a name, a type, and where they lead as links."""
    with tarfile.open(file, "w", format=tarfile.PAX_FORMAT) as made:
        for name, kind, target in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname, member.mode = kind, target, 0o777
            content = b"written" if kind == tarfile.REGTYPE else b""
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))


def extracted(write: Callable[[Path], None]) -> tuple[list[str], list[Path], str]:
    """Return what lies beside the folder that an archive goes into, what is in it, and a secret."""
    with tempfile.TemporaryDirectory() as made:
        outer = Path(made, "a", "b")
        inner = outer / "inner"
        inner.mkdir(parents=True)
        (outer / "outside").write_text(SECRET)
        file = Path(made, "index.tar")
        write(file)
        with pytest.raises(SettingsError):
            backup._extract(file, inner)
        above = [path.name for place in (outer, outer.parent) for path in place.iterdir()]
        links = [path for path in inner.rglob("*") if path.is_symlink() or path.is_fifo()]
        return sorted(above), links, (outer / "outside").read_text()


@settings(max_examples=300)
@given(MEMBERS)
def test_no_member_of_an_archive_leads_outside(members: list[tuple[str, bytes, str]]) -> None:
    beside, links, secret = extracted(lambda file: archive(file, members))

    assert (beside, links, secret) == (["b", "inner", "outside"], [], SECRET)


@settings(max_examples=200)
@given(st.dictionaries(NAMES, st.just("0" * 64), min_size=1, max_size=4))
def test_names_of_an_inventory_are_those_of_the_databases_or_none(listed: dict[str, str]) -> None:
    def write(file: Path) -> None:
        content = json.dumps({"databases": listed}).encode()
        with tarfile.open(file, "w") as made:
            member = tarfile.TarInfo(INVENTORY)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))

    beside, links, secret = extracted(write)

    assert (beside, links, secret) == (["b", "inner", "outside"], [], SECRET)
