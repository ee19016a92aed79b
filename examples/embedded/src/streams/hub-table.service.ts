import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { completeHub, type HubOptions } from '@nuts/streaming';
import type { EmbeddedSettings } from '../embedded.settings.js';

/** A hub as the company keeps it. */
interface HubRow {
  readonly path: string;
  readonly stream: string;
  readonly prefix: string;
}

/** Stands for a table in a database. */
const ROWS: readonly HubRow[] = [
  { path: '/events', stream: 'COMPANY', prefix: 'users.' },
  { path: '/news', stream: 'COMPANY', prefix: 'news.' },
];

/** Reads the hubs at start: rows for what they are, the ConfigService for where NATS is. */
@Injectable()
export class HubTable {
  constructor(private readonly config: ConfigService<EmbeddedSettings, true>) {}

  async all(): Promise<HubOptions[]> {
    const servers = [this.config.get('natsUrl', { infer: true })];
    const rows = await Promise.resolve(ROWS);
    return rows.map(({ path, stream, prefix }) =>
      completeHub({
        path,
        nats: { servers },
        stream,
        topicPrefix: prefix,
        maxConnectionsPerClient: 10,
        transientRetryMs: 500,
      }),
    );
  }
}
