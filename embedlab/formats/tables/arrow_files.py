"""Arrow and Parquet files, opened: what they state of their sizes is read and checked before pyarrow reads their rows.

pyarrow ends the whole process when it is asked for some parts of a damaged Parquet footer, and unpacks whatever a file
holds. So the footer and the headers of pages (Thrift's compact protocol) and the messages of a stream (flatbuffers) are
looked at here first.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, Literal

from embedlab.formats.limits import KEEP_FEWER, MB, UNTRUSTED, size
from embedlab.formats.packed.source import CUT_OFF, Source
from embedlab.wording import counted

Kind = Literal["parquet", "arrow", "arrow-stream"]
SAVE_AGAIN = "Get the file again, or write it anew with pyarrow."
_MOST_COLUMNS = 10_000
_MARK = b"ARROW1"
_MOST_STRUCTS = 300_000  # of a Parquet footer; a column has three in each group of rows
_PAGE_HEADER = 1 << 16  # bytes that hold the header of a page with its statistics


class ParquetTable:
    """A Parquet file; text comes as dictionaries, so that a value which is repeated takes its memory once.

    Attributes:
        schema: of Arrow.
        count: rows, as the file states them.
    """

    ended = True

    def __init__(self, file: BinaryIO, source: Source) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._file, self.source = file, source
        self._groups, self.count = self._read_footer()
        file.seek(0)
        self.schema = pq.read_schema(file)
        _check_schema(self.schema, source)
        texts = [field.name for field in self.schema if is_text(field.type) and not pa.types.is_dictionary(field.type)]
        file.seek(0)
        self._parquet = pq.ParquetFile(file, read_dictionary=texts, pre_buffer=False, buffer_size=MB)

    def batches(self, positions: Sequence[int], rows: int) -> Iterator[Any]:
        """Record batches of these columns."""
        names = [self.schema.names[i] for i in positions]
        for group, rows_of_group in self._groups:
            self._check_group(group, rows_of_group, set(names))
        yield from self._parquet.iter_batches(batch_size=rows, columns=names, use_threads=False)

    def _read_footer(self) -> tuple[list[tuple[list["_Struct"], int]], int]:
        """The columns of each group of rows with its number of rows, and the rows in all.

        Format: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
        """
        length = self._file.seek(0, 2)
        self._file.seek(max(0, length - 8))
        footer, mark = struct.unpack("<I4s", self._file.read(8)) if length >= 12 else (0, b"")
        if mark == b"PARE":
            raise self._encrypted()
        if mark != b"PAR1" or footer > length - 12:
            raise self.source.refusal("the table is damaged or cut off: its end is missing", CUT_OFF)
        if footer > 16 * MB:
            raise self.source.too_large(f"a footer of {size(footer)}", "Write the table with fewer columns.")
        self._file.seek(length - 8 - footer)
        about = _Thrift(self._file.read(footer)).struct()
        count, groups = about.number(3), []
        if 8 in about:
            raise self._encrypted()
        if not 0 <= count <= self.source.limits.all_rows:
            raise self.source.too_large(
                f"{counted(count, 'row')}, and at most {self.source.limits.all_rows:,} are allowed", KEEP_FEWER
            )
        for group in about.structs(4):
            chunks = []
            for chunk in group.structs(1):
                if 8 in chunk or 9 in chunk:
                    raise self._encrypted()
                chunks.append(chunk.struct(3))
            groups.append((chunks, group.number(3)))
        if any(rows < 0 for _, rows in groups) or sum(rows for _, rows in groups) != count:
            raise self.source.refusal("the table is damaged: its groups of rows do not add up", SAVE_AGAIN)
        return groups, count

    def _encrypted(self) -> Exception:
        return self.source.refusal("the table is encrypted", "Write it without encryption.")

    def _check_group(self, chunks: "list[_Struct]", rows: int, names: set[str]) -> None:
        """Refuses a group of rows whose pages hold or unpack to more than the limits allow."""
        limits, packed, unpacked = self.source.limits, 0, 0
        for chunk in chunks:
            path = [part.decode("utf-8", "replace") for part in chunk.binaries(3)]
            if not path or (path[0] not in names and ".".join(path) not in names):
                continue
            values = chunk.number(5)
            if values > rows * limits.dimensions or values * 4 > limits.memory_bytes:
                raise self.source.too_large(
                    f"{values:,} values in {counted(rows, 'row')} of one column",
                    f"At most {limits.dimensions:,} dimensions and {size(limits.memory_bytes)} are allowed.",
                )
            in_pages, of_pages = self._pages(chunk)
            if in_pages != values:
                raise self.source.refusal("the table is damaged: its pages do not add up", SAVE_AGAIN)
            packed, unpacked = packed + chunk.number(7), unpacked + of_pages
        _check_unpacked(unpacked, packed, self.source)

    def _pages(self, chunk: "_Struct") -> tuple[int, int]:
        """Values in the pages of a column, and the bytes that they unpack to, as their headers state them."""
        start = chunk.number(9)
        if 0 < chunk.number(11) < start:
            start = chunk.number(11)
        values = unpacked = 0
        at, end = start, start + chunk.number(7)
        if start < 4:
            raise ValueError("pages before the start of the file")
        while at < end and values < chunk.number(5):
            self._file.seek(at)
            thrift = _Thrift(self._file.read(_PAGE_HEADER))
            header = thrift.struct()
            if header.number(2) < 0 or header.number(3) < 0:
                raise ValueError("a page of less than no bytes")
            unpacked += header.number(2)
            values += sum(header.struct(field).number(1) for field in (5, 8) if field in header)
            at += thrift.at + header.number(3)
        return values, unpacked


class _Struct(dict[int, Any]):
    """Fields of a Thrift struct by their numbers. Raises ValueError: one is of another type, or a struct is missing."""

    def number(self, field: int) -> int:
        value = self.get(field, 0)
        if not isinstance(value, int):
            raise ValueError("no number")
        return value

    def struct(self, field: int) -> "_Struct":
        value = self.get(field)
        if not isinstance(value, _Struct):
            raise ValueError("no struct")
        return value

    def structs(self, field: int) -> "list[_Struct]":
        return [value for value in self._items(field) if isinstance(value, _Struct) or self._wrong()]

    def binaries(self, field: int) -> list[bytes]:
        return [value for value in self._items(field) if isinstance(value, bytes) or self._wrong()]

    def _items(self, field: int) -> list[Any]:
        value = self.get(field, [])
        if not isinstance(value, list):
            raise ValueError("no list")
        return value

    def _wrong(self) -> bool:
        raise ValueError("a list of another type")


class _Thrift:
    """Reads Thrift's compact protocol. Raises ValueError, IndexError, RecursionError: damaged.

    Format: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = self._structs = 0

    def struct(self) -> _Struct:
        found, field = _Struct(), 0
        self._structs += 1
        if self._structs > _MOST_STRUCTS:
            raise ValueError("too many structs")
        while (head := self._byte()) != 0:
            field = field + (head >> 4) if head >> 4 else self._signed()
            found[field] = bool(head & 15 == 1) if head & 15 in (1, 2) else self._value(head & 15)
        return found

    def _value(self, kind: int) -> Any:
        if kind in (1, 2, 3):
            return self._byte()
        if kind in (4, 5, 6):
            return self._signed()
        if kind == 7:
            return self._bytes(8)
        if kind == 8:
            return self._bytes(self._unsigned())
        if kind in (9, 10):
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._unsigned()
            return [self._value(head & 15) for _ in range(self._checked(count))]
        if kind == 11:
            count = self._checked(self._unsigned())
            kinds = self._byte() if count else 0
            return [(self._value(kinds >> 4), self._value(kinds & 15)) for _ in range(count)]
        if kind == 12:
            return self.struct()
        raise ValueError("an unknown type")

    def _checked(self, count: int) -> int:
        if count > len(self._data) - self.at:
            raise ValueError("more items than bytes")
        return count

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _bytes(self, count: int) -> bytes:
        self._checked(count)
        self.at += count
        return self._data[self.at - count : self.at]

    def _unsigned(self) -> int:
        value = shift = 0
        while shift < 70:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
        raise ValueError("a number of too many bytes")

    def _signed(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)


class StreamTable:
    """An Arrow stream, or the one that an Arrow file holds between its marks."""

    def __init__(self, file: BinaryIO, source: Source, kind: Kind) -> None:
        import pyarrow as pa

        self._file, self.source = file, source
        length = file.seek(0, 2)
        self._start = 0
        if kind == "arrow":
            file.seek(max(0, length - len(_MARK)))
            if length < 20 or file.read(len(_MARK)) != _MARK:
                raise source.refusal("the Arrow file is cut off: its end is missing", CUT_OFF)
            self._start = 8
        self.count, self.ended = self._check_messages(length)
        self.ended = self.ended or kind == "arrow"
        file.seek(self._start)
        self.schema = pa.ipc.open_stream(file).schema
        _check_schema(self.schema, source)

    def _check_messages(self, length: int) -> tuple[int, bool]:
        """Rows in all, as the file states them, and whether it has a mark at its end; sizes are checked on the way.

        Each message is 0xFFFFFFFF, the length of its metadata, the metadata (a flatbuffer), and its body.
        """
        file, at, rows = self._file, self._start, 0
        while at + 8 <= length:
            file.seek(at)
            mark, metadata_length = struct.unpack("<Ii", file.read(8))
            if mark != 0xFFFFFFFF:
                raise self.source.refusal("the table is damaged, or was written before Arrow 0.15", SAVE_AGAIN)
            if metadata_length == 0:
                return rows, True
            if metadata_length < 0 or at + 8 + metadata_length > length:
                raise self.source.refusal("the table is damaged or cut off", CUT_OFF)
            message = _Message(file.read(metadata_length))
            body = at + 8 + metadata_length
            if message.body_length < 0 or body + message.body_length > length:
                raise self.source.refusal("the table is damaged or cut off", CUT_OFF)
            rows += message.rows
            if message.rows < 0 or rows > self.source.limits.all_rows:
                raise self.source.too_large(
                    f"{counted(rows, 'row')}, and at most {self.source.limits.all_rows:,} are allowed", KEEP_FEWER
                )
            unpacked = 0
            for offset, buffer_length in message.buffers:
                if offset < 0 or buffer_length < 0 or offset + buffer_length > message.body_length:
                    raise self.source.refusal("the table is damaged or cut off", CUT_OFF)
                if message.compressed and buffer_length >= 8:
                    file.seek(body + offset)
                    unpacked += max(buffer_length, struct.unpack("<q", file.read(8))[0])
            if message.compressed:
                _check_unpacked(unpacked, message.body_length, self.source)
            at = body + message.body_length
        if at != length:
            raise self.source.refusal("the table is damaged or cut off", CUT_OFF)
        return rows, False

    def batches(self, positions: Sequence[int], rows: int) -> Iterator[Any]:
        """Record batches of these columns, of at most `rows` rows; each is checked to the last value."""
        import pyarrow as pa

        self._file.seek(self._start)
        options = pa.ipc.IpcReadOptions(included_fields=sorted(positions), use_threads=False)
        batches = pa.ipc.open_stream(self._file, options=options)
        while (batch := next(batches, None)) is not None:
            batch.validate(full=True)
            for start in range(0, batch.num_rows, rows):
                yield batch.slice(start, rows)
            del batch  # or two are held while the next one is read


class _Message:
    """What the metadata of an Arrow message says of a batch: a flatbuffer, of which a few fields are read.

    Format: https://github.com/apache/arrow/blob/main/format/Message.fbs. Raises struct.error as ValueError.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.rows, self.compressed = 0, False
        self.buffers: list[tuple[int, int]] = []
        try:
            message = self._number("<I", 0)
            self.body_length = self._field("<q", message, 3)
            kind, header = self._field("<B", message, 1), self._table(message, 2)
            if kind == 2 and header is not None:  # a dictionary batch holds a record batch
                header = self._table(header, 1)
            if kind in (2, 3) and header is not None:
                self.rows = self._field("<q", header, 0) if kind == 3 else 0
                self.compressed = self._table(header, 3) is not None
                if (at := self._table(header, 2)) is not None:
                    count = self._number("<I", at)
                    if count * 16 > len(data):
                        raise ValueError("more buffers than the message holds")
                    self.buffers = [struct.unpack_from("<qq", data, at + 4 + 16 * i) for i in range(count)]
        except struct.error as error:
            raise ValueError(str(error)) from None

    def _number(self, code: str, at: int) -> int:
        if at < 0:
            raise ValueError("a place before the start")
        return int(struct.unpack_from(code, self._data, at)[0])

    def _place(self, table: int, field: int) -> int | None:
        """Where a field of a table stands; None where it is left out."""
        fields = table - self._number("<i", table)
        if 4 + 2 * field >= self._number("<H", fields):
            return None
        offset = self._number("<H", fields + 4 + 2 * field)
        return table + offset if offset else None

    def _field(self, code: str, table: int, field: int) -> int:
        place = self._place(table, field)
        return 0 if place is None else self._number(code, place)

    def _table(self, table: int, field: int) -> int | None:
        place = self._place(table, field)
        return None if place is None else place + self._number("<I", place)


def _check_unpacked(unpacked: int, packed: int, source: Source) -> None:
    limits = source.limits
    allowed = min(limits.memory_bytes, max(limits.ratio_free_bytes, limits.ratio * packed))
    if unpacked > allowed:
        raise source.too_large(
            f"a part of the table unpacks to {size(unpacked)}, and at most {size(allowed)} are allowed", UNTRUSTED
        )


def _check_schema(schema: Any, source: Source) -> None:
    if len(schema.names) > _MOST_COLUMNS:
        raise source.too_large(f"{len(schema.names):,} columns", f"At most {_MOST_COLUMNS:,} are allowed.")
    twice = next((name for i, name in enumerate(schema.names) if name in schema.names[:i]), None)
    if twice is not None:
        raise source.refusal(f"two columns are called “{twice:.40}”", "Give each column a name of its own.")


def stored(kind: Any) -> Any:
    import pyarrow as pa

    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def value_type(kind: Any) -> Any:
    kind = stored(kind)
    return kind.value_type if is_list(kind) else kind


def is_usable(kind: Any) -> bool:
    """Whether a column can be words, vectors, or a further column."""
    import pyarrow as pa

    kind = stored(kind)
    return bool(
        is_text(kind) or is_number(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind) or is_list(kind)
    )


def is_number(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind))


def is_list(kind: Any) -> bool:
    import pyarrow as pa

    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return bool(lists and is_number(kind.value_type))


def is_view(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string_view(kind) or pa.types.is_binary_view(kind))


def is_text(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind) or is_view(kind)
    )  # fmt: skip
