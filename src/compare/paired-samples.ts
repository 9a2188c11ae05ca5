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
  const all = pairsOf(base, partners, (index, partner) => {
    return !Number.isNaN(froms[index]) && !Number.isNaN(tos[partner]);
  });
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
  const { indices, clusters } = pairsOf(base, partners, (index, partner) => {
    return !Number.isNaN(froms[index]) && !Number.isNaN(tos[partner]);
  });
  return {
    base: Uint8Array.from(indices, (index) => froms[index] as number),
    other: Uint8Array.from(indices, (index) => tos[partners[index] as number] as number),
    clusters,
  };
}

/** Where the requests of the base that have a partner stand, in the order of time, with their cases. */
function pairsOf(
  base: SideRow,
  partners: Partners,
  isMeant: (index: number, partner: number) => boolean,
): { indices: Uint32Array; clusters: Uint32Array | null } {
  const timeline = base.timeline as Timeline;
  const indices = timeline.order.filter((index) => {
    const partner = partners[index] as number;
    return partner >= 0 && isMeant(index, partner);
  });
  const isRepeated = indices.length > 0 && timeline.caseOf(indices[0] as number) !== null;
  const clusters = isRepeated ? indices.map((index) => timeline.caseOf(index) as number) : null;
  return { indices, clusters };
}
