/** What a table has under a name of its own: `constructor`, which every object knows, is in none. */
export function ownOf<Value>(
  table: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** An empty table for names from outside, in which even `__proto__` is a name like others. */
export function emptyTable<Table extends object>(): Table {
  return Object.create(null) as Table;
}
