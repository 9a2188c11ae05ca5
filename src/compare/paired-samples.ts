import type { Column } from '../metrics/column.ts';
import type { RowSamples } from '../metrics/row-samples.ts';
import type { Timeline } from '../metrics/timeline.ts';
import type { PairedDifferences, PairedHits } from '../stats/paired-shift.ts';
import type { Partners } from './pairs.ts';
import { type SideRow, spread } from './side-row.ts';

/**
 * Differences of the logarithms of a metric, pair by pair, in the order in which the base's requests
 * began. A timeout may have been anything from its bound upwards.
 * @returns `undefined` where a sample is 0
 */
export function pairedDifferences(
  base: SideRow,
  other: SideRow,
  partners: Partners,
  of: (samples: RowSamples) => Column,
): PairedDifferences | undefined {
  const [from, to] = [of(base.samples as RowSamples), of(other.samples as RowSamples)];
  const [froms, tos] = [from.entries(), to.entries()];
  const all = pairsOf(base, partners, froms, tos);
  const pairs = { indices: spread(all.indices), clusters: all.clusters && spread(all.clusters) };
  const lowest = new Float64Array(pairs.indices.length);
  const highest = new Float64Array(pairs.indices.length);
  for (let at = 0; at < lowest.length; at++) {
    const index = pairs.indices[at] as number;
    const [a, b] = [froms[index] as number, tos[partners[index] as number] as number];
    if (!(a > 0 && b > 0)) return undefined;
    const difference = Math.log(b) - Math.log(a);
    lowest[at] = a >= from.lowestBound ? -Infinity : difference;
    highest[at] = b >= to.lowestBound ? Infinity : difference;
  }
  return { lowest, highest, clusters: pairs.clusters };
}

/** Failures, pair by pair, likewise; pairs of which one was cancelled are left out. */
export function pairedHits(base: SideRow, other: SideRow, partners: Partners): PairedHits {
  const froms = (base.samples as RowSamples).failures.entries();
  const tos = (other.samples as RowSamples).failures.entries();
  const { indices, clusters } = pairsOf(base, partners, froms, tos);
  const hits = { base: new Uint8Array(indices.length), other: new Uint8Array(indices.length) };
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] as number;
    hits.base[at] = froms[index] as number;
    hits.other[at] = tos[partners[index] as number] as number;
  }
  return { ...hits, clusters };
}

/**
 * Where the requests of the base stand that have a sample, as their partner has one too, in the order
 * of time; with their cases. A loop, for there may be a million.
 */
function pairsOf(
  base: SideRow,
  partners: Partners,
  froms: Float64Array,
  tos: Float64Array,
): { indices: Uint32Array; clusters: Uint32Array | null } {
  const timeline = base.timeline as Timeline;
  const { order } = timeline;
  const met = new Uint32Array(order.length);
  let count = 0;
  for (let at = 0; at < order.length; at++) {
    const index = order[at] as number;
    const partner = partners[index] as number;
    if (partner < 0 || Number.isNaN(froms[index]) || Number.isNaN(tos[partner])) continue;
    met[count++] = index;
  }
  const indices = met.subarray(0, count);
  const isRepeated = count > 0 && timeline.caseOf(indices[0] as number) !== null;
  const clusters = isRepeated ? indices.map((index) => timeline.caseOf(index) as number) : null;
  return { indices, clusters };
}
