import { Summariser } from '../../../src/metrics/summary.ts';
import type { RequestRecord } from '../../../src/metrics/types.ts';
import type { RunView } from '../../../src/report/view.ts';
import type { Grade, Mark } from '../../../src/score/types.ts';
import type { Manifest } from '../../../src/store/types.ts';
import { aGrade, aPlannedRow, gradeKeyOf, recordsOf } from '../../metrics/fixtures.ts';
import { aManifest } from '../fixtures.ts';

const SPEEDS: Record<string, { ttftMs: number; tpotMs: number; tokens: number }> = {
  'DeepSeek-R1': { ttftMs: 1250, tpotMs: 46, tokens: 1200 },
  'Qwen2.5-Coder-32B-Instruct': { ttftMs: 290, tpotMs: 21, tokens: 150 },
  'Llama-Guard-3-8B': { ttftMs: 90, tpotMs: 9, tokens: 3 },
};

/** A run as it is reported, from records and grades. */
export function gradedView(
  records: RequestRecord[],
  grades: Grade[],
  manifest: Partial<Manifest> = {},
): RunView {
  const rows = new Map(
    records.map(({ model, suite }) => [`${model} ${suite}`, { model, suite }] as const),
  );
  const planned = [...rows.values()].map(({ model, suite }) =>
    aPlannedRow({
      model,
      suite,
      planned: records.filter((one) => one.model === model && one.suite === suite).length,
    }),
  );
  const summariser = new Summariser({});
  for (const record of records) summariser.add(record);
  for (const grade of grades) summariser.addGrade(grade);
  return { manifest: aManifest({ planned, ...manifest }), rows: summariser.rows(planned) };
}

/** One model's records on a suite, and a grade for each by its index. */
export function gradedRecords(
  model: string,
  suite: string,
  count: number,
  markOf: (index: number) => { mark: Mark; reason?: string },
  changes: Partial<RequestRecord> = {},
): { records: RequestRecord[]; grades: Grade[] } {
  const typical = SPEEDS[model] as { ttftMs: number; tpotMs: number; tokens: number };
  const records = recordsOf(model, count, typical, { suite, ...changes });
  const grades = records.map((record, index) => {
    const { mark, reason } = markOf(index);
    const key = gradeKeyOf(record);
    return aGrade({ ...key, grade: mark, ...(reason === undefined ? {} : { reason }) });
  });
  return { records, grades };
}

/** Two models on reasoning, some answers ungraded; a classifier; conversations of three turns. */
export function gradedRun(manifest: Partial<Manifest> = {}): RunView {
  const cutOff = { mark: 'ungraded', reason: 'cut off before its final answer' } as const;
  const parts = [
    gradedRecords('DeepSeek-R1', 'reasoning', 60, (i) =>
      i % 12 === 0 ? cutOff : { mark: i % 10 === 1 ? 'wrong' : 'right' },
    ),
    gradedRecords('Qwen2.5-Coder-32B-Instruct', 'reasoning', 60, (i) =>
      i === 0
        ? { mark: 'ungraded', reason: 'code was not run (--run-code)' }
        : { mark: i % 3 === 0 ? 'wrong' : 'right' },
    ),
    conversations(),
    classified(),
  ];
  return gradedView(
    parts.flatMap(({ records }) =>
      records.map((record) => ({ ...record, simulated: manifest.simulated === true })),
    ),
    parts.flatMap(({ grades }) => grades),
    manifest,
  );
}

function conversations(): { records: RequestRecord[]; grades: Grade[] } {
  const { records } = gradedRecords('DeepSeek-R1', 'chat', 90, () => ({ mark: 'right' }));
  const turned = records.map((record, i) => ({
    ...record,
    case_id: `talk-${Math.floor(i / 3)}`,
    turn: i % 3,
    prompt_tokens: 100 + 200 * (i % 3),
    cached_prompt_tokens: i % 3 === 0 ? 0 : 200 * (i % 3),
  }));
  const grades = turned.map((record) =>
    aGrade({
      ...gradeKeyOf(record),
      turn: record.turn,
      graded_turns: 3,
      conversation_id: record.case_id,
      grade: record.turn === 2 && record.case_id.endsWith('1') ? 'wrong' : 'right',
    }),
  );
  return { records: turned, grades };
}

/** Of 20 unsafe texts 18 found, of 20 harmless ones 3 taken for unsafe. */
function classified(): { records: RequestRecord[]; grades: Grade[] } {
  const { records } = gradedRecords('Llama-Guard-3-8B', 'safety', 40, () => ({ mark: 'right' }), {
    tpot_ms: null,
    decode_tokens_per_second: null,
  });
  const grades = records.map((record, i) => {
    const expected = i < 20 ? 'unsafe' : 'safe';
    const given = (i < 20 ? i < 18 : i >= 37) ? 'unsafe' : 'safe';
    const label = { expected, given, ...(i < 18 && { category_named: i % 6 !== 0 }) };
    const grade = expected === given ? 'right' : 'wrong';
    return aGrade({ ...gradeKeyOf(record), grade, label });
  });
  return { records, grades };
}
