import { DENIED_AFTER } from './cues.ts';
import type { Reader, Reading } from './final.ts';
import { normalForm } from './read-text.ts';

const LEAD =
  /^[\s"'「『([{<:*-]*(?:it's |it is |that's |this is |i think |i believe )?(?:(?:the |my |is |be )?(?:correct |right |best |final )?(?:option|choice|letter|answer|phương án|lựa chọn|đáp án|câu|ý|選択肢|記号)(?:\s(?:is|là))?|là|chọn|phải là)?[\s"'「『([{<:*]*/iu;
const LETTER = /^([A-Ja-j])(?![\p{L}\p{N}'])/u;
const LETTER_BEFORE_JAPANESE = /^([A-Ja-j])(?=[\u3040-\u30FF\u4E00-\u9FFF])/u;
/** What may stand behind a letter that is an answer. */
const BEHIND =
  /^(?:["'」』)\]}>*]*)(?:\s*$|\s*[(（).:,;=、。）】」?!-]|\s*[-–—]|\s+(?:because|since|as|is|was|and|or|not|but|which|for|here|vì|bởi|là|không|chứ|hoặc|và|do|mới)(?!\p{L})|\s*(?:です|が|は|の|で|だ|と|か|を|に|も|、|。|または|が正|ではな|じゃな|となり|になり))/iu;
const MORE_LETTERS =
  /^["')\]}]*\s*(?:,|\?+|、|and|or|&|\/|と|か|または|もしくは|hoặc|và|hay|;|\+)\s*(?:also |both |option )?[("']?[A-J](?![\p{Script=Latin}\d])/iu;
const WRONG_BEHIND =
  /^["')\]}.:]*\s*(?:is|was|は|が|là)\s*(?:not|wrong|incorrect|tempting|close|also|partly|間違|違|誤|不正|sai|không)/iu;
const SAID_OF = /^["')\]}.:]*\s*(?:is|was|が|は|là|mới là)\s*/iu;
const RIGHT_BEHIND =
  /^["')\]}.:]*\s*(?:is|was|が|は|là|mới là)\s*(?:also )?(?:the |my )?(?:only )?(?:correct|right|best|answer|true|final|最も|正|適切|答|đáp án|đúng|câu trả lời|phương án|lựa chọn|chính xác)/iu;
const DENIED_FIRST = /^\s*(?:not|không phải(?: là)?|isn't)\s+(?:option |phương án |đáp án )?/iu;
const INSTEAD =
  /^["')\]}.:]*\s*,?\s*(?:but(?: rather)?|mà(?: là)?|ではなく、?|じゃなく(?:て)?、?|でなく、?)\s*/iu;
const ENUMERATION = /(?:^|\s)[(]?[A-J][).:](?=\s)/g;
/** `…, which is option B`. */
const WHICH_IS = /\b(?:which|that) is (?:option |choice |answer )?\(?([A-J])(?![\p{L}\p{N}'])/gu;
const CHOOSES =
  /(?:\b(?:i(?:'d| would)?|we) (?:choose|pick|select|go with|say)|\bchọn(?: phương án| đáp án)?|を選び|選択肢)\s*:?\s*/giu;

/** Reads the letter that a piece of text gives as its choice; a choice's own text stands for it. */
export function choiceReader(choices: readonly string[]): Reader<string> {
  const forms = choices.map((choice) => normalForm(choice));
  return (segment, stated) => {
    const chosen = [...segment.matchAll(CHOOSES)].at(-1);
    const text = chosen ? segment.slice(chosen.index + chosen[0].length) : segment;
    const reading = readLetter(text, stated || chosen !== undefined, forms);
    if (reading.kind !== 'none') return reading;
    return readChoiceText(segment, forms) ?? readVerdict(segment) ?? reading;
  };
}

function readLetter(text: string, stated: boolean, forms: readonly string[]): Reading<string> {
  const denied = DENIED_FIRST.exec(text);
  const start = denied === null ? text : text.slice(denied[0].length);
  const lead = LEAD.exec(start)?.[0] ?? '';
  const begins = start.slice(lead.length);
  const match = LETTER.exec(begins) ?? LETTER_BEFORE_JAPANESE.exec(begins);
  if (match === null) return none();
  const written = match[1] ?? '';
  const letter = written.toUpperCase();
  const rest = begins.slice(1);
  const text_ = text.slice(0, 120);
  const instead = INSTEAD.exec(rest);
  if (denied !== null || DENIED_AFTER.test(rest)) {
    if (instead !== null) return readLetter(rest.slice(instead[0].length), true, forms);
    return { kind: 'unclear', reason: 'says only what it is not', shown: text_ };
  }
  if (MORE_LETTERS.test(rest) || (text.match(ENUMERATION) ?? []).length > 1) {
    return { kind: 'unclear', reason: 'names several choices', shown: text_ };
  }
  const own = forms[letter.charCodeAt(0) - 65];
  const described = normalForm(rest.replace(/^["')\]}>.:、*-]*\s*/u, ''));
  const followed = own !== undefined && own !== '' && described.startsWith(own);
  if (!followed && describesAnother(described, letter, forms)) {
    return { kind: 'unclear', reason: 'its letter and its text are of two choices', shown: text_ };
  }
  const plain = BEHIND.test(rest) || followed;
  const lowerCase = written !== letter;
  if (!plain || (lowerCase && !/^["')\]}.:]*\s*$|^[).:]/u.test(rest))) return none();
  if (WRONG_BEHIND.test(rest)) return none();
  if (!stated && SAID_OF.test(rest) && !RIGHT_BEHIND.test(rest) && !followed) return none();
  return { kind: 'value', value: letter, shown: text_ };
}

/** `A) Paris` where Paris is B. */
function describesAnother(described: string, letter: string, forms: readonly string[]): boolean {
  return forms.some(
    (form, index) =>
      form !== '' &&
      String.fromCharCode(65 + index) !== letter &&
      (described === form || (form.length > 1 && described.startsWith(`${form} `))),
  );
}

/** The text of one choice, alone or as what is said last. */
function readChoiceText(segment: string, forms: readonly string[]): Reading<string> | null {
  const predicates = [segment, ...segment.split(/\s(?:is|are|là)\s|[は]/u).slice(-1)];
  for (const predicate of predicates) {
    const heads = [predicate, /^[^,;(、.]+(?=[,;(、.])/u.exec(predicate)?.[0] ?? ''];
    const found = forms
      .map((form, index) => ({ form, letter: String.fromCharCode(65 + index) }))
      .filter(({ form }) => form !== '' && heads.some((head) => normalForm(head) === form));
    if (found.length === 1 && found[0]) {
      return { kind: 'value', value: found[0].letter, shown: predicate.slice(0, 120) };
    }
  }
  return null;
}

/** `…, so B is correct`: a letter of which the sentence says that it is right. */
function readVerdict(segment: string): Reading<string> | null {
  const found = new Set<string>();
  for (const [, letter = ''] of segment.matchAll(WHICH_IS)) found.add(letter);
  for (const match of segment.matchAll(/(?<![\p{L}\p{N}])\(?([A-J])(?![\p{L}\p{N}])\)?/gu)) {
    const rest = segment.slice(match.index + match[0].length, match.index + match[0].length + 60);
    if (RIGHT_BEHIND.test(rest) && !WRONG_BEHIND.test(rest)) found.add(match[1] ?? '');
  }
  const [letter] = found;
  if (letter === undefined || found.size > 1) return null;
  return { kind: 'value', value: letter, shown: segment.slice(0, 120) };
}

function none(): Reading<string> {
  return { kind: 'none', reason: 'no choice named' };
}
