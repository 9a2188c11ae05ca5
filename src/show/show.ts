import type { RequestRecord } from '../metrics/types.ts';
import { passOf } from '../plan/repeat.ts';
import type { PlannedRequest } from '../plan/types.ts';
import type { Grade } from '../score/types.ts';
import type { Manifest } from '../store/types.ts';
import { expectationText } from './expectation-text.ts';
import { caseKey, Selection } from './selection.ts';
import type { CaseMark, ShowChoice, ShownCase, ShownRun, ShownTurn } from './types.ts';

/** A run to read from, as often as it takes. */
export interface ShownSource {
  manifest: Manifest;
  records(): AsyncIterable<RequestRecord[]>;
  grades(): AsyncIterable<Grade[]>;
  /** Those of the ids given, by their ids; `null` where the run has no plan. */
  planned(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, PlannedRequest> | null>;
}

/**
 * The answers of a run that are asked for, each beside what was expected. Reads the run twice: once to
 * choose, once to take the texts of what was chosen.
 */
export async function showRun(source: ShownSource, choice: ShowChoice): Promise<ShownRun> {
  const { manifest } = source;
  const labels = new Map(
    manifest.planned.map(({ target, model, label }) => [`${target}\n${model}`, label]),
  );
  const selection = new Selection(choice, labels);
  for await (const batch of source.grades()) for (const one of batch) selection.addGrade(one);
  for await (const batch of source.records()) for (const one of batch) selection.add(one);

  const records: RequestRecord[] = [];
  for await (const batch of source.records()) {
    for (const one of batch) {
      if (one.phase === 'measure' && selection.isSelected(one)) records.push(one);
    }
  }
  const ids = new Set(records.map(({ request_id }) => request_id));
  const grades = new Map<string, Grade>();
  for await (const batch of source.grades()) {
    for (const one of batch) if (ids.has(one.request_id)) grades.set(one.request_id, one);
  }
  const planned = await source.planned(new Set([...ids].map((id) => passOf(id).plannedId)));
  const turnOf = (record: RequestRecord) =>
    shownTurn(
      record,
      grades.get(record.request_id),
      planned?.get(passOf(record.request_id).plannedId),
    );
  return {
    schema_version: 1,
    run_id: manifest.run_id,
    simulated: manifest.simulated,
    marks: [...choice.marks],
    by: choice.by,
    matching: selection.matching,
    shown: selection.shown,
    remark: remarkOf(selection, records, choice),
    cases: inOrder(casesOf(records, turnOf, selection, labels), manifest, choice),
  };
}

function casesOf(
  records: readonly RequestRecord[],
  turnOf: (record: RequestRecord) => ShownTurn,
  selection: Selection,
  labels: ReadonlyMap<string, string>,
): ShownCase[] {
  const cases = new Map<string, ShownCase>();
  for (const record of records) {
    const { target, model, suite, case_id, repeat, arm = null } = record;
    const key = caseKey(record);
    const label = labels.get(`${target}\n${model}`) ?? model;
    const known = cases.get(key);
    const turn = turnOf(record);
    if (known !== undefined) {
      known.turns.push(turn);
      if (known.mark === 'not graded') known.mark = selection.markOf(record, record.outcome);
      continue;
    }
    const mark = selection.markOf(record, record.outcome);
    cases.set(key, { target, model, label, suite, case_id, repeat, arm, mark, turns: [turn] });
  }
  for (const { turns } of cases.values()) turns.sort((a, b) => a.turn - b.turn);
  return [...cases.values()];
}

function shownTurn(
  record: RequestRecord,
  grade: Grade | undefined,
  planned: PlannedRequest | undefined,
): ShownTurn {
  const failed: CaseMark = record.outcome === 'ok' ? 'not graded' : 'error';
  return {
    request_id: record.request_id,
    turn: record.turn,
    messages: planned?.messages ?? null,
    expected: grade?.expected ?? expectationText(planned?.expect ?? []),
    mark: grade?.grade ?? failed,
    score: grade?.score ?? null,
    taken: grade?.answer ?? null,
    reason: grade === undefined ? failureOf(record) : grade.reason,
    outcome: record.outcome,
    finish_reason: record.finish_reason,
    answer: record.answer_text,
    tool_calls: record.tool_calls,
    reasoning: record.reasoning_text,
    reasoning_tokens: record.reasoning_tokens,
  };
}

function failureOf({ outcome, error_message }: RequestRecord): string | null {
  if (outcome === 'ok') return null;
  return error_message === null ? outcome : `${outcome}: ${error_message}`;
}

/** As the plan has them: model by model, or case by case. */
function inOrder(cases: ShownCase[], { planned }: Manifest, { by }: ShowChoice): ShownCase[] {
  const rows = new Map(
    planned.map(({ target, model, suite }, i) => [`${target}\n${model}\n${suite}`, i]),
  );
  const row = ({ target, model, suite }: ShownCase) =>
    rows.get(`${target}\n${model}\n${suite}`) ?? rows.size;
  const ofCase = (one: ShownCase) => `${one.suite}\n${one.case_id}`;
  const order = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  return cases.sort((a, b) =>
    by === 'case'
      ? order(ofCase(a), ofCase(b)) || row(a) - row(b) || a.repeat - b.repeat
      : row(a) - row(b) || order(a.case_id, b.case_id) || a.repeat - b.repeat,
  );
}

/** What stands between the reader and an answer. */
function remarkOf(
  selection: Selection,
  records: readonly RequestRecord[],
  { marks }: ShowChoice,
): string | null {
  if (selection.matching === 0) {
    const wantsGrades = marks.some((mark) => mark !== 'error');
    if (wantsGrades && !selection.hasGrades) {
      return 'No answer of these was graded: their suites expect nothing, or grading was switched off; `tokentape recompute RUN --grade` grades a stored run.';
    }
    return marks.length === 0 ? 'The run has no such request.' : `None is ${marks.join(' or ')}.`;
  }
  const isKept = records.some(
    ({ answer_text, tool_calls, outcome }) =>
      outcome === 'ok' && ((answer_text ?? '') !== '' || tool_calls !== null),
  );
  if (isKept || records.every(({ outcome }) => outcome !== 'ok')) return null;
  return 'The texts of the answers were not kept (--no-text, or keep_text: false): what was made of them is all there is.';
}
