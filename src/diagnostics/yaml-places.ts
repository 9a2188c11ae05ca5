import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
} from 'yaml';
import { isMergeKey, keyText } from './yaml-inspect.ts';

type Path = readonly (string | number)[];

/**
 * Where a path lies in the text, as an offset. The value's own place where it begins on its key's
 * line, else the key's; what is not there has the place of the nearest parent that is.
 * @param part `key` for the key itself, as for keys that should not be there
 */
export function offsetOf(
  document: Document.Parsed,
  path: Path,
  part: 'value' | 'key' = 'value',
): number {
  let node = document.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const target: Node | null | undefined = node && isAlias(node) ? node.resolve(document) : node;
    if (isMap(target)) {
      const pair = findPair(document, target.items as Pair<Node, Node | null>[], String(step));
      if (pair === undefined) return offset;
      node = pair.value;
      const wantsKey = part === 'key' && index === path.length - 1;
      offset = wantsKey || !startsBesideKey(node) ? startOf(pair.key) : startOf(node);
    } else if (isSeq(target) && typeof step === 'number' && target.items[step] !== undefined) {
      node = target.items[step] as Node;
      offset = startOf(node);
    } else {
      return offset;
    }
  }
  return offset;
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Scalars, flow collections and aliases begin beside their key; blocks on a line of their own. */
function startsBesideKey(node: Node | null): node is Node {
  if (node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === ''))
    return false;
  return !isCollection(node) || node.flow === true;
}

function findPair(
  document: Document.Parsed,
  pairs: Pair<Node, Node | null>[],
  key: string,
): Pair<Node, Node | null> | undefined {
  const own = pairs.find((pair) => isScalar(pair.key) && keyText(pair.key.value) === key);
  if (own !== undefined) return own;
  for (const pair of pairs) {
    if (!isMergeKey(pair.key) || pair.value === null) continue;
    const sources = isSeq(pair.value) ? (pair.value.items as Node[]) : [pair.value];
    for (const source of sources) {
      const map = isAlias(source) ? source.resolve(document) : source;
      if (!isMap(map)) continue;
      const merged = findPair(document, map.items as Pair<Node, Node | null>[], key);
      if (merged !== undefined) return merged;
    }
  }
  return undefined;
}
