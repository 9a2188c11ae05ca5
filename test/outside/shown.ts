import type { ShownRun } from '../../src/show/types.ts';

/** Answers to one case, in which everything that comes from outside is `text`. */
export function aShownRun(text: string): ShownRun {
  return {
    schema_version: 1,
    run_id: text,
    simulated: false,
    by: 'model',
    matching: 1,
    shown: 1,
    remark: text,
    cases: [
      {
        target: text,
        model: text,
        label: text,
        suite: text,
        case_id: text,
        repeat: 0,
        arm: text,
        mark: 'wrong',
        turns: [
          {
            turn: 0,
            request_id: text,
            mark: 'wrong',
            outcome: 'ok',
            messages: [{ role: text as 'user', content: text }],
            expected: text,
            taken: text,
            reason: text,
            score: 0.5,
            answer: text,
            reasoning: text,
            reasoning_tokens: 3,
            tool_calls: text,
            finish_reason: 'length',
          },
        ],
      },
    ],
  } as unknown as ShownRun;
}
