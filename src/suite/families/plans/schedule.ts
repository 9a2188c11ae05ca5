import type { Random } from '../../../random.ts';
import { at, drawUntil, type Family, forLevel } from '../family.ts';
import { listed, sample } from '../words.ts';
import { planCase } from './format.ts';

interface Job {
  action: string;
  minutes: number;
  /** Indices of earlier jobs that have to have ended. */
  after: number[];
  /** Whether it takes up the one machine. */
  onMachine: boolean;
}

const THEMES = [
  {
    setting: 'A bakery makes its morning goods.',
    machine: 'oven',
    people: 'bakers',
    on: ['bake_bread', 'bake_rolls', 'bake_cake', 'roast_nuts', 'toast_oats'],
    off: ['knead_dough', 'slice_fruit', 'whip_cream', 'pack_boxes', 'write_labels', 'glaze_buns'],
  },
  {
    setting: 'A print shop has an order to finish.',
    machine: 'press',
    people: 'printers',
    on: ['print_covers', 'print_posters', 'print_maps', 'print_cards', 'print_flyers'],
    off: ['cut_paper', 'mix_inks', 'fold_sheets', 'sew_pages', 'check_proofs', 'wrap_parcels'],
  },
  {
    setting: 'A bicycle workshop gets three bicycles ready.',
    machine: 'repair stand',
    people: 'mechanics',
    on: ['true_wheels', 'adjust_gears', 'replace_chain', 'fit_brakes', 'mount_pedals'],
    off: ['patch_tubes', 'wash_frames', 'oil_bolts', 'test_lights', 'sort_parts', 'write_bill'],
  },
] as const;

const JOBS = [3, 4, 5, 6, 7];
const SPARE_MINUTES = [10, 5, 0, 0, 0];
/** From this difficulty on, only two jobs can be done at the same time, whatever they take. */
const FEW_PEOPLE_FROM = 3;
const PEOPLE = 2;

/** Jobs with durations, waits and one machine: a start for each, so that all is done in time. */
export const planSchedule: Family = {
  name: 'plan-schedule',
  description: 'A schedule with durations, waits and a shared machine, as short as can be',
  answer: 'plan',
  generate(random, difficulty) {
    const theme = random.pick(THEMES);
    const count = forLevel(JOBS, difficulty);
    const people = difficulty >= FEW_PEOPLE_FROM ? PEOPLE : count;
    const { jobs, starts, end } = drawUntil(() => {
      const jobs = anyJobs(random, theme, count);
      const best = shortest(jobs, people);
      // Where the machine holds nothing up, there would be nothing to think about.
      return best.end > longestWait(jobs) ? { jobs, ...best } : undefined;
    });
    const finishBy = end + forLevel(SPARE_MINUTES, difficulty);
    const users = jobs.filter(({ onMachine }) => onMachine).map(({ action }) => action);
    const question = [
      theme.setting,
      ...jobs.map((job) => jobSentence(job, jobs)),
      `There is one ${theme.machine}, and one job at a time can use it: ${listed(users)} need it.`,
      people < count
        ? `There are ${people} ${theme.people}: at most ${people} jobs are under way at any moment, each by one of them.`
        : `There are enough ${theme.people} for all other jobs at once.`,
      `A job that has begun is not broken off. All has to be done by minute ${finishBy}.`,
      'Give each job once, with the minute at which it starts; the first minute is 0.',
    ].join('\n');
    const value = {
      steps_min: count,
      steps_max: count,
      required_actions: jobs.map(({ action }) => action),
      must_precede: jobs.flatMap(({ action, after }) =>
        after.map((index) => [at(jobs, index).action, action]),
      ),
      durations: Object.fromEntries(jobs.map(({ action, minutes }) => [action, minutes])),
      finish_by: finishBy,
      resources: {
        [theme.machine]: { capacity: 1, used_by: users },
        ...(people < count && {
          [theme.people]: { capacity: people, used_by: jobs.map(({ action }) => action) },
        }),
      },
    };
    const steps = jobs.map(({ action }, index) => ({
      id: `s${index + 1}`,
      action,
      start: at(starts, index),
    }));
    const allAtOnce = steps.map((step) => ({ ...step, start: 0 }));
    return planCase(question, { id: 's1', action: '…', start: 0 }, value, steps, allAtOnce);
  },
};

function anyJobs(random: Random, theme: (typeof THEMES)[number], count: number): Job[] {
  const machineJobs = Math.max(2, Math.ceil(count / 2));
  const actions = random.shuffle([
    ...sample(random, theme.on, machineJobs).map((action) => ({ action, onMachine: true })),
    ...sample(random, theme.off, count - machineJobs).map((action) => ({
      action,
      onMachine: false,
    })),
  ]);
  return actions.map((each, index) => ({
    ...each,
    minutes: 5 * random.integer(1, 8),
    after: index > 0 && random.next() < 0.55 ? [random.integer(0, index - 1)] : [],
  }));
}

function jobSentence({ action, minutes, after }: Job, jobs: readonly Job[]): string {
  const waits = after.map((index) => at(jobs, index).action);
  const start = `${action} takes ${minutes} minutes`;
  return waits.length === 0 ? `${start}.` : `${start} and can start when ${listed(waits)} is done.`;
}

/** When all could be done, were there machines and people for everything at once. */
function longestWait(jobs: readonly Job[]): number {
  const ends: number[] = [];
  for (const { after, minutes } of jobs) {
    ends.push(Math.max(0, ...after.map((other) => at(ends, other))) + minutes);
  }
  return Math.max(...ends);
}

/** No schedule is shorter: waits, the machine and people each take their time. */
function leastMinutes(jobs: readonly Job[], people: number): number {
  const all = (some: readonly Job[]) => some.reduce((sum, { minutes }) => sum + minutes, 0);
  const machine = all(jobs.filter(({ onMachine }) => onMachine));
  return Math.max(longestWait(jobs), machine, all(jobs) / people);
}

interface Placed {
  job: Job;
  start: number;
  end: number;
}

/**
 * The shortest schedule: of all orders of the jobs, each job as early as those before it in the order
 * let it start. One of these is always as short as any schedule can be.
 */
function shortest(jobs: readonly Job[], people: number): { starts: number[]; end: number } {
  let best: { starts: number[]; end: number } = { starts: [], end: Number.POSITIVE_INFINITY };
  const least = leastMinutes(jobs, people);
  const placed: (Placed | undefined)[] = jobs.map(() => undefined);
  const place = (count: number, end: number): void => {
    if (end >= best.end || best.end <= least) return;
    if (count === jobs.length) {
      best = { starts: placed.map((one) => one?.start ?? 0), end };
      return;
    }
    for (const [index, job] of jobs.entries()) {
      if (placed[index] !== undefined || job.after.some((other) => placed[other] === undefined)) {
        continue;
      }
      const start = earliest(job, placed, people);
      placed[index] = { job, start, end: start + job.minutes };
      place(count + 1, Math.max(end, start + job.minutes));
      placed[index] = undefined;
    }
  };
  place(0, 0);
  return best;
}

function earliest(job: Job, placed: readonly (Placed | undefined)[], people: number): number {
  const ready = Math.max(0, ...job.after.map((other) => placed[other]?.end ?? 0));
  let first = Number.POSITIVE_INFINITY;
  for (const time of [ready, ...placed.map((one) => one?.end ?? 0)]) {
    if (time >= ready && time < first && isFree(job, time, placed, people)) first = time;
  }
  return first;
}

/** Whether a job can run from `time` on beside those placed. */
function isFree(
  job: Job,
  time: number,
  placed: readonly (Placed | undefined)[],
  people: number,
): boolean {
  const beside = placed.filter(
    (one) => one !== undefined && one.start < time + job.minutes && one.end > time,
  ) as Placed[];
  if (job.onMachine && beside.some((other) => other.job.onMachine)) return false;
  const busy = (moment: number) =>
    beside.filter(({ start, end }) => start <= moment && end > moment).length;
  return [time, ...beside.map(({ start }) => start)].every(
    (moment) => moment < time || busy(moment) < people,
  );
}
