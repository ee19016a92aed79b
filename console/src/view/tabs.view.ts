import { element } from '../dom/element.js';
import type { View } from './view.interface.js';

/** A tab; hidden if `isOffered` returns false. */
export interface Tab {
  readonly name: string;
  readonly view: View;
  readonly isOffered?: () => boolean;
}

/** Tabs according to the WAI-ARIA pattern. */
export class TabsView implements View {
  readonly root: HTMLElement;
  private readonly buttons: HTMLButtonElement[];
  private readonly panels: HTMLElement[];
  private chosen = 0;

  constructor(
    label: string,
    private readonly tabs: readonly Tab[],
  ) {
    this.buttons = tabs.map(({ name }, index) => this.makeButton(name, index));
    this.panels = tabs.map(({ name, view }) =>
      element(
        'div',
        { role: 'tabpanel', id: `panel-${name}`, 'aria-labelledby': `tab-${name}`, tabindex: '0' },
        view.root,
      ),
    );
    const list = element('div', { role: 'tablist', 'aria-label': label }, ...this.buttons);
    this.root = element(
      'section',
      { class: 'panel tabs', 'aria-label': label },
      list,
      ...this.panels,
    );
    this.choose(0);
  }

  update(): void {
    this.tabs.forEach(({ view, isOffered }, index) => {
      const offered = isOffered?.() ?? true;
      const tab = this.buttons[index];
      if (tab) tab.hidden = !offered;
      if (!offered && this.chosen === index) this.choose(0);
      view.update?.();
    });
  }

  draw(): void {
    this.tabs[this.chosen]?.view.draw?.();
  }

  private makeButton(name: string, index: number): HTMLButtonElement {
    const made = element(
      'button',
      { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': `panel-${name}` },
      name,
    );
    made.addEventListener('click', () => this.choose(index));
    made.addEventListener('keydown', (event) => this.move(event));
    return made;
  }

  private move(event: KeyboardEvent): void {
    const offered = this.buttons.filter(({ hidden }) => !hidden);
    const at = offered.findIndex((tab) => tab === this.buttons[this.chosen]);
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: -1,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = offered.at(step % offered.length);
    if (next === undefined) return;
    this.choose(this.buttons.indexOf(next));
    next.focus();
  }

  private choose(chosen: number): void {
    this.chosen = chosen;
    this.buttons.forEach((tab, index) => {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    this.panels.forEach((panel, index) => (panel.hidden = index !== chosen));
    const view = this.tabs[chosen]?.view;
    view?.draw?.();
  }
}
