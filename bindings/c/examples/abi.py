"""Calls the C library through ctypes: a smoke test of its ABI, with Python's standard library alone.

    python3 abi.py LIBRARY HEADER

The constants come from the header, which ctypes can't read: lines `#define RETRIAGE_NAME NUMBER`.
"""

import ctypes
import json
import re
import sys
from ctypes import POINTER, Structure, byref, c_char_p, c_int32, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p


class Header(Structure):
    _fields_ = [("name", c_char_p), ("name_length", c_size_t), ("value", c_char_p), ("value_length", c_size_t)]


class Evidence(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("flags", c_uint32),
        ("status", c_uint32),
        ("code_number", c_int64),
        ("code", c_char_p),
        ("code_length", c_size_t),
        ("failure", c_char_p),
        ("failure_length", c_size_t),
        ("headers", POINTER(Header)),
        ("header_count", c_size_t),
        ("body", c_char_p),
        ("body_length", c_size_t),
        ("control_id", c_char_p),
        ("control_id_length", c_size_t),
        ("now_ms", c_int64),
        ("body_limit", c_uint64),
        ("mode", c_uint32),
        ("reserved", c_uint32),
    ]


WORDS = ["category", "canonical", "fault", "retry", "processed", "finality", "severity", "scope", "matched"]


class Classification(Structure):
    _fields_ = [
        ("size", c_size_t),
        ("flags", c_uint32),
        ("entry", c_uint32),
        ("hint_delay_ms", c_uint64),
        *((word, c_uint8) for word in WORDS),
        ("hint", c_uint8),
        ("hint_from", c_uint8),
        ("reserved", c_uint8 * 5),
    ]


def main(library_path: str, header_path: str) -> None:
    with open(header_path, encoding="utf-8") as header:
        text = header.read()
    constants = {name: int(number, 0) for name, number in re.findall(r"#define RETRIAGE_(\w+) (0x[0-9A-Fa-f]+|\d+)$", text, re.M)}
    nul_terminated = c_size_t(-1).value

    library = ctypes.CDLL(library_path)
    library.retriage_version.restype = c_char_p
    library.retriage_word.restype = c_char_p
    library.retriage_status_text.restype = c_char_p
    library.retriage_find.restype = c_uint64
    library.retriage_find.argtypes = [c_uint64, c_uint32, c_int64]
    library.retriage_answer_word.argtypes = [c_uint64, c_uint32]
    library.retriage_answer_word.restype = c_uint32
    library.retriage_catalog_find.argtypes = [c_uint64, c_char_p, POINTER(c_uint64)]
    library.retriage_classify.argtypes = [c_uint64, POINTER(Evidence), POINTER(Classification)]
    library.retriage_answer_json.argtypes = [c_uint64, c_char_p, c_size_t, c_char_p, c_size_t, c_void_p]
    for name in ("retriage_catalog_find", "retriage_classify", "retriage_answer_json"):
        getattr(library, name).restype = c_int32

    assert library.retriage_abi() == constants["ABI"]
    assert library.retriage_version_number() == constants["VERSION_NUMBER"]
    print("version", library.retriage_version().decode())

    updox = c_uint64()
    assert library.retriage_catalog_find(0, b"updox", byref(updox)) == constants["OK"]
    assert library.retriage_catalog_find(0, b"nobody", byref(updox)) == constants["ERROR_UNKNOWN_CATALOG"]

    answer = library.retriage_find(updox, constants["SPACE_CODE"], 4651)
    category = library.retriage_answer_word(answer, constants["KIND_CATEGORY"])
    print("find", library.retriage_word(constants["KIND_CATEGORY"], category).decode())

    headers = (Header * 1)(Header(b"Retry-After", nul_terminated, b"30", 2))
    body = b'{"responseCode":4651}'
    evidence = Evidence(size=ctypes.sizeof(Evidence), flags=constants["HAS_STATUS"], status=200, headers=headers, header_count=1)
    evidence.body, evidence.body_length = body, len(body)
    meaning = Classification(size=ctypes.sizeof(Classification))
    assert library.retriage_classify(updox, byref(evidence), byref(meaning)) == constants["OK"]
    assert meaning.entry == answer >> 32
    assert meaning.hint_delay_ms == 30_000
    print("classify", library.retriage_word(constants["KIND_CATEGORY"], meaning.category).decode())

    question = json.dumps({"catalog": "updox", "status": 200, "body": body.decode()}).encode()
    buffer = ctypes.create_string_buffer(65_536)
    status = library.retriage_answer_json(0, question, len(question), buffer, len(buffer), None)
    assert status == constants["OK"], library.retriage_status_text(status)
    print("answer", json.loads(buffer.value)["classification"]["entry"])


if __name__ == "__main__":
    main(*sys.argv[1:])
