import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RequestLimits } from '../../src/config/types.ts';
import { OUTCOMES } from '../../src/decode/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import { takeIn } from '../../src/run/intake.ts';
import { createRedactor } from '../../src/secrets.ts';
import { requestOf, senderOf } from '../capture/sending.ts';
import { planned } from '../load/requests.ts';
import { modelOf, targetOf } from '../run/running.ts';
import { type FaultEndpoints, startFaultEndpoints } from './endpoints.ts';
import { FAULT_SIZES, type Fault, HTTP2, promptOf, readPrompt, type Wire } from './fault.ts';
import { FAULTS, HEALTHY } from './rows.ts';
import { faultsFound } from './verdict.ts';

/** Only the limit that a fault is about is short. */
const PATIENT: RequestLimits = {
  connectMs: 8000,
  firstTokenMs: 8000,
  stallMs: 8000,
  totalMs: 12_000,
  ...FAULT_SIZES,
};
const SHORT_MS = 300;

let endpoints: FaultEndpoints;
const environment = new Map<string, string | undefined>();

beforeAll(async () => {
  endpoints = await startFaultEndpoints();
  for (const [name, value] of Object.entries(endpoints.environment)) {
    environment.set(name, process.env[name]);
    process.env[name] = value;
  }
});

afterAll(async () => {
  for (const [name, value] of environment) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await endpoints.close();
});

let sent = 0;

/** Sends prompts one after the other over one connection; all that is derived of the last. */
async function meet(
  fault: Fault,
  wire: Wire,
  before: readonly Fault[] = [],
): Promise<{ record: RequestRecord; hits: number; limits: RequestLimits }> {
  const { limit } = fault.expected;
  const limits = limit === undefined ? PATIENT : { ...PATIENT, [limit]: SHORT_MS };
  const model = modelOf('some-model');
  const target = targetOf(endpoints.baseUrl(fault, wire), [model], {
    protocol: HTTP2.includes(wire) ? 'h2' : 'http/1.1',
  });
  const sender = senderOf({ ...target, apiKey: 'sk-canary-0123456789', ca: endpoints.ca, limits });
  const sendOne = async (one: Fault): Promise<{ record: RequestRecord; tag: string }> => {
    sent += 1;
    const tag = String(sent);
    const messages = [{ role: 'user' as const, content: promptOf(one, tag) }];
    const tape = await sender.send(requestOf({ messages })).finished;
    const { bodyBytes } = limits;
    const context = { target, model, redactor: createRedactor([]), keepText: true, bodyBytes };
    return { record: (await takeIn(planned({ messages }), tape, context)).record, tag };
  };
  try {
    for (const one of before) await sendOne(one);
    const { record, tag } = await sendOne(fault);
    const arrived = endpoints.arrivals.filter((one) => one.tag === tag);
    return { record, hits: arrived.length, limits };
  } finally {
    await sender.close();
  }
}

const MEETINGS = [HEALTHY, ...FAULTS].flatMap((fault) =>
  fault.over.map((wire) => ({ row: fault.row ?? '-', name: fault.name, wire, fault })),
);

describe('every fault, alone', () => {
  test.each(MEETINGS)('row $row, $name over $wire', async ({ fault, wire }) => {
    const { record, hits, limits } = await meet(fault, wire);
    const found = faultsFound(fault, record, limits);
    expect(found, found.join('; ')).toEqual([]);
    // Whatever happened, it was asked once.
    const reached = fault.at === undefined || fault.at === 'frames';
    expect(hits).toBe(reached ? 1 : 0);
    expect(record.stale_socket_redials).toBe(0);
  });
});

const STALE = MEETINGS.filter(({ fault }) => fault.row === 6);

describe('a kept connection that the server has closed', () => {
  test.each(STALE)('$name over $wire: dialled again once, one record', async ({ fault, wire }) => {
    const { record, hits, limits } = await meet(fault, wire, [HEALTHY]);
    const found = faultsFound(fault, record, limits);
    expect(found, found.join('; ')).toEqual([]);
    expect(record.stale_socket_redials).toBe(1);
    expect(hits).toBe(2);
    // Instants are those of the second dial.
    expect(record.connect_ms).toBeGreaterThan(0);
  });
});

/** Rows that are about the process, and the test that holds each of them. */
const ELSEWHERE: Record<number, readonly [file: string, test: string]> = {
  41: ['test/faults/clock.test.ts', 'a wall clock that leaps has no effect'],
  42: ['test/crash/full-disk.test.ts', 'in the middle of a run: exit 74'],
  43: ['test/crash/signals.test.ts', 'SIGINT twice'],
  44: ['test/crash/cut-off.test.ts', 'by SIGKILL opens'],
  45: ['test/e2e/validity.test.ts', 'a client that was held up says so'],
};

describe('the fault table', () => {
  test.each(Array.from({ length: 45 }, (_, index) => index + 1))('row %i is tested', (row) => {
    if (FAULTS.some((fault) => fault.row === row)) return;
    const [file, name] = ELSEWHERE[row] ?? [];
    expect(file, 'no server commits it, and no other test is named').toBeDefined();
    expect(readFileSync(file as string, 'utf8')).toContain(name);
  });

  test('every class is brought about by one fault at least', () => {
    const known = new Set([HEALTHY, ...FAULTS].map(({ expected }) => expected.outcome));
    // Of our own side, not of a server's.
    expect(OUTCOMES.filter((one) => !known.has(one))).toEqual([
      'client_limit',
      'cancelled',
      'dropped',
      'lost',
    ]);
  });

  test('names are unique, and go into a prompt', () => {
    const names = FAULTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const fault of FAULTS) {
      expect(readPrompt(promptOf(fault, 'a.1'))).toEqual({ name: fault.name, tag: 'a.1' });
    }
  });
});
