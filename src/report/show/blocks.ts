import type { CaseMark, ShownCase, ShownTurn } from '../../show/types.ts';
import { counted, formatCount } from '../numbers.ts';

/** How much of each text is told. */
export interface ShowDetail {
  /** Every text whole. */
  full: boolean;
  /** The reasoning too. */
  reasoning: boolean;
}

/** One labelled text of an answer, in the order they are read. */
export interface Block {
  label: string;
  text: string;
  /** Whose text it is: a model's and a suite's may be long and of any script. */
  long: boolean;
}

export const MARK_SIGNS: Record<CaseMark, string> = {
  right: '✓',
  wrong: '✗',
  ungraded: '?',
  error: '!',
  'not graded': '·',
};

/** What was asked in a turn. */
export function promptBlocks({ messages }: ShownTurn): Block[] {
  return (messages ?? []).map(({ role, content }) => ({
    label: role === 'user' ? 'prompt' : role,
    text: content,
    long: true,
  }));
}

/** What came of a turn, against what was expected. */
export function answerBlocks(turn: ShownTurn, { reasoning }: ShowDetail): Block[] {
  const blocks: (Block | false)[] = [
    turn.expected !== null && { label: 'expected', text: turn.expected, long: true },
    turn.taken !== null && { label: 'taken', text: turn.taken, long: true },
    turn.reason !== null && { label: 'why', text: turn.reason, long: false },
    isPartly(turn) && { label: 'score', text: `${turn.score}`, long: false },
    ...reasoningBlocks(turn, reasoning),
    turn.tool_calls !== null && { label: 'tool calls', text: turn.tool_calls, long: true },
    turn.answer !== null &&
      turn.answer !== '' && { label: 'answer', text: turn.answer, long: true },
    isEmpty(turn) && { label: 'answer', text: '(empty)', long: false },
    turn.finish_reason === 'length' && {
      label: 'cut off',
      text: 'at max_tokens: raise it for the model in the config',
      long: false,
    },
  ];
  return blocks.filter((block) => block !== false);
}

function isPartly({ score }: ShownTurn): boolean {
  return score !== null && score > 0 && score < 1;
}

function isEmpty({ outcome, answer, tool_calls }: ShownTurn): boolean {
  return outcome === 'ok' && answer === '' && tool_calls === null;
}

function reasoningBlocks(turn: ShownTurn, whole: boolean): Block[] {
  const { reasoning, reasoning_tokens } = turn;
  const size = reasoning_tokens ? counted(reasoning_tokens, 'token') : null;
  if (reasoning === null || reasoning === '') {
    if (size === null) return [];
    return [{ label: 'reasoning', text: `${size}, not shown by the server`, long: false }];
  }
  if (whole) return [{ label: 'reasoning', text: reasoning, long: true }];
  const length = size ?? `${formatCount(reasoning.length)} characters`;
  return [{ label: 'reasoning', text: `${length}, --reasoning to read it`, long: false }];
}

/** Lines of a long text told from its front and its back: an answer's last line is what counts. */
const HEAD_LINES = 4;
const TAIL_LINES = 6;

/** Lines as they are told; the middle is left out where they are many. */
export function shortened(lines: string[], { full }: ShowDetail): string[] {
  const left = lines.length - HEAD_LINES - TAIL_LINES;
  if (full || left <= 1) return lines;
  return [
    ...lines.slice(0, HEAD_LINES),
    `… ${counted(left, 'line')} more (--full)`,
    ...lines.slice(-TAIL_LINES),
  ];
}

/** As much of the name of a case as tells it from the others shown. */
export function nameOfCase(
  one: ShownCase,
  all: readonly ShownCase[],
  by: 'model' | 'case',
): string {
  const several = (of: (each: ShownCase) => unknown) => new Set(all.map(of)).size > 1;
  return [
    by === 'model' || several((each) => each.model) ? one.label : '',
    several((each) => each.target) ? one.target : '',
    by === 'model' ? one.suite : '',
    by === 'model' ? one.case_id : '',
    several((each) => each.repeat) ? `pass ${one.repeat + 1}` : '',
    one.arm ?? '',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Answers to one case together, in the order given; by model each stands alone. */
export function groupsOf(cases: readonly ShownCase[], by: 'model' | 'case'): ShownCase[][] {
  if (by === 'model') return cases.map((one) => [one]);
  const groups = new Map<string, ShownCase[]>();
  for (const one of cases) {
    const key = `${one.suite}\n${one.case_id}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** How many of how many are shown. */
export function countLine(shown: number, matching: number, by: 'model' | 'case'): string {
  const noun = by === 'case' ? 'case' : 'answer';
  if (shown === matching) return `${counted(shown, noun)}.`;
  return `${formatCount(shown)} of ${counted(matching, noun)}: --limit 0 shows all.`;
}
