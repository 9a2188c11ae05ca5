import pc from 'picocolors';
import type { NoiseSource, PowerResult, Spending } from '../../gate/power/types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import { drawGrid } from '../grid.ts';
import { counted, formatCount, formatUsd, NOT_AVAILABLE } from '../numbers.ts';
import { formatSeconds } from '../progress.ts';
import { neutralise, wrap } from '../text.ts';
import type { TextOptions } from '../view.ts';
import { historyGrid } from './history-table.ts';
import { limitsGrid } from './limits-table.ts';
import { pairsGrid } from './pairs-table.ts';
import { chanceWords, changeWords, percentWords, subjectOf } from './words.ts';

/** The table's figures take so many columns. */
const LEAST_COLUMNS = 76;

/** An answer of `tokentape power` for a terminal or a pipe; lines joined by `\n`. */
export function renderPower(result: PowerResult, options: TextOptions): string {
  const columns = Math.max(LEAST_COLUMNS, options.columns);
  const { bold, yellow } = pc.createColors(options.colour);
  const lines = (texts: string[]) => texts.map((line) => wrap(line, columns)).join('\n');
  const { rows, limits, history } = result;
  return [
    yellow(lines(noticesOf(result))),
    bold(lines([titleOf(result)])),
    rows.length === 0 ? '' : drawGrid(pairsGrid(rows, columns), options.colour),
    history.some(({ unknown }) => unknown === null)
      ? drawGrid(historyGrid(history, columns), options.colour)
      : '',
    limits.length === 0 ? '' : drawGrid(limitsGrid(limits, columns), options.colour),
    lines([...unknownOfRows(result), ...unknownOfHistory(result), ...unknownOfLimits(result)]),
    lines(togetherLines(result)),
    lines(methodLines(result)),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function noticesOf({ simulated, remarks }: PowerResult): string[] {
  const notice = "SIMULATED: the noise is the embedded simulator's, not any provider's.";
  return [...(simulated ? [notice] : []), ...remarks.map(neutralise)];
}

function titleOf({ run_id, certainty, rows, history }: PowerResult): string {
  if (history.length > 0) {
    return `What the next run would be seen to be by, with ${percentWords(certainty)} certainty, as ${neutralise(run_id)} was`;
  }
  const what = rows.length > 0 ? 'What a check would see' : 'How many requests decide the limits';
  return `${what}, with ${percentWords(certainty)} certainty, by the noise of ${neutralise(run_id)}`;
}

function unknownOfRows({ rows }: PowerResult): string[] {
  return rows.flatMap((row) =>
    row.metrics.flatMap(({ metric, unknown }) =>
      unknown === null
        ? []
        : [`${subjectOf(row, rows)}, ${metricNameOf(metric).title}: ${unknown}.`],
    ),
  );
}

function unknownOfHistory({ history }: PowerResult): string[] {
  return history.flatMap((one) =>
    one.unknown === null
      ? []
      : [`${subjectOf(one, history)}, ${metricNameOf(one.metric).title}: ${one.unknown}.`],
  );
}

function unknownOfLimits({ limits }: PowerResult): string[] {
  return limits.flatMap((limit) => {
    const name = `${subjectOf(limit, limits)}, ${neutralise(limit.threshold)}`;
    if (limit.unknown !== null) return [`${name}: ${limit.unknown}.`];
    if (limit.requests.value !== null) return [];
    return [`${name}: so close to the limit that no number of requests in reach decides it.`];
  });
}

function togetherLines(result: PowerResult): string[] {
  const { whole, tests, looks, tail_looks, rows, limits } = result;
  if (whole === null) return spendingOfLimits(result);
  const { pass, fail, inconclusive } = whole.unchanged;
  const figures = counted(tests, 'figure');
  const sizes = [...new Set(hasTail(result) ? [...looks, ...tail_looks] : looks)];
  // What is not known of one figure is not known of all together: 0 % would be a claim.
  const isKnown = rows.every(({ metrics }) => metrics.every(({ unknown }) => unknown === null));
  const together =
    `All ${figures} together, looked at after ${listed(sizes.map(formatCount))} pairs: where nothing changed, the ` +
    `check passes ${chanceWords(pass)} %, fails ${chanceWords(fail)} % and is left open ` +
    `${chanceWords(inconclusive)} % of the time.`;
  return [
    ...(isKnown ? [together] : []),
    `It sends ${spendingWords(whole.expected)} where nothing changed, and at most ${spendingWords(whole.most)}.`,
    ...costNote(whole.expected),
    ...(limits.length > 0 ? spendingOfLimits(result) : []),
    ...adviceOf(rows),
  ];
}

function hasTail({ rows, tail_looks }: PowerResult): boolean {
  return rows.some(({ metrics }) =>
    metrics.some(({ last_look }) => tail_looks.includes(last_look)),
  );
}

function spendingOfLimits({ limits }: PowerResult): string[] {
  const spent = limits.flatMap(({ spending }) => spending ?? []);
  if (spent.length === 0) return [];
  const most = spent.reduce((a, b) => (b.requests > a.requests ? b : a));
  return [`The limit that takes the most: ${spendingWords(most)}.`, ...costNote(most)];
}

/** `1,112 requests, $0.42, 12 s` */
function spendingWords({ requests, cost_usd, duration_ms }: Spending): string {
  return [
    counted(requests, 'request'),
    cost_usd === null ? `cost ${NOT_AVAILABLE}` : formatUsd(cost_usd),
    duration_ms === null ? `time ${NOT_AVAILABLE}` : `about ${formatSeconds(duration_ms)}`,
  ].join(', ');
}

function costNote({ cost_usd }: Spending): string[] {
  return cost_usd === null
    ? [
        `Cost is ${NOT_AVAILABLE}: not every model of that run has a price in the config, or counted tokens.`,
      ]
    : [];
}

/** The number that is enough for all, change by change. */
function adviceOf(rows: PowerResult['rows']): string[] {
  const metrics = rows.flatMap((row) => row.metrics);
  const sizes = [...new Set(metrics.flatMap(({ changes }) => changes.map(({ change }) => change)))];
  return sizes.flatMap((size) => {
    const needed = metrics.flatMap(({ changes }) =>
      changes.filter(({ change }) => change === size).map(({ pairs }) => pairs.value),
    );
    // Of what some never show, no number is enough.
    if (needed.includes(null)) return [];
    const most = Math.max(...needed.map((one) => one ?? 0));
    return [
      `Enough for ${changeWords('', size)} of each: tokentape check --pairs ${rounded(most)}`,
    ];
  });
}

/** Up to two digits: nobody knows it better. */
function rounded(count: number): number {
  const unit = 10 ** Math.max(1, Math.floor(Math.log10(count)) - 1);
  return Math.ceil(count / unit) * unit;
}

const SOURCES: Record<NoiseSource, string> = {
  pairs: 'pairs of that run, around their own middle',
  repeats: 'two requests of one case at a time',
  neighbours:
    'two requests one after the other, whose prompts differ: it holds what differs between prompts, so ' +
    'it is an upper bound, and fewer pairs may be enough. A run with --repeat 2, or a check, tells more',
};

function methodLines({ rows, limits, history, alpha, tests, certainty }: PowerResult): string[] {
  const sources = [...new Set(rows.map(({ source }) => source))];
  const ofRows = [
    ...sources.map(
      (source) => `Noise: how far a pair is apart by chance, from ${SOURCES[source]}.`,
    ),
    'Pairs needed: of a check whose last look is at them (--pairs), what is not known of the noise ' +
      'included; range: for the least and the most noise that the samples leave plausible; never: so ' +
      'small that it does not fail, or passes before. Last line of each: the least change that its last look shows.',
    'Fails, passes, open: what the check says at its own looks, by trying it out on drawn pairs. ' +
      'Errors are worse by points.',
  ];
  const ofLimits =
    'Requests needed: until the interval lies clear of the limit, if the figures stay as they are; ' +
    'range: for what the samples leave plausible, ∞ where that holds the limit itself.';
  const ofHistory =
    'Run to run: how far single runs lie from the level of their history. Fails: the chance that a run ' +
    'so much worse does now. Runs needed: of a history that shows it with the certainty asked for; ' +
    'never: not with any number of runs. Last line of each: the least change that it shows now.';
  return [
    ...(rows.length > 0 ? ofRows : []),
    ...(history.length > 0 ? [ofHistory] : []),
    ...(limits.length > 0 ? [ofLimits] : []),
    `Chance of any false fail: ${percentWords(alpha)} over ${counted(tests, 'figure')}; of a change missed: ${percentWords(1 - certainty)} each.`,
  ];
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
