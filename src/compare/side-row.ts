import type { Column } from '../metrics/column.ts';
import type { RowSamples } from '../metrics/row-samples.ts';
import type { Timeline } from '../metrics/timeline.ts';
import type { SummaryRow } from '../metrics/types.ts';
import type { ShiftSample } from '../stats/shift.ts';
import type { ComparedRow } from './types.ts';

/** One row of one side: its figures, and its samples, laid out once however often it is compared. */
export class SideRow {
  readonly row: SummaryRow;
  readonly samples: RowSamples | null;
  /** Of the prompts of its run. */
  readonly promptsHash: string;
  #timeline: Timeline | undefined;

  constructor({ row, samples }: ComparedRow, promptsHash: string) {
    this.row = row;
    this.samples = samples;
    this.promptsHash = promptsHash;
  }

  get timeline(): Timeline | undefined {
    if (this.samples === null) return undefined;
    this.#timeline ??= this.samples.timeline();
    return this.#timeline;
  }

  /** Logarithms of a metric's samples in the order of time; `undefined` where one is 0, or none is left. */
  logarithms(of: (samples: RowSamples) => Column): ShiftSample | undefined {
    if (this.samples === null) return undefined;
    const column = of(this.samples);
    const { series, clusters } = (this.timeline as Timeline).samplesOf(column);
    if (!series.every((value) => value > 0)) return undefined;
    return { series: series.map(Math.log), clusters, lowestBound: Math.log(column.lowestBound) };
  }
}
