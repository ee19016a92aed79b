import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfiguration } from '../../../src/config/configuration.loader.js';
import { NutsServer } from '../../../src/server/nuts-server.js';
import { disposeAtEnd } from '../../support/disposal.js';
import { until } from '../../support/until.js';
import { StreamAdmin } from '../nats/stream-admin.js';

/** A separate NATS connection. Closed at the end of the test file, also if a test fails. */
export async function connectAdmin(
  options: Parameters<typeof StreamAdmin.connect>[0],
): Promise<StreamAdmin> {
  const admin = await StreamAdmin.connect(options);
  disposeAtEnd(() => admin.close());
  return admin;
}

type Environment = Readonly<Record<string, string>>;

/** A folder of this test file for files that settings name; removed at its end. */
export class SettingsFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'nuts-hubs-'));

  constructor() {
    disposeAtEnd(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Writes a file that nobody else may read, and returns its path. */
  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }
}

/**
 * The service in this process with the hubs of a file, as `NUTS_CONFIG` names it; resolves when
 * every hub delivers. Ends with the test file.
 */
export async function startHubs(file: string, env: Environment = {}): Promise<NutsServer> {
  const options = loadConfiguration({ HOST: '127.0.0.1', PORT: '0', ...env, NUTS_CONFIG: file });
  // The drain configured in the files takes half a minute and is tested elsewhere.
  const hubs = options.hubs.map((hub) => ({ ...hub, drainDelayMs: 0, drainWindowMs: 200 }));
  const server = await NutsServer.start({ ...options, hubs }, false);
  disposeAtEnd(() => server.stop());
  for (const { path, probes } of options.hubs) {
    const probe = server.url + path + probes.readyPath;
    let answer = '';
    await until(
      async () => {
        const response = await fetch(probe);
        answer = await response.text();
        return response.ok;
      },
      { what: () => `hub ${path} to be ready: ${answer}` },
    );
  }
  return server;
}
