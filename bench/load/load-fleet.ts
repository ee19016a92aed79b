import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Histogram } from './histogram.js';
import type { GroupReport, LoadCalls, LoadReply } from './load-protocol.interface.js';
import { share, type Crowd } from './share.js';

type Answer<M extends keyof LoadCalls> = Awaited<ReturnType<LoadCalls[M]>>;
type Params<M extends keyof LoadCalls> = Parameters<LoadCalls[M]>[0];

/** The load processes, as one. */
export class LoadFleet {
  private readonly members: LoadMember[];
  private readonly groups = new Set<string>();

  constructor(processes: number) {
    this.members = Array.from({ length: processes }, () => new LoadMember());
  }

  async open(crowd: Crowd): Promise<{ elapsedMs: number; opening: Histogram }> {
    this.groups.add(crowd.group);
    const parts = share(crowd, this.members.length);
    const opened = await Promise.all(
      this.members.flatMap((member, index) => {
        const part = parts[index];
        return part === undefined ? [] : [member.call('open', part)];
      }),
    );
    const began = Math.min(...opened.map(({ beganMs }) => beganMs));
    const ended = Math.max(...opened.map(({ endedMs }) => endedMs));
    const opening = Histogram.from(...opened.map((part) => part.opening));
    return { elapsedMs: ended - began, opening };
  }

  /** Unix time in ms when the last client of the group had this ID. */
  async until(group: string, id: number, timeoutMs = 120_000): Promise<number> {
    const answers = await this.all('until', { group, id, timeoutMs });
    return Math.max(...answers.map(({ endedMs }) => endedMs));
  }

  async report(group: string): Promise<GroupReport & { histogram: Histogram }> {
    const parts = await this.all('report', { group });
    const values = (key: Exclude<keyof GroupReport, 'latency'>): number[] =>
      parts.filter(({ clients }) => clients > 0).map((part) => part[key]);
    const total = (key: Exclude<keyof GroupReport, 'latency'>): number =>
      values(key).reduce((sum, value) => sum + value, 0);
    const histogram = Histogram.from(...parts.map(({ latency }) => latency));
    return {
      clients: total('clients'),
      lost: total('lost'),
      bytes: total('bytes'),
      fewestBytes: Math.min(...values('fewestBytes')),
      mostBytes: Math.max(...values('mostBytes')),
      checking: total('checking'),
      checkedFrames: total('checkedFrames'),
      disorder: total('disorder'),
      latency: histogram.data,
      histogram,
    };
  }

  async reset(group: string): Promise<void> {
    await this.all('reset', { group });
  }

  async close(group: string): Promise<void> {
    this.groups.delete(group);
    await this.all('close', { group });
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.groups].map((group) => this.close(group)));
  }

  /** CPU time of all load processes, ms. */
  async cpuMs(): Promise<number> {
    const parts = await this.all('cpu', {});
    return parts.reduce((sum, { ms }) => sum + ms, 0);
  }

  stop(): void {
    for (const member of this.members) member.stop();
  }

  private all<M extends keyof LoadCalls>(method: M, params: Params<M>): Promise<Answer<M>[]> {
    return Promise.all(this.members.map((member) => member.call(method, params)));
  }
}

/** One load process. */
class LoadMember {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<number, (reply: LoadReply) => void>();
  private calls = 0;

  constructor() {
    this.child = fork(join(import.meta.dirname, 'load-process.js'));
    this.child.on('message', (reply: LoadReply) => {
      this.waiting.get(reply.number)?.(reply);
      this.waiting.delete(reply.number);
    });
    this.child.once('exit', (code) => {
      for (const [number, take] of this.waiting) {
        take({ number, error: `a load process ended with code ${code}` });
      }
    });
  }

  call<M extends keyof LoadCalls>(method: M, params: Params<M>): Promise<Answer<M>> {
    const number = ++this.calls;
    return new Promise((resolve, reject) => {
      this.waiting.set(number, ({ result, error }) => {
        if (error === undefined) resolve(result as Answer<M>);
        else reject(new Error(error));
      });
      this.child.send({ number, method, params });
    });
  }

  stop(): void {
    this.child.kill();
  }
}
