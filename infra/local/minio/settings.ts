/** The port and credentials of one home's MinIO, made once and kept in its folder; starts nothing. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

export interface MinioSettings {
  readonly port: number;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Settings kept in `<dataDir>/server.json` (readable by its owner alone). The port stays the same from start to start, because
 * jobs that were submitted before hold the endpoint; it changes only when another program has taken it meanwhile.
 *
 * @param wantedPort a port to insist on; by default the kept one, else a free one.
 */
export async function minioSettings(dataDir: string, wantedPort?: number): Promise<MinioSettings> {
  const path = join(dataDir, 'server.json');
  mkdirSync(dataDir, { recursive: true });
  const kept = readSettings(path);
  const credentials = kept ?? {
    accessKeyId: `ganway${randomBytes(8).toString('hex')}`,
    secretAccessKey: randomBytes(24).toString('base64url'),
  };
  const port = wantedPort ?? (kept && (await isFree(kept.port)) ? kept.port : await freePort());
  const settings = { ...credentials, port };
  if (kept?.port !== port) {
    writeFileSync(`${path}.new`, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  return settings;
}

function readSettings(path: string): MinioSettings | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { port, accessKeyId, secretAccessKey } = JSON.parse(text) as MinioSettings;
  return { port, accessKeyId, secretAccessKey };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
