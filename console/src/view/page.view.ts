import { element } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { AccessView } from './access.view.js';
import { AskView } from './ask.view.js';
import { CodeView } from './code.view.js';
import { EventsView } from './events.view.js';
import { HeaderView } from './header.view.js';
import { PlotView } from './plot.view.js';
import { PublishView } from './publish.view.js';
import { RefusalView } from './refusal.view.js';
import { TabsView } from './tabs.view.js';
import { TimelineView } from './timeline.view.js';
import { TopicsView } from './topics.view.js';
import type { View } from './view.interface.js';
import { WatchFormView } from './watch-form.view.js';

/** The whole page. */
export class PageView implements View {
  readonly root: HTMLElement;
  private readonly views: readonly View[];

  constructor(model: ConsoleModel) {
    const header = new HeaderView(model);
    const watch = new WatchFormView(model);
    const refusal = new RefusalView(model);
    const topics = new TopicsView(model);
    const plot = new PlotView(model);
    const events = new EventsView(model);
    const tools = new TabsView('Tools', [
      { name: 'Timeline', view: new TimelineView(model.timeline) },
      { name: 'Access', view: new AccessView(model) },
      {
        name: 'Publish',
        view: new PublishView(model),
        isOffered: () => model.hub?.publish ?? false,
      },
      {
        name: 'Ask',
        view: new AskView(model),
        isOffered: () => model.config.services.length > 0,
      },
      { name: 'Code', view: new CodeView(model) },
    ]);
    this.views = [header, watch, refusal, topics, plot, events, tools];
    this.root = element(
      'div',
      { class: 'page' },
      header.root,
      element(
        'main',
        {},
        watch.root,
        refusal.root,
        element(
          'div',
          { class: 'grid' },
          topics.root,
          element('div', { class: 'middle' }, plot.root, events.root),
          tools.root,
        ),
      ),
    );
  }

  update(): void {
    for (const view of this.views) view.update?.();
  }

  draw(): void {
    for (const view of this.views) view.draw?.();
  }
}
