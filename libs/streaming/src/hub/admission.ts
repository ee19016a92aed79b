import type { HubMetrics } from '@nuts/metrics';
import type { Channel } from '../channel/channel.js';
import type { EntryEncoder } from '../channel/entry-encoder.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { Plan } from '../plan/plan.js';
import type { SessionPlanner } from '../plan/session-planner.js';
import { isOutsideStreamSubjects } from '../plan/stream-subjects.js';
import { budgetFor, WaitBudget } from '../plan/wait-budget.js';
import { openFirstReplay } from '../replay/open-first-replay.js';
import { close as closeReplay, type OpenReplay } from '../replay/replay.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import { clientKey } from '../session/client-identity.js';
import type { EditedSubjects } from './edited-subjects.js';
import { foreignSubjects, refusalOf } from './refusal-of.js';
import type { StreamSource } from './stream-source.js';
import type { StreamRequest } from './stream-request.interface.js';

/** The resources of an admitted client. Its owner must release the channel and the replay. */
export interface Admitted {
  readonly channel: Channel;
  readonly plan: Plan;
  readonly replay: OpenReplay | undefined;
}

/** Options for admissions other than streams. */
export interface AdmissionOptions {
  /** Waits for the consumer of initial values, which reports their number. */
  readonly waitsForInitial?: boolean;
  /** Default: a new one. */
  readonly budget?: WaitBudget;
}

/** Decides whether and where a client starts, and creates the resources that it reads from. */
export class Admission {
  constructor(
    private readonly source: StreamSource,
    private readonly planner: SessionPlanner,
    private readonly topicPrefix: string,
    private readonly edited: EditedSubjects,
    private readonly metrics: Pick<HubMetrics, 'replayRequested'>,
  ) {}

  /** How long one request may wait for the stream. */
  budget(): WaitBudget {
    return new WaitBudget(budgetFor(this.source.log.readMs));
  }

  /**
   * Rejects with a `StreamRefusal` and then holds no resources.
   *
   * @param take creates the client's session; if it throws, the resources are released
   */
  async admit<T>(
    request: StreamRequest,
    encoder: EntryEncoder,
    take: (admitted: Admitted) => T,
    { budget = this.budget(), ...options }: AdmissionOptions = {},
  ): Promise<T> {
    const { cursor, start, topics } = request.subscription;
    const preparing = this.prepare(request, encoder, budget, options);
    const isLive = cursor === undefined && (start === undefined || start.from === 'live');
    // Memory decides where a live stream starts.
    const admitted = await (isLive ? preparing : this.inTime(budget, preparing));
    try {
      // The stream was recreated or rewound during planning.
      if (admitted.plan.generation !== this.source.log.generation) {
        throw new StreamRefusal('jetstream_unavailable');
      }
      return take(admitted);
    } catch (error) {
      this.release(admitted);
      throw refusalOf(error, topics);
    }
  }

  /** Rejects when the request has waited too long; then releases the resources as soon as they are there. */
  private inTime(budget: WaitBudget, preparing: Promise<Admitted>): Promise<Admitted> {
    return new Promise((resolve, reject) => {
      budget.start(() => {
        reject(new StreamRefusal('jetstream_unavailable'));
        preparing.then(this.release, () => undefined);
      });
      preparing.finally(() => budget.stop()).then(resolve, reject);
    });
  }

  private readonly release = ({ channel, replay }: Admitted): void => {
    if (replay !== undefined) closeReplay(replay);
    this.source.channels.release(channel);
  };

  private async prepare(
    request: StreamRequest,
    encoder: EntryEncoder,
    { waiting }: WaitBudget,
    { waitsForInitial = false }: AdmissionOptions,
  ): Promise<Admitted> {
    const { subscription } = request;
    const { log, channels, recovery, slots } = this.source;
    const client = (): string => clientKey(request);
    if (!log.canServe) await recovery.wait(request.signal);
    if (this.edited.excludeHub(log.facts)) throw new StreamRefusal('jetstream_unavailable');
    const channel = channels.acquire(subscription.topics, encoder);
    try {
      const check = this.requireSubjects(channel, subscription.topics, waiting);
      if (check !== undefined) await check;
      // During a reconnect storm, objects that survive an `await` are promoted by the garbage collector.
      const { cursor, start } = subscription;
      if (cursor !== undefined) this.metrics.replayRequested();
      const asker = { signal: () => request.signal, client, slots, waiting };
      const plan = await this.planner.plan(channel.set, cursor, start, asker);
      if (this.isInMemory(channel, plan)) return { channel, plan, replay: undefined };
      const context = { ...this.source, channel, client, waitsForInitial, waiting };
      const replay = await openFirstReplay(context, plan, request.signal);
      return { channel, plan, replay };
    } catch (error) {
      channels.release(channel);
      throw refusalOf(error, subscription.topics);
    }
  }

  /** Such a client does not need its request's signal, which would cost a controller and a listener. */
  private isInMemory({ set }: Channel, plan: Plan): boolean {
    const { log } = this.source;
    return plan.start === 'last'
      ? log.latest.isCompleteFor(set)
      : log.messages.covers(set, plan.after);
  }

  /** Undefined if memory is sufficient to decide, as it almost always is. */
  private requireSubjects(
    { set }: Channel,
    topics: readonly string[],
    waiting: WaitBudget['waiting'],
  ): Promise<void> | undefined {
    const isOutside = isOutsideStreamSubjects(this.source.log.facts, set);
    if (set.patterns.length === 0 && !isOutside) return undefined;
    return this.readSubjects(set, topics, isOutside, waiting);
  }

  private async readSubjects(
    set: SubjectSet,
    topics: readonly string[],
    isOutside: boolean,
    waiting: WaitBudget['waiting'],
  ): Promise<void> {
    const { log, patterns } = this.source;
    if (set.patterns.length > 0) {
      waiting(true);
      await patterns.ready(set).finally(() => waiting(false));
    }
    if (isOutside && (await this.planner.holdsSubjectOutsideStream(set))) {
      throw foreignSubjects(log.facts, this.topicPrefix, topics);
    }
  }
}
