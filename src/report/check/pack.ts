import { displayWidth, wrap } from '../text.ts';

/**
 * Parts laid side by side, two blanks between them, as many on a line as it takes whole; one that is
 * wider than a line by itself is wrapped at its blanks.
 * @param head in front of the first line, as wide as `indent`, which is in front of the others
 */
export function packed(parts: string[], columns: number, head: string, indent: string): string[] {
  const lines: string[] = [];
  let line = head;
  let empty = true;
  for (const part of parts) {
    if (!empty && displayWidth(line) + 2 + displayWidth(part) > columns) {
      lines.push(line);
      line = indent;
      empty = true;
    }
    line += empty ? part : `  ${part}`;
    empty = false;
  }
  return [...lines, line].flatMap((each) => (displayWidth(each) <= columns ? each : wrapped(each)));

  function wrapped(each: string): string[] {
    const start = each.startsWith(head) ? head : indent;
    return wrap(each.slice(start.length), columns, start, indent).split('\n');
  }
}
