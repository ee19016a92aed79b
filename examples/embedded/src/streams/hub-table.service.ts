import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { completeHub, type HubOptions } from '@nuts/streaming';
import type { EmbeddedSettings } from '../embedded.settings.js';

/** A row of the table of hubs. */
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

/** Reads the hubs at startup: their rows, and the NATS servers from the ConfigService. */
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
