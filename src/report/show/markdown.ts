import type { ShownCase, ShownRun } from '../../show/types.ts';
import { blocks, escapeMarkdown } from '../markdown.ts';
import { SIMULATED_NOTICE } from '../notes.ts';
import { neutraliseLines } from '../text.ts';
import {
  answerBlocks,
  type Block,
  countLine,
  groupsOf,
  MARK_SIGNS,
  nameOfCase,
  promptBlocks,
  type ShowDetail,
  shortened,
} from './blocks.ts';

/** The same as Markdown: texts of models and suites stand in fences that nothing in them can leave. */
export function shownMarkdown(run: ShownRun, detail: ShowDetail): string {
  const notice = run.simulated ? `**${escapeMarkdown(SIMULATED_NOTICE)}**` : '';
  return blocks([
    notice,
    `## ${escapeMarkdown(run.run_id)}`,
    ...groupsOf(run.cases, run.by).flatMap((group) => groupMarkdown(group, run, detail)),
    run.matching === 0 ? '' : escapeMarkdown(countLine(run.shown, run.matching, run.by)),
    run.remark === null ? '' : escapeMarkdown(run.remark),
    run.cases.length === 0 ? '' : notice,
  ]);
}

function groupMarkdown(group: ShownCase[], { by, cases }: ShownRun, detail: ShowDetail): string[] {
  const [first] = group as [ShownCase, ...ShownCase[]];
  const title = (one: ShownCase, name: string) =>
    `${MARK_SIGNS[one.mark]} ${one.mark}: ${escapeMarkdown(name)}`;
  if (by === 'model') {
    return [
      `### ${title(first, nameOfCase(first, cases, 'model'))}`,
      ...turns(first, true, detail),
    ];
  }
  const longest = group.reduce((a, b) => (b.turns.length > a.turns.length ? b : a));
  return [
    `### ${escapeMarkdown(`${first.suite} · ${first.case_id}`)}`,
    ...longest.turns.flatMap((turn) => promptBlocks(turn).map((one) => block(one, detail))),
    ...group.flatMap((one) => [
      `#### ${title(one, nameOfCase(one, group, 'case') || one.label)}`,
      ...turns(one, false, detail),
    ]),
  ];
}

function turns(one: ShownCase, withPrompt: boolean, detail: ShowDetail): string[] {
  return one.turns.flatMap((turn, i) => [
    one.turns.length > 1 ? `Turn ${i + 1}: ${MARK_SIGNS[turn.mark]} ${turn.mark}` : '',
    ...(withPrompt ? promptBlocks(turn) : []).map((each) => block(each, detail)),
    ...answerBlocks(turn, detail).map((each) => block(each, detail)),
  ]);
}

function block({ label, text, long }: Block, detail: ShowDetail): string {
  if (!long) return `*${escapeMarkdown(label)}*: ${escapeMarkdown(text)}`;
  const lines = shortened(neutraliseLines(text.trim()).split('\n'), detail);
  if (lines.length === 1 && (lines[0] as string).length <= 100) {
    return `*${escapeMarkdown(label)}*: ${escapeMarkdown(text)}`;
  }
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return [`*${escapeMarkdown(label)}*:`, '', fence, ...lines, fence].join('\n');
}
