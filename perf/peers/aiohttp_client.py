"""A loop over aiohttp of the shape of vLLM's `bench serve`: read by read, split into events, an
instant for each event, the JSON of each parsed, gaps and text gathered."""

import asyncio
import codecs
import json
import time

import aiohttp
from meter import BODY, LOAD, Meter, report

URL = f"{LOAD['url']}/chat/completions"
reads = 0


class Events:
    """Puts reads together until they hold whole events."""

    def __init__(self):
        self.rest = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def add(self, piece):
        self.rest += self.decoder.decode(piece)
        events = []
        while "\n\n" in self.rest:
            event, self.rest = self.rest.split("\n\n", 1)
            if event := event.strip():
                events.append(event)
        # The piece came without its blank line at the end, so a whole event may be waiting.
        if self.rest.startswith("data: "):
            data = self.rest.removeprefix("data: ").strip()
            if data == "[DONE]":
                events.append(self.rest.strip())
                self.rest = ""
            elif data:
                try:
                    json.loads(data)
                    events.append(self.rest.strip())
                    self.rest = ""
                except json.JSONDecodeError:
                    pass
        return events


class Output:
    def __init__(self):
        self.ttft = 0.0
        self.itl = []
        self.text = ""
        self.tokens = 0
        self.started = 0.0
        self.latency = 0.0


async def send(session):
    global reads
    output = Output()
    text = ""
    output.started = latest = time.perf_counter()
    async with session.post(URL, json=BODY) as response:
        response.raise_for_status()
        began = False
        events = Events()
        async for piece in response.content.iter_any():
            reads += 1
            piece = piece.strip()
            if not piece:
                continue
            for event in events.add(piece):
                if event.startswith(":"):
                    continue
                data = event.removeprefix("data: ")
                if data == "[DONE]":
                    continue
                now = time.perf_counter()
                chunk = json.loads(data)
                if choices := chunk.get("choices"):
                    content = choices[0]["delta"].get("content")
                    if began:
                        output.itl.append(now - latest)
                    else:
                        began = True
                        output.ttft = now - output.started
                    text += content or ""
                    latest = now
                elif usage := chunk.get("usage"):
                    output.tokens = usage.get("completion_tokens")
    output.text = text
    output.latency = latest - output.started
    return output


async def main():
    connector = aiohttp.TCPConnector(
        limit=0, limit_per_host=0, ttl_dns_cache=300, keepalive_timeout=60
    )
    timeout = aiohttp.ClientTimeout(total=6 * 60 * 60)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        slots = asyncio.Semaphore(LOAD["streams"])

        async def limited():
            async with slots:
                return await send(session)

        meter = Meter()
        tasks = [asyncio.create_task(limited()) for _ in range(LOAD["requests"])]
        outputs = await asyncio.gather(*tasks)
        measured = meter.end()
    report(measured, reads, [(stamps_of(output), output.text) for output in outputs])


def stamps_of(output):
    """Seconds at which content came; the chunk that names the role and the one that ends have none."""
    stamp = output.started + output.ttft
    stamps = []
    for gap in output.itl:
        stamp += gap
        stamps.append(stamp)
    return stamps[:-1]


asyncio.run(main())
