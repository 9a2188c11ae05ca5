import { wordOf } from '../../frontier/figure.ts';
import type { NeedJudgement } from '../../frontier/needs.ts';
import type { Pick, PickedModel } from '../../frontier/pick-types.ts';
import { metricNameOf } from '../check/metric-name.ts';
import { percentOf } from '../frontier/columns.ts';
import { counted, formatCount, formatFigure, formatPercent, formatUnitUsd } from '../numbers.ts';
import { neutralise } from '../text.ts';

/** A figure as the tables name it: `E2E p50`, `cost`. */
export function titleOf(figure: string): string {
  return figure === 'cost_per_request_usd' ? 'cost' : metricNameOf(figure).title;
}

/** A figure by its name, with its unit. */
export function figureText(name: string, value: number): string {
  const metric = name.replace(/:.*/, '');
  if (isShare(metric)) return `${formatPercent(value)} %`;
  if (/_usd$/.test(metric)) return formatUnitUsd(value);
  if (/_ms$/.test(metric)) return `${formatFigure(value)} ms`;
  return /tokens_per_second$/.test(metric)
    ? `${formatFigure(value)} tokens/s`
    : formatFigure(value);
}

export function isShare(metric: string): boolean {
  return /^(score|accuracy|error_rate|ungraded_share|goodput_share)$/.test(metric);
}

/** The answer in one line. */
export function pickHeadline(pick: Pick): string {
  const { verdict, picked, probability, models, objective, direction } = pick;
  const needs = needsText(pick);
  if (picked === null || probability === null) {
    if (verdict === 'unknown')
      return `No pick: figures are n/a that would tell whether a model meets ${needs}.`;
    return `No pick: no model meets ${needs}.`;
  }
  const first = models[0] as PickedModel;
  const meeting = models.filter(({ meets }) => meets === 'yes').length;
  const value = figureText(objective, first.objective.value as number);
  const least = direction === 'minimise' ? 'lowest' : 'highest';
  const of =
    meeting === 1 && pick.needs.length === 0
      ? 'the only model'
      : meeting === 1
        ? `the only one that meets ${needs}`
        : `the ${least} ${titleOf(objective)} of ${meeting}${pick.needs.length === 0 ? ' models' : ` that meet ${needs}`}`;
  const sure = `${percentOf(probability)} % sure`;
  const doubt =
    verdict === 'sure'
      ? sure
      : probability >= pick.confidence
        ? `not sure, for ${pick.reservation}`
        : `only ${sure}, where ${percentOf(pick.confidence)} % were asked for`;
  return `${neutralise(picked.label)}: ${of}, ${value}; ${doubt}.`;
}

function needsText({ needs }: Pick): string {
  if (needs.length === 0) return 'no needs, for none were given';
  return needs.map(neutralise).join(' and ');
}

/** What else is to be known of a pick, in sentences. */
export function pickDetails(pick: Pick): string[] {
  const { verdict, runner_up, models, cases_needed, picked } = pick;
  const lines: string[] = [];
  if (runner_up !== null) lines.push(runnerUpText(pick));
  else if (picked !== null) lines.push('There is no runner-up: no other model meets the needs.');
  if (pick.reservation !== null) {
    const seen = pick.probability ?? 0;
    if (seen < pick.confidence) lines.push(`Besides, ${pick.reservation}.`);
  }
  if (verdict === 'unsure' && (pick.probability ?? 0) < pick.confidence) {
    const cases = (models[0] as PickedModel).cases;
    lines.push(
      cases_needed === null
        ? 'No number of cases in reach would make it sure: the models are too alike, or a figure is too near its limit.'
        : `About ${formatCount(cases_needed)} cases of each model, where there are ${formatCount(cases)}, would probably make it sure, if the figures stay what they are: ask more with -n, or a suite more.`,
    );
  }
  if (verdict === 'none' || verdict === 'unknown') lines.push(...nearestText(pick));
  const likelier = models
    .slice(1)
    .reduce<PickedModel | null>(
      (best, model) => (model.best > (best ?? (models[0] as PickedModel)).best ? model : best),
      null,
    );
  if (picked !== null && likelier !== null) {
    lines.push(
      `${neutralise(likelier.label)} is likelier to be the best of those that meet the needs (${percentOf(likelier.best)} %): it may look worse, but is surer to meet them.`,
    );
  }
  const unsure = (models[0]?.needs ?? []).filter(({ sure }) => sure !== 'pass');
  if (picked !== null) {
    for (const need of unsure) {
      lines.push(`It is not sure that it meets ${neutralise(need.need)}: ${neutralise(need.why)}.`);
    }
  }
  return lines;
}

function runnerUpText({ runner_up, objective }: Pick): string {
  const { label, loses_by, behind } = runner_up as NonNullable<Pick['runner_up']>;
  const chance = `the pick is better with a probability of ${percentOf(behind)} %`;
  if (loses_by === null) return `Runner-up: ${neutralise(label)}; ${chance}.`;
  const { scale, estimate, low, high } = loses_by;
  const unit = scale === 'ratio' ? ' %' : ' points';
  const text = (value: number) =>
    `${value < 0 ? '−' : '+'}${Math.abs(100 * value).toFixed(Math.abs(value) < 0.1 ? 1 : 0)}`;
  return `Runner-up: ${neutralise(label)}, ${titleOf(objective)} ${text(estimate)}${unit} (95 %: ${text(low)} to ${text(high)}); ${chance}.`;
}

/** Where nobody meets all needs: by how many each is met. */
function nearestText({ needs, models }: Pick): string[] {
  const met = needs.map((need) => {
    const judged = models.flatMap((model) => model.needs.filter((one) => one.need === need));
    const count = (verdict: NeedJudgement['verdict']) =>
      formatCount(judged.filter((one) => one.verdict === verdict).length);
    const open = count('inconclusive') === '0' ? '' : `, n/a of ${count('inconclusive')}`;
    return `${neutralise(need)} by ${count('pass')} of ${counted(judged.length, 'model')}${open}`;
  });
  return [`Each by itself is met: ${met.join('; ')}.`];
}

const MARKS: Record<NeedJudgement['verdict'], string> = { pass: '✓', fail: '✗', inconclusive: '?' };

/** `✓ 83.1 %`, and `✓?` where the bounds leave it open. */
export function needText({ need, value, verdict, sure }: NeedJudgement): string {
  const figure = value.value === null ? 'n/a' : figureText(nameOf(need), value.value);
  const doubt = verdict !== 'inconclusive' && sure !== verdict ? '?' : '';
  return `${MARKS[verdict]}${doubt} ${figure}`;
}

/** The metric of a need, of the text of its threshold. */
function nameOf(need: string): string {
  const name = need.replace(/[{<>:].*/s, '').trim();
  return wordOf(name)?.replace(/:.*/, '') ?? name;
}

/** How to read the table, in sentences. */
export function pickNotes({ draws, needs, suites }: Pick): string[] {
  const notes = [
    `Times in ms. Over all cases of ${suites.map(neutralise).join(', ')} together. Chance: how probable it is that the model is the best of those that meet the needs, by ${formatCount(draws)} draws of whole cases, needs judged again in each.`,
  ];
  if (needs.length > 0) {
    notes.push(
      '✓ meets the need as seen, ✗ misses it, ?: bounds at this confidence leave it open.',
    );
  }
  return notes;
}
