import { execFile } from 'node:child_process';
import { errorCode, messageOf, usageError } from '../../errors.ts';
import { environmentWithoutSecrets } from '../../secrets/known.ts';
import { FILE_KIND } from '../file-text.ts';
import type { FoundFile } from './files.ts';

export const GIT_PREFIX = 'git:';
const OUTPUT_BYTES = 1 << 30;

/**
 * The baseline files of a revision, without checking it out: `git:REF` or `git:REF:PATH`, the path from
 * the top of the repository. REF goes to git as a revision and PATH as a name, whatever is in them.
 * @throws TokentapeError (exit 2) where there is no git, no repository, no such revision or path
 */
export async function filesOfRevision(source: string, cwd: string): Promise<FoundFile[]> {
  const [, ref = '', path = ''] = /^git:([^:]*)(?::(.*))?$/s.exec(source) ?? [];
  if (ref === '' || ref.startsWith('-')) {
    throw usageError(
      `'${source}' names no revision`,
      'write it as git:BRANCH or git:BRANCH:FOLDER',
    );
  }
  const commit = (await revisionOf(ref, source, cwd)).trim();
  const folder = path.replace(/^(\.?\/)+|\/+$/g, '');
  const listing = await git(
    [...LITERAL, 'ls-tree', '-r', '-z', '--full-tree', commit, ...(folder ? ['--', folder] : [])],
    cwd,
  );
  const entries = listing.split('\0').flatMap((line) => {
    const [, type, object, name] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
    return type === 'blob' && object && name?.endsWith('.json') ? [{ object, name }] : [];
  });
  if (listing === '' && folder !== '') {
    throw usageError(
      `there is no ${folder} in ${ref}`,
      'the path starts at the top of the repository, not in this folder',
    );
  }
  const files: FoundFile[] = [];
  for (const { object, name } of entries) {
    const text = await git(['cat-file', 'blob', object], cwd);
    const shown = `${GIT_PREFIX}${ref}:${name}`;
    if (text.slice(0, 200).includes(FILE_KIND)) files.push({ name: shown, text });
  }
  return files;
}

/** No character of a path is a pattern. */
const LITERAL = ['--literal-pathspecs'];

async function revisionOf(ref: string, source: string, cwd: string): Promise<string> {
  try {
    return await git(
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
      cwd,
    );
  } catch (error) {
    if (errorCode((error as { cause?: unknown }).cause) === 'ENOENT') throw error;
    await git(['rev-parse', '--git-dir'], cwd).catch(() => {
      throw usageError(
        `'${source}': this folder is in no git repository`,
        'start it in the repository, or name a folder of baselines',
      );
    });
    throw usageError(
      `git knows no revision ${ref}`,
      `a branch of a remote is fetched first: git fetch origin ${ref}:refs/remotes/origin/${ref}, then git:origin/${ref}`,
    );
  }
}

function git(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = environmentWithoutSecrets(process.env);
    execFile('git', args, { cwd, env, maxBuffer: OUTPUT_BYTES }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else if (errorCode(error) === 'ENOENT') {
        const failure = usageError(
          'there is no git here',
          'install it, or name a folder of baselines',
        );
        reject(Object.assign(failure, { cause: error }));
      } else reject(usageError(`git ${args[0]}: ${messageOf(error).split('\n').at(-1)}`));
    });
  });
}
