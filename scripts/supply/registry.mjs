// What only a registry can tell: whether it does at all depends on which one answers.
import { execFile } from 'node:child_process';

const TIMEOUT_MS = 120_000;

/** @typedef {{ check: string, state: 'clean' | 'found' | 'not to be had', says: string }} Answer */

/** @param {string[]} args @returns {Promise<{ failed: boolean, stdout: string, stderr: string }>} */
function npm(args) {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: 64 * 2 ** 20 };
    execFile('npm', args, options, (error, stdout, stderr) =>
      resolve({ failed: error !== null, stdout, stderr }),
    );
  });
}

/** @param {string} text @returns {any} */
function jsonOrNull(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @param {{ answer: any, stderr: string }} of @returns {string} */
function reasonOf({ answer, stderr }) {
  const told = answer?.error?.summary || answer?.message || answer?.error?.code;
  const said = told || /^npm (?:error|warn \w+) (.+)$/m.exec(stderr)?.[1] || 'no answer in time';
  return String(said).split('\n', 1).join('').trim();
}

/** Known weaknesses of what users install. @returns {Promise<Answer>} */
export async function audit() {
  const check = 'npm audit --omit=dev';
  const { stdout, stderr } = await npm(['audit', '--omit=dev', '--json']);
  const answer = jsonOrNull(stdout);
  const counts = answer?.metadata?.vulnerabilities;
  if (counts === undefined) {
    return { check, state: 'not to be had', says: reasonOf({ answer, stderr }) };
  }
  const says = Object.entries(counts)
    .map(([level, count]) => `${level} ${count}`)
    .join(', ');
  return { check, state: counts.total === 0 ? 'clean' : 'found', says };
}

/** Whether the registry signed what is installed, and says who built it. @returns {Promise<Answer>} */
export async function signatures() {
  const check = 'npm audit signatures';
  const { failed, stdout, stderr } = await npm(['audit', 'signatures', '--json']);
  const answer = jsonOrNull(stdout);
  if (!Array.isArray(answer?.invalid)) {
    return { check, state: 'not to be had', says: reasonOf({ answer, stderr }) };
  }
  const wrong = [...answer.invalid, ...answer.missing].map(
    ({ name, version }) => `${name}@${version}`,
  );
  const says =
    wrong.length === 0 ? 'all signed' : `unsigned or wrongly signed: ${wrong.join(', ')}`;
  return { check, state: failed || wrong.length > 0 ? 'found' : 'clean', says };
}
