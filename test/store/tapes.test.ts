import { readFileSync, truncateSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Tape } from '../../src/capture/tape.ts';
import { readTapes, type StoredRun } from '../../src/store/read.ts';
import { TapeWriter } from '../../src/store/tape-writer.ts';
import { tapeOf } from '../decode/tapes.ts';
import { aManifest } from '../report/fixtures.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();

async function writeTapes(name: string, tapes: Tape[]): Promise<StoredRun & { file: string }> {
  const folder = path.join(scratch, name);
  await mkdir(folder);
  const file = path.join(folder, 'tapes.ndjson.gz');
  const writer = await TapeWriter.open(file, false);
  for (const tape of tapes) writer.append(tape);
  await writer.close();
  return { path: folder, manifest: aManifest(), file };
}

async function readAll(run: StoredRun): Promise<Tape[]> {
  const tapes: Tape[] = [];
  for await (const tape of readTapes(run)) tapes.push(tape);
  return tapes;
}

const plain = (tape: Tape): Tape => ({ ...tape, body: new Uint8Array(tape.body) });

describe('stored tapes', () => {
  test.each([
    [
      'text with a BOM',
      tapeOf({
        reads: [
          [1.5, '\ufeffdata: a\n\n'],
          [2.25, 'data: [DONE]\n\n'],
        ],
      }),
    ],
    ['bytes that are not UTF-8', tapeOf({ reads: [[1, Buffer.from([0xff, 0xfe, 0x00])]] })],
    [
      'no response',
      tapeOf({
        status: null,
        end: { how: 'error', code: 'ECONNREFUSED', stage: 'connect', message: 'refused' },
      }),
    ],
    [
      'every instant',
      tapeOf({
        scheduledMs: -1.5,
        startedMs: 12.345,
        turnDelayMs: 0.5,
        dnsMs: 1,
        tcpMs: 2,
        connectedMs: 3,
        headersMs: 4,
        staleSocketRedials: 1,
        protocol: 'h2',
      }),
    ],
  ])('%s comes back as it was', async (name, tape) => {
    const run = await writeTapes(name, [tape]);
    expect(await readAll(run)).toEqual([plain(tape)]);
  });

  test('have the fields that other tools read', async () => {
    const run = await writeTapes('contract', [tapeOf({ reads: [[7.5, 'data: x\n\n']] })]);
    const line = JSON.parse(gunzipSync(readFileSync(run.file)).toString('utf8'));
    expect(line).toMatchObject({
      request_id: 'r1',
      origin_ns: '1000000000',
      scheduled_ms: 0,
      connected_ms: 0,
      headers_ms: 1,
      end: { at_ms: 7.5, how: 'complete', code: null },
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      arrivals: [[7.5, 9]],
      body: 'data: x\n\n',
    });
  });

  test('a file cut off anywhere gives what was whole', async () => {
    // Two members: the first is larger than what is gathered before one is written.
    const big = tapeOf({ requestId: 'big', reads: [[1, 'x'.repeat(300_000)]] });
    const run = await writeTapes('cut', [big, tapeOf({ requestId: 'small' })]);
    const { length } = readFileSync(run.file);
    const idsAfterCut = async (bytes: number): Promise<string[]> => {
      truncateSync(run.file, Math.max(0, length - bytes));
      return (await readAll(run)).map(({ requestId }) => requestId);
    };
    expect(await idsAfterCut(20)).toEqual(['big']);
    expect(await idsAfterCut(100)).toEqual(['big']);
    expect(await idsAfterCut(length - 1)).toEqual([]);
  });
});
