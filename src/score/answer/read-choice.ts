import { DENIED_AFTER } from './cues.ts';
import type { Reader, Reading } from './final.ts';
import { normalForm } from './read-text.ts';

const LEAD =
  /^[\s"'「『([{<:*=>→⇒➜-]*(?:(?:therefore|so|thus|hence),? )?(?:it (?:must|has to|should|can only) be |it's |it is |that's |this is |i think |i believe )?(?:(?:the |my |is |be )?(?:correct |right |best |final )?(?:option|choice|letter|answer|phương án|lựa chọn|đáp án|câu|ý|選択肢|記号)(?:\s(?:is|là))?|là|chọn|phải là)?[\s"'「『([{<:*]*/iu;
/** `I` before a word is the one who writes. */
const LETTER = /^([A-Ja-j])(?<!I(?=\s\p{L}))(?![\p{L}\p{N}'])/u;
const LETTER_BEFORE_JAPANESE = /^([A-Ja-j])(?=[\u3040-\u30FF\u4E00-\u9FFF])/u;
/** What may stand behind a letter that is an answer. */
const BEHIND =
  /^(?:["'」』)\]}>*]*)(?:\s*$|\s*[(（).:,;=、。）】」?!-]|\s*[-–—\p{Extended_Pictographic}]|\s+(?:because|since|as|is|was|and|or|not|but|which|for|here|vì|bởi|là|không|chứ|hoặc|và|do|mới)(?!\p{L})|\s*(?:です|が|は|の|で|だ|と|か|を|に|も|、|。|または|が正|ではな|じゃな|となり|になり))/iu;
const MORE_LETTERS =
  /^["')\]}]*\s*(?:,|\?+|、|and|or|&|\/|と|か|または|もしくは|hoặc|và|hay|;|\+)\s*(?:also |both |option )?[("']?[A-J](?![\p{Script=Latin}\d])/iu;
const WRONG_BEHIND =
  /^["')\]}.:]*\s*(?:is|was|は|が|là|:|[-–—]|×|✗|❌)\s*(?:not?\b|wrong|incorrect|tempting|close|also|partly|×|✗|❌|間違|違|誤|不正|sai|không(?!\p{L}))/iu;
const SAID_OF = /^["')\]}.:]*\s*(?:is|was|が|は|là|mới là)\s*/iu;
const RIGHT_BEHIND =
  /^["')\]}.:]*\s*(?:is|was|が|は|là|mới là)\s*(?:also )?(?:the |my )?(?:only )?(?:correct|right|best|answer|true|final|最も|正|適切|答|đáp án|đúng|câu trả lời|phương án|lựa chọn|chính xác)/iu;
const DENIED_FIRST = /^\s*(?:not|không phải(?: là)?|isn't)\s+(?:option |phương án |đáp án )?/iu;
const INSTEAD =
  /^["')\]}.:]*\s*,?\s*(?:but(?: rather)?|mà(?: là)?|ではなく、?|じゃなく(?:て)?、?|でなく、?)\s*/iu;
const ENUMERATION = /(?:^|\s)[(]?[A-J][).:](?=\s)/g;
/** `…, which is option B`. */
const WHICH_IS = /\b(?:which|that) is (?:option |choice |answer )?\(?([A-J])(?![\p{L}\p{N}'])/gu;
const SO = /[,;.:]\s(?:so|thus|hence|therefore|nên|vậy)(?!\p{L}):?\s?/iu;
const CHOOSES =
  /(?:\b(?:i(?:'d| would)?|we|and|so|then) (?:choose|pick|select|go with|say)|(?<!(?:không|chẳng|đừng|chưa)\s)\bchọn(?: phương án| đáp án)?|を選び|選択肢)\s*:?\s*/giu;

/** Behind a choice's own text, where that is the answer and not what is spoken of. */
const ENDS_CHOICE =
  /^(?:\s*$|\s?[,.;!?()、。」]|\s(?:because|since|as|vì|bởi)(?!\p{L})|です|だ(?!\p{L})|\s?(?:is|was|が|は|là)\s?(?:also |the |my |only )*(?:correct|right|best|answer|true|最も|正|đáp án|đúng))/iu;
/** Words before a letter of which something is said; others make it a name, as in `Plan B`. */
const NO_NAME_BEFORE =
  /(?:^|[^\p{L}\s]|[\u3040-\u30FF\u4E00-\u9FFF]|(?<!\p{L})(?:so|thus|hence|therefore|that|then|only|option|choice|answer|letter|statement|but|and|while|think|believe|means|vậy|nên|chọn|phương án|đáp án|câu|ý|là|thì|chỉ|có))\s*$/iu;

/**
 * Reads the letter that a piece of text gives as its choice; a choice's own text stands for it.
 * @param opens it is the beginning of a reply, where `B. Paris has been …` is an answer too
 */
export function choiceReader(choices: readonly string[], opens = false): Reader<string> {
  const forms = choices.map((choice) => normalForm(choice));
  return (segment, stated) => {
    const chosen = [...segment.matchAll(CHOOSES)].at(-1);
    const text = chosen ? segment.slice(chosen.index + chosen[0].length) : segment;
    const reading = readLetter(text, { stated: stated || chosen !== undefined, opens }, forms);
    if (reading.kind === 'value') return reading;
    const tail = stated ? '' : (segment.split(SO).slice(1).at(-1) ?? '');
    const concluded = readLetter(tail, { stated: false, opens: false }, forms);
    if (concluded.kind === 'value') return concluded;
    if (reading.kind !== 'none') return reading;
    return readChoiceText(segment, forms) ?? readVerdict(segment) ?? reading;
  };
}

interface Place {
  stated: boolean;
  opens: boolean;
}

function readLetter(text: string, place: Place, forms: readonly string[]): Reading<string> {
  const denied = DENIED_FIRST.exec(text);
  const start = denied === null ? text : text.slice(denied[0].length);
  const lead = LEAD.exec(start)?.[0] ?? '';
  const begins = start.slice(lead.length);
  const match = LETTER.exec(begins) ?? LETTER_BEFORE_JAPANESE.exec(begins);
  if (match === null) return none();
  const written = match[1] ?? '';
  const letter = written.toUpperCase();
  if (!place.stated && forms.length > 0 && letter.charCodeAt(0) - 65 >= forms.length) return none();
  const rest = begins.slice(1);
  const text_ = text.slice(0, 120);
  const instead = INSTEAD.exec(rest);
  if (denied !== null || DENIED_AFTER.test(rest)) {
    if (instead !== null)
      return readLetter(rest.slice(instead[0].length), { ...place, stated: true }, forms);
    return { kind: 'unclear', reason: 'says only what it is not', shown: text_ };
  }
  if (MORE_LETTERS.test(rest) || (text.match(ENUMERATION) ?? []).length > 1) {
    return { kind: 'unclear', reason: 'names several choices', shown: text_ };
  }
  const own = forms[letter.charCodeAt(0) - 65];
  const described = normalForm(rest.replace(/^["')\]}>.:、*の-]*\s*/u, ''));
  const followed = own !== undefined && own !== '' && described.startsWith(own);
  if (!followed && describesAnother(described, letter, forms)) {
    return { kind: 'unclear', reason: 'its letter and its text are of two choices', shown: text_ };
  }
  const plain = BEHIND.test(rest) || followed;
  const lowerCase = written !== letter;
  if (!plain || (lowerCase && !/^["')\]}.:]*\s*$|^[).:]/u.test(rest))) return none();
  if (WRONG_BEHIND.test(rest)) return none();
  if (place.stated) return { kind: 'value', value: letter, shown: text_ };
  if (followed && !place.opens && !ENDS_CHOICE.test(described.slice(own.length))) return none();
  if (!followed && /^の(?!で)/u.test(rest)) return none();
  if (SAID_OF.test(rest) && !RIGHT_BEHIND.test(rest) && !followed) return none();
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
    if (!NO_NAME_BEFORE.test(segment.slice(0, match.index))) continue;
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
