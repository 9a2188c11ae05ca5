import type { Random } from '../../random.ts';
import { numberAnswer } from './answers.ts';
import type { Family } from './family.ts';

/** The smaller angle between the hands, in degrees; minutes since twelve o'clock, any number. */
function angleAt(minutes: number): number {
  const halfDegrees = (minutes * 11) % 720;
  return Math.min(halfDegrees, 720 - halfDegrees) / 2;
}

function written(minutes: number): string {
  const hour = Math.floor(minutes / 60) % 24;
  return `${String(hour).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

const ASK = 'the smaller angle in degrees between the hour hand and the minute hand';

/** Round times, any minute, a time later, a clock that is fast or slow. */
export const clockAngle: Family = {
  name: 'clock-angle',
  description: 'The angle between the hands of a clock',
  generate(random, difficulty) {
    const step = [10, 2, 1][difficulty - 1] ?? 1;
    const start = random.integer(0, (24 * 60) / step - 1) * step;
    if (difficulty <= 3) {
      const question = random.pick([
        `An analogue clock shows ${written(start)} (24-hour time). What is ${ASK}?`,
        `What is ${ASK} on an analogue clock at ${written(start)} (24-hour time)?`,
      ]);
      return numberAnswer(question, angleAt(start));
    }
    return difficulty === 4 ? later(random, start) : unsteady(random, start);
  },
};

function later(random: Random, start: number) {
  const [hours, minutes] = [random.integer(2, 30), random.integer(2, 59)];
  const question = random.pick([
    `It is ${written(start)} (24-hour time). On an analogue clock, what will be ${ASK} in ${hours} hours and ${minutes} minutes?`,
    `A parcel is posted at ${written(start)} (24-hour time) and arrives ${hours} hours and ${minutes} minutes later. On an analogue clock, what is ${ASK} on its arrival?`,
  ]);
  return numberAnswer(question, angleAt(start + hours * 60 + minutes));
}

function unsteady(random: Random, start: number) {
  const [drift, hours] = [random.integer(2, 9), random.integer(3, 24)];
  const gains = random.pick([true, false]);
  const question = `An analogue clock ${gains ? 'gains' : 'loses'} ${drift} minutes in every hour of true time. It was set right at ${written(start)} (24-hour time). What is ${ASK} on this clock when ${hours} hours of true time have passed?`;
  return numberAnswer(question, angleAt(start + hours * (60 + (gains ? drift : -drift))));
}
