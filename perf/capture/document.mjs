// The generated part of docs/performance.md: all else in that file is written by hand and left alone.
import { renderTable, tableOf } from './table.mjs';

const BEGIN = '<!-- begin: written by `npm run perf` -->';
const END = '<!-- end: written by `npm run perf` -->';

/** @typedef {import('./figures.mjs').Compared} Compared */
/** @typedef {import('./targets.mjs').Promised} Promised */

/**
 * The text with what stands between the two marks replaced.
 * @param {string} text
 * @param {string} generated
 * @throws where the marks are not there, each once and in order
 */
export function replaceGenerated(text, generated) {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  const once = begin === text.lastIndexOf(BEGIN) && end === text.lastIndexOf(END);
  if (begin === -1 || end < begin || !once) {
    throw new Error(`docs/performance.md needs one line ${BEGIN} and, after it, one ${END}`);
  }
  return `${text.slice(0, begin)}${BEGIN}\n\n${generated.trim()}\n\n${text.slice(end)}`;
}

/**
 * Markdown of a whole measurement.
 * @param {{
 *   machine: string,
 *   date: string,
 *   command: string,
 *   targets: Promised[],
 *   compared: Compared[],
 *   skipped: string[],
 * }} measurement
 */
export function generatedPart({ machine, date, command, targets, compared, skipped }) {
  return [
    `${date}, ${machine}, by \`${command}\`.`,
    '### Promises',
    targetsTable(targets),
    '### Ratios',
    "CPU of tokentape for a chunk over the client's own; below 1, tokentape is the cheaper one.",
    ratiosTable(compared),
    ...compared.flatMap(({ title, figures }) => [`### ${capitalised(title)}`, tableOf(figures)]),
    ...(skipped.length === 0 ? [] : ['Left out:', skipped.map((word) => `- ${word}`).join('\n')]),
  ].join('\n\n');
}

/** @param {Promised[]} targets */
export function targetsTable(targets) {
  return renderTable(
    ['what', 'target', 'measured', 'reached'],
    targets.map(({ what, target, measured, reached }) => [
      what,
      target,
      measured ?? 'not measured',
      reached === null ? 'n/a' : reached ? 'yes' : 'no',
    ]),
  );
}

/** @param {Compared[]} compared */
export function ratiosTable(compared) {
  const clients = new Map();
  for (const { figures } of compared) {
    for (const { client, title } of figures) clients.set(client, title);
  }
  /** @returns {(scenario: Compared) => string} @param {string} client */
  const ratioOf = (client) => (scenario) => {
    const ratio = scenario.figures.find((row) => row.client === client)?.ratio;
    return ratio === undefined || ratio === null ? '' : `${ratio.toFixed(2)}×`;
  };
  return renderTable(
    ['tokentape ÷', ...compared.map(({ name }) => name)],
    [...clients].map(([client, title]) => [title, ...compared.map(ratioOf(client))]),
  );
}

/** @param {string} text */
function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
