/** Words whose full stop ends no sentence. */
const ABBREVIATIONS =
  /(?:^|[\s("'“‘])(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Inc|Ltd|Co|Corp|vs|approx|dept|est|[Ff]ig|no|[Vv]ol|Gen|Col|Sgt|Capt|Lt|Rev|Hon|e\.g|i\.e|cf|TP|Th\.S|TS|GS|PGS|[A-Z](?:\.[A-Z])*)\.$/u;
/** The run of marks is taken from its start, so that a long one is not tried from each of its marks. */
const STOP = /(?<![.!?…])[.!?…]+["'”’»)\]*_]*(?=\s|$)|[。！？．]+[」』）”"']*/gu;
/** A number, letter or mark of a list in front of a line. */
const LIST_MARK = /^\s*(?:(?:\d{1,3}|[A-Za-z])[.)]|[-*•・])\s+/u;

/**
 * Cuts a text into sentences: at `.`, `!`, `?` or `…` before a blank, at `。`, `！`, `？` anywhere, not
 * after abbreviations and initials, nor where the next word is in lower case (unless all are), and
 * at line breaks where `breakAtLines` says so. A last one needs no full stop. Pieces without a
 * letter or digit are none.
 */
export function sentencesOf(text: string, breakAtLines: boolean): string[] {
  const hasCapitals = /\p{Lu}/u.test(text);
  const parts = breakAtLines ? text.split(/\n+/) : [text];
  return parts
    .flatMap((part) => cut(part.replace(LIST_MARK, ''), hasCapitals))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

function cut(text: string, hasCapitals: boolean): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const { 0: stop, index } of text.matchAll(STOP)) {
    const end = index + stop.length;
    const isFullStop = stop.startsWith('.') && !stop.startsWith('..');
    if (isFullStop && ABBREVIATIONS.test(text.slice(Math.max(start, index - 12), index + 1))) {
      const atEnd = text.slice(end).trim() === '';
      if (!atEnd) continue;
    }
    const [next = ''] = text.slice(end, end + 40).match(/\S/u) ?? [];
    if (hasCapitals && /\p{Ll}/u.test(next) && !/[。！？．]/u.test(stop)) continue;
    sentences.push(text.slice(start, end));
    start = end;
  }
  sentences.push(text.slice(start));
  return sentences;
}
