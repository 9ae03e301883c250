"""A language model's server that writes a word at a time, for measuring; run as a module.

The first word is the moment at which it was sent, in microseconds of the clock that all processes
of the machine share: whoever reads it later knows how long it was on the way.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

_HEADERS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


async def serve(words: int, word_s: float) -> None:
    """Answer every request with so many words, `word_s` seconds apart; print the port first."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            size = int(head.split("content-length:")[1].split("\r\n")[0])
            await reader.readexactly(size)
            await _write(writer, words, word_s)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _write(writer: asyncio.StreamWriter, words: int, word_s: float) -> None:
    writer.write(_HEADERS)
    for n in range(words):
        await asyncio.sleep(word_s)
        word = f"T{time.monotonic_ns() // 1000} " if n == 0 else _word(n)
        await _send(writer, {"index": 0, "delta": {"content": word}})
    await _send(writer, {"index": 0, "delta": {}, "finish_reason": "stop"})
    writer.write(_chunked(b"data: [DONE]\n\n") + b"0\r\n\r\n")
    await writer.drain()


def _word(n: int) -> str:
    """Return a word; every tenth ends a sentence with its marker."""
    return "roads [1]. Then " if n % 10 == 0 else "trade "


async def _send(writer: asyncio.StreamWriter, choice: dict[str, object]) -> None:
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    data = json.dumps({**chunk, "choices": [choice]})
    writer.write(_chunked(f"data: {data}\n\n".encode()))
    await writer.drain()


def _chunked(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2])))
