import { copyButton } from '../dom/copy-button.js';
import { element, setText } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { clientSnippet, curlLine, eventSourceSnippet, type Shown } from '../text/snippets.js';
import type { View } from './view.interface.js';

/** The current view as code to copy. */
export class CodeView implements View {
  readonly root: HTMLElement;
  private readonly snippets: readonly (readonly [(shown: Shown) => string, HTMLElement])[];

  constructor(private readonly model: ConsoleModel) {
    this.root = element('div', { class: 'stack' });
    this.snippets = [
      this.add('curl', curlLine),
      this.add('EventSource', eventSourceSnippet),
      this.add('@nuts/client', clientSnippet),
    ];
  }

  update(): void {
    const { url, topics, state, hub } = this.model;
    const { start, cursor } = state;
    const { needsToken = false, eventType = 'message', payloadFormat = 'envelope' } = hub ?? {};
    const shown = { url, topics, start, cursor, needsToken, eventType, payloadFormat };
    for (const [make, text] of this.snippets) setText(text, make(shown));
  }

  private add(
    name: string,
    make: (shown: Shown) => string,
  ): readonly [(shown: Shown) => string, HTMLElement] {
    const code = element('code');
    this.root.append(
      element(
        'div',
        { class: 'snippet' },
        element(
          'div',
          { class: 'row' },
          element('h3', {}, name),
          copyButton('Copy', () => code.textContent ?? '', { 'aria-label': `Copy ${name}` }),
        ),
        element('pre', { tabindex: '0', 'aria-label': name }, code),
      ),
    );
    return [make, code];
  }
}
