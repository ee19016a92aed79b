import { readdirSync, readlinkSync } from 'node:fs';
import WebSocket from 'ws';
import { disposeAtEnd } from '../support/disposal.js';
import type { Service } from '../support/service.js';
import { until } from '../support/until.js';

/** The resources of a process at one time. */
export interface Holdings {
  /** After a collection, in bytes. */
  readonly heap: number;
  /** Open sockets, as the kernel counts them; the inspector's own included. */
  readonly sockets: number;
  /** What keeps Node's event loop alive, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Enables inspection of a service: `Service.start({ nodeArguments: INSPECTED })`. */
export const INSPECTED = ['--inspect=127.0.0.1:0', '--trace-warnings'];

/** Inspects a service with Node's inspector. Ends with the test file. */
export class Inspector {
  private calls = 0;
  private readonly waiting = new Map<number, (result: unknown) => void>();

  private constructor(
    private readonly socket: WebSocket,
    private readonly pid: number,
  ) {
    socket.on('message', (data: Buffer) => {
      const { id, result } = JSON.parse(data.toString()) as { id?: number; result?: unknown };
      if (id !== undefined) this.waiting.get(id)?.(result);
    });
  }

  static async attach(service: Service): Promise<Inspector> {
    const url = await until(() => /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/.exec(service.output)?.[0]);
    const socket = new WebSocket(url);
    disposeAtEnd(() => socket.terminate());
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return new Inspector(socket, service.pid);
  }

  async holdings(): Promise<Holdings> {
    await this.call('HeapProfiler.collectGarbage');
    const heap = await this.evaluate<number>('process.memoryUsage().heapUsed');
    const names = await this.evaluate<string[]>('process.getActiveResourcesInfo()');
    const resources: Record<string, number> = {};
    for (const name of names) resources[name] = (resources[name] ?? 0) + 1;
    return { heap, sockets: openSockets(this.pid), resources };
  }

  /**
   * Bytes that are held at one moment, buffers included. The collection and the count are one turn of the
   * event loop, so that what a busy process makes meanwhile is not counted. Needs `--expose-gc`.
   */
  held(): Promise<number> {
    const sum = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
    return this.evaluate<number>(`(gc(), gc(), ${sum})`);
  }

  /** Starts to measure the turns of the event loop. Keeps the process busy. */
  async measureTurns(): Promise<void> {
    await this.evaluate(`(() => {
      const cpu = () => { const { user, system } = process.threadCpuUsage(); return (user + system) / 1000; };
      clearImmediate(globalThis.nutsTurn);
      globalThis.nutsLongest = { cpuMs: 0, wallMs: 0 };
      let cpuAt = cpu(), wallAt = performance.now();
      const turn = () => {
        const cpuNow = cpu(), wallNow = performance.now(), longest = globalThis.nutsLongest;
        longest.cpuMs = Math.max(longest.cpuMs, cpuNow - cpuAt);
        longest.wallMs = Math.max(longest.wallMs, wallNow - wallAt);
        cpuAt = cpuNow, wallAt = wallNow;
        globalThis.nutsTurn = setImmediate(turn);
      };
      turn();
    })(), 0`);
  }

  /** The longest turn since {@link measureTurns}: CPU time does not depend on other processes. */
  longestTurn(): Promise<{ readonly cpuMs: number; readonly wallMs: number }> {
    return this.evaluate('globalThis.nutsLongest');
  }

  /** The value of an expression in the process. */
  async evaluate<T>(expression: string): Promise<T> {
    const answer = (await this.call('Runtime.evaluate', { expression, returnByValue: true })) as {
      result: { value: T };
    };
    return answer.result.value;
  }

  private call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.calls;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

function openSockets(pid: number): number {
  const directory = `/proc/${pid}/fd`;
  return readdirSync(directory).filter((fd) => {
    try {
      return readlinkSync(`${directory}/${fd}`).startsWith('socket:');
    } catch {
      return false;
    }
  }).length;
}
