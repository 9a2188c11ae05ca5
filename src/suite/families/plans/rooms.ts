import type { JsonObject } from '../../../json.ts';
import type { Random } from '../../../random.ts';
import type { World } from '../../plan-schema.ts';
import { at, drawUntil, type Family, forLevel } from '../family.ts';
import { listed, sample } from '../words.ts';
import { planCase } from './format.ts';
import { shortestWay } from './search.ts';

const ROOMS = [
  ...['hall', 'kitchen', 'library', 'cellar', 'attic', 'garage', 'studio', 'office', 'pantry'],
  ...['workshop', 'nursery', 'veranda'],
] as const;
const COLOURS = ['red', 'blue', 'green', 'white', 'black', 'yellow'] as const;

interface Door {
  rooms: [string, string];
  /** Colour of the key that opens it; `null` where it stands open. */
  lock: string | null;
}

interface House {
  rooms: string[];
  start: string;
  doors: Door[];
  keys: { colour: string; room: string }[];
  parcels: { colour: string; from: string; to: string }[];
}

const SIZES = [
  { rooms: 4, locks: 0, parcels: 1, steps: [4, 5] },
  { rooms: 5, locks: 1, parcels: 1, steps: [6, 8] },
  { rooms: 5, locks: 1, parcels: 2, steps: [9, 11] },
  { rooms: 6, locks: 2, parcels: 2, steps: [12, 14] },
  { rooms: 7, locks: 2, parcels: 2, steps: [15, 18] },
] as const;
/** Steps beyond the shortest way that are let pass. */
const SPARE_STEPS = [2, 1, 0, 0, 0];

/** A robot carries parcels through a house with locked doors: the shortest way, or nearly. */
export const planRooms: Family = {
  name: 'plan-rooms',
  description: 'The steps of a robot through rooms and locked doors, in as few steps as can be',
  answer: 'plan',
  generate(random, difficulty) {
    const size = forLevel(SIZES, difficulty);
    const { house, world, way } = drawUntil(() => {
      const house = anyHouse(random, size);
      const world = worldOf(house);
      const [low, high] = size.steps;
      const way = shortestWay(world, high);
      return way !== undefined && way.length >= low ? { house, world, way } : undefined;
    });
    const most = way.length + forLevel(SPARE_STEPS, difficulty);
    const { start, doors, keys, parcels } = house;
    const question = [
      random.pick(['A robot works in a house.', 'A small robot carries parcels through a house.']),
      `It starts in the ${start}.`,
      ...doors.map(doorSentence),
      ...keys.map(({ colour, room }) => `The ${colour} key lies in the ${room}.`),
      ...parcels.map(
        ({ colour, from, to }) =>
          `The ${colour} parcel is in the ${from} and has to be in the ${to}.`,
      ),
      'The robot can carry one parcel at a time, and any number of keys besides.',
      'A parcel can only be dropped in the room where it has to be.',
      `Actions: ${actionForms(house).join('; ')}.`,
      `Give the steps in order; there is a way in ${most} steps, and more are too many.`,
    ].join('\n');
    const steps = way.map((action, index) => ({ id: `s${index + 1}`, action }));
    const value = { steps_max: most, world: world as unknown as JsonObject };
    return planCase(question, { id: 's1', action: '…' }, value, steps, steps.slice(0, -1));
  },
};

function anyHouse(random: Random, size: (typeof SIZES)[number]): House {
  const rooms = sample(random, ROOMS, size.rooms);
  const colours = random.shuffle(COLOURS);
  const doors: Door[] = rooms
    .slice(1)
    .map((room, index) => ({ rooms: [random.pick(rooms.slice(0, index + 1)), room], lock: null }));
  const extra = sample(random, rooms, 2) as [string, string];
  if (!doors.some(({ rooms: pair }) => extra.every((room) => pair.includes(room)))) {
    doors.push({ rooms: extra, lock: null });
  }
  const locks = colours.slice(0, size.locks);
  for (const [index, door] of sample(random, doors, locks.length).entries()) {
    door.lock = at(locks, index);
  }
  return {
    rooms,
    start: random.pick(rooms),
    doors,
    keys: locks.map((colour) => ({ colour, room: random.pick(rooms) })),
    parcels: colours.slice(size.locks, size.locks + size.parcels).map((colour) => {
      const [from, to] = sample(random, rooms, 2) as [string, string];
      return { colour, from, to };
    }),
  };
}

function doorSentence({ rooms: [a, b], lock }: Door): string {
  const door = `Between the ${a} and the ${b} there is a door`;
  return lock === null
    ? `${door}, which stands open.`
    : `${door}, locked; the ${lock} key unlocks it.`;
}

function actionForms({ doors, keys, parcels }: House): string[] {
  const [a, b] = doors[0]?.rooms ?? ['', ''];
  const forms = [`go_A_B from room A to room B through an open door, as go_${a}_${b}`];
  const locked = doors.find(({ lock }) => lock !== null);
  if (locked !== undefined) {
    const [c, d] = locked.rooms;
    forms.push(`unlock_A_B in room A, with the key, for the door to room B, as unlock_${c}_${d}`);
    forms.push(listed(keys.map(({ colour }) => `take_${colour}_key`)));
  }
  forms.push(
    listed(parcels.flatMap(({ colour }) => [`take_${colour}_parcel`, `drop_${colour}_parcel`])),
  );
  return forms;
}

function worldOf({ start, doors, keys, parcels }: House): World {
  const actions: World['actions'] = {};
  const facts = [`robot in ${start}`, 'hands free'];
  for (const { rooms: pair, lock } of doors) {
    const open = `${pair.join('-')} open`;
    if (lock === null) facts.push(open);
    for (const [a, b] of [pair, [...pair].reverse()] as [string, string][]) {
      actions[`go_${a}_${b}`] = {
        needs: [`robot in ${a}`, open],
        removes: [`robot in ${a}`],
        adds: [`robot in ${b}`],
      };
      if (lock === null) continue;
      actions[`unlock_${a}_${b}`] = { needs: [`robot in ${a}`, `${lock} key taken`], adds: [open] };
    }
  }
  for (const { colour, room } of keys) {
    actions[`take_${colour}_key`] = { needs: [`robot in ${room}`], adds: [`${colour} key taken`] };
  }
  for (const { colour, from, to } of parcels) {
    const parcel = `${colour} parcel`;
    facts.push(`${parcel} in ${from}`);
    actions[`take_${colour}_parcel`] = {
      needs: [`robot in ${from}`, `${parcel} in ${from}`, 'hands free'],
      removes: [`${parcel} in ${from}`, 'hands free'],
      adds: [`${parcel} carried`],
    };
    actions[`drop_${colour}_parcel`] = {
      needs: [`robot in ${to}`, `${parcel} carried`],
      removes: [`${parcel} carried`],
      adds: [`${parcel} in ${to}`, 'hands free'],
    };
  }
  return { facts, goal: parcels.map(({ colour, to }) => `${colour} parcel in ${to}`), actions };
}
