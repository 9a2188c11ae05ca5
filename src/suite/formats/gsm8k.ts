import { FieldReader, type PublicFormat, singlePrompt } from './format.ts';

/** Behind the solution, on a line of its own. */
const FINAL = /^####\s*(.+?)\s*$/m;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * GSM8K: {question, answer}, the answer being a worked solution with `#### 42` at its end.
 * @see https://github.com/openai/grade-school-math
 */
export const gsm8k: PublicFormat = {
  fits: ({ question, answer }) =>
    typeof question === 'string' && typeof answer === 'string' && FINAL.test(answer),

  read(record) {
    const fields = new FieldReader(record);
    const [question, answer] = [fields.text('question'), fields.text('answer')];
    const final = FINAL.exec(answer)?.[1]?.replace(/[,$%\s]/g, '');
    if (answer !== '' && final === undefined) {
      fields.fault('the field answer has no line «#### » with the final answer');
    } else if (final !== undefined && !NUMBER.test(final)) {
      fields.fault(`the final answer behind #### is no number: ${final}`);
    }
    if (fields.faults.length > 0 || final === undefined) return fields.faults;
    const prompt = `${question.trim()}\n\nWork it out, then end with one line of exactly this form:\nAnswer: <number>`;
    return singlePrompt(prompt, [{ type: 'match', value: final }]);
  },
};
