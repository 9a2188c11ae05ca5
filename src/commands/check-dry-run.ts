import { testsOf } from '../check/groups.ts';
import type { PreparedCheck } from '../check/prepare.ts';
import type { RunSettings } from '../config/types.ts';
import { countJudged, judgedMetrics } from '../gate/judged-metrics.ts';
import type { GateSettings } from '../gate/settings.ts';
import { jsonText } from '../json.ts';
import { counted } from '../report/numbers.ts';
import { neutralise } from '../report/text.ts';
import { renderDryRun } from './dry-run.ts';

/** What a check would send at most, when it would look, and over how many findings α is shared. */
export function renderCheckDryRun(
  { plan, design, history }: PreparedCheck,
  settings: RunSettings,
  json: boolean,
): string {
  const { comparisons, thresholds, settings: gate } = design;
  const findings = testsOf(design, plan.rows) + historyTests(history, plan.rows, design);
  const sent = renderDryRun(plan, settings, json);
  if (json) {
    const check = {
      comparisons,
      thresholds: thresholds.map(({ text }) => text),
      metrics: gate.metrics.map(({ text }) => text),
      graded: design.graded,
      looks: gate.looks,
      findings,
      alpha: gate.alpha,
    };
    return `${jsonText({ ...JSON.parse(sent), check }, 2)}\n`;
  }
  const lines = [
    ...comparisons.map(
      ({ suite, candidate, baseline }) =>
        `  ${nameOf(candidate)} against ${nameOf(baseline)}, ${neutralise(suite)}`,
    ),
    ...thresholds.map(({ text }) => `  ${neutralise(text)}`),
    ...(history === null ? [] : [`  ${counted(history.baselines.length, 'earlier run')}`]),
    ...(comparisons.length === 0 && history === null ? [] : gradedLines(design)),
  ];
  return [
    sent,
    'Judged:',
    ...lines,
    '',
    `Findings:      ${findings}, of which one fails by chance in ${100 * gate.alpha} % of checks at most`,
    `Looks:         ${looksIn(design.comparisons.length > 0, history !== null, gate)}`,
    '',
  ].join('\n');
}

/** Which scores are judged or watched, and when. */
function gradedLines({ settings, graded }: PreparedCheck['design']): string[] {
  return Object.entries(graded).flatMap(([suite, grading]) => {
    const { asked, watched } = judgedMetrics(settings, true);
    const when = grading === 'deferred' ? ', once all is sent and graded' : '';
    const line = (of: typeof asked, how: string) =>
      of.length === 0
        ? []
        : [`  ${of.map(({ text }) => text).join(', ')}, ${how}${when}, ${neutralise(suite)}`];
    return [...line(asked, 'judged'), ...line(watched, 'watched')];
  });
}

function nameOf({ target, label }: { target: string; label: string }): string {
  return `${neutralise(label)} at ${neutralise(target)}`;
}

function historyTests(
  history: PreparedCheck['history'],
  rows: PreparedCheck['plan']['rows'],
  { settings, graded }: PreparedCheck['design'],
): number {
  if (history === null) return 0;
  return rows.reduce(
    (sum, { suite }) => sum + countJudged(judgedMetrics(settings, graded[suite] !== undefined)),
    0,
  );
}

function looksIn(paired: boolean, stored: boolean, { looks, tailLooks, metrics }: GateSettings) {
  if (stored) return 'one, at the end';
  if (!paired) return 'at a quarter, at a half and at all of these requests, ending once decided';
  const hasTails = metrics.some((metric) => metric.kind === 'quantile' && metric.p !== 0.5);
  const tails = hasTails ? `; tails after ${tailLooks.join(', ')}` : '';
  return `after ${looks.join(', ')} pairs of each${tails}; ending once decided`;
}
