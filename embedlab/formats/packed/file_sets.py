"""Files given together, or a folder of them: a model's weights and its tokenizer, a matrix and its words."""

import os
import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from embedlab.formats.limits import Limits, refusal, shown_name
from embedlab.formats.packed.archive import Archive, Member
from embedlab.formats.packed.compression import from_packed
from embedlab.formats.packed.source import Source, open_file
from embedlab.wording import counted

_DEEPEST = 3  # folders in folders that are looked into


class FileSet(Archive):
    """Files that belong together; compressed ones are unpacked.

    Args:
        files: each with its name, in any order.
        stack: closes what is opened here.

    Raises VectorFileError: too many, or one that cannot be opened.
    """

    def __init__(
        self, files: Sequence[tuple[str, Path | BinaryIO]], stack: ExitStack, *, noun: str, name: str, limits: Limits
    ) -> None:
        super().__init__(noun, name=name, limits=limits)
        if not files:
            raise refusal(name, f"there is no file in the {noun}", "Give the files that hold the vectors.")
        self.check_count(len(files))
        opened = [(own, stack.enter_context(open_file(file, limits=limits, name=own))) for own, file in files]
        self.list_members([(own, file, length) for own, (file, length) in opened])

    def open(self, member: Member) -> Source:
        return from_packed(member.handle, member.bytes or 0, name=member.name, limits=self.limits)


def files_below(folder: Path, limits: Limits) -> list[tuple[str, Path]]:
    """The files of a folder and of those in it, by their path from there.

    Of a model in the Hugging Face cache (``models--owner--name``) they are those of the snapshot that ``main`` names,
    or of the latest; of the cache itself, those of each model.

    Raises VectorFileError: too many files, or a folder that cannot be read.
    """
    name = folder.name
    try:
        found: list[tuple[str, Path]] = []
        for model in _models(folder):
            top = _snapshot(model)
            before = "" if model.parent != folder else f"{model.name}/"
            for root, folders, names in os.walk(top):
                depth = len(Path(root).relative_to(top).parts)
                folders[:] = sorted(f for f in folders if not f.startswith((".", "__"))) if depth < _DEEPEST else []
                files = [Path(root, file) for file in sorted(names) if not file.startswith(".")]
                found += [(before + file.relative_to(top).as_posix(), file) for file in files if file.is_file()]
            if len(found) > limits.zip_entries:
                raise refusal(
                    name,
                    f"the folder holds {counted(len(found), 'file')} or more",
                    f"At most {limits.zip_entries} are looked at: give the folder of one model, or its files.",
                )
    except OSError as error:
        raise refusal(name, f"the folder cannot be read ({error.strerror})", "Check that it may be read.") from None
    if not found:
        raise refusal(name, "the folder is empty", "Give a folder that holds a vector file.")
    return found


def _models(folder: Path) -> list[Path]:
    """The cached models in a folder, or the folder itself, a model or not."""
    cached = [model for model in sorted(folder.glob("models--*")) if (model / "snapshots").is_dir()]
    return cached or [folder]


def _snapshot(cached: Path) -> Path:
    """The folder of a cached model's files."""
    if not (cached / "snapshots").is_dir():
        return cached
    main = cached / "refs" / "main"
    revision = main.read_text("utf-8", "replace").strip() if main.is_file() else ""
    if re.fullmatch(r"\w+", revision) and (named := cached / "snapshots" / revision).is_dir():
        return named
    found = [folder for folder in (cached / "snapshots").iterdir() if folder.is_dir()]
    if not found:
        raise refusal(shown_name(cached.name), "no snapshot of the model is there", "Download the model again.")
    return max(found, key=lambda folder: folder.stat().st_mtime)
