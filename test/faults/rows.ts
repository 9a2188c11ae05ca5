import { REPLY } from '../capture/sending.ts';
import { ANSWER_FAULTS } from './answer-faults.ts';
import { CONNECTING_FAULTS } from './connecting-faults.ts';
import { ENDING_FAULTS, ENDLESS_FAULTS } from './ending-faults.ts';
import { type Fault, WIRES } from './fault.ts';
import { HTTP2_FAULTS } from './http2-faults.ts';
import { stream } from './plays.ts';
import { STREAM_FAULTS } from './stream-faults.ts';

/** A reply as it should be. */
export const HEALTHY: Fault = {
  row: null,
  name: 'healthy',
  over: WIRES,
  play: stream(REPLY),
  expected: { outcome: 'ok', token: true, answer: 'Hello world', flags: [] },
};

/** The fault table, and what else can go wrong: all that a server can commit. */
export const FAULTS: readonly Fault[] = [
  ...CONNECTING_FAULTS,
  ...ENDING_FAULTS,
  ...ANSWER_FAULTS,
  ...ENDLESS_FAULTS,
  ...STREAM_FAULTS,
  ...HTTP2_FAULTS,
];

const BY_NAME = new Map([HEALTHY, ...FAULTS].map((fault) => [fault.name, fault]));

/** @throws Error where no fault bears the name */
export function faultNamed(name: string): Fault {
  const fault = BY_NAME.get(name);
  if (fault === undefined) throw new Error(`no fault is called ${name}`);
  return fault;
}
