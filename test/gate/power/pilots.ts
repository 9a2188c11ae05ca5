import { type PairSource, PairSources } from '../../../src/gate/power/pair-source.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import { createRandom } from '../../../src/random.ts';
import { aRecord } from '../../metrics/fixtures.ts';

/** Pairs of requests alike, log-normal by `s` in each arm. */
export function pairedRecords(
  pairs: number,
  s: number,
  changes: Partial<RequestRecord> = {},
  seed = 'pilot',
): RequestRecord[] {
  const random = createRandom(`${seed}/${pairs}/${s}`);
  return Array.from({ length: pairs }, (_, index) => {
    const prompt = Math.exp(0.5 * random.normal());
    return (['candidate', 'baseline'] as const).map((arm) => {
      const ttftMs = 200 * prompt * Math.exp(s * random.normal());
      const tpotMs = 10 * Math.exp(s * random.normal());
      return aRecord({
        request_id: `${arm}-${index}`,
        pair_id: `p${index}`,
        arm,
        case_id: `c${index % 20}`,
        started_ms: 1000 * index,
        ended_ms: 1000 * index + 500,
        ttft_ms: ttftMs,
        tpot_ms: tpotMs,
        decode_tokens_per_second: 1000 / tpotMs,
        ...changes,
      });
    });
  }).flat();
}

export function sourcesOf(records: readonly RequestRecord[]): PairSource[] {
  const sources = new PairSources();
  for (const record of records) sources.add(record);
  return sources.all();
}

export function onlySource(records: readonly RequestRecord[]): PairSource {
  const [source, ...others] = sourcesOf(records);
  if (source === undefined || others.length > 0) throw new Error(`${others.length + 1} sources`);
  return source;
}
