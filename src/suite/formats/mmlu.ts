import type { JsonValue } from '../../json.ts';
import { FieldReader, type PublicFormat, singlePrompt } from './format.ts';

const LETTERS = 'ABCDEFGHIJ';
/** The files of the original archive have these columns and no line that says so. */
const COLUMNS = ['question', 'A', 'B', 'C', 'D', 'answer'];

/**
 * MMLU: {question, choices, answer, subject} as the Hugging Face hub has it, the answer an index from 0
 * or a letter; or the original's CSV of a question, four choices and a letter.
 * @see https://github.com/hendrycks/test
 */
export const mmlu: PublicFormat = {
  fits: (record) =>
    typeof record.question === 'string' &&
    record.answer !== undefined &&
    (Array.isArray(record.choices) || COLUMNS.every((name) => Object.hasOwn(record, name))),

  columnsFor: (firstLine) =>
    firstLine.length === COLUMNS.length && /^[A-D]$/.test(firstLine.at(-1) ?? '') ? COLUMNS : null,

  read(record, { stem }) {
    const fields = new FieldReader(record);
    const question = fields.text('question');
    const choices = choicesOf(fields);
    const answer = letterOf(fields.value('answer'));
    const known = LETTERS.slice(0, choices.length);
    if (choices.length > 0 && !(answer !== null && known.includes(answer))) {
      fields.fault(
        `the field answer names none of the ${choices.length} choices: give an index from 0 or a letter`,
      );
    }
    if (fields.faults.length > 0 || answer === null) return fields.faults;
    const subject = fields.has('subject') ? fields.text('subject') : subjectOf(stem);
    const options = choices.map((choice, index) => `${LETTERS.charAt(index)}) ${choice}`);
    const prompt = `${question.trim()}\n\n${options.join('\n')}\n\nWork it out, then end with one line of exactly this form:\nAnswer: <letter>`;
    return singlePrompt(prompt, [{ type: 'choice', value: answer, choices }], {
      tags: subject === '' ? [] : [subject],
    });
  },
};

function choicesOf(fields: FieldReader): string[] {
  if (!fields.has('choices') && fields.has('A'))
    return COLUMNS.slice(1, 5).map((name) => choiceIn(fields, name));
  const choices = fields.value('choices');
  const isList =
    Array.isArray(choices) &&
    choices.length >= 2 &&
    choices.length <= LETTERS.length &&
    choices.every((choice) => typeof choice === 'string' || typeof choice === 'number');
  if (isList) return choices.map(String);
  if (choices !== undefined) {
    fields.fault(`the field choices is no list of 2 to ${LETTERS.length} texts`);
  }
  return [];
}

function choiceIn(fields: FieldReader, name: string): string {
  const value = fields.value(name);
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value !== undefined) fields.fault(`the field ${name} is no text`);
  return '';
}

function letterOf(answer: JsonValue | undefined): string | null {
  if (typeof answer === 'number' || (typeof answer === 'string' && /^\d+$/.test(answer))) {
    return LETTERS.charAt(Number(answer)) || null;
  }
  const letter = typeof answer === 'string' ? answer.trim().toUpperCase() : '';
  return /^[A-J]$/.test(letter) ? letter : null;
}

/** The original archive has a file for each subject, as `abstract_algebra_test.csv`. */
function subjectOf(stem: string): string {
  return /^(\w+)_(?:test|val|dev)$/.exec(stem)?.[1] ?? '';
}
