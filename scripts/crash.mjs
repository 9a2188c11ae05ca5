// `npm run crash -- [--kills N] [--seed TEXT] [--at-once N] [--only NUMBER]`: kills N (1000) real runs on the
// simulator by SIGKILL at drawn instants, from the first moments to the last, a share of them again while they
// are resumed, and looks at what is left: every record that had been read is there, nothing but a last line
// is torn, every command opens the folder or refuses it clearly, the gate refuses it, and a resumed run is
// whole. On a fifth of them all that was not synced goes too, as with the power. Prints its seed, each failure
// with how to repeat it, and the oldest record that was not synced. Exit 1 where anything was wrong.
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { aftermathOf, shortcomingsOf, stateOf } from './crash/aftermath.mjs';
import { drawKill } from './crash/draw.mjs';
import { afterPowerLoss, damageOf, linesOf } from './crash/journals.mjs';
import { Commands, journalsIn, runUntil, whenDue } from './crash/killed-run.mjs';
import { readNotes, syncsOf } from './crash/syncs.mjs';

/** The promise; a machine on which many work may hold up the thread that syncs, so only this fails here. */
const SYNCED_WITHIN_MS = 250;
const FAR_TOO_LATE_MS = 10_000;

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    'at-once': { type: 'string', default: '2' },
    only: { type: 'string' },
  },
});
const numbers =
  flags.only === undefined
    ? Array.from({ length: Number(flags.kills) }, (_, number) => number)
    : [Number(flags.only)];
const startedMs = performance.now();
const root = await mkdtemp(path.join(tmpdir(), 'tokentape-crash-'));
const tally = {
  kills: 0,
  ended: 0,
  states: { none: 0, partial: 0, complete: 0 },
  torn: 0,
  powerLosses: 0,
  resumed: 0,
  killedResuming: 0,
  records: 0,
  late: 0,
  oldestMs: 0,
  longestWaitMs: 0,
};
/** @type {string[]} */
const failures = [];
console.log(`seed ${flags.seed}, ${numbers.length} kills`);
process.once('SIGINT', () => {
  numbers.length = 0;
});
const left = [...numbers].reverse();
await Promise.all(Array.from({ length: Number(flags['at-once']) }, work));
await rm(root, { recursive: true, force: true });
report();

async function work() {
  const commands = new Commands(root);
  for (let number = left.pop(); number !== undefined && numbers.length > 0; number = left.pop()) {
    const cwd = path.join(root, String(number));
    await mkdir(cwd);
    const place = { cwd, results: path.join(cwd, 'results'), notes: path.join(cwd, 'notes') };
    const problems = await killOnce(number, place, commands).catch((error) => [
      String(error.stack),
    ]);
    for (const problem of problems) {
      failures.push(problem);
      console.log(`kill ${number}: ${problem}`);
      console.log(`  again: npm run crash -- --seed ${flags.seed} --only ${number}`);
    }
    await rm(cwd, { recursive: true, force: true });
    const done = ++tally.kills;
    if (done % 50 === 0) console.log(`${done} of ${numbers.length}, ${failures.length} failures`);
  }
  commands.end();
}

/**
 * @param {number} number
 * @param {import('./crash/killed-run.mjs').Place} place
 * @param {Commands} commands
 * @returns {Promise<string[]>} what was wrong
 */
async function killOnce(number, place, commands) {
  const kill = drawKill(flags.seed, number);
  const args = ['run', ...kill.scenario.args, '--profile', 'fast', '-q', '-o', place.results];
  const death = await runUntil(args, place, whenDue(kill, place));
  const problems = await lookAt(death, place, kill);
  if (death.folder === null) return problems;
  const found = await aftermathOf(death.folder, place.results, commands, number);
  const { state, problems: ofCommands } = found;
  tally.states[state] += 1;
  problems.push(...ofCommands);
  const isOver = stateOf(death.folder) === 'complete';
  if (!kill.isResumed || state === 'none' || isOver) return named(problems, kill);
  problems.push(...(await resume(death.folder, place, kill)));
  return named(problems, kill);
}

/** @param {string[]} problems @param {import('./crash/draw.mjs').Kill} kill */
function named(problems, { scenario, moment }) {
  return problems.map((problem) => `${scenario.name}, ${moment}: ${problem}`);
}

/**
 * What a death left of the journals, and how old its oldest record without a sync was.
 * @param {import('./crash/killed-run.mjs').Death} death
 * @param {import('./crash/killed-run.mjs').Place} place
 * @param {import('./crash/draw.mjs').Kill} kill
 */
async function lookAt({ folder, before, atMs, wasKilled, code, hung, said }, place, kill) {
  const problems = hung ? ['it hung'] : [];
  if (!wasKilled) tally.ended += 1;
  if (!wasKilled && code !== 0) problems.push(`it ended ${code} by itself: ${said.slice(0, 500)}`);
  const after = journalsIn(folder);
  for (const [name, bytes] of after) {
    const damage = damageOf(before.get(name) ?? Buffer.alloc(0), bytes);
    problems.push(...damage.map((one) => `${name}: ${one}`));
    if (linesOf(bytes).rest !== '') tally.torn += 1;
  }
  const notes = readNotes(await readFile(place.notes, 'utf8').catch(() => ''));
  const syncs = syncsOf(notes, atMs);
  await writeFile(place.notes, '');
  problems.push(...syncs.problems);
  tally.records += syncs.records;
  tally.late += syncs.agesMs.filter((ageMs) => ageMs > SYNCED_WITHIN_MS).length;
  const oldestMs = Math.max(0, ...syncs.agesMs);
  tally.oldestMs = Math.max(tally.oldestMs, oldestMs);
  tally.longestWaitMs = Math.max(tally.longestWaitMs, ...syncs.waitsMs);
  if (oldestMs > FAR_TOO_LATE_MS) problems.push(`a record was not synced for ${oldestMs} ms`);
  if (kill.losesPower && folder !== null) await losePower(folder, after, syncs.syncedBytes, kill);
  return problems;
}

/**
 * @param {string} folder
 * @param {Map<string, Buffer>} journals
 * @param {Map<string, number>} syncedBytes
 * @param {import('./crash/draw.mjs').Kill} kill
 */
async function losePower(folder, journals, syncedBytes, { share }) {
  if (stateOf(folder) !== 'partial') return;
  tally.powerLosses += 1;
  const there = await readdir(folder);
  for (const [name, bytes] of journals) {
    if (!there.includes(name)) continue;
    const kept = afterPowerLoss(bytes, syncedBytes.get(name) ?? 0, share);
    await truncate(path.join(folder, name), kept.length);
  }
  const tapes = path.join(folder, 'tapes.ndjson.gz');
  if (!there.includes('tapes.ndjson.gz')) return;
  await truncate(tapes, Math.floor((await readFile(tapes)).length * share));
}

/**
 * @param {string} folder
 * @param {import('./crash/killed-run.mjs').Place} place
 * @param {import('./crash/draw.mjs').Kill} kill
 */
async function resume(folder, place, kill) {
  const problems = [];
  const args = ['run', '--resume', folder, '-q', '-o', place.results];
  if (kill.diesResuming) {
    tally.killedResuming += 1;
    const dueMs = 200 + kill.share * 2500;
    const death = await runUntil(args, place, (elapsedMs) => (elapsedMs >= dueMs ? 0 : null));
    if (!death.wasKilled && death.code === 2) return [];
    const ofSecond = await lookAt(death, place, { ...kill, losesPower: false });
    problems.push(...ofSecond.map((problem) => `killed while resumed: ${problem}`));
    if (stateOf(folder) === 'complete') return [...problems, ...shortcomingsOf(folder)];
  }
  const { code, said } = await runUntil(args, place, () => null);
  // Killed before its plan was whole, it says that there is nothing to go on with.
  if (code === 2 && /plan/.test(said)) return problems;
  if (code !== 0) return [...problems, `--resume ended ${code}: ${said.slice(0, 500)}`];
  tally.resumed += 1;
  return [...problems, ...shortcomingsOf(folder)];
}

function report() {
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  const { none, partial, complete } = tally.states;
  console.log(
    [
      `${tally.kills} kills in ${seconds} s: ${partial} left a partial run, ${complete} a complete one, ${none} a folder that is none yet, the others nothing; ${tally.ended} runs ended first`,
      `${tally.torn} torn last lines; ${tally.powerLosses} lost what was not synced too`,
      `${tally.resumed} resumed to their end, ${tally.killedResuming} of these killed again before`,
      `${tally.records} records written, each by one write; the oldest without a sync ${tally.oldestMs.toFixed(0)} ms, ${tally.late} older than ${SYNCED_WITHIN_MS} ms; at most ${tally.longestWaitMs.toFixed(0)} ms until their sync began`,
      `${failures.length} failures (seed ${flags.seed})`,
    ].join('\n'),
  );
  if (failures.length > 0) process.exitCode = 1;
}
