import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { CHUNKED, framed, head, LAST_CHUNK, startFaultServer } from './fault-server.ts';
import { REPLY } from './sending.ts';

/** Sends 300 requests at once and prints how their tapes ended. Runs compiled code. */
const SCRIPT = `
  import { Sender } from './dist/capture/sender.js';
  const big = 2 ** 24;
  const sender = new Sender({
    target: { baseUrl: process.argv[1], path: '/x', apiKey: 'k', headers: {}, protocol: 'http/1.1' },
    ca: undefined,
    limits: { connectMs: 3000, firstTokenMs: 5000, stallMs: 5000, totalMs: 9000,
      bodyBytes: big, eventBytes: big, events: 1000, headerBytes: 65536 },
    carriesToken: () => true,
    runOriginNs: process.hrtime.bigint(),
  });
  const recordings = Array.from({ length: 300 }, (_, i) => sender.send({
    requestId: String(i), model: 'm', messages: [], parameters: {},
    scheduledAtMs: performance.now(), turnDelayMs: null,
  }));
  const tapes = await Promise.all(recordings.map((recording) => recording.finished));
  console.log(JSON.stringify(tapes.map(({ end, status }) => [end.code, end.stage, status])));
  await sender.close();
`;

test('out of file descriptors: our side’s fault, for the requests it hits and no others', async () => {
  const server = await startFaultServer(async (peer) => {
    await peer.wait(100);
    await peer.write(head(CHUNKED) + framed(REPLY).toString() + LAST_CHUNK);
  });
  const url = `http://127.0.0.1:${server.port}/v1`;
  const { stdout } = await promisify(execFile)('sh', [
    ...['-c', 'ulimit -n 200 && exec "$0" --input-type=module -e "$1" "$2"'],
    ...[process.execPath, SCRIPT, url],
  ]);
  await server.close();
  const ends = JSON.parse(stdout) as [string | null, string | null, number | null][];
  const hit = ends.filter(([code]) => code === 'EMFILE');
  expect(hit.length).toBeGreaterThan(10);
  // At the dial; one more may fail where a library loads a part of itself at its first request.
  expect(hit.filter(([, stage]) => stage !== 'connect').length).toBeLessThan(2);
  expect(hit.every(([, , status]) => status === null)).toBe(true);
  expect(ends.filter(([code, , status]) => code === null && status === 200).length).toBe(
    300 - hit.length,
  );
});
