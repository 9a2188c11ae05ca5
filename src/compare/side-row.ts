import type { Column } from '../metrics/column.ts';
import type { RowSamples } from '../metrics/row-samples.ts';
import type { Timeline } from '../metrics/timeline.ts';
import type { SummaryRow } from '../metrics/types.ts';
import type { ShiftSample } from '../stats/shift.ts';
import type { ComparedRow } from './types.ts';

/** From here on more samples make an interval narrower than anything that a comparison is about. */
const MOST_SAMPLES = 2 ** 14;

/** So many of a series at most, evenly over the time that it takes. */
export function spread<T extends Float64Array | Uint32Array>(series: T): T {
  const step = Math.ceil(series.length / MOST_SAMPLES);
  return step <= 1 ? series : (series.filter((_, index) => index % step === 0) as T);
}

/** One row of one side: its figures, and its samples. */
export class SideRow {
  readonly row: SummaryRow;
  readonly samples: RowSamples | null;
  readonly runId: string;
  /** Of the prompts of its run. */
  readonly promptsHash: string;

  constructor({ row, samples }: ComparedRow, of: { run_id: string; prompts_hash: string }) {
    this.row = row;
    this.samples = samples;
    this.runId = of.run_id;
    this.promptsHash = of.prompts_hash;
  }

  get timeline(): Timeline | undefined {
    return this.samples?.timeline();
  }

  /** Logarithms of a metric's samples in the order of time; `undefined` where one is 0, or none is left. */
  logarithms(of: (samples: RowSamples) => Column): ShiftSample | undefined {
    if (this.samples === null) return undefined;
    const column = of(this.samples);
    const all = (this.timeline as Timeline).samplesOf(column);
    const series = spread(all.series);
    if (!series.every((value) => value > 0)) return undefined;
    return {
      series: series.map(Math.log),
      clusters: all.clusters && spread(all.clusters),
      lowestBound: Math.log(column.lowestBound),
    };
  }
}
