import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cutTornLine, mendTapes, setLinesAside } from '../../src/store/mend.ts';
import { readTapes } from '../../src/store/read.ts';
import { TapeWriter } from '../../src/store/tape-writer.ts';
import { tapeOf } from '../decode/tapes.ts';
import { aManifest } from '../report/fixtures.ts';
import { scratchFolder } from './scratch.ts';

const scratch = scratchFolder();
const aFolder = () => mkdtemp(path.join(scratch, 'run-'));

const line = (id: string, text = 'text') => JSON.stringify({ request_id: id, text });

describe('a last line that was cut off', () => {
  const whole = `${line('a')}\n${line('b', 'é – 日本')}\n`;
  const [first = ''] = whole.split(/(?<=\n)/);

  test('is cut away at whatever byte; one that lacks its end alone is ended', async () => {
    const file = path.join(await aFolder(), 'requests.ndjson');
    const bytes = Buffer.from(whole);
    for (let length = 0; length <= bytes.length; length++) {
      writeFileSync(file, bytes.subarray(0, length));
      await cutTornLine(file);
      const lines = whole.split('\n').slice(0, 2);
      const kept = lines.filter(
        (_, index) => Buffer.byteLength(lines.slice(0, index + 1).join('\n')) <= length,
      );
      const expected = kept.map((one) => `${one}\n`).join('');
      expect(readFileSync(file, 'utf8')).toBe(expected);
    }
  });

  test.each([
    ['zeros, as a machine without power leaves them', '\0\0\0\0'],
    ['zeros and an end', '\0\0\0\0\n'],
    ['a part that is longer than a read', `{"request_id":"c","text":"${'x'.repeat(200_000)}`],
  ])('may be %s', async (_, torn) => {
    const file = path.join(await aFolder(), 'requests.ndjson');
    writeFileSync(file, `${whole}${torn}`);
    await cutTornLine(file);
    expect(readFileSync(file, 'utf8')).toBe(whole);
  });

  test('may be all there is, or may not be there', async () => {
    const file = path.join(await aFolder(), 'requests.ndjson');
    await cutTornLine(file);
    writeFileSync(file, first.slice(0, -3));
    await cutTornLine(file);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});

describe('lines set aside', () => {
  test('are moved, and moved once, however often it is begun', async () => {
    const folder = await aFolder();
    const [file, aside] = [path.join(folder, 'a.ndjson'), path.join(folder, 'b.ndjson')];
    const all = ['a', 'b', 'c', 'd'].map((id) => `${line(id)}\n`);
    const isMoved = (id: string) => id === 'b' || id === 'd';
    writeFileSync(file, all.join(''));
    expect(await setLinesAside(file, aside, isMoved)).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(`${line('a')}\n${line('c')}\n`);
    expect(readFileSync(aside, 'utf8')).toBe(`${line('b')}\n${line('d')}\n`);
    // As a crash between the two files leaves them.
    writeFileSync(file, all.join(''));
    expect(await setLinesAside(file, aside, isMoved)).toBe(2);
    expect(readFileSync(aside, 'utf8')).toBe(`${line('b')}\n${line('d')}\n`);
    expect(await setLinesAside(file, aside, isMoved)).toBe(0);
    // Another record of the same request is kept beside the first.
    writeFileSync(file, `${line('b', 'again')}\n`);
    await setLinesAside(file, aside, isMoved);
    expect(readFileSync(aside, 'utf8').split('\n')).toHaveLength(4);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readdirSync(folder).sort()).toEqual(['a.ndjson', 'b.ndjson']);
  });

  test('are none where there is no file', async () => {
    const folder = await aFolder();
    const [file, aside] = [path.join(folder, 'a.ndjson'), path.join(folder, 'b.ndjson')];
    expect(await setLinesAside(file, aside, () => true)).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('tapes', () => {
  const tape = (requestId: string) => tapeOf({ requestId, reads: [[1, `data: ${requestId}\n\n`]] });

  async function addTapes(folder: string, ids: string[], start: 'fresh' | 'continued') {
    const writer = await TapeWriter.open(path.join(folder, 'tapes.ndjson.gz'), false, start);
    for (const id of ids) writer.append(tape(id));
    await writer.close();
  }

  async function idsIn(folder: string): Promise<string[]> {
    const ids: string[] = [];
    const run = { path: folder, manifest: aManifest() };
    for await (const { requestId } of readTapes(run)) ids.push(requestId);
    return ids;
  }

  test('are read as far as they go, and added to, at whatever byte they were cut off', async () => {
    const folder = await aFolder();
    const file = path.join(folder, 'tapes.ndjson.gz');
    await addTapes(folder, ['a', 'b'], 'fresh');
    const firstMember = readFileSync(file).length;
    await addTapes(folder, ['c', 'd'], 'continued');
    const bytes = readFileSync(file);
    let salvaged = 0;
    for (let length = 1; length < bytes.length; length += length < firstMember ? 7 : 1) {
      writeFileSync(file, bytes.subarray(0, length));
      const before = await idsIn(folder);
      if (length >= firstMember) expect(before.slice(0, 2)).toEqual(['a', 'b']);
      await mendTapes(folder, () => true);
      expect(await idsIn(folder)).toEqual(before);
      if (before.includes('c')) salvaged += 1;
      await addTapes(folder, ['e'], 'continued');
      expect(await idsIn(folder)).toEqual([...before, 'e']);
      expect(() => gunzipSync(readFileSync(file))).not.toThrow();
    }
    expect(salvaged).toBeGreaterThan(8);
    expect(readdirSync(folder)).toEqual(['tapes.ndjson.gz']);
  });

  test.each([
    ['zeros', Buffer.alloc(4096), ['a', 'b', 'c']],
    // What lies in one read with the damage may go; the file as it was has it.
    ['bytes of something else', Buffer.from('not gzip at all, but text'), ['c']],
  ])('with %s behind them can be added to; what was there is kept', async (_, rest, ids) => {
    const folder = await aFolder();
    const file = path.join(folder, 'tapes.ndjson.gz');
    await addTapes(folder, ['a', 'b'], 'fresh');
    const damaged = Buffer.concat([readFileSync(file), rest]);
    writeFileSync(file, damaged);
    await mendTapes(folder, () => true);
    await addTapes(folder, ['c'], 'continued');
    expect(await idsIn(folder)).toEqual(ids);
    expect(readFileSync(path.join(folder, 'damaged-tapes.ndjson.gz'))).toEqual(damaged);
  });

  test('that do not belong there any more are set aside, once each', async () => {
    const folder = await aFolder();
    const file = path.join(folder, 'tapes.ndjson.gz');
    await addTapes(folder, ['a', 'b', 'c'], 'fresh');
    const before = readFileSync(file);
    const isKept = (id: string) => id !== 'b';
    await mendTapes(folder, isKept);
    expect(await idsIn(folder)).toEqual(['a', 'c']);
    writeFileSync(file, before);
    await mendTapes(folder, isKept);
    const aside = gunzipSync(readFileSync(path.join(folder, 'superseded-tapes.ndjson.gz')));
    expect(aside.toString().match(/"request_id":"b"/g)).toHaveLength(1);
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test('are left alone where nothing is to be mended, and need not be there', async () => {
    const folder = await aFolder();
    await mendTapes(folder, () => true);
    const file = path.join(folder, 'tapes.ndjson.gz');
    // Packed as no writer of ours does.
    writeFileSync(file, gzipSync(`${line('a')}\n`, { level: 9 }));
    const before = readFileSync(file);
    await mendTapes(folder, () => true);
    expect(readFileSync(file)).toEqual(before);
    await mkdir(path.join(folder, 'empty'));
    writeFileSync(path.join(folder, 'empty', 'tapes.ndjson.gz'), '');
    await mendTapes(path.join(folder, 'empty'), () => true);
    await addTapes(path.join(folder, 'empty'), ['x'], 'continued');
    expect(await idsIn(path.join(folder, 'empty'))).toEqual(['x']);
  });
});
