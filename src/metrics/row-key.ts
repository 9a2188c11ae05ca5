/** What tells a row from all others. */
export interface RowName {
  target: string;
  model: string;
  suite: string;
}

/** A row's name as one text: names hold no NUL. */
export function rowKey({ target, model, suite }: RowName): string {
  return `${target}\0${model}\0${suite}`;
}

export function isSameRow(one: RowName, other: RowName): boolean {
  return one.target === other.target && one.model === other.model && one.suite === other.suite;
}
