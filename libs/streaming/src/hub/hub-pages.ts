import type { EntryEncoder } from '../channel/entry-encoder.js';
import { isStateOf } from '../page/page-limit.js';
import { Page } from '../page/page.js';
import { StreamRefusal } from '../refusals/stream-refusal.js';
import type { SessionShared } from '../session/session.interface.js';
import type { StallWatch } from '../progress/stall-watch.js';
import { close as closeReplay } from '../replay/replay.js';
import type { Admission } from './admission.js';
import { refusalOf } from './refusal-of.js';
import type { StreamJournal } from './stream-journal.js';
import type { StreamRequest } from './stream-request.interface.js';
import type { StreamSource } from './stream-source.js';

/** What the pages of a hub share. */
export interface HubPagesPorts {
  readonly shared: SessionShared;
  readonly source: StreamSource;
  readonly admission: Admission;
  readonly journal: StreamJournal;
  readonly stalls: StallWatch | undefined;
  readonly isDraining: () => boolean;
}

/** Answers the requests for pages of one hub's history. */
export class HubPages {
  private readonly encoder: EntryEncoder;
  private readonly open = new Set<StreamRequest>();

  constructor(private readonly ports: HubPagesPorts) {
    this.encoder = ports.source.channels.encoder(ports.shared.options.format, 'item');
  }

  /** Cuts every page that is left. */
  destroy(): void {
    for (const { response } of this.open) response.destroy();
  }

  /** Resolves when the page has left. Rejects when nothing of it was sent. */
  async send(request: StreamRequest, limit: number): Promise<void> {
    const { shared, source, admission, journal, stalls, isDraining } = this.ports;
    const { subscription, response } = request;
    const admitted = await admission.admit(request, this.encoder, (granted) => {
      if (!isDraining()) return granted;
      throw new StreamRefusal('jetstream_unavailable', { reason: 'handler_shutdown' });
    });
    const { channel, plan, replay } = admitted;
    if (plan.recovery === 'fallback') shared.metrics.replayFellBack();
    if (plan.start !== undefined) shared.metrics.started(plan.start);
    journal.paged(subscription, plan);
    const watched = stalls?.watch(response.req.socket);
    const page = new Page(shared, {
      ...admitted,
      request,
      watched,
      limit: this.most(request, limit),
    });
    this.open.add(request);
    try {
      await page.send();
    } catch (error) {
      throw refusalOf(error, subscription.topics);
    } finally {
      this.open.delete(request);
      watched?.release();
      if (replay !== undefined && !page.hasReplay) closeReplay(replay);
      source.channels.release(channel);
    }
  }

  /** Values of a state are not history that `replay_max_messages` bounds. */
  private most({ subscription }: StreamRequest, limit: number): number {
    const { replayMaxMessages = Infinity } = this.ports.shared.options;
    return isStateOf(subscription) ? limit : Math.min(limit, replayMaxMessages);
  }
}
