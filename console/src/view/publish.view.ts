import { connect, HubError } from '@nuts/client';
import { refusalHint } from '../access/refusal-hint.js';
import { element, field } from '../dom/element.js';
import type { ConsoleModel } from '../state/console-model.js';
import { duration } from '../text/figures.js';
import { visibleText } from '../text/visible-text.js';
import type { View } from './view.interface.js';

/** Publishes one message, unchanged. */
export class PublishView implements View {
  readonly root: HTMLFormElement;
  private readonly topic = element('input', { type: 'text', required: true, autocomplete: 'off' });
  private readonly body = element('textarea', { rows: '6', class: 'mono', spellcheck: 'false' });
  private readonly type = element(
    'select',
    {},
    element('option', { value: 'application/json' }, 'JSON (validated)'),
    element('option', { value: 'text/plain; charset=utf-8' }, 'Text (sent unchanged)'),
  );
  private readonly key = element('input', { type: 'text', autocomplete: 'off' });
  private readonly match = element('input', { type: 'text', autocomplete: 'off', class: 'mono' });
  private readonly answer = element('output', { class: 'answer' });

  constructor(private readonly model: ConsoleModel) {
    this.body.value = '{"hello":"world"}';
    this.root = element(
      'form',
      { class: 'stack' },
      field('Topic', this.topic),
      field('Payload', this.body),
      field('Type', this.type),
      element(
        'details',
        {},
        element('summary', {}, 'Conditions'),
        field('Idempotency key', this.key),
        field('Only if the newest ID is (If-Match)', this.match),
      ),
      element(
        'div',
        { class: 'row' },
        element('button', { type: 'submit', class: 'primary' }, 'Publish'),
      ),
      this.answer,
    );
    this.root.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.publish();
    });
  }

  private async publish(): Promise<void> {
    const { url, tokens } = this.model;
    const { token } = tokens;
    const hub = connect(url, token === '' ? {} : { token: () => token });
    const idempotencyKey = this.key.value.trim();
    const ifMatch = this.match.value.trim();
    const began = performance.now();
    this.say('…', true);
    try {
      const bytes = new TextEncoder().encode(this.body.value);
      const { id, duplicate } = await hub.publish(this.topic.value.trim(), bytes, {
        contentType: this.type.value,
        ...(idempotencyKey !== '' && { idempotencyKey }),
        ...(ifMatch !== '' && { ifMatch }),
      });
      const took = duration(performance.now() - began);
      this.say(duplicate ? `Already stored as ${id}` : `Stored as ${id} in ${took}`, true);
    } catch (error) {
      const { reason, status } = error as HubError;
      this.say(`${status || ''} ${reason}. ${refusalHint(status, token !== '')}`, false);
    } finally {
      hub.close();
    }
  }

  private say(text: string, isGood: boolean): void {
    this.answer.textContent = visibleText(text);
    this.answer.classList.toggle('bad', !isGood);
  }
}
