"""Reads and writes float32 arrays by name in the safetensors format: a length, a JSON header, the bytes."""

import json
import struct

import numpy


def read(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32", f"{name} is {entry['dtype']}"
        arrays[name] = numpy.frombuffer(data[begin:end], numpy.float32).reshape(entry["shape"])
    return arrays


def write(path, arrays):
    header, parts, offset = {}, [], 0
    for name, array in arrays.items():
        part = numpy.ascontiguousarray(array, numpy.float32).tobytes()
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [offset, offset + len(part)]}
        parts.append(part)
        offset += len(part)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.writelines([struct.pack("<Q", len(text)), text, *parts])
