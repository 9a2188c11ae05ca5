import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Model } from '../../src/config/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { buildPlan } from '../../src/plan/plan.ts';
import { createRandom } from '../../src/random.ts';
import { remarkLines } from '../../src/report/remarks.ts';
import { takeIn } from '../../src/run/intake.ts';
import type { Tokenizers } from '../../src/run/tokenizers.ts';
import { createRedactor, secretsOf } from '../../src/secrets.ts';
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../src/simulator/server.ts';
import { openRun, readTapes } from '../../src/store/read.ts';
import type { Tokenizer } from '../../src/tokens/tokenizer.ts';
import { scratchFolder } from '../store/scratch.ts';
import { opened } from '../tokens/fixtures.ts';
import { caseOf, modelOf, runOnce, settingsOf, suiteOf, targetOf } from './running.ts';

/** Tokens of real streams: by usage, by a tokenizer that counts as the simulator does, by neither. */

const scratch = scratchFolder();
const random = createRandom('tokens');
const QWEN = 'Qwen2.5-7B-chat';
const R1 = 'DeepSeek-R1';
const EIGHT = suiteOf(Array.from({ length: 8 }, (_, index) => caseOf(`case-${index}`)));

let simulator: Simulator;
afterEach(() => simulator.close());

/** One token each 2 ms, so that pace is seen. */
const PACE = { latency: { overheadMs: 5, decodeMs: 2, slowdownPerStream: 0 } };

async function runWith(
  options: SimulatorOptions,
  tokenizer: string | Tokenizer | null,
  continuousUsage = false,
  model = QWEN,
) {
  simulator = await startSimulator({ changes: PACE, logRequests: true, ...options });
  const named = tokenizer === null ? {} : { tokenizer: 'tokenizer.json' };
  const target = targetOf(simulator.url, [modelOf(model, named)], { continuousUsage });
  const tokenizers: Tokenizers = new Map(
    tokenizer === null
      ? []
      : [['tokenizer.json', typeof tokenizer === 'string' ? opened(tokenizer) : tokenizer]],
  );
  const folder = path.join(scratch, String(random.integer(0, 2 ** 31)));
  const settings = settingsOf(folder, { nonce: false });
  const run = await runOnce([EIGHT], [target], settings, undefined, { tokenizers });
  return { ...run, target, settings };
}

/** What the simulator says it sent, in the order of its own log. */
const sent = () =>
  simulator
    .stats()
    .log.map(({ completion_tokens }) => completion_tokens)
    .sort((a, b) => a - b);

const sorted = (counts: (number | null)[]) => counts.map(Number).sort((a, b) => a - b);

describe('no usage', () => {
  test('a tokenizer counts what was sent, chunk by chunk', async () => {
    const { records, rows } = await runWith({ faults: [{ fault: 'no_usage' }] }, 'simulator');
    expect(sorted(records.map(({ output_tokens }) => output_tokens))).toEqual(sent());
    for (const record of records) {
      expect(record).toMatchObject({
        token_source: 'tokenizer',
        chunk_token_source: 'tokenizer',
        tokenizer_output_tokens: record.output_tokens,
        token_difference: null,
        tpot_ms: expect.any(Number),
        itl_ms_p50: expect.any(Number),
      });
    }
    expect(rows[0]).toMatchObject({ token_source: 'tokenizer', token_check: null });
  });

  test('without a tokenizer nothing is guessed', async () => {
    const { records, rows } = await runWith({ faults: [{ fault: 'no_usage' }] }, null);
    for (const record of records) {
      expect(record).toMatchObject({
        token_source: 'unknown',
        chunk_token_source: 'unknown',
        output_tokens: null,
        tpot_ms: null,
        itl_ms_p50: null,
        chunk_gap_ms_p50: expect.any(Number),
      });
    }
    expect(rows[0]?.token_source).toBe('unknown');
  });
});

test('usage that contradicts itself: the tokenizer counts', async () => {
  const { records } = await runWith({ faults: [{ fault: 'wrong_usage' }] }, 'simulator');
  expect(sorted(records.map(({ output_tokens }) => output_tokens))).toEqual(sent());
  expect(new Set(records.map(({ token_source }) => token_source))).toEqual(new Set(['tokenizer']));
});

describe('usage and tokenizer', () => {
  test.each([QWEN, R1])('%s: agree to the token', async (model) => {
    const { records, rows } = await runWith({}, 'simulator', false, model);
    expect(records.map(({ token_difference }) => token_difference)).toEqual(Array(8).fill(0));
    expect(records.every(({ token_source }) => token_source === 'usage')).toBe(true);
    expect(rows[0]?.token_check).toEqual({ compared: 8, ratio_p50: 1, differing: 0 });
    expect(remarkLines(rows)).toEqual([]);
  });

  test('differ: usage counts, and it is told', async () => {
    const faults: SimulatorOptions['faults'] = [{ fault: 'wrong_usage', factor: 2 }];
    const { records, rows } = await runWith({ faults }, 'simulator');
    expect(sorted(records.map(({ output_tokens }) => output_tokens))).toEqual(
      sent().map((tokens) => 2 * tokens),
    );
    expect(rows[0]?.token_check).toMatchObject({ compared: 8, ratio_p50: 0.5, differing: 8 });
    expect(remarkLines(rows)).toContain(
      `${QWEN}: the tokenizer counts 0.500× what usage says (median), 8 of 8 replies differ; usage is what counts`,
    );
  });
});

describe('several tokens per chunk', () => {
  const several: SimulatorOptions = {
    changes: { ...PACE, habits: { severalTokensPerChunk: 0.9 } },
  };

  test('asked for usage in every chunk: ITL by it', async () => {
    const { records } = await runWith(several, null, true);
    for (const record of records) {
      expect(record).toMatchObject({ chunk_token_source: 'usage', itl_ms_p50: expect.any(Number) });
      expect(record.token_chunks).toBeLessThan(record.output_tokens ?? 0);
    }
  });

  test('not asked: chunk gaps, under that name only', async () => {
    const { records } = await runWith(several, null);
    for (const record of records) {
      expect(record).toMatchObject({
        chunk_token_source: 'unknown',
        itl_ms_p50: null,
        chunk_gap_ms_p50: expect.any(Number),
      });
    }
  });
});

test('the tapes and the tokenizer give the same records again', async () => {
  const { folder, records, target, settings } = await runWith({}, 'byte-level');
  const { requests } = buildPlan({ suites: [EIGHT], targets: [target], settings });
  const context = {
    target,
    model: target.models[0] as Model,
    redactor: createRedactor(secretsOf(target)),
    bodyBytes: 1e6,
    keepText: true,
    tokenizer: opened('byte-level'),
  };
  const again: RequestRecord[] = [];
  for await (const tape of readTapes(await openRun(folder.path, settings.outputDir))) {
    const planned = requests.find(({ requestId }) => requestId === tape.requestId);
    if (planned === undefined) throw new Error(`${tape.requestId} was not planned`);
    again.push((await takeIn(planned, tape, context)).record);
  }
  const byId = (a: RequestRecord, b: RequestRecord) => a.request_id.localeCompare(b.request_id);
  expect(again.sort(byId)).toEqual([...records].sort(byId));
  expect(records.every(({ tokenizer_output_tokens: tokens }) => (tokens ?? 0) > 0)).toBe(true);
});

test('a tokenizer that chokes costs its count, not the run', async () => {
  const choking: Tokenizer = {
    ...opened('byte-level'),
    encode: () => {
      throw new Error('too odd a text');
    },
  };
  const { records } = await runWith({ faults: [{ fault: 'no_usage' }] }, choking);
  expect(records.map(({ outcome, token_source }) => [outcome, token_source])).toEqual(
    Array(8).fill(['ok', 'unknown']),
  );
});

test('the manifest says which tokenizer it was, and what was asked for', async () => {
  const { manifest } = await runWith({}, 'byte-level', true);
  expect(manifest.config).toMatchObject({
    targets: [
      {
        continuous_usage: true,
        models: [
          {
            tokenizer: {
              file: expect.stringContaining('byte-level/tokenizer.json'),
              sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
              config_sha256: null,
            },
          },
        ],
      },
    ],
  });
});
