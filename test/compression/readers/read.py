"""Decodes recorded gzip bodies, or reads a stream as it comes: python3 read.py whole|cut|stream ..."""

import gzip
import hashlib
import http.client
import sys
import urllib.parse
import zlib


def whole(path):
    with open(path, "rb") as file:
        return gzip.decompress(file.read())


def cut(path):
    with open(path, "rb") as file:
        return zlib.decompressobj(31).decompress(file.read())


def stream(url):
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    inflater = zlib.decompressobj(31)
    while chunk := answer.read1(65536):
        sys.stdout.buffer.write(inflater.decompress(chunk))
        sys.stdout.buffer.flush()
    assert inflater.eof, "no trailer"


if sys.argv[1] == "stream":
    stream(sys.argv[2])
else:
    for path in sys.argv[2:]:
        print(hashlib.sha256({"whole": whole, "cut": cut}[sys.argv[1]](path)).hexdigest())
