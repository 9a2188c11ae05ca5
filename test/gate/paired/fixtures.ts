import type { Pair, PairedRecord } from '../../../src/gate/paired/pair.ts';
import { createRandom, type Random } from '../../../src/random.ts';

/** An ok reply of 300 ms to its first token and 20 ms a token, but for what is given. */
export function recordWith(given: Partial<PairedRecord> = {}): PairedRecord {
  return {
    outcome: 'ok',
    flags: [],
    censored: [],
    case_id: 'case',
    ttft_ms: 300,
    ttft_from_schedule_ms: 300,
    ttfat_ms: 300,
    thinking_ms: null,
    tpot_ms: 20,
    itl_ms_p50: 20,
    chunk_gap_ms_p50: 20,
    decode_tokens_per_second: 50,
    e2e_ms: 2000,
    e2e_tokens_per_second: 45,
    ...given,
  };
}

/** A request that failed without saying anything of its latency. */
export function failedWith(outcome: PairedRecord['outcome']): PairedRecord {
  const nothing = Object.fromEntries(
    Object.entries(recordWith())
      .filter(([, value]) => typeof value === 'number')
      .map(([name]) => [name, null]),
  );
  return recordWith({ ...nothing, outcome });
}

/** A request whose first token had not come when the wait ended. */
export function timedOutAfter(ms: number): PairedRecord {
  return {
    ...failedWith('ttft_timeout'),
    ttft_ms: ms,
    ttfat_ms: ms,
    e2e_ms: ms,
    censored: ['ttft_ms', 'ttfat_ms', 'e2e_ms'],
  };
}

/** Pairs of noisy replies, the candidate's latencies `ratio` times those of the baseline. */
export function noisyPairs(count: number, ratio: number, seed: string, sd = 0.2): Pair[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => ({
    candidate: noisy(random, ratio, sd, `case-${index}`),
    baseline: noisy(random, 1, sd, `case-${index}`),
  }));
}

function noisy(random: Random, ratio: number, sd: number, caseId: string): PairedRecord {
  const ttftMs = 300 * ratio * Math.exp(sd * random.normal());
  const tpotMs = 20 * ratio * Math.exp(sd * random.normal());
  return recordWith({
    case_id: caseId,
    ttft_ms: ttftMs,
    tpot_ms: tpotMs,
    decode_tokens_per_second: 1000 / tpotMs,
  });
}
