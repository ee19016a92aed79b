import { payloadOf } from '../broker/messages.js';
import type { Histogram } from '../load/histogram.js';
import type { LoadFleet } from '../load/load-fleet.js';
import { until } from '../programs/until.js';
import type { Target } from '../programs/target.interface.js';
import type { Metrics, Stage } from './scenario.interface.js';

/** A steady load on a group that is connected. */
export interface PacedLoad {
  readonly group: string;
  readonly topics: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly payloadBytes: number;
  /** Clients that receive each message, if not all of the group receive the last one. */
  readonly clientsAMessage?: number;
}

/** Publishes at a steady pace and waits until the group has the last message. */
export async function runPaced(
  { stream, load }: Stage,
  { group, topics, perSecond, seconds, payloadBytes, clientsAMessage }: PacedLoad,
): Promise<{ messages: number; elapsedMs: number; latency: Histogram }> {
  await load.reset(group);
  const messages = Math.round(perSecond * seconds);
  const { beganMs, last } = await stream.paced(
    topics,
    perSecond,
    messages,
    payloadOf(payloadBytes),
  );
  const endedMs =
    clientsAMessage === undefined
      ? await load.until(group, last)
      : await untilDelivered(load, group, messages * clientsAMessage);
  const elapsedMs = endedMs - beganMs;
  const { histogram: latency } = await load.report(group);
  return { messages, elapsedMs, latency };
}

async function untilDelivered(load: LoadFleet, group: string, deliveries: number): Promise<number> {
  const isDelivered = async (): Promise<boolean> =>
    (await load.report(group)).checkedFrames >= deliveries;
  await until(isDelivered, `${deliveries} deliveries to "${group}"`);
  return performance.timeOrigin + performance.now();
}

/** The same, after a second of warm-up, with the server's CPU time. */
export async function measurePaced(
  stage: Stage,
  target: Target,
  load: PacedLoad,
): Promise<Metrics & { messages: number }> {
  await runPaced(stage, { ...load, seconds: 1 });
  const cpuBefore = target.cpuMs();
  const { messages, elapsedMs, latency } = await runPaced(stage, load);
  const cpuMs = target.cpuMs() - cpuBefore;
  return {
    messages,
    elapsedMs,
    cpuMs,
    cpuShare: (100 * cpuMs) / elapsedMs,
    p50Ms: latency.percentile(0.5),
    p99Ms: latency.percentile(0.99),
  };
}
