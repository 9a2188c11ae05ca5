import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Certificate {
  key: string;
  cert: string;
}

/**
 * A certificate of its own authority, made on the spot so that no private key lies in the tree.
 * @param names as `DNS:localhost,IP:127.0.0.1`
 */
export function makeCertificate(names: string): Certificate {
  const folder = mkdtempSync(path.join(tmpdir(), 'tokentape-cert-'));
  const files = { key: path.join(folder, 'key.pem'), cert: path.join(folder, 'cert.pem') };
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '2', '-subj', '/CN=test', '-addext', `subjectAltName=${names}`],
        ...['-keyout', files.key, '-out', files.cert],
      ],
      { stdio: 'pipe' },
    );
    return { key: readFileSync(files.key, 'utf8'), cert: readFileSync(files.cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same key, signed for a time that is over: `openssl ca` is the one that takes any dates. */
export function makeExpiredCertificate(names: string): Certificate {
  const folder = mkdtempSync(path.join(tmpdir(), 'tokentape-cert-'));
  const at = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: 'pipe', cwd: folder });
  };
  try {
    openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=test', '-addext', `subjectAltName=${names}`],
      ...['-keyout', at('key.pem'), '-out', at('request.pem')],
    );
    execFileSync('touch', [at('index.txt')]);
    execFileSync('sh', ['-c', `cat > '${at('ca.cnf')}'`], {
      input: [
        '[ca]\ndefault_ca = own\n[own]',
        `database = ${at('index.txt')}\nnew_certs_dir = ${folder}\nrand_serial = yes`,
        'default_md = sha256\npolicy = any\ncopy_extensions = copy\n[any]\ncommonName = supplied\n',
      ].join('\n'),
    });
    openssl(
      ...['ca', '-batch', '-selfsign', '-config', at('ca.cnf'), '-keyfile', at('key.pem')],
      ...['-in', at('request.pem'), '-out', at('cert.pem'), '-notext'],
      ...['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'],
    );
    return {
      key: readFileSync(at('key.pem'), 'utf8'),
      cert: readFileSync(at('cert.pem'), 'utf8'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
