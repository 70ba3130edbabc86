"""PyTorch files (25) and pickles (15), each of which runs code or could: all are refused unopened."""

import io
import os
import pickle
import struct
import tarfile

from tests.hostile.case import REFUSED, UNSAFE, Case, gz, zip_of

CANARY = "EMBEDLAB_CANARY"  # names the file that code from a pickle would make


class _Runs:
    """An object whose pickle runs a shell command when it is opened."""

    def __reduce__(self):  # type: ignore[no-untyped-def]
        return os.system, (f'touch "${CANARY}"',)


_PICKLE = "this is a pickle.*export as word2vec text"
_TORCH = "this is a PyTorch file.*export as word2vec text"
_EVIL = {protocol: pickle.dumps(_Runs(), protocol) for protocol in range(6)}
_PLAIN = {protocol: pickle.dumps({"the": [1.0, 2.0]}, protocol) for protocol in range(6)}
# What torch.save writes for a tensor: a call of _rebuild_tensor_v2 on a storage that lies beside it.
_TENSOR = (
    b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\nq\x00((X\x07\x00\x00\x00storageq\x01ctorch\nFloatStorage\nq\x02"
    b"X\x01\x00\x00\x000q\x03X\x03\x00\x00\x00cpuq\x04K\x18tq\x05QK\x00K\x06K\x04\x86q\x06K\x04K\x01\x86q\x07\x89"
    b"ccollections\nOrderedDict\nq\x08)Rq\ttq\nRq\x0b."
)
_GENSIM = b"\x80\x04\x95" + struct.pack("<Q", 90) + b"\x8c\x1bgensim.models.keyedvectors"
_LEGACY = pickle.dumps(0x1950A86A20F9469CFC6C, 2)  # torch's old files start with this number


def _pt(data: bytes = _TENSOR, folder: str = "archive", **more: bytes) -> bytes:
    members = {f"{folder}/data.pkl": data, f"{folder}/byteorder": b"little", f"{folder}/data/0": bytes(96)}
    return zip_of(members | {f"{folder}/{name}": part for name, part in more.items()})


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("sys_info", "pickle", "storages"):
            info = tarfile.TarInfo(name)
            info.size = len(_EVIL[2])
            archive.addfile(info, io.BytesIO(_EVIL[2]))
    return out.getvalue()


def _pt_case(name: str, data: bytes, message: str = _TORCH, outcome: str = UNSAFE) -> Case:
    return Case("pt", name, data, outcome, message)


_PT = [
    _pt_case("tensor.pt", _pt()),
    _pt_case("tensor.txt", _pt()),
    _pt_case("tensor.npz", _pt()),
    _pt_case("state_dict.pt", _pt(_PLAIN[2])),
    _pt_case("evil.pt", _pt(_EVIL[2])),
    _pt_case("evil, protocol 4.pt", _pt(_EVIL[4])),
    _pt_case("folder of its own name.pt", _pt(folder="vectors")),
    _pt_case("no folder.pt", zip_of({"data.pkl": _TENSOR, "data/0": bytes(96)})),
    _pt_case("empty data.pkl", _pt(b"")),
    _pt_case("garbage data.pkl", _pt(b"\xff" * 100)),
    _pt_case("storage too small.pt", zip_of({"archive/data.pkl": _TENSOR, "archive/data/0": bytes(4)})),
    _pt_case("storage missing.pt", zip_of({"archive/data.pkl": _TENSOR})),
    _pt_case("script module.pt", _pt(**{"constants.pkl": _EVIL[2], "code/__torch__.py": b"import os"})),
    _pt_case("with a vector file.pt", _pt(**{"vectors.txt": b"the 1 2\n"})),
    _pt_case("deep folder.pt", _pt(folder="a/b/c/d")),
    _pt_case("renamed model.bin", _pt(folder="pytorch_model")),
    _pt_case("cut.pt", _pt()[:-30], "damaged or cut off", REFUSED),
    _pt_case("cut in half.pt", _pt()[:200], "damaged or cut off", REFUSED),
    _pt_case("in a gz.pt.gz", gz(_pt()), _TORCH),
    _pt_case("in a zip.zip", zip_of({"tensor.pt": _pt()}), _TORCH),
    _pt_case("legacy.pt", _LEGACY + pickle.dumps(1001, 2) + _TENSOR, _PICKLE),
    _pt_case("legacy, evil.pt", _LEGACY + _EVIL[2], _PICKLE),
    _pt_case("legacy, cut.pt", _LEGACY[:6], _PICKLE),
    _pt_case("legacy in a gz", gz(_LEGACY + _EVIL[2]), _PICKLE),
    _pt_case("oldest, a tar.pt", _tar(), "the tar holds only pickles", UNSAFE),
]
_PICKLES = [
    *(Case("pickles", f"runs code, protocol {p}.pkl", data, UNSAFE, _PICKLE) for p, data in _EVIL.items()),
    *(Case("pickles", f"plain, protocol {p}.kv", data, UNSAFE, _PICKLE) for p, data in _PLAIN.items()),
    Case("pickles", "named vectors.txt", _EVIL[4], UNSAFE, _PICKLE),
    Case("pickles", "cut.pkl", _EVIL[4][:12], UNSAFE, _PICKLE),
    Case("pickles", "in a gz", gz(_EVIL[4]), UNSAFE, _PICKLE),
    Case("pickles", "in a zip", zip_of({"vectors.txt": _EVIL[4]}), UNSAFE, "only pickles.*export as word2vec text"),
    Case("pickles", "before a header", _EVIL[2] + b"6 4\nthe 1 2 3 4\n", UNSAFE, _PICKLE),
    Case("pickles", "gensim model", _GENSIM, UNSAFE, _PICKLE),
]

CASES = _PT + _PICKLES
