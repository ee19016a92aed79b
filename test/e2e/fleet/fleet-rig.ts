import { SignJWT } from 'jose';
import type { NutsServer } from '../../../src/server/nuts-server.js';
import { type ContractStream, startApp } from '../../contract/contract-app.js';
import { RawSse } from '../../support/raw-sse.js';
import { until } from '../../support/until.js';

export const KEY = 'a secret that is long enough for HS256';

/** The response of `GET {path}/presence`. */
export interface PresenceBody {
  readonly topics: Record<
    string,
    { streams: number; clients: { subject: string; streams: number }[]; more?: true }
  >;
  readonly processes: number;
  readonly answered: number;
}

/** Headers of a user whose token allows all topics and presence. */
export async function bearer(
  subject: string,
  claims: Record<string, unknown> = { subscribe: '>', presence: '>' },
): Promise<Record<string, string>> {
  const token = await new SignJWT({ ...claims, sub: subject })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(KEY));
  return { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
}

/** Settings of every process of a fleet. */
export const FLEET_ENV = {
  FLEET: 'shop',
  PRESENCE: 'true',
  LIFECYCLE: 'true',
  SUBSCRIBER_JWT_KEY: KEY,
  RECONNECT_WAIT: '0.1',
};

/** Runs several instances of the service in this process. Resolves when they have discovered each other. */
export async function startFleet(
  stream: ContractStream,
  count: number,
  env: Record<string, string> = {},
): Promise<NutsServer[]> {
  const apps = await Promise.all(
    Array.from({ length: count }, () => startApp(stream, { ...FLEET_ENV, ...env })),
  );
  for (const { url } of apps) await untilProcesses(url, count);
  return apps;
}

export async function listen(url: string, user: string, query = 'topic=a'): Promise<RawSse> {
  const client = await RawSse.open(`${url}/events?${query}`, { headers: await bearer(user) });
  await client.frame(({ event }) => event === 'connected');
  return client;
}

export async function presence(url: string, query = 'topic=a'): Promise<PresenceBody> {
  const headers = await bearer('watcher');
  const answer = await fetch(`${url}/events/presence?${query}`, { headers });
  if (!answer.ok) throw new Error(`presence: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as PresenceBody;
}

/** Waits until a process has discovered this many, itself included. */
export async function untilProcesses(
  url: string,
  count: number,
  timeoutMs = 10_000,
): Promise<void> {
  let last: PresenceBody | undefined;
  await until(async () => (last = await presence(url)).processes === count, {
    timeoutMs,
    what: () => `${count} processes; last: ${JSON.stringify(last)}`,
  });
}

/** The status of one more stream of a user, which is closed immediately. */
export async function statusOf(url: string, user: string): Promise<number> {
  const headers = { ...(await bearer(user)), accept: 'application/json, text/plain' };
  const client = await RawSse.open(`${url}/events?topic=a`, { headers });
  client.abort();
  return client.status;
}
