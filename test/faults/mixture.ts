import type { RequestLimits } from '../../src/config/types.ts';
import { createRandom, type Random } from '../../src/random.ts';
import type { FaultEndpoints } from './endpoints.ts';
import { ANY_FAULT, FAULT_SIZES, type Fault, HTTP2, promptOf, type Wire } from './fault.ts';
import { FAULTS, HEALTHY } from './rows.ts';

/** A config takes HTTP/2 over TLS only. */
const RUN_WIRES: readonly Wire[] = ['http', 'https', 'h2'];
const MODELS_PER_WIRE = 4;
const REQUESTS = 1000;
const FAULTY_SHARE = 1 / 3;
const REFUSED_REQUESTS = 5;
/** Whether what was held back came in one read, a busy machine decides. */
const UNDER_LOAD = FAULTS.filter(({ expected }) => !expected.flags?.includes('coalesced'));

/**
 * Far from what a healthy request takes, near enough for a test.
 * @param patience how much farther, on a machine that is busy with other things
 */
export function mixtureLimits(patience: number): RequestLimits {
  return {
    connectMs: 3000 * patience,
    firstTokenMs: 3000 * patience,
    stallMs: 3000 * patience,
    totalMs: 6000 * patience,
    ...FAULT_SIZES,
  };
}

/** One model of the run, and where it is asked. */
export interface Lane {
  target: string;
  model: string;
  wire: Wire;
  suite: 'shared' | 'alone' | 'refused';
  /** What all its requests meet; `null` where each draws its own. */
  fault: Fault | null;
}

/** A run in which requests meet faults at random, drawn from a seed. */
export interface Mixture {
  lanes: readonly Lane[];
  requests: number;
  /** Files of the folder that the run is started in, by name. */
  files(endpoints: FaultEndpoints, limits: RequestLimits): Record<string, string>;
  /** The fault that a model's request meets. */
  faultOf(model: string, tag: string): Fault;
}

/**
 * 1,000 requests, a third of them faulty: most to models whose requests each draw a fault that leaves
 * its connection's other requests alone; to a target of its own for each fault that does not, and for
 * each that comes with its address; and models that refuse the key.
 */
export function drawMixture(seed: string): Mixture {
  const random = createRandom(seed).fork('mixture');
  const alone = lonelyLanes();
  const refused = refusingLanes(random);
  const shared = RUN_WIRES.flatMap((wire) =>
    Array.from({ length: MODELS_PER_WIRE }, (_, n): Lane => {
      return { target: wire, model: `${wire}-${n}`, wire, suite: 'shared', fault: null };
    }),
  );
  const left = REQUESTS - alone.length - refused.length * REFUSED_REQUESTS;
  const cases = Math.ceil(left / shared.length);
  const share = (REQUESTS * FAULTY_SHARE - alone.length - refused.length) / left;
  const drawn = new Map<string, Fault>();
  for (const { model, wire } of shared) {
    const pool = UNDER_LOAD.filter((fault) => isShareable(fault, wire));
    for (let index = 0; index < cases; index++) {
      const fault = random.next() < share ? random.pick(pool) : HEALTHY;
      drawn.set(`${model}:s${index}`, fault);
    }
  }
  const lanes = [...shared, ...alone, ...refused];
  const ofLane = new Map(lanes.map(({ model, fault }) => [model, fault]));
  return {
    lanes,
    requests: cases * shared.length + alone.length + refused.length * REFUSED_REQUESTS,
    files: (endpoints, limits) => ({
      'ca.pem': endpoints.ca,
      'bench.config.yaml': configOf(lanes, endpoints, limits),
      'suites/shared.yaml': suiteOf('shared', cases),
      'suites/alone.yaml': suiteOf('alone', 1),
      'suites/refused.yaml': suiteOf('refused', REFUSED_REQUESTS),
    }),
    faultOf: (model, tag) => {
      const fault = ofLane.get(model) ?? drawn.get(`${model}:${tag}`);
      if (fault === undefined) throw new Error(`nothing was drawn for ${model}:${tag}`);
      return fault;
    },
  };
}

/** Whether others on the same wire, and later requests of the model, are left alone by it. */
function isShareable({ over, at, endsConnection, expected }: Fault, wire: Wire): boolean {
  if (!over.includes(wire) || at !== undefined || expected.refuses) return false;
  return !(endsConnection && HTTP2.includes(wire));
}

function lonelyLanes(): Lane[] {
  return RUN_WIRES.flatMap((wire) =>
    UNDER_LOAD.filter(
      (fault) => fault.over.includes(wire) && !isShareable(fault, wire) && !fault.expected.refuses,
    ).map((fault): Lane => {
      const name = `${wire}-${fault.name}`;
      return { target: name, model: name, wire, suite: 'alone', fault };
    }),
  );
}

function refusingLanes(random: Random): Lane[] {
  return UNDER_LOAD.filter(({ expected }) => expected.refuses).map((fault): Lane => {
    const wire = random.pick(RUN_WIRES);
    return { target: wire, model: `refuses-${fault.name}`, wire, suite: 'refused', fault };
  });
}

function configOf(
  lanes: readonly Lane[],
  endpoints: FaultEndpoints,
  limits: RequestLimits,
): string {
  const targets = new Map<string, Lane[]>();
  for (const lane of lanes) targets.set(lane.target, [...(targets.get(lane.target) ?? []), lane]);
  const { connectMs, firstTokenMs, stallMs, totalMs } = limits;
  return JSON.stringify({
    targets: Object.fromEntries(
      [...targets].map(([name, members]) => {
        const { fault, wire } = members[0] as Lane;
        const ofPlace = members.length === 1 && fault !== null ? fault : HEALTHY;
        return [
          name,
          {
            base_url: endpoints.baseUrl(ofPlace, wire),
            protocol: HTTP2.includes(wire) ? 'h2' : 'http/1.1',
            allow_http: true,
            ca_file: 'ca.pem',
            models: members.map(({ model }) => model),
          },
        ];
      }),
    ),
    models: lanes.map(({ model, suite }) => ({ name: model, tags: [suite] })),
    defaults: {
      order: 'interleaved',
      concurrency: 64,
      calibrate: false,
      timeouts: {
        connect: `${connectMs}ms`,
        first_token: `${firstTokenMs}ms`,
        stall: `${stallMs}ms`,
        total: `${totalMs}ms`,
      },
      limits: {
        body_bytes: FAULT_SIZES.bodyBytes,
        event_bytes: FAULT_SIZES.eventBytes,
        events: FAULT_SIZES.events,
        header_bytes: FAULT_SIZES.headerBytes,
      },
    },
    // The machine of the tests may be as busy as it likes.
    validity: { late_ms: 60_000, late_share: 1, cpu_share: 1 },
  });
}

function suiteOf(tag: Lane['suite'], cases: number): string {
  return JSON.stringify({
    description: 'Meets faults',
    for: { tags: [tag] },
    cases: Array.from({ length: cases }, (_, index) => {
      const id = `${tag.slice(0, 1)}${index}`;
      return { id, prompt: promptOf({ name: ANY_FAULT }, id) };
    }),
  });
}
