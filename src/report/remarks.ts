import type { Flag } from '../decode/types.ts';
import type { SummaryRow } from '../metrics/types.ts';
import { ownOf } from '../own.ts';
import { nameOf } from './notes.ts';
import { counted, formatFigure } from './numbers.ts';
import { neutralise } from './text.ts';

/** What has to be known of the replies behind the figures. */
export function remarkLines(rows: SummaryRow[]): string[] {
  return [...withheldLines(rows), ...flagLines(rows), ...tokenLines(rows)];
}

/** Flags whose replies some estimates leave out: what befell them, and which estimates those are. */
const WITHHELD: Partial<Record<Flag, { what: string; from: string }>> = {
  coalesced: { what: 'arrived whole: a proxy buffers them', from: 'TPOT, ITL and tok/s' },
  cached_reply: {
    what: "came from the proxy's cache, not from the model",
    from: 'latencies and speeds',
  },
};

/** Rows that share a line are named up to here, and counted beyond. */
const NAMED_ROWS = 3;

/** One line per row and flag, with the share of its ok replies; rows of which all are share a line. */
function withheldLines(rows: SummaryRow[]): string[] {
  return Object.entries(WITHHELD).flatMap(([flag, { what, from }]) => {
    const flagged = rows.filter((row) => (row.flags[flag] ?? 0) > 0);
    const whole = flagged.filter((row) => row.flags[flag] === row.requests.ok);
    const partly = flagged.filter((row) => !whole.includes(row));
    const lines = partly.map((row) => {
      const share = `${row.flags[flag]} of ${counted(row.requests.ok, 'reply', 'replies')}`;
      return `${nameOf(row, rows)}: ${share} ${what}; left out of ${from}`;
    });
    if (whole.length > 0) {
      const total = whole.reduce((sum, row) => sum + row.requests.ok, 0);
      const all = `all ${counted(total, 'reply', 'replies')} ${what}, so ${from} are n/a`;
      lines.unshift(`${namesOf(whole, rows)}: ${all}`);
    }
    return lines;
  });
}

const FLAG_REMARKS: Partial<Record<Flag | 'client_late', string>> = {
  unclean_close: '[DONE], then an unclean close',
  lenient_done: '[DONE] without its blank line',
  text_after_finish: 'Text after the finish_reason',
  usage_inconsistent: 'Usage that contradicts itself and is not believed',
  several_choices: 'Several choices, of which the first is measured',
  compressed: 'Compressed on the way',
  retried_by_proxy: 'Retried by the proxy, which the latency includes',
  fallback_by_proxy: 'Answered by a fallback of the proxy, not by the model asked',
  client_late: 'A latency that the client itself may have stamped late',
};

/** One line per flag, with the rows it was seen in; of many, those where it was seen most. */
function flagLines(rows: SummaryRow[]): string[] {
  const flags = new Set(rows.flatMap((row) => Object.keys(row.flags)));
  return [...flags]
    .filter((flag) => !Object.hasOwn(WITHHELD, flag))
    .map((flag) => {
      const countOf = (row: SummaryRow) => row.flags[flag] ?? 0;
      const flagged = rows
        .filter((row) => countOf(row) > 0)
        .sort((a, b) => countOf(b) - countOf(a));
      const total = flagged.reduce((sum, row) => sum + countOf(row), 0);
      const named = flagged.length <= NAMED_ROWS + 1 ? flagged : flagged.slice(0, NAMED_ROWS);
      const others = flagged.length - named.length;
      const where = [
        ...named.map((row) => `${nameOf(row, rows)} ${countOf(row)}`),
        ...(others > 0 ? [`${others} rows more`] : []),
      ].join(', ');
      const remark = ownOf(FLAG_REMARKS, flag) ?? `Flagged ${neutralise(flag)}`;
      return `${remark}: ${counted(total, 'reply', 'replies')} (${where})`;
    });
}

/** How far off the counts of usage and tokenizer may be before it is told. */
const RATIO_OFF = 0.02;
const DIFFERING_SHARE = 0.05;

/** One line per row whose tokens are not simply the server's count. */
function tokenLines(rows: SummaryRow[]): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    if (row.token_source === 'mixed') {
      const { usage = 0, tokenizer = 0, unknown = 0 } = row.token_sources;
      const parts = [
        usage > 0 && `${usage} by usage`,
        tokenizer > 0 && `${tokenizer} by the tokenizer`,
        unknown > 0 && `${unknown} not at all`,
      ].filter((part) => part !== false);
      lines.push(`${nameOf(row, rows)}: tokens of ${parts.join(', ')}`);
    }
    const check = row.token_check;
    if (check === null) continue;
    const share = check.differing / check.compared;
    if (share < DIFFERING_SHARE && Math.abs(check.ratio_p50 - 1) < RATIO_OFF) continue;
    lines.push(
      `${nameOf(row, rows)}: the tokenizer counts ${formatFigure(check.ratio_p50)}× what usage says (median), ` +
        `${check.differing} of ${counted(check.compared, 'reply', 'replies')} differ; usage is what counts`,
    );
  }
  return lines;
}

function namesOf(some: SummaryRow[], rows: SummaryRow[]): string {
  if (some.length <= NAMED_ROWS) return some.map((row) => nameOf(row, rows)).join(', ');
  return some.length === rows.length ? `all ${rows.length} rows` : `${some.length} rows`;
}
