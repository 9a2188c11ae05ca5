import { doingsOf } from '../report/grading-words.ts';
import { counted } from '../report/numbers.ts';
import type { GradingWork } from '../run/grading/run-grading.ts';
import type { Output } from './output.ts';

const LINE_EVERY_MS = 5_000;

/**
 * Says what is graded now that nothing is measured any more, and how far that is.
 * @returns ends it
 */
export function tellOfGrading(work: GradingWork, output: Output): () => void {
  const answers = counted(work.answers, 'answer');
  output.say(`Grading ${answers} by ${doingsOf(work.kinds)}…`);
  const timer = setInterval(
    () => output.say(`Graded ${work.graded()} of ${answers}.`),
    LINE_EVERY_MS,
  );
  return () => clearInterval(timer);
}
