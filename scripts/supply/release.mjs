// Whether a tag may become a release.

/**
 * @typedef {{ name: string, version: string, private?: boolean, repository?: string | { url?: string } }} Package
 */

/**
 * @param {{ tag: string, repository: string, manifest: Package, changelog: string }} release
 *   `repository` as GitHub names it, `owner/name`
 * @returns {string[]} in words; empty where nothing stands in the way
 */
export function releaseProblems({ tag, repository, manifest, changelog }) {
  const problems = [];
  if (tag !== `v${manifest.version}`) {
    problems.push(`the tag is ${tag}, and package.json says ${manifest.version}`);
  }
  const url =
    typeof manifest.repository === 'string' ? manifest.repository : manifest.repository?.url;
  if (url === undefined) {
    problems.push(
      'package.json has no repository: npm compares it with where the release comes from',
    );
  } else if (!isSameRepository(url, repository)) {
    problems.push(`package.json names ${url}, and this is ${repository}`);
  }
  if (notesOf(changelog, manifest.version) === null) {
    problems.push(
      `CHANGELOG.md has no dated section '## ${manifest.version} (…)' with something in it`,
    );
  }
  return problems;
}

/** npm compares them to the letter. @param {string} url @param {string} repository */
function isSameRepository(url, repository) {
  const [, named] = /^(?:git\+)?https:\/\/github\.com\/([^/]+\/[^/]+?)(?:\.git)?$/.exec(url) ?? [];
  return named === repository;
}

/**
 * What the change log says of a version, without its heading; `null` where that is nothing.
 * @param {string} changelog
 * @param {string} version
 */
export function notesOf(changelog, version) {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find(
    (one) => one.startsWith(`${version} (`) && /^[^ ]+ \(\d{4}-\d\d-\d\d\)\n/.test(one),
  );
  const notes = section?.slice(section.indexOf('\n')).trim();
  return notes === undefined || notes === '' ? null : notes;
}
