"""A loop over httpx of the shape of GuideLLM's HTTP backend: line by line, an instant for each line,
the JSON of each parsed by a handler that gathers the texts."""

import asyncio
import json
import time

import httpx
from meter import BODY, LOAD, Meter, report

URL = f"{LOAD['url']}/chat/completions"


class Handler:
    def __init__(self):
        self.texts = []
        self.usage = None

    def add_line(self, line):
        """1 where a text came, 0 where none did, None at the end."""
        if line == "data: [DONE]":
            return None
        line = line.strip()
        if not line or not line.startswith("data:"):
            return 0
        chunk = json.loads(line[len("data:") :].strip())
        choices = chunk.get("choices", [])
        if usage := chunk.get("usage", {}):
            self.usage = usage
        delta = choices[0].get("delta", {}) if choices else {}
        if content := delta.get("content"):
            self.texts.append(content)
            return 1
        return 0


class Timings:
    def __init__(self):
        self.started = time.perf_counter()
        self.first_iteration = None
        self.last_iteration = None
        self.iterations = 0
        self.tokens = []


async def send(client):
    handler = Handler()
    timings = Timings()
    async with client.stream("POST", URL, json=BODY) as response:
        response.raise_for_status()
        async for line in response.aiter_lines():
            if not line.strip():
                continue
            response.raise_for_status()
            now = time.perf_counter()
            if timings.first_iteration is None:
                timings.first_iteration = now
            timings.last_iteration = now
            timings.iterations += 1
            updated = handler.add_line(line)
            if updated is None:
                break
            if updated:
                timings.tokens.append(now)
    return timings.tokens, "".join(handler.texts)


async def main():
    limits = httpx.Limits(
        max_connections=None, max_keepalive_connections=None, keepalive_expiry=5.0
    )
    timeout = httpx.Timeout(5.0, read=None)
    async with httpx.AsyncClient(
        http2=True, timeout=timeout, follow_redirects=True, verify=False, limits=limits
    ) as client:
        left = LOAD["requests"]
        replies = []

        async def slot():
            nonlocal left
            while left > 0:
                left -= 1
                replies.append(await send(client))

        meter = Meter()
        await asyncio.gather(*[slot() for _ in range(LOAD["streams"])])
        measured = meter.end()
    report(measured, None, replies)


asyncio.run(main())
