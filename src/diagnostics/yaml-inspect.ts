import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';

/** Values that aliases may stand for, all uses of all anchors together and through one another. */
const ALIASED_VALUES_MAX = 100_000;
/** The library looks through all anchors and aliases for the anchor of each. */
const ALIASES_MAX = 2000;

/** Spelt out with `!!`, these mean what they mean without. */
const CORE_TAGS = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'merge'].map(
    (name) => `tag:yaml.org,2002:${name}`,
  ),
);

export interface Finding {
  offset: number;
  path: (string | number)[];
  message: string;
  remedy?: string;
  /** True where the document cannot be turned into plain data at all. */
  fatal: boolean;
}

/**
 * What the YAML library would let through, or would take quadratic time over: duplicate keys, keys
 * that are no text, `__proto__`, tags beside the core schema's, aliases that expand without bound.
 * One pass, linear in the document as written.
 */
export function inspectYaml(document: Document.Parsed): Finding[] {
  const findings: Finding[] = [];
  const anchors = new Map<string, { node: Node; values: number }>();
  let aliasedValues = 0;
  let aliases = 0;

  const report = (
    node: Node,
    path: Finding['path'],
    message: string,
    remedy?: string,
    fatal = false,
  ): void => {
    const offset = node.range?.[0] ?? 0;
    findings.push({ offset, path, message, fatal, ...(remedy === undefined ? {} : { remedy }) });
  };

  /** @returns how many values the node stands for once its aliases are written out */
  const visit = (node: Node, path: Finding['path']): number => {
    if (isAlias(node)) {
      if (++aliases === ALIASES_MAX + 1) {
        report(node, path, `over ${ALIASES_MAX} aliases`, 'write them out', true);
      }
      const target = anchors.get(node.source);
      if (target === undefined) {
        report(node, path, `there is no anchor &${node.source} before it`, undefined, true);
        return 1;
      }
      aliasedValues += target.values;
      return target.values;
    }
    if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) {
      const name = node.tag.replace('tag:yaml.org,2002:', '!!');
      report(node, path, `the tag ${name} is not taken here`, 'write the value without a tag');
    }
    let values = 1;
    if (isMap(node)) values += visitMap(node, path);
    else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) {
        values += visit(item as Node, [...path, index]);
      }
    }
    // Set at the end: an alias inside its own anchor finds none before it.
    if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, { node, values });
    return values;
  };

  const visitMap = (map: YAMLMap, path: Finding['path']): number => {
    const seen = new Set<string>();
    let values = 0;
    for (const pair of map.items) {
      const keyNode = pair.key as Node;
      if (!isScalar(keyNode)) {
        report(keyNode, path, 'a key must be plain text', undefined, true);
        continue;
      }
      values += visit(keyNode, path);
      const key = keyText(keyNode.value);
      const here = [...path, key];
      if (seen.has(key)) report(keyNode, here, 'duplicate key', 'keep one of the two');
      if (key === '__proto__') report(keyNode, here, 'this key is never taken', undefined, true);
      seen.add(key);
      const value = pair.value as Node | null;
      if (value !== null) values += visit(value, here);
      if (isMergeKey(keyNode) && (value === null || !isMergeable(value))) {
        report(value ?? keyNode, here, '<< takes *anchors of mappings', undefined, true);
      }
    }
    return values;
  };

  const isMergeable = (value: Node): boolean => {
    const sources = isSeq(value) ? (value.items as Node[]) : [value];
    return sources.every((source) =>
      isMap(isAlias(source) ? anchors.get(source.source)?.node : source),
    );
  };

  if (document.contents !== null) visit(document.contents as Node, []);
  if (aliasedValues > ALIASED_VALUES_MAX) {
    report(
      document.contents as Node,
      [],
      `its aliases stand for over ${ALIASED_VALUES_MAX} values`,
      'write them out, or generate the file',
      true,
    );
  }
  return findings;
}

/** A plain `<<`, whatever tag stands before it: so the library sees it too. */
export function isMergeKey(key: Node): boolean {
  if (!isScalar(key)) return false;
  return typeof key.value === 'symbol' || (key.type === 'PLAIN' && key.value === '<<');
}

/** A key as it becomes a property name; a merge key is a symbol in the tree. */
export function keyText(key: unknown): string {
  if (typeof key === 'symbol') return key.description ?? '';
  return key === null ? '' : String(key);
}
