import type { RequestLimits } from '../../src/config/types.ts';
import type { RequestRecord } from '../../src/metrics/types.ts';
import type { Fault } from './fault.ts';

const LATENCIES = ['ttft_ms', 'ttft_from_schedule_ms', 'ttfat_ms', 'e2e_ms'] as const;
/** The client's word on itself; it says nothing of the reply. */
const OF_THE_CLIENT = 'client_late';

/**
 * All in which a record is not what the fault table wants of a request that met this fault.
 * @param limits that the request was sent under
 */
export function faultsFound(fault: Fault, record: RequestRecord, limits: RequestLimits): string[] {
  const { expected } = fault;
  const found: string[] = [];
  const want = (what: string, holds: boolean, value: unknown): void => {
    if (!holds) found.push(`${what}: ${JSON.stringify(value)}`);
  };
  const same = (what: keyof RequestRecord, wanted: unknown): void => {
    if (wanted === undefined) return;
    want(`${what} is not ${JSON.stringify(wanted)}`, record[what] === wanted, record[what]);
  };
  same('outcome', expected.outcome);
  same('http_status', expected.status === undefined ? 200 : expected.status);
  same('answer_text', expected.answer);
  same('output_tokens', expected.outputTokens);
  same('chunk_token_source', expected.chunkTokens);
  same('post_done_events', expected.postDoneEvents ?? 0);
  same('utf8_replacements', expected.utf8Replacements ?? 0);
  const message = record.error_message;
  if (expected.outcome === 'ok') same('error_message', null);
  else want('no message', (message?.length ?? 0) > 5, message);
  if (expected.says !== undefined) want('message', expected.says.test(message ?? ''), message);
  if (expected.flags !== undefined) {
    const flags = record.flags.filter((flag) => flag !== OF_THE_CLIENT);
    want(`flags are not ${expected.flags}`, flags.join() === expected.flags.join(), flags);
  }
  return [...found, ...latenciesFound(fault, record, limits)];
}

/** A token's instant is kept; what had not ended is a lower bound after a timeout, else nothing. */
function latenciesFound(
  { expected }: Fault,
  record: RequestRecord,
  limits: RequestLimits,
): string[] {
  const found: string[] = [];
  const ended = expected.outcome === 'ok';
  const reached = LATENCIES.filter((name) => {
    if (name === 'e2e_ms') return ended && expected.token;
    return expected.token && (name !== 'ttfat_ms' || expected.answers !== false);
  });
  const censored =
    expected.limit === undefined ? [] : LATENCIES.filter((x) => !reached.includes(x));
  for (const name of LATENCIES) {
    const isValue = record[name] !== null;
    if (isValue !== (reached.includes(name) || censored.includes(name))) {
      found.push(`${name}: ${record[name]}`);
    }
  }
  if (record.censored.join() !== censored.join()) found.push(`censored: ${record.censored}`);
  if (expected.limit !== undefined && (record.e2e_ms ?? 0) < limits[expected.limit]) {
    found.push(`e2e_ms is no lower bound: ${record.e2e_ms}`);
  }
  if (expected.tokenAfterMs !== undefined && (record.ttft_ms ?? 0) < expected.tokenAfterMs) {
    found.push(`ttft_ms before a token was sent: ${record.ttft_ms}`);
  }
  if (!ended && (record.tpot_ms !== null || record.decode_tokens_per_second !== null)) {
    found.push(`a speed of a reply that is not whole: ${record.tpot_ms}`);
  }
  const lastMs = record.ended_ms - record.started_ms;
  for (const name of ['connect_ms', 'headers_ms', 'first_event_ms', 'ttft_ms', 'e2e_ms'] as const) {
    const value = record[name];
    if (value !== null && (value < 0 || value > lastMs + 0.001)) {
      found.push(`${name} is not within the request: ${value} of ${lastMs}`);
    }
  }
  return found;
}
