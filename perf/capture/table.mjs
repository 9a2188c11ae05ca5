// Figures as a table: aligned for a terminal, which is Markdown as well.

/** @typedef {import('./figures.mjs').Figures} Figures */

/** @type {[title: string, format: (row: Figures) => string][]} */
const COLUMNS = [
  ['client', (row) => row.title],
  ['CPU µs/chunk', (row) => row.cpuPerChunkUs.toFixed(1)],
  ['tokentape ÷ it', (row) => (row.ratio === null ? '' : `${row.ratio.toFixed(2)}×`)],
  ['error p50 ms', (row) => milliseconds(row.p50Ms)],
  ['p99', (row) => milliseconds(row.p99Ms)],
  ['p99.9', (row) => milliseconds(row.p999Ms)],
  ['max', (row) => milliseconds(row.maxMs)],
  ['chunks/read', (row) => (row.chunksPerRead === null ? 'n/a' : row.chunksPerRead.toFixed(2))],
  ['peak RSS MiB', (row) => (row.peakRssBytes / 2 ** 20).toFixed(0)],
  ['KiB/stream', (row) => (row.rssPerStreamBytes / 2 ** 10).toFixed(0)],
  ['chunks/s', (row) => row.chunksPerSecond.toFixed(0)],
  ['sender CPU µs', (row) => row.senderCpuPerChunkUs.toFixed(1)],
  ['sender late p99 ms', (row) => milliseconds(row.senderLateP99Ms)],
  ['held back', (row) => `${(row.heldShare * 100).toFixed(0)} %`],
];

/** @param {Figures[]} figures */
export function tableOf(figures) {
  const cells = figures.map((row) => COLUMNS.map(([, format]) => format(row)));
  return renderTable(
    COLUMNS.map(([title]) => title),
    cells,
  );
}

/**
 * First column to the left, all others to the right.
 * @param {string[]} titles
 * @param {string[][]} rows
 */
export function renderTable(titles, rows) {
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  /** @param {string[]} cells */
  const line = (cells) =>
    `| ${cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(titles), line(rule), ...rows.map(line)].join('\n');
}

/** @param {number} ms */
function milliseconds(ms) {
  return ms >= 10 ? ms.toFixed(0) : ms >= 1 ? ms.toFixed(1) : ms.toFixed(3);
}
