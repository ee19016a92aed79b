import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Subscription } from 'rxjs';
import { FleetBus } from '../bus/fleet-bus.service.js';
import { isProcess, readObject } from '../bus/read-message.js';
import { FleetClientCounts } from './fleet.client-counts.js';
import { readState, type StateMessage } from './state-message.js';

/** Interval of the heartbeats, in ms; six missed ones mark a process as silent. */
const HERE_MS = 5_000;
/** Delay after the first change, so that changes are sent together: half of the limit's allowed lag, in ms. */
const CHANGES_MS = 100;
/** Snapshots per second that a process sends: each may be megabytes. */
const SNAPSHOTS_PER_SECOND = 50;

/** Tracks the fleet's processes and how many streams each client has in them. */
@Injectable()
export class Membership implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Fleet');
  private readonly running = new Subscription();
  private seq = 0;
  private changes: NodeJS.Timeout | undefined;
  private readonly snapshots = { second: 0, sent: 0 };

  constructor(
    private readonly bus: FleetBus,
    private readonly counts: FleetClientCounts,
  ) {}

  /** IDs of the other live processes. */
  others(): string[] {
    return this.counts.peers.live();
  }

  onApplicationBootstrap(): void {
    const { bus, counts, running } = this;
    counts.onChange = () => this.scheduleChanges();
    running.add(
      bus.messaging.messages(bus.subjects.state).subscribe(({ data }) => this.take(data)),
    );
    running.add(bus.mine('state').subscribe(({ data }) => this.take(data)));
    running.add(bus.mine('sync').subscribe(({ data }) => this.answerSync(data)));
    running.add(bus.status$.subscribe((status) => (counts.isConnected = status === 'connected')));
    running.add(bus.connected$.subscribe(() => this.announce(true)));
    const timer = setInterval(() => this.look(), HERE_MS);
    running.add(() => clearInterval(timer));
  }

  beforeApplicationShutdown(): void {
    this.running.unsubscribe();
    clearTimeout(this.changes);
    this.counts.onChange = () => undefined;
    this.bus.send(this.bus.subjects.state, { type: 'bye', process: this.bus.process });
  }

  private look(): void {
    for (const process of this.counts.peers.prune()) {
      this.logger.warn({ msg: 'a process of the fleet is silent: it counts no more', process });
    }
    this.announce();
  }

  private take(data: Uint8Array): void {
    const message = readState(data);
    if (message === undefined || message.process === this.bus.process) return;
    const { process, type } = message;
    const { peers } = this.counts;
    const wasKnown = peers.has(process);
    const asks = peers.take(message);
    if (wasKnown !== peers.has(process)) {
      const msg = wasKnown ? 'a process left the fleet' : 'a process joined the fleet';
      this.logger.log({ msg, process });
    }
    if (asks) this.bus.send(this.bus.subjects.to(process, 'sync'), { process: this.bus.process });
    if (type === 'here' && message.asks) this.sendTo(process, this.here());
  }

  private announce(asks = false): void {
    this.bus.send(this.bus.subjects.state, { ...this.here(), ...(asks && { asks }) });
  }

  private here(): StateMessage {
    return { type: 'here', process: this.bus.process, seq: this.seq };
  }

  private scheduleChanges(): void {
    this.changes ??= setTimeout(() => {
      this.changes = undefined;
      this.sendChanges();
    }, CHANGES_MS);
  }

  /** Without a connection, nothing is queued: the sequence number alone makes the others request a snapshot. */
  private sendChanges(): void {
    const { process, subjects } = this.bus;
    for (;;) {
      const counts = this.counts.takeChanges();
      if (counts.length === 0) return;
      this.seq += 1;
      const message: StateMessage = { type: 'changes', process, seq: this.seq, counts };
      this.bus.send(subjects.state, message);
    }
  }

  private answerSync(data: Uint8Array): void {
    const asker = readObject(data, 256)?.['process'];
    if (!isProcess(asker) || !this.maySendSnapshot()) return;
    // The snapshot includes unpublished changes, so its number must not be older than its counts.
    this.sendChanges();
    const portions = this.counts.portions();
    for (const [index, counts] of portions.entries()) {
      this.sendTo(asker, {
        type: 'snapshot',
        process: this.bus.process,
        seq: this.seq,
        part: index + 1,
        parts: portions.length,
        counts,
      });
    }
  }

  private maySendSnapshot(): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (this.snapshots.second !== second) Object.assign(this.snapshots, { second, sent: 0 });
    return (this.snapshots.sent += 1) <= SNAPSHOTS_PER_SECOND;
  }

  private sendTo(process: string, message: StateMessage): void {
    this.bus.send(this.bus.subjects.to(process, 'state'), message);
  }
}
