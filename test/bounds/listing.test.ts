import { afterEach, expect, test } from 'vitest';
import { DEFAULT_REQUEST_LIMITS } from '../../src/config/settings.ts';
import { examineTarget } from '../../src/run/standings.ts';
import {
  CHUNKED,
  type FaultServer,
  framed,
  head,
  type Play,
  startFaultServer,
  whole,
} from '../capture/fault-server.ts';
import { modelOf, targetOf } from '../run/running.ts';
import { pour } from './villains.ts';

let server: FaultServer;
afterEach(() => server.close());

async function listedBy(play: Play): Promise<(boolean | null)[]> {
  server = await startFaultServer(play);
  const target = targetOf(`http://127.0.0.1:${server.port}/v1`, [modelOf('m')]);
  const limits = { ...DEFAULT_REQUEST_LIMITS, firstTokenMs: 2000, totalMs: 10_000 };
  const standings = await examineTarget(target, limits, { probe: false });
  return standings.map(({ listed }) => listed);
}

const JSON_TYPE = { 'content-type': 'application/json' };

test('a list of models without end is given up', async () => {
  const before = process.memoryUsage().rss;
  const listed = await listedBy(async (peer) => {
    await peer.write(`${head({ ...CHUNKED, ...JSON_TYPE })}${framed('{"data":[')}`);
    await pour(peer, framed('{"id":"x"},'.repeat(6000)));
  });
  expect(listed).toEqual([null]);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
});

test('a list that never begins, and one of far too many', async () => {
  expect(await listedBy(() => {})).toEqual([null]);
  await server.close();
  const data = Array.from({ length: 100_000 }, (_, i) => ({ id: `m${i}` }));
  const text = JSON.stringify({ data });
  expect(await listedBy((peer) => peer.write(whole(text, '200 OK', 'application/json')))).toEqual([
    null,
  ]);
});

test('a long list of a gateway is read', async () => {
  const data = Array.from({ length: 1500 }, (_, i) => ({
    id: `m${i}`,
    description: 'x'.repeat(2000),
  }));
  const text = JSON.stringify({ data: [{ id: 'm' }, ...data] });
  const listed = await listedBy((peer) => peer.write(whole(text, '200 OK', 'application/json')));
  expect(listed).toHaveLength(1501);
});
