/** Reads a prompt: the groups of a pattern that has to be there. */
export function read(prompt: string, pattern: RegExp): string[] {
  const match = prompt.match(pattern);
  if (match === null) throw new Error(`${pattern} is not in: ${prompt}`);
  return match.slice(1);
}

/** The same, as numbers. */
export function readNumbers(prompt: string, pattern: RegExp): number[] {
  return read(prompt, pattern).map(Number);
}

/** All numbers of a text, in order. */
export function numbersIn(text: string): number[] {
  return (text.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
}

/** The element at an index that has to be there. */
export function nth<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

export const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** Every way of choosing true or false `count` times. */
export function worlds(count: number): boolean[][] {
  if (count === 0) return [[]];
  return worlds(count - 1).flatMap((world) => [
    [...world, false],
    [...world, true],
  ]);
}

/** The one element that suits; several or none are an error. */
export function only<T>(items: readonly T[], suits: (item: T) => boolean): T {
  const found = items.filter(suits);
  if (found.length !== 1) throw new Error(`${found.length} solutions where one is wanted`);
  return nth(found, 0);
}

/** Every way of choosing `size` of the numbers below `count`. */
export function choices(count: number, size: number): number[][] {
  if (size === 0) return [[]];
  if (count < size) return [];
  const without = choices(count - 1, size);
  return [...without, ...choices(count - 1, size - 1).map((rest) => [...rest, count - 1])];
}
