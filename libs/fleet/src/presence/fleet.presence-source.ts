import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { NatsServiceEndpoint, NatsServiceRequest } from '@nuts/nats';
import {
  HubRegistry,
  type Presence,
  type PresenceSource,
  type TopicPresence,
} from '@nuts/streaming';
import { Subscription } from 'rxjs';
import { FleetBus } from '../bus/fleet-bus.service.js';
import { Membership } from '../members/membership.service.js';
import { mergePresence } from './merge-presence.js';
import { type PresenceAnswer, readAnswer, readQuestion } from './presence-messages.js';

/** Maximum time to wait for the others (contract §14), in ms. */
const WAIT_MS = 300;
/** Inquiries in progress; beyond this, only this process answers. */
const MAX_INQUIRIES = 1000;

/** A pending query. */
interface Inquiry {
  readonly topics: readonly string[];
  readonly answers: Map<string, ReadonlyMap<string, TopicPresence>>;
  readonly timer: NodeJS.Timeout;
  finish(): void;
}

/** The subscribers in all processes: queries each process and waits briefly. */
@Injectable()
export class FleetPresenceSource
  implements PresenceSource, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly inquiries = new Map<string, Inquiry>();
  /** Identical concurrent queries share one inquiry. */
  private readonly shared = new Map<string, Promise<Presence>>();
  private readonly running = new Subscription();
  private asked = 0;

  constructor(
    private readonly bus: FleetBus,
    private readonly members: Membership,
    private readonly registry: HubRegistry,
  ) {}

  /** The endpoint that returns this process's subscribers. */
  get endpoint(): NatsServiceEndpoint {
    const { process, subjects } = this.bus;
    return {
      name: 'presence',
      subject: subjects.presence,
      // A queue group per process, so that every process receives every query.
      queue: process,
      handle: (request) => void this.answer(request),
    };
  }

  onApplicationBootstrap(): void {
    this.running.add(
      this.bus.mine('presence.*').subscribe(({ subject, data }) => {
        const key = subject.slice(subject.lastIndexOf('.') + 1);
        this.take(key, data);
      }),
    );
  }

  beforeApplicationShutdown(): void {
    this.running.unsubscribe();
    for (const inquiry of this.inquiries.values()) inquiry.finish();
  }

  presenceOf(hub: string, topics: readonly string[]): Promise<Presence> {
    const question = JSON.stringify([hub, topics]);
    const known = this.shared.get(question);
    if (known !== undefined) return known;
    const answer = this.inquire(hub, topics).finally(() => this.shared.delete(question));
    this.shared.set(question, answer);
    return answer;
  }

  private inquire(hub: string, topics: readonly string[]): Promise<Presence> {
    return new Promise((resolve) => {
      const { process, subjects } = this.bus;
      const key = String((this.asked += 1));
      const answers = new Map<string, ReadonlyMap<string, TopicPresence>>();
      const finish = (): void => {
        clearTimeout(inquiry.timer);
        this.inquiries.delete(key);
        const processes = new Set([...this.members.others(), ...answers.keys()]).size + 1;
        const answered = answers.size + 1;
        // Local streams are read last: a stream that moved here during the wait is not counted twice.
        void this.registry.presenceOf(hub, topics).then((own) => {
          const all = [...answers.values(), own];
          resolve({ topics: mergePresence(topics, all), processes, answered });
        });
      };
      const inquiry: Inquiry = { topics, answers, finish, timer: setTimeout(finish, WAIT_MS) };
      if (this.inquiries.size >= MAX_INQUIRIES) return finish();
      this.inquiries.set(key, inquiry);
      const reply = subjects.to(process, `presence.${key}`);
      const wasSent = this.bus.send(subjects.presence, { hub, topics, process }, reply);
      if (!wasSent || this.hasAll(inquiry)) finish();
    });
  }

  private take(key: string, data: Uint8Array): void {
    const inquiry = this.inquiries.get(key);
    if (inquiry === undefined) return;
    const answer = readAnswer(data, inquiry.topics);
    if (answer === undefined || answer.process === this.bus.process) return;
    inquiry.answers.set(answer.process, answer.topics);
    if (this.hasAll(inquiry)) inquiry.finish();
  }

  private hasAll({ answers }: Inquiry): boolean {
    return this.members.others().every((process) => answers.has(process));
  }

  private async answer(request: NatsServiceRequest): Promise<void> {
    const question = readQuestion(request.data);
    if (question === undefined) {
      request.fail(400, 'Expected {"hub":"/events","topics":["…"]}, as JSON');
      return;
    }
    const { process } = this.bus;
    if (question.process === process) return;
    const found = await this.registry.presenceOf(question.hub, question.topics);
    const answer: PresenceAnswer = { process, topics: Object.fromEntries(found) };
    if (request.respond(JSON.stringify(answer))) return;
    // Too large for the server: send the counts without the clients.
    const topics = [...found].map(([topic, { streams }]): [string, TopicPresence] => [
      topic,
      { streams, clients: [], more: true },
    ]);
    request.respond(JSON.stringify({ process, topics: Object.fromEntries(topics) }));
  }
}
