import { Conversations } from '../metrics/conversation-grades.ts';
import type { RequestRecord } from '../metrics/types.ts';
import type { Grade } from '../score/types.ts';
import type { CaseMark, ShowChoice } from './types.ts';

type Place = Pick<RequestRecord, 'target' | 'model' | 'suite' | 'case_id' | 'repeat' | 'arm'>;

/** Picks what is to be shown out of grades and records as they pass by: keys, and no texts. */
export class Selection {
  readonly #choice: ShowChoice;
  readonly #labels: ReadonlyMap<string, string>;
  readonly #marks = new Map<string, CaseMark>();
  readonly #conversations = new Map<string, Conversations>();
  readonly #groups = new Set<string>();
  readonly #selected = new Set<string>();

  /** @param labels of models, by `target\nmodel` */
  constructor(choice: ShowChoice, labels: ReadonlyMap<string, string>) {
    this.#choice = choice;
    this.#labels = labels;
  }

  /** All grades come before the first record. */
  addGrade(grade: Grade): void {
    if (!this.isWanted(grade)) return;
    const row = `${grade.target}\n${grade.model}\n${grade.suite}\n${grade.arm ?? ''}`;
    const conversations = this.#conversations.get(row) ?? new Conversations();
    this.#conversations.set(row, conversations);
    const ended = conversations.caseOf(grade);
    if (ended !== null) this.#marks.set(caseKey(grade), ended.grade);
  }

  add(record: RequestRecord): void {
    if (record.phase !== 'measure' || !this.isWanted(record)) return;
    const mark = this.markOf(record, record.outcome);
    const { marks, limit } = this.#choice;
    if (marks.length > 0 && !marks.includes(mark)) return;
    const group = this.#groupOf(record);
    this.#groups.add(group);
    if (this.#selected.size < limit) this.#selected.add(group);
  }

  /** A graded case keeps its mark; one that failed before its last graded turn has none. */
  markOf(place: Place, outcome: RequestRecord['outcome']): CaseMark {
    const mark = this.#marks.get(caseKey(place));
    return mark ?? (outcome === 'ok' ? 'not graded' : 'error');
  }

  isSelected(place: Place): boolean {
    return this.isWanted(place) && this.#selected.has(this.#groupOf(place));
  }

  get matching(): number {
    return this.#groups.size;
  }

  get shown(): number {
    return this.#selected.size;
  }

  /** Whether any answer in reach was graded at all. */
  get hasGrades(): boolean {
    return this.#marks.size > 0;
  }

  isWanted({ target, model, suite, case_id }: Place): boolean {
    const { models, suites, targets, cases } = this.#choice;
    const label = this.#labels.get(`${target}\n${model}`) ?? model;
    return (
      (suites.length === 0 || suites.includes(suite)) &&
      (targets.length === 0 || targets.includes(target)) &&
      (cases.length === 0 || cases.includes(case_id)) &&
      (models.length === 0 || models.includes(model) || models.includes(label))
    );
  }

  #groupOf(place: Place): string {
    return this.#choice.by === 'case' ? `${place.suite}\n${place.case_id}` : caseKey(place);
  }
}

/** One case of one model in one pass; its turns share it. */
export function caseKey({ target, model, suite, case_id, repeat, arm }: Place): string {
  return `${target}\n${model}\n${suite}\n${case_id}\n${repeat}\n${arm ?? ''}`;
}
