interface PlacedMessage {
  path: (string | number)[];
  message: string;
}

type Entry = Record<string, unknown>;

/**
 * Ids given twice, by written cases or by the numbering of generated ones.
 * @param file as parsed, perhaps ill-formed: what is wrong elsewhere is reported elsewhere
 */
export function repeatedIds(file: { cases?: unknown; generate?: unknown }): PlacedMessage[] {
  const taken = new Set<string>();
  const repeated: PlacedMessage[] = [];
  for (const [index, { id }] of entriesOf(file.cases).entries()) {
    if (typeof id !== 'string') continue;
    const path = ['cases', index, 'id'];
    if (taken.has(id)) repeated.push({ path, message: `the id ${id} is taken already` });
    taken.add(id);
  }
  const owners = new Map<string, number>();
  for (const [index, entry] of entriesOf(file.generate).entries()) {
    const prefix = entry.id_prefix ?? entry.family;
    if (typeof prefix !== 'string') continue;
    const owner = owners.get(prefix);
    const clash = [...taken].find((id) => numbers(prefix, entry.count, id));
    const path = ['generate', index, entry.id_prefix === undefined ? 'family' : 'id_prefix'];
    if (owner !== undefined) {
      const message = `generate.${owner} numbers its cases ${prefix}-1, … too: give an id_prefix`;
      repeated.push({ path, message });
    } else if (clash !== undefined) {
      repeated.push({ path, message: `the id ${clash} is taken already: give an id_prefix` });
    }
    owners.set(prefix, owner ?? index);
  }
  return repeated;
}

/** Whether generated cases `prefix-1` to `prefix-count` include `id`. */
function numbers(prefix: string, count: unknown, id: string): boolean {
  if (!id.startsWith(`${prefix}-`)) return false;
  const digits = id.slice(prefix.length + 1);
  return /^[1-9]\d*$/.test(digits) && Number(digits) <= Number(count);
}

function entriesOf(value: unknown): Entry[] {
  return Array.isArray(value) ? value.map((entry) => (isObject(entry) ? entry : {})) : [];
}

export function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
