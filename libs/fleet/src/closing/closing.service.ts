import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsServiceEndpoint, NatsServiceRequest } from '@nuts/nats';
import { HubRegistry } from '@nuts/streaming';
import { merge, Subscription } from 'rxjs';
import { FleetBus } from '../bus/fleet-bus.service.js';
import { Membership } from '../members/membership.service.js';
import { readCloseRequest, readTally } from './close-messages.js';
import { type FleetClosing, Tally } from './tally.js';

/** Maximum time to wait for the others, in ms. */
const WAIT_MS = 300;
/** Maximum number of requests whose counts are collected; further ones are executed but not answered. */
const MAX_OPEN = 1000;

interface OpenTally {
  readonly tally: Tally;
  readonly timer: NodeJS.Timeout;
  finish?: (closing: FleetClosing, isAnsweredHere: boolean) => void;
}

/**
 * Ends a client's streams in all processes. Every process receives every request, closes its streams and
 * publishes their number; the answering process adds up these numbers.
 */
@Injectable()
export class Closing implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly open = new Map<string, OpenTally>();
  private readonly running = new Subscription();
  private asked = 0;

  constructor(
    private readonly bus: FleetBus,
    private readonly members: Membership,
    private readonly registry: HubRegistry,
  ) {}

  /** The endpoint for requests from any client: `{"subject":"user-7"}`. */
  get endpoint(): NatsServiceEndpoint {
    const { process, subjects } = this.bus;
    return {
      name: 'close',
      subject: subjects.close,
      // A queue group per process, so that every process receives every request.
      queue: process,
      handle: (request) => this.serve(request),
    };
  }

  onApplicationBootstrap(): void {
    const { bus, registry, running } = this;
    const tallies$ = merge(bus.messaging.messages(bus.subjects.tally), bus.mine('tally'));
    running.add(
      tallies$.subscribe(({ data }) => {
        const tally = readTally(data);
        if (tally === undefined || tally.process === bus.process) return;
        this.add(tally.key, tally.process, tally.closed);
      }),
    );
    running.add(
      registry.closings$.subscribe((subject) => {
        bus.send(bus.subjects.close, { subject, process: bus.process });
      }),
    );
  }

  beforeApplicationShutdown(): void {
    this.running.unsubscribe();
    for (const key of this.open.keys()) this.settle(key);
  }

  /** Closes local streams immediately, then waits for the other processes for a limited time. Never rejects. */
  closeEverywhere(subject: string): Promise<FleetClosing> {
    const closed = this.registry.closeLocalStreamsOf(subject);
    return new Promise((resolve) => {
      const { process, subjects } = this.bus;
      const key = `${process}.${(this.asked += 1)}`;
      const wasSent = this.bus.send(subjects.close, { subject, process, key });
      const open = wasSent ? this.tallyOf(key) : undefined;
      if (open === undefined) {
        const processes = this.members.others().length + 1;
        return resolve({ closed, processes, answered: 1 });
      }
      open.finish = resolve;
      this.add(key, process, closed);
    });
  }

  private serve(request: NatsServiceRequest): void {
    const asked = readCloseRequest(request.data);
    if (asked === undefined) {
      request.fail(400, 'Expected {"subject":"…"}: the subject of a token, as JSON');
      return;
    }
    const { process, subjects } = this.bus;
    if (asked.process === process) return;
    const closed = this.registry.closeLocalStreamsOf(asked.subject);
    if (asked.process !== undefined) {
      const { key } = asked;
      if (key === undefined) return;
      this.bus.send(subjects.to(asked.process, 'tally'), { key, process, closed });
      return;
    }
    // The sender wants no answer.
    if (request.reply === undefined) return;
    const key = request.reply;
    this.bus.send(subjects.tally, { key, process, closed });
    const open = this.tallyOf(key);
    if (open === undefined) return;
    open.finish = (closing, isAnsweredHere) => {
      if (isAnsweredHere) request.respond(JSON.stringify(closing));
    };
    this.add(key, process, closed);
  }

  private add(key: string, process: string, closed: number): void {
    const open = this.tallyOf(key);
    if (open === undefined) return;
    open.tally.add(process, closed);
    if (open.finish !== undefined && open.tally.isComplete(this.members.others())) this.settle(key);
  }

  /** The tally of a request, created by the request or by a count that arrived earlier. */
  private tallyOf(key: string): OpenTally | undefined {
    const known = this.open.get(key);
    if (known !== undefined || this.open.size >= MAX_OPEN) return known;
    const timer = setTimeout(() => this.settle(key), WAIT_MS);
    const opened = { tally: new Tally(this.bus.process), timer };
    this.open.set(key, opened);
    return opened;
  }

  private settle(key: string): void {
    const open = this.open.get(key);
    if (open === undefined) return;
    this.open.delete(key);
    clearTimeout(open.timer);
    open.finish?.(open.tally.result(this.members.others()), open.tally.isAnsweredHere);
  }
}
