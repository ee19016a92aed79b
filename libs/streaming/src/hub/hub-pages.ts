import type { EntryEncoder } from '../channel/entry-encoder.js';
import type { HubMapping } from '../mapping/hub-mapping.js';
import { requireSubjectLimit } from '../page/subject-limit.js';
import { isStateOf } from '../page/page-limit.js';
import { Page } from '../page/page.js';
import type { OpenedPage } from '../page/opened-page.interface.js';
import type { SessionPlanner } from '../plan/session-planner.js';
import type { WaitBudget } from '../plan/wait-budget.js';
import type { StallWatch } from '../progress/stall-watch.js';
import type { StreamEnd } from '../session/outbound.js';
import type { SessionShared } from '../session/session.interface.js';
import type { Admission, Admitted } from './admission.js';
import { refusalOf } from './refusal-of.js';
import { refuseIfExpired } from './refuse-if-expired.js';
import type { SessionLogger } from './session-logger.js';
import type { StreamRequest } from './stream-request.interface.js';
import type { StreamSource } from './stream-source.js';

/** The hub's parts that its pages are built from. */
export interface PageParts {
  readonly source: StreamSource;
  readonly planner: SessionPlanner;
  readonly mapping: HubMapping | undefined;
  readonly admission: Admission;
  readonly shared: SessionShared;
  readonly sessionLogger: SessionLogger;
  readonly stalls: StallWatch | undefined;
  /** Called when a page has ended. */
  readonly gone: () => void;
}

/** The pages of history of one hub that are being read or sent. */
export class HubPages {
  private readonly encoder: EntryEncoder;
  private readonly pages = new Set<Page>();
  private isDraining = false;

  constructor(private readonly parts: PageParts) {
    const { shared, source, mapping } = parts;
    this.encoder = source.channels.encoder(shared.options.format, 'item', mapping);
  }

  /** Number of pages in progress. */
  get size(): number {
    return this.pages.size;
  }

  /**
   * Reads a page up to its first bytes. Rejects with an `HttpException` and then holds no resources.
   *
   * @param limit maximum number of messages
   * @param enter claims a connection slot and returns a function that releases it after the answer is sent
   */
  async open(request: StreamRequest, limit: number, enter: () => () => void): Promise<OpenedPage> {
    const budget = this.parts.admission.budget();
    const page = await this.admit(request, limit, enter, budget).catch((error: unknown) => {
      this.parts.shared.metrics.paged('refused');
      throw error;
    });
    return page.open(budget);
  }

  /** Ends all pages and admits no further ones. */
  drain(end: () => StreamEnd): void {
    this.isDraining = true;
    this.end(end);
  }

  /** Ends pages early; `subject` undefined = those of all clients. */
  end(end: () => StreamEnd, subject?: string): void {
    for (const page of this.pages) {
      if (subject === undefined || page.subject === subject) page.end(end());
    }
  }

  /** Destroys all remaining connections. */
  destroy(): void {
    for (const page of this.pages) page.destroy();
  }

  private async admit(
    request: StreamRequest,
    limit: number,
    enter: () => () => void,
    budget: WaitBudget,
  ): Promise<Page> {
    const leave = enter();
    const take = (admitted: Admitted): Page => this.take(request, limit, admitted, leave);
    const { admission } = this.parts;
    return admission.admit(request, this.encoder, take, { waitsForInitial: true, budget });
  }

  private take(request: StreamRequest, limit: number, admitted: Admitted, leave: () => void): Page {
    const { source, planner, shared, sessionLogger, stalls, gone } = this.parts;
    const { metrics } = shared;
    const { channel, plan } = admitted;
    const { subscription } = request;
    refuseIfExpired(request, this.isDraining);
    requireSubjectLimit(source.log, admitted, limit);
    if (plan.recovery === 'fallback') metrics.replayFellBack();
    const watched = stalls?.watch(request.response.req.socket);
    const page = new Page(shared, {
      ...admitted,
      request,
      limit: this.most(subscription, limit),
      watched,
      through: async () => (plan.start === 'last' ? Infinity : planner.endOf(plan)),
      refusalOf: (error) => refusalOf(error, subscription.topics),
      stopped: () => source.channels.release(channel),
      release: (outcome) => {
        this.pages.delete(page);
        watched?.release();
        metrics.paged(outcome.result);
        sessionLogger.paged(subscription, plan, outcome);
        leave();
        gone();
      },
    });
    this.pages.add(page);
    return page;
  }

  /** `replay_max_messages` limits history; the initial values of `start=last` are a state, not history. */
  private most(subscription: StreamRequest['subscription'], limit: number): number {
    const { replayMaxMessages = Infinity } = this.parts.shared.options;
    return isStateOf(subscription) ? limit : Math.min(limit, replayMaxMessages);
  }
}
