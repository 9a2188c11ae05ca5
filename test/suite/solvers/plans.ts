/** A plan as an answer gives it. */
export interface PlanStep {
  id: string;
  action: string;
  depends_on?: string[];
  start?: number;
}

/**
 * Reads a plan question from its prompt alone and finds whether a plan answers it, in ways that share
 * nothing with the family or the grader.
 * @returns what is wrong with the plan; an empty list where nothing is
 */
export type PlanSolver = (prompt: string, steps: readonly PlanStep[]) => string[];

/** And whether the question could be answered with less: fewer steps, or sooner. */
export interface PlanQuestion {
  faults: PlanSolver;
  /** True where no plan is better than the limit that the prompt names, less what it spares. */
  isTight(prompt: string, spare: number): boolean;
}

const splitList = (text: string) => text.split(/,\s*|\s+and\s+/).filter((part) => part !== '');

/** By removing what nobody needs, and walking the dependencies by hand for each pair. */
const order: PlanQuestion = {
  faults(prompt, steps) {
    const parts = partsIn(prompt);
    const goal = prompt.match(/Plan how to make the (\w+)/)?.[1] ?? '';
    const needed = new Set<string>();
    const visit = (thing: string) => {
      needed.add(thing);
      for (const part of parts.get(thing) ?? []) visit(part);
    };
    visit(goal);
    const made = steps.map(({ action }) => action.replace('make_', ''));
    const faults: string[] = [];
    if ([...made].sort().join() !== [...needed].sort().join()) faults.push('makes other things');
    for (const [index, { depends_on: given = [] }] of steps.entries()) {
      const before = given.map((id) => made[steps.findIndex((step) => step.id === id)] ?? '?');
      const wanted = parts.get(made[index] ?? '') ?? [];
      if ([...before].sort().join() !== [...wanted].sort().join()) faults.push(`waits of ${index}`);
      if (!before.every((thing) => made.indexOf(thing) < index)) faults.push(`order of ${index}`);
    }
    return faults;
  },
  isTight: () => true,
};

function partsIn(prompt: string): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const line of prompt.split('\n')) {
    const [, thing, made] =
      line.match(/^The (\w+) is made of (.+)\.$/) ??
      line.match(/^Into the (\w+) go(?:es)? (.+)\.$/) ??
      [];
    const [, basic] = line.match(/^Nothing else goes into the (\w+)\.$/) ?? [];
    if (basic !== undefined) parts.set(basic, []);
    if (thing === undefined || made === undefined) continue;
    parts.set(
      thing,
      made === 'nothing else' ? [] : splitList(made).map((part) => part.replace('the ', '')),
    );
  }
  return parts;
}

interface Job {
  name: string;
  minutes: number;
  after: string[];
}

/** Minute by minute: which jobs are under way, five minutes at a time. */
const schedule: PlanQuestion = {
  faults(prompt, steps) {
    const { jobs, machine, people, limit } = jobsIn(prompt);
    const faults: string[] = [];
    const start = new Map(steps.map((step) => [step.action, step.start ?? Number.NaN]));
    if (start.size !== jobs.length || steps.length !== jobs.length)
      faults.push('not each job once');
    const end = (job: Job) => (start.get(job.name) ?? Number.NaN) + job.minutes;
    for (const job of jobs) {
      if (!(end(job) <= limit)) faults.push(`${job.name} too late`);
      for (const name of job.after) {
        const before = jobs.find((other) => other.name === name);
        if (before === undefined || !(end(before) <= (start.get(job.name) ?? -1)))
          faults.push(`${job.name} too early`);
      }
    }
    for (let minute = 0; minute < limit; minute += 5) {
      const under = jobs.filter((job) => (start.get(job.name) ?? 0) <= minute && end(job) > minute);
      if (under.length > people) faults.push(`too many jobs at ${minute}`);
      if (under.filter(({ name }) => machine.includes(name)).length > 1)
        faults.push(`machine at ${minute}`);
    }
    return faults;
  },
  /** Whether all starts on a grid of five minutes fail that end five minutes sooner. */
  isTight(prompt, spare) {
    const { jobs, machine, people, limit } = jobsIn(prompt);
    return (
      !fits(jobs, machine, people, limit - spare - 5) && fits(jobs, machine, people, limit - spare)
    );
  },
};

function jobsIn(prompt: string) {
  const jobs: Job[] = [];
  for (const [, name = '', minutes, after] of prompt.matchAll(
    /^(\w+) takes (\d+) minutes(?: and can start when (.+) is done)?\.$/gm,
  )) {
    jobs.push({ name, minutes: Number(minutes), after: splitList(after ?? '') });
  }
  const machine = splitList(prompt.match(/can use it: (.+) need it/)?.[1] ?? '');
  const people = Number(prompt.match(/at most (\d+) jobs are under way/)?.[1] ?? jobs.length);
  const limit = Number(prompt.match(/done by minute (\d+)/)?.[1]);
  return { jobs, machine, people, limit };
}

/** Goes through the slots of time; at each, any set of ready jobs may begin. */
function fits(
  jobs: readonly Job[],
  machine: readonly string[],
  people: number,
  limit: number,
): boolean {
  const seen = new Set<string>();
  const search = (time: number, running: [Job, number][], done: readonly string[]): boolean => {
    const ended = running.filter(([, end]) => end <= time).map(([job]) => job.name);
    const finished = [...done, ...ended];
    if (finished.length === jobs.length) return true;
    if (time >= limit) return false;
    const still = running.filter(([, end]) => end > time);
    const key = `${time}|${[...finished].sort()}|${still.map(([job, end]) => `${job.name}@${end}`).sort()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const started = new Set([...finished, ...still.map(([job]) => job.name)]);
    const ready = jobs.filter(
      ({ name, after, minutes }) =>
        !started.has(name) &&
        after.every((other) => finished.includes(other)) &&
        time + minutes <= limit,
    );
    for (let chosen = 0; chosen < 2 ** ready.length; chosen++) {
      const begun = ready.filter((_, index) => (chosen >> index) & 1);
      const now = [...still.map(([job]) => job), ...begun];
      if (now.length > people) continue;
      if (now.filter(({ name }) => machine.includes(name)).length > 1) continue;
      const next: [Job, number][] = [
        ...still,
        ...begun.map((job): [Job, number] => [job, time + job.minutes]),
      ];
      if (search(time + 5, next, finished)) return true;
    }
    return false;
  };
  return search(0, [], []);
}

/** A walk through the house as the prompt draws it: where the robot is, what it has, what is open. */
const rooms: PlanQuestion = {
  faults(prompt, steps) {
    const house = houseIn(prompt);
    let state = house.start;
    for (const { action } of steps) {
      const next = stepFrom(house, state, action);
      if (next === undefined) return [`${action} is not possible`];
      state = next;
    }
    const faults = isDone(house, state) ? [] : ['not all parcels are where they should be'];
    return steps.length <= house.limit ? faults : [...faults, 'too many steps'];
  },
  isTight(prompt, spare) {
    const house = houseIn(prompt);
    const best = house.limit - spare;
    return !reaches(house, best - 1) && reaches(house, best);
  },
};

interface House {
  doors: { a: string; b: string; key: string | null }[];
  keys: Map<string, string>;
  parcels: Map<string, { from: string; to: string }>;
  start: RobotState;
  limit: number;
}

interface RobotState {
  room: string;
  /** Keys held, doors unlocked, parcels moved; sorted, so that equal states are equal texts. */
  has: string[];
  carried: string | null;
}

function houseIn(prompt: string): House {
  const doors = [
    ...prompt.matchAll(
      /^Between the (\w+) and the (\w+) there is a door, (?:which stands open|locked; the (\w+) key unlocks it)\.$/gm,
    ),
  ].map(([, a = '', b = '', key]) => ({ a, b, key: key ?? null }));
  const keys = [...prompt.matchAll(/^The (\w+) key lies in the (\w+)\.$/gm)];
  const parcels = [
    ...prompt.matchAll(/^The (\w+) parcel is in the (\w+) and has to be in the (\w+)\.$/gm),
  ];
  return {
    doors,
    keys: new Map(keys.map(([, colour = '', room = '']) => [colour, room])),
    parcels: new Map(parcels.map(([, colour = '', from = '', to = '']) => [colour, { from, to }])),
    start: { room: prompt.match(/starts in the (\w+)/)?.[1] ?? '', has: [], carried: null },
    limit: Number(prompt.match(/a way in (\d+) steps/)?.[1]),
  };
}

function stepFrom(
  house: House,
  { room, has, carried }: RobotState,
  action: string,
): RobotState | undefined {
  const [verb, first = '', second = ''] = action.split('_');
  const plus = (what: string): string[] => [...new Set([...has, what])].sort();
  const door = house.doors.find(
    ({ a, b }) => [a, b].sort().join() === [first, second].sort().join(),
  );
  switch (verb) {
    case 'go':
      if (room !== first || door === undefined) return undefined;
      if (door.key !== null && !has.includes(`open ${door.a} ${door.b}`)) return undefined;
      return { room: second, has, carried };
    case 'unlock':
      if (room !== first || door?.key == null || !has.includes(`key ${door.key}`)) return undefined;
      return { room, has: plus(`open ${door.a} ${door.b}`), carried };
    case 'take':
      if (second === 'key') {
        return house.keys.get(first) === room
          ? { room, has: plus(`key ${first}`), carried }
          : undefined;
      }
      if (carried !== null || has.includes(`moved ${first}`)) return undefined;
      return house.parcels.get(first)?.from === room ? { room, has, carried: first } : undefined;
    case 'drop':
      if (carried !== first || house.parcels.get(first)?.to !== room) return undefined;
      return { room, has: plus(`moved ${first}`), carried: null };
    default:
      return undefined;
  }
}

function isDone(house: House, { has }: RobotState): boolean {
  return [...house.parcels.keys()].every((colour) => has.includes(`moved ${colour}`));
}

/** Whether all can be done in so many steps. */
function reaches(house: House, limit: number): boolean {
  const actions = [
    ...house.doors.flatMap(({ a, b }) => [
      `go_${a}_${b}`,
      `go_${b}_${a}`,
      `unlock_${a}_${b}`,
      `unlock_${b}_${a}`,
    ]),
    ...[...house.keys.keys()].map((colour) => `take_${colour}_key`),
    ...[...house.parcels.keys()].flatMap((colour) => [
      `take_${colour}_parcel`,
      `drop_${colour}_parcel`,
    ]),
  ];
  const seen = new Set<string>();
  let edge = [house.start];
  for (let steps = 0; steps <= limit; steps++) {
    if (edge.some((state) => isDone(house, state))) return true;
    edge = edge
      .flatMap((state) => actions.map((action) => stepFrom(house, state, action)))
      .filter((state) => state !== undefined)
      .filter((state) => {
        const key = JSON.stringify(state);
        return !seen.has(key) && seen.add(key);
      });
  }
  return false;
}

export const PLAN_SOLVERS: Record<string, PlanQuestion> = {
  'plan-order': order,
  'plan-schedule': schedule,
  'plan-rooms': rooms,
};
