import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CalibrationCache, cacheFile, hostKey } from '../../src/calibration/cache.ts';
import type { ClientError } from '../../src/store/types.ts';
import { scratchFolder } from '../store/scratch.ts';

const scratch = scratchFolder();
const freshDir = (): string => mkdtempSync(path.join(scratch, 'run-'));
const NOW = Date.parse('2026-01-02T00:00:00Z');
const LOAD = { streams: 64, chunkRate: 50 };

function anError(changes: Partial<ClientError> = {}): ClientError {
  return {
    streams: 64,
    chunk_rate: 50,
    chunks: 4000,
    error_ms_p50: 0.1,
    error_ms_p99: 0.4,
    error_ms_p999: 0.9,
    error_ms_max: 3,
    cpu_share: 0.2,
    measured_at: '2026-01-01T00:00:00.000Z',
    cached: false,
    ...changes,
  };
}

const TRUSTED = {
  chunk_rate: 50,
  trusted_streams: 250,
  limit_streams: 400,
  measured_at: '2026-01-01T00:00:00.000Z',
};

function cacheIn(folder: string, host = 'host', nowMs = NOW): CalibrationCache {
  return new CalibrationCache(
    path.join(folder, 'cache', 'tokentape', 'calibration.json'),
    host,
    nowMs,
  );
}

describe('the cache of calibrations', () => {
  test('gives back what it was given, by load and host', async () => {
    const folder = freshDir();
    await cacheIn(folder).keepErrors([anError(), anError({ streams: 8, error_ms_p99: 0.2 })]);
    await cacheIn(folder).keepTrusted(TRUSTED);
    expect(cacheIn(folder).errorAt(LOAD)).toEqual(anError({ cached: true }));
    expect(cacheIn(folder).errorAt({ streams: 8, chunkRate: 50 })?.error_ms_p99).toBe(0.2);
    expect(cacheIn(folder).trustedAt(50)).toEqual(TRUSTED);
    expect(cacheIn(folder).errorAt({ streams: 64, chunkRate: 51 })).toBeUndefined();
    expect(cacheIn(folder).trustedAt(51)).toBeUndefined();
    expect(cacheIn(folder, 'other').errorAt(LOAD)).toBeUndefined();
    expect(cacheIn(folder, 'other').trustedAt(50)).toBeUndefined();
  });

  test.each([
    ['a good one for a month', 0.4, 29 * 24, true],
    ['not longer', 0.4, 30 * 24, false],
    ['a bad one for an hour', 1.5, 0.9, true],
    ['then it is measured again', 1.5, 1.1, false],
    ['nor one of a clock that was ahead', 0.4, -1, false],
  ])('keeps %s', async (_, p99, hours, kept) => {
    const folder = freshDir();
    await cacheIn(folder).keepErrors([anError({ error_ms_p99: p99 })]);
    const nowMs = Date.parse(anError().measured_at) + hours * 3_600_000;
    expect(cacheIn(folder, 'host', nowMs).errorAt(LOAD) !== undefined).toBe(kept);
  });

  test.each([
    '',
    '{',
    '[]',
    'null',
    '{"schema_version": 2}',
    '{"schema_version":1,"errors":[],"trusted":{"host|50":3}}',
  ])('a broken one is empty, and mended by the next: %j', async (text) => {
    const folder = freshDir();
    const file = path.join(folder, 'cache', 'tokentape', 'calibration.json');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    expect(cacheIn(folder).errorAt(LOAD)).toBeUndefined();
    expect(cacheIn(folder).trustedAt(50)).toBeUndefined();
    await cacheIn(folder).keepErrors([anError()]);
    expect(cacheIn(folder).errorAt(LOAD)).toBeDefined();
  });

  test('one that cannot be written is no error', async () => {
    const folder = freshDir();
    const file = path.join(folder, 'a-file');
    writeFileSync(file, 'in the way');
    const cache = new CalibrationCache(
      path.join(file, 'tokentape', 'calibration.json'),
      'host',
      NOW,
    );
    await cache.keepErrors([anError()]);
    expect(cache.errorAt(LOAD)).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe('in the way');
  });

  test('does not grow without end', async () => {
    const folder = freshDir();
    await cacheIn(folder).keepErrors(
      Array.from({ length: 600 }, (_, index) => anError({ streams: index + 1 })),
    );
    expect(cacheIn(folder).errorAt({ streams: 1, chunkRate: 50 })).toBeUndefined();
    expect(cacheIn(folder).errorAt({ streams: 600, chunkRate: 50 })).toBeDefined();
  });
});

test('lies where the user keeps caches', () => {
  expect(cacheFile({ XDG_CACHE_HOME: '/var/cache/me' })).toBe(
    '/var/cache/me/tokentape/calibration.json',
  );
  expect(cacheFile({ XDG_CACHE_HOME: 'relative' })).toMatch(
    /[/\\]\.cache[/\\]tokentape[/\\]calibration\.json$/,
  );
  expect(cacheFile({})).toMatch(/[/\\]\.cache[/\\]tokentape[/\\]calibration\.json$/);
});

test('holds for this machine with this software', () => {
  expect(hostKey()).toContain(process.versions.node);
  expect(hostKey()).toBe(hostKey());
});
