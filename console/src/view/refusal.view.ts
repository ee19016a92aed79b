import { refusalHint } from '../access/refusal-hint.js';
import { element } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { visibleText } from '../text/visible-text.js';
import type { View } from './view.interface.js';

/** Shows why the server refused. */
export class RefusalView implements View {
  readonly root = element('div', { class: 'refusal', role: 'alert' });

  constructor(private readonly model: ConsoleModel) {}

  update(): void {
    const { refusal, tokens } = this.model;
    this.root.hidden = refusal === undefined;
    if (refusal === undefined) return this.root.replaceChildren();
    const { status, reason } = refusal;
    this.root.replaceChildren(
      element('strong', {}, `${status || 'No answer'}: ${visibleText(reason)}`),
      element('span', {}, refusalHint(status, tokens.token !== '')),
    );
  }
}
