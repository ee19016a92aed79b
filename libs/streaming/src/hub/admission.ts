import type { HubMetrics } from '@nuts/metrics';
import type { Channel } from '../channel/channel.js';
import type { EntryEncoder } from '../channel/entry-encoder.js';
import type { SubjectSet } from '../log/subject-set.js';
import type { Plan } from '../plan/plan.js';
import type { SessionPlanner } from '../plan/session-planner.js';
import { isOutsideStreamSubjects } from '../plan/stream-subjects.js';
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

  /**
   * Rejects with a `StreamRefusal` and then holds no resources.
   *
   * @param take creates the client's session; if it throws, the resources are released
   */
  async admit<T>(
    request: StreamRequest,
    encoder: EntryEncoder,
    take: (admitted: Admitted) => T,
    { waitsForInitial = false }: AdmissionOptions = {},
  ): Promise<T> {
    const { subscription } = request;
    const { log, channels, recovery, slots } = this.source;
    const client = (): string => clientKey(request);
    if (!log.canServe) await recovery.wait(request.signal);
    if (this.edited.excludeHub(log.facts)) throw new StreamRefusal('jetstream_unavailable');
    const channel = channels.acquire(subscription.topics, encoder);
    let replay: OpenReplay | undefined;
    try {
      const check = this.requireSubjects(channel, subscription.topics);
      if (check !== undefined) await check;
      // During a reconnect storm, objects that survive an `await` are promoted by the garbage collector.
      const { cursor, start } = subscription;
      if (cursor !== undefined) this.metrics.replayRequested();
      const asker = { signal: () => request.signal, client, slots };
      const plan = await this.planner.plan(channel.set, cursor, start, asker);
      if (!this.isInMemory(channel, plan)) {
        const context = { ...this.source, channel, client, waitsForInitial };
        replay = await openFirstReplay(context, plan, request.signal);
      }
      // The stream was recreated or rewound during planning.
      if (plan.generation !== log.generation) throw new StreamRefusal('jetstream_unavailable');
      return take({ channel, plan, replay });
    } catch (error) {
      if (replay !== undefined) closeReplay(replay);
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
  private requireSubjects({ set }: Channel, topics: readonly string[]): Promise<void> | undefined {
    const isOutside = isOutsideStreamSubjects(this.source.log.facts, set);
    if (set.patterns.length === 0 && !isOutside) return undefined;
    return this.readSubjects(set, topics, isOutside);
  }

  private async readSubjects(
    set: SubjectSet,
    topics: readonly string[],
    isOutside: boolean,
  ): Promise<void> {
    const { log, patterns } = this.source;
    if (set.patterns.length > 0) await patterns.ready(set);
    if (isOutside && (await this.planner.holdsSubjectOutsideStream(set))) {
      throw foreignSubjects(log.facts, this.topicPrefix, topics);
    }
  }
}
