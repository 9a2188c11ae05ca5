// A million records read back, by `perf/records.mjs`, which prints a table of its parts.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { row } from '../capture/targets.mjs';

const RECORDS = 1_000_000;
const script = fileURLToPath(new URL('../records.mjs', import.meta.url));

/** Without the script there is no figure. */
export function measureRecords() {
  const text = existsSync(script)
    ? execFileSync(process.execPath, [script, String(RECORDS)], {
        encoding: 'utf8',
        env: { ...process.env, NO_COLOR: '1' },
      })
    : '';
  const parts = partsOf(text);
  const judged = parts.filter(({ part }) => part !== 'requests.csv');
  const found =
    judged.length === 0
      ? null
      : {
          seconds: Math.max(...judged.map(({ seconds }) => seconds)),
          peakMiB: Math.max(...judged.map(({ peakMiB }) => peakMiB)),
        };
  const what = 'summary, table and comparison over 1,000,000 records';
  const judge = ({ seconds, peakMiB }) => [
    `${seconds.toFixed(1)} s, ${peakMiB.toFixed(0)} MiB`,
    seconds <= 10 && peakMiB <= 1024,
  ];
  return row(what, '≤ 10 s, ≤ 1 GiB', found, judge);
}

/** Rows of the printed table, by its titles. */
function partsOf(text) {
  const cells = text
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) => line.split('│').map((cell) => cell.trim().replace(/^'|'$/g, '')));
  const [titles, ...rows] = cells;
  if (titles === undefined) return [];
  const column = (name) => titles.findIndex((title) => title.startsWith(name));
  const [part, seconds, peak] = ['part', 'seconds', 'peak RSS MiB'].map(column);
  return rows.map((values) => ({
    part: values[part],
    seconds: Number(values[seconds]),
    peakMiB: Number(values[peak]),
  }));
}
