import type { Random } from '../random.ts';
import type { Habits } from './profiles.ts';

const OPERATION = /(-?\d{1,9})\s*([+\-−*×x])\s*(-?\d{1,9})(?!\.?\d)/;
const SUM_WORDS = /\b(sum|total|altogether|add|plus)\b|合計|足す|tổng/i;
const CODE_WORDS =
  /```|\b(function|python|code|implement|script|program)\b|関数|viết hàm|lập trình/i;
const PLAN_WORDS = /\b(plan|schedule|steps|organi[sz]e|prepare)\b|計画|kế hoạch|lịch trình/i;

/** The number that a bit of arithmetic in the prompt comes to; `undefined` where there is none. */
function compute(prompt: string): number | undefined {
  const operation = OPERATION.exec(prompt);
  if (operation) {
    const [left, right] = [Number(operation[1]), Number(operation[3])];
    if (operation[2] === '+') return left + right;
    return '-−'.includes(operation[2] as string) ? left - right : left * right;
  }
  const numbers = SUM_WORDS.test(prompt) ? (prompt.match(/\d{1,9}/g) ?? []) : [];
  return numbers.length < 2 ? undefined : numbers.reduce((sum, number) => sum + Number(number), 0);
}

function writePlan(prompt: string): string {
  const goal = prompt.replace(/\s+/g, ' ').slice(0, 80).trim();
  return JSON.stringify({
    goal,
    steps: [
      { id: 1, action: 'collect_requirements', depends_on: [] },
      { id: 2, action: 'draft', depends_on: [1] },
      { id: 3, action: 'review', depends_on: [2] },
      { id: 4, action: 'deliver', depends_on: [3] },
    ],
  });
}

function writeCode(prompt: string, isRight: boolean): string {
  const name =
    /\b(?:def|named|called|function(?! (?:named|called|that|which)))\s+`?([A-Za-z_]\w*)/.exec(
      prompt,
    )?.[1] ?? 'solve';
  const result = isRight ? 'sorted(items)' : 'items';
  return `def ${name}(items):\n    """Return the items in order."""\n    return ${result}\n`;
}

/** What to say to a prompt that no answer book knows: an answer where one can be made up. */
export function answerUnknown(
  speciality: Habits['speciality'],
  prompt: string,
  isRight: boolean,
  random: Random,
): { answer: string } | 'prose' {
  const result = compute(prompt);
  if (result !== undefined) {
    return { answer: String(isRight ? result : result + random.integer(1, 9)) };
  }
  if (speciality === 'plan' || PLAN_WORDS.test(prompt)) return { answer: writePlan(prompt) };
  return CODE_WORDS.test(prompt) ? { answer: writeCode(prompt, isRight) } : 'prose';
}
