import { excerpt } from '../decode/excerpt.ts';
import { quantile } from '../stats/quantile.ts';
import { agreementOf, type ExampleMarks, judgeWarnings } from './agreement.ts';
import { isBegun } from './endpoint.ts';
import type { Finding } from './finding.ts';
import type { JudgeCall, JudgeReport } from './types.ts';

const RUBRIC_LENGTH_MAX = 80;

/** Counts what judges were asked, what they said and what it cost. */
export class JudgeTally {
  readonly #calls: JudgeCall[] = [];
  readonly #findings: Finding[] = [];
  readonly #examples: (ExampleMarks & { reused: boolean })[] = [];

  addCall(call: JudgeCall): void {
    // Their texts are in the journal, and may be many.
    this.#calls.push({ ...call, reply: null });
  }

  addFinding(finding: Finding): void {
    this.#findings.push(finding);
  }

  addExample(marks: ExampleMarks, finding: Finding): void {
    this.#examples.push({ ...marks, reused: 'reused' in finding && finding.reused });
  }

  report(): JudgeReport {
    const calls = this.#calls;
    const of = (kind: 'unanswered' | 'unreadable' | 'contradiction') =>
      this.#findings.filter((finding) => 'kind' in finding && finding.kind === kind);
    const judged = this.#findings.filter((finding) => 'score' in finding);
    const contradictions = of('contradiction');
    const both = judged.length + contradictions.length;
    const costs = calls.flatMap(({ cost_usd }) => cost_usd ?? []);
    const ms = calls.filter(({ outcome }) => outcome === 'ok').map((call) => call.ms);
    const report: Omit<JudgeReport, 'warnings'> = {
      judges: [...new Set(calls.map(({ judge }) => judge))].sort(),
      answers: this.#findings.length,
      judged: judged.length,
      reused: [...judged, ...this.#examples].filter((one) => 'reused' in one && one.reused).length,
      calls: calls.length,
      failed_calls: calls.filter(({ outcome }) => outcome !== 'ok').length,
      retries: calls.filter(({ attempt }) => attempt > 1).length,
      asked_again: calls.filter(({ asked, attempt }) => asked === 2 && attempt === 1).length,
      unanswered: of('unanswered').length,
      unreadable: of('unreadable').length,
      contradictions: contradictions.length,
      contradiction_share: both === 0 ? null : contradictions.length / both,
      upper_option_contradictions: contradictions.filter(
        (finding) => 'upperBoth' in finding && finding.upperBoth,
      ).length,
      prompt_tokens: sum(calls.map(({ prompt_tokens }) => prompt_tokens ?? 0)),
      output_tokens: sum(calls.map(({ output_tokens }) => output_tokens ?? 0)),
      cost_usd: costs.length === 0 ? null : sum(costs),
      calls_of_unknown_cost: calls.filter(
        ({ http_status, cost_usd }) => isBegun(http_status) && cost_usd === null,
      ).length,
      ms_p50: quantile(Float64Array.from(ms).sort(), 0.5) ?? null,
      ms_total: sum(calls.map((call) => call.ms)),
      agreement: agreementOf(this.#examples, { judge: null, rubric: null }),
      by_rubric: this.#byRubric(),
    };
    return { ...report, warnings: judgeWarnings(report) };
  }

  #byRubric(): JudgeReport['by_rubric'] {
    const groups = new Map<string, ExampleMarks[]>();
    for (const example of this.#examples) {
      const key = `${example.judge}\n${example.rubric}`;
      const group = groups.get(key) ?? [];
      groups.set(key, [...group, example]);
    }
    return [...groups.values()].flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const rubric = excerpt(first.rubric, RUBRIC_LENGTH_MAX);
      return agreementOf(group, { judge: first.judge, rubric }) ?? [];
    });
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
