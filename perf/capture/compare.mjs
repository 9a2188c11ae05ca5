// All scenarios with all clients that can run here.
import { execFileSync } from 'node:child_process';
import { CLIENT_NAMES, prepareClients } from './clients.mjs';
import { figuresOf } from './figures.mjs';
import { runScenario } from './rounds.mjs';
import { scenariosOf } from './scenarios.mjs';

/** Sockets besides the streams': a process has files of its own. */
const SPARE_FILES = 200;

/**
 * @param {{quick: boolean, scenarios?: string[], clients?: string[], rounds?: number}} options
 * @returns {Promise<{compared: {name, title, figures}[], skipped: string[]}>} with a word on all that
 *   was left out
 */
export async function compareAll({ quick, scenarios, clients: names, rounds }, log) {
  const { clients, skipped } = prepareClients(names ?? CLIENT_NAMES);
  const compared = [];
  for (const scenario of scenariosOf(quick)) {
    if (scenarios !== undefined && !scenarios.includes(scenario.name)) continue;
    if (scenario.streams + SPARE_FILES > openFilesLimit()) {
      skipped.push(`${scenario.title}: ulimit -n is ${openFilesLimit()}`);
      continue;
    }
    const leaveOut = names === undefined ? scenario.leaveOut : [];
    const taking = clients.filter(({ name }) => !leaveOut.includes(name));
    for (const { name, title } of clients) {
      if (leaveOut.includes(name)) skipped.push(`${title} at ${scenario.name}: takes too long`);
    }
    const results = await runScenario(scenario, taking, rounds ?? scenario.rounds, log);
    compared.push({ name: scenario.name, title: scenario.title, figures: figuresOf(results) });
  }
  return { compared, skipped };
}

/** Of this process, which Node has raised as far as it goes, and of those it starts. */
function openFilesLimit() {
  const limit = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return limit === 'unlimited' ? Infinity : Number(limit);
}
