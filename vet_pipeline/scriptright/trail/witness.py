"""What is kept outside the database, so that whoever rules the database can't unsay it.

Layout, under VET_PIPELINE_WITNESS (a folder or an fsspec address), else `<home>/witness`: a folder
for each practice, n in ten digits.

- `head-<n>.json`: the audit chain's head after entry n;
- `confirmation-<n>.json`: the n-th attempt to send the confirmation was begun;
- `paused-<n>.json` (with such a head), `resumed-<n>.json`: the n-th word on whether it is read;
- `offboarded.json`: it has left.

Files are written once, never changed, and signed with a key that the database doesn't hold: put
them where files can't be deleted (object lock) for full effect.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import fsspec

from vet_pipeline.errors import UsageError
from vet_pipeline.scriptright.postgres.server import home_path
from vet_pipeline.secret_key import VARIABLE as KEY_VARIABLE
from vet_pipeline.secret_key import derived_key
from vet_pipeline.snapshots.files import AtomicFile, is_there, names_in, translate_os_errors
from vet_pipeline.snapshots.names import PRACTICE_ID

VARIABLE = "VET_PIPELINE_WITNESS"
PLACE = f"the witness ({VARIABLE}, else the home's)"  # as errors name it
OFFBOARDED = "offboarded"
_READING = "reading what is kept outside the database"
_HEAD = re.compile(r"head-(\d{10})\.json")
_ATTEMPT = re.compile(r"confirmation-(\d{10})\.json")
_PAUSE = re.compile(r"(paused|resumed)-(\d{10})\.json")


class Forged(Exception):
    """A file of the witness doesn't carry our signature."""


class Witness:
    """Write-once documents by practice; none holds a value of a record."""

    def __init__(self, url: str | os.PathLike[str], key: Callable[[], bytes]) -> None:
        try:
            self.fs, root = fsspec.core.url_to_fs(os.fspath(url))
        except (ValueError, ImportError):
            raise UsageError(
                f"the address in {VARIABLE} can't be used",
                next_step="set it to a folder or an fsspec address whose protocol is installed",
            ) from None
        self.root, self._key = str(root).rstrip("/"), key

    @classmethod
    def of_home(cls, home: Path | None = None) -> Witness:
        """The witness of this home, by the environment."""
        shared = os.environ.get(VARIABLE, "").strip()
        snapshots = os.environ.get("VET_PIPELINE_SNAPSHOTS", "").strip()
        if shared and snapshots and _whole(shared) == _whole(snapshots):
            raise UsageError(
                f"{VARIABLE} and VET_PIPELINE_SNAPSHOTS name one place: whoever leaves is erased there",
                next_step=f"give {VARIABLE} a folder or an address of its own, and move there the .json"
                " files of each practice's folder, and nothing else: without them the trail is lost",
            )
        place = (home or (Path() if shared else home_path())).resolve()
        return cls(shared or place / "witness", partial(_key_of, place, shared=bool(shared)))

    def put(self, practice_id: str, name: str, document: Mapping[str, Any]) -> None:
        """Keep a document under a name that isn't taken yet; one that is there stays as it is."""
        path = self._path(practice_id, name)
        if is_there(self.fs, path, practice_id, place=PLACE):
            return
        what = "writing what is kept outside the database"
        with translate_os_errors(practice_id, what, place=PLACE):  # the key may have to be made
            text = json.dumps({**document, "signature": self._sign(practice_id, name, document)})
            with AtomicFile(self.fs, path) as file:
                file.write(text.encode())

    def get(self, practice_id: str, name: str) -> dict[str, Any] | None:
        """The document, None when there is none; raises Forged when it isn't ours."""
        with translate_os_errors(practice_id, _READING, place=PLACE):
            try:
                content = self.fs.cat_file(self._path(practice_id, name))
            except FileNotFoundError:
                return None
        return self._ours(practice_id, name, content)

    def has(self, practice_id: str, name: str) -> bool:
        """Whether a document is there, ours or not.

        Raises SnapshotStoreFull or SnapshotStoreUnavailable where nobody can look: that isn't the
        same as nothing there.
        """
        return f"{name}.json" in self._names(practice_id)

    def heads(self, practice_id: str) -> list[int]:
        """After which entries the head of the practice's chain was kept, in order."""
        return self._numbers(practice_id, _HEAD)

    def kept_heads(self, practice_id: str) -> dict[int, dict[str, Any] | None]:
        """What is kept of these heads, in order; None for one that isn't ours.

        The folder is looked through once, and the files of a place elsewhere are read at once: one
        by one the time grows by the square of their number, and there is a head for each day and
        load.
        """
        numbers = self.heads(practice_id)
        paths = [self._path(practice_id, head_name(n)) for n in numbers]
        with translate_os_errors(practice_id, _READING, place=PLACE):
            contents = self.fs.cat_ranges(paths, None, None)  # an error in the place of its content
            for content in contents:
                if isinstance(content, BaseException):
                    raise content
        kept: dict[int, dict[str, Any] | None] = {}
        for n, content in zip(numbers, contents, strict=True):
            try:
                kept[n] = self._ours(practice_id, head_name(n), content)
            except Forged:
                kept[n] = None
        return kept

    def attempts(self, practice_id: str) -> list[int]:
        """Which attempts to send the practice's confirmation were begun, in order."""
        return self._numbers(practice_id, _ATTEMPT)

    def pause(self, practice_id: str) -> dict[str, Any] | None:
        """What was kept with the pause that is the last word of it; None: none, or it was resumed.

        Raises Forged when it isn't ours.
        """
        n, is_paused = self._last_pause(practice_id)
        return self.get(practice_id, f"paused-{n:010d}") if is_paused else None

    def keep_pause(self, practice_id: str, entry: Mapping[str, Any]) -> None:
        """Keep that the practice is paused, with the head of its trail by then."""
        n = self._last_pause(practice_id)[0] + 1
        self.put(practice_id, f"paused-{n:010d}", entry)

    def keep_resumption(self, practice_id: str) -> None:
        """Keep that it is paused no more; of one that isn't nothing is kept."""
        n, is_paused = self._last_pause(practice_id)
        if is_paused:
            self.put(practice_id, f"resumed-{n + 1:010d}", {"practice": practice_id, "n": n + 1})

    def practices(self) -> list[str]:
        """Practices with anything kept."""
        names = names_in(self.fs, self.root, None, place=PLACE)
        return sorted(name for name in names if PRACTICE_ID.fullmatch(name))

    def _numbers(self, practice_id: str, name: re.Pattern[str]) -> list[int]:
        found = map(name.fullmatch, self._names(practice_id))
        return sorted(int(match[1]) for match in found if match)

    def _names(self, practice_id: str) -> list[str]:
        return names_in(self.fs, f"{self.root}/{practice_id}", practice_id, place=PLACE)

    def _last_pause(self, practice_id: str) -> tuple[int, bool]:
        """The number of the last word of pauses, 0 for none, and whether it is one."""
        found = filter(None, map(_PAUSE.fullmatch, self._names(practice_id)))
        return max(((int(word[2]), word[1] == "paused") for word in found), default=(0, False))

    def _path(self, practice_id: str, name: str) -> str:
        return f"{self.root}/{practice_id}/{name}.json"

    def _ours(self, practice_id: str, name: str, content: bytes) -> dict[str, Any]:
        """The document in a file's content; raises Forged unless we have signed it."""
        try:
            document: dict[str, Any] = json.loads(content)
            signature = str(document.pop("signature")).encode(errors="replace")
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Forged(name) from None
        if not hmac.compare_digest(signature, self._sign(practice_id, name, document).encode()):
            raise Forged(name)
        return document

    def _sign(self, practice_id: str, name: str, document: Mapping[str, Any]) -> str:
        said = json.dumps([practice_id, name, document], sort_keys=True, separators=(",", ":"))
        return hmac.new(self._key(), said.encode(), hashlib.sha256).hexdigest()


def _key_of(home: Path, *, shared: bool) -> bytes:
    """The signing key; a place that machines share needs the key that they share."""
    if shared and not os.environ.get(KEY_VARIABLE, "").strip():
        raise UsageError(
            f"{VARIABLE} is set, but {KEY_VARIABLE} isn't: each machine would sign with its own key",
            next_step=f"set {KEY_VARIABLE} to the same secret on every machine: docs/security.md",
        )
    return derived_key(home, "witness")


def _whole(place: str) -> str:
    """A place's address, or its path without links and turns."""
    path = place.removeprefix("file://")
    return place.rstrip("/") if "://" in path else os.path.realpath(path)


def attempt_name(n: int) -> str:
    """The name of the document that says that the n-th attempt was begun."""
    return f"confirmation-{n:010d}"


def head_name(n: int) -> str:
    """The name of the document that holds the chain's head after entry n."""
    return f"head-{n:010d}"
