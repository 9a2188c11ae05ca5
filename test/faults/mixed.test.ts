import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { RequestLimits } from '../../src/config/types.ts';
import type { OutcomeClass } from '../../src/decode/types.ts';
import type { RequestRecord, SummaryRow } from '../../src/metrics/types.ts';
import { aFolder, readOnlyRun, startCli } from '../commands/run-cli.ts';
import { type FaultEndpoints, startFaultEndpoints } from './endpoints.ts';
import { drawMixture, type Lane, type Mixture, mixtureLimits } from './mixture.ts';
import { faultsFound } from './verdict.ts';

/** `FAULT_SEED` and as many after it as `FAULT_RUNS` says; drawn, and printed, where none is given. */
const FIRST = process.env.FAULT_SEED ?? String(Math.floor(Math.random() * 1e9));
const SEEDS = Array.from({ length: Number(process.env.FAULT_RUNS ?? 1) }, (_, n) =>
  n === 0 ? FIRST : `${FIRST}-${n}`,
);
const OBSERVE = pathToFileURL(path.join(import.meta.dirname, 'observe.mjs')).href;
/** From the last word of the command to the end of its process, were it as slow as can be. */
const LINGER_MOST_MS = 3000;

let endpoints: FaultEndpoints | undefined;
afterEach(() => endpoints?.close());

interface Observation {
  what: 'start' | 'finished' | 'exit' | 'warning';
  resources: string[];
  descriptors: number | null;
  text: string;
}

interface MixedRun {
  mixture: Mixture;
  records: RequestRecord[];
  wrong: { outcome: OutcomeClass; found: string }[];
  /** Those of the models that a suite was for. */
  rows: SummaryRow[];
  state: string;
  code: number | null;
  stderr: string;
  observed(what: Observation['what']): Observation[];
  /** The process went on after its last word. */
  lingeredMs: number;
}

/** Wrong only where the machine had no time for the servers or the client. */
const TIMEOUTS: readonly OutcomeClass[] = [
  'connect_timeout',
  'ttft_timeout',
  'stalled',
  'total_timeout',
];

/** Where nothing but time limits came too soon, once more with longer ones: machines are shared. */
async function runMixture(
  seed: string,
  interruptWhen?: (stderr: string) => boolean,
): Promise<MixedRun> {
  const run = await runMixtureOnce(seed, 1, interruptWhen);
  const outcomes = new Set(run.wrong.map(({ outcome }) => outcome));
  if (outcomes.size === 0 || [...outcomes].some((one) => !TIMEOUTS.includes(one))) return run;
  console.warn('time limits came too soon, and are tried longer:', run.wrong);
  await endpoints?.close();
  return runMixtureOnce(seed, 3, interruptWhen);
}

async function runMixtureOnce(
  seed: string,
  patience: number,
  interruptWhen?: (stderr: string) => boolean,
): Promise<MixedRun> {
  const limits = mixtureLimits(patience);
  const mixture = drawMixture(seed);
  endpoints = await startFaultEndpoints((model, tag) => mixture.faultOf(model, tag).name);
  const cwd = await aFolder(mixture.files(endpoints, limits));
  const suites = ['shared', 'alone', 'refused'].flatMap((name) => ['-s', `suites/${name}.yaml`]);
  const { child, ended } = startCli(['run', ...suites, '--seed', seed, '-o', 'results'], {
    cwd,
    env: {
      ...endpoints.environment,
      TOKENTAPE_TARGET: [...new Set(mixture.lanes.map(({ target }) => target))].join(),
      NODE_OPTIONS: `--import=${OBSERVE}`,
    },
  });
  let lastWordMs = performance.now();
  let said = '';
  child.stderr?.on('data', (text: string) => {
    lastWordMs = performance.now();
    said += text;
    if (interruptWhen?.(said)) {
      child.kill('SIGINT');
      interruptWhen = undefined;
    }
  });
  const { code, stderr } = await ended;
  const lingeredMs = performance.now() - lastWordMs;
  const observations = [...stderr.matchAll(/^@observed (.*)$/gm)].map(
    ([, line]) => JSON.parse(line as string) as Observation,
  );
  const run = await readOnlyRun(path.join(cwd, 'results'));
  const rows = JSON.parse(run.texts['summary.json'] ?? 'null').rows as SummaryRow[];
  return {
    mixture,
    wrong: wrongIn(mixture, run.records, limits),
    records: run.records,
    rows: rows.filter(({ requests }) => requests.planned > 0),
    state: run.manifest.state,
    code,
    stderr: stderr.replace(/^@observed .*$/gm, ''),
    observed: (what) => observations.filter((one) => one.what === what),
    lingeredMs,
  };
}

/** `planned = ok + failed + dropped + cancelled + skipped + lost`, and each of them what the records say. */
function expectAccounted({ mixture, rows, records }: MixedRun): void {
  expect(rows.length).toBe(mixture.lanes.length);
  for (const { model, requests } of rows) {
    const { planned, ok, failed, dropped, cancelled, skipped, lost } = requests;
    expect(ok + failed + dropped + cancelled + skipped + lost, model).toBe(planned);
    const own = records.filter((record) => record.model === model);
    expect(own.filter(({ outcome }) => outcome === 'ok').length, model).toBe(ok);
    expect(own.filter(({ outcome }) => outcome === 'cancelled').length, model).toBe(cancelled);
    // The one request that finds out that a key does not open a model counts as skipped too.
    const refused = model.startsWith('refuses-') ? own.length : 0;
    expect(own.length, model).toBe(planned - skipped + refused);
    expect([dropped, lost]).toEqual([0, 0]);
  }
  const planned = rows.reduce((sum, { requests }) => sum + requests.planned, 0);
  expect(planned).toBe(mixture.requests);
  expect(new Set(records.map(({ request_id }) => request_id)).size).toBe(records.length);
}

/** Nothing was warned of, nothing is left, and the process ended by itself. */
function expectClean({ stderr, observed, lingeredMs }: MixedRun): void {
  expect(observed('warning')).toEqual([]);
  expect(stderr).not.toMatch(/warning|unhandled|deprecat|\n\s+at /i);
  // The measuring thread, once it has sent its last tape: its port, and the timer that looks.
  expect(observed('finished').map(({ resources }) => resources)).toEqual([
    ['MessagePort', 'Timeout'],
  ]);
  const [start] = observed('start');
  const [exit] = observed('exit');
  expect(exit?.resources.filter((one) => one !== 'PipeWrap')).toEqual([]);
  // One file more is open where a module was loaded since.
  expect((exit?.descriptors ?? 0) - (start?.descriptors ?? 0)).toBeLessThanOrEqual(2);
  expect(lingeredMs).toBeLessThan(LINGER_MOST_MS);
}

/** What each record holds against what its fault must end in; the servers say how often it came. */
function wrongIn(
  mixture: Mixture,
  records: readonly RequestRecord[],
  limits: RequestLimits,
): MixedRun['wrong'] {
  const hits = new Map<string, number>();
  for (const { model, tag } of endpoints?.arrivals ?? []) {
    hits.set(`${model}:${tag}`, (hits.get(`${model}:${tag}`) ?? 0) + 1);
  }
  return records.flatMap((record) => {
    if (record.outcome === 'cancelled') return [];
    const fault = mixture.faultOf(record.model, record.case_id);
    const found = faultsFound(fault, record, limits);
    const came = hits.get(`${record.model}:${record.case_id}`) ?? 0;
    const sent = record.stale_socket_redials + 1;
    const reached = fault.at === undefined || fault.at === 'frames';
    if (reached && came !== sent) found.push(`it came ${came} times, and was sent ${sent} times`);
    const { outcome, model } = record;
    return found.map((one) => ({ outcome, found: `${fault.name} on ${model}: ${one}` }));
  });
}

const isFaulty = (mixture: Mixture, { model }: Lane | RequestRecord, tag: string): boolean =>
  mixture.faultOf(model, tag).name !== 'healthy';

describe.each(SEEDS)('faults at random under load, FAULT_SEED=%s', (seed) => {
  test('each request ends in its one class, and nothing is left behind', async () => {
    const run = await runMixture(seed);
    expect(run.code, run.stderr).toBe(0);
    expect(run.state).toBe('complete');
    expect(run.wrong).toEqual([]);
    expectAccounted(run);
    expectClean(run);
    const { mixture, records } = run;
    const faulty = records.filter((one) => isFaulty(mixture, one, one.case_id)).length;
    expect(faulty / records.length).toBeGreaterThan(0.25);
    expect(records.length).toBeGreaterThan(950);
    for (const { model, requests } of run.rows) {
      if (!model.startsWith('refuses-')) continue;
      expect(requests).toMatchObject({ planned: 5, failed: 0, skipped: 5 });
      expect(records.filter((record) => record.model === model).length).toBe(1);
    }
    await expect.poll(() => endpoints?.open()).toBe(0);
  }, 120_000);
});

test(`interrupted in the middle, all is accounted for, FAULT_SEED=${FIRST}`, async () => {
  const run = await runMixture(FIRST, (said) => said.includes('in flight'));
  expect(run.code, run.stderr).toBe(130);
  expect(run.state).toBe('partial');
  expect(run.wrong).toEqual([]);
  expectAccounted(run);
  expectClean(run);
  const cancelled = run.records.filter(({ outcome }) => outcome === 'cancelled');
  expect(cancelled.length).toBeGreaterThan(0);
  expect(cancelled.length).toBeLessThanOrEqual(64);
  expect(run.records.length).toBeLessThan(run.mixture.requests);
  await expect.poll(() => endpoints?.open()).toBe(0);
}, 120_000);
