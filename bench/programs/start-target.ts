import { join } from 'node:path';
import { STREAM } from '../broker/messages.js';
import { PeerTarget, type PeerOptions } from './peer.target.js';
import { Program } from './program.js';
import { ProgramTarget } from './program.target.js';
import type { StartTarget, TargetName } from './target.interface.js';

/** Where the programs are, and what they connect to. */
export interface Lineup {
  readonly natsUrl: string;
  /** The built service. */
  readonly serviceScript: string;
  /** Flags of Node for the service, for a profile for instance. */
  readonly serviceFlags: readonly string[];
  readonly peer?: PeerOptions;
}

const LIMITS = join(import.meta.dirname, '..', 'limits');

/** Starts the service and the limit programs; a peer is already running. */
export function startTargets(lineup: Lineup): StartTarget {
  return async (name, settings = {}) => {
    switch (name) {
      case 'peer':
        if (lineup.peer === undefined) throw new Error('a peer has no --url');
        return PeerTarget.reach(lineup.peer);
      case 'service':
        return startService(lineup, settings.env);
      case 'http':
      case 'sse':
      case 'consumer':
      case 'ceiling':
      case 'publish':
        return startLimit(lineup, name);
      default:
        return name satisfies never;
    }
  };
}

async function startService(
  { natsUrl, serviceScript, serviceFlags }: Lineup,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramTarget> {
  const settings = { NATS_URL: natsUrl, STREAM_NAME: STREAM, HOST: '127.0.0.1', PORT: '0', ...env };
  const launch = { script: serviceScript, env: settings, nodeFlags: serviceFlags };
  // A profile is written only on a graceful shutdown.
  const isProfiled = serviceFlags.length > 0;
  const program = await Program.start(launch, '/readyz');
  return new ProgramTarget('service', program, isProfiled ? 'SIGTERM' : 'SIGKILL');
}

async function startLimit({ natsUrl }: Lineup, name: TargetName): Promise<ProgramTarget> {
  const script = join(LIMITS, `${name}.js`);
  return new ProgramTarget(name, await Program.start({ script, env: { NATS_URL: natsUrl } }));
}
