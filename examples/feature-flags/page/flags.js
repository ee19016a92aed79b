/**
 * Feature flags in a key-value bucket: complete once `ready` resolves, and current from then on.
 * Dispatches `change` whenever a flag has changed.
 */
export class Flags extends EventTarget {
  #url;
  #source;
  #flags = new Map();
  /** Collects all flags after a restart of the stream, until they are complete. */
  #coming;

  constructor(url, { EventSource = globalThis.EventSource } = {}) {
    super();
    this.#url = url;
    this.#source = new EventSource(`${url}?topic=%3E`);
    this.ready = new Promise((resolve) => {
      this.#source.addEventListener('live', resolve, { once: true });
    });
    const on = (name, handle) => this.#source.addEventListener(name, handle);
    on('connected', ({ data }) => this.#connected(JSON.parse(data)));
    on('message', ({ data, lastEventId }) => this.#changed(JSON.parse(data), lastEventId));
    on('live', () => this.#completed());
  }

  /** The value of a flag, or undefined. */
  get(name) {
    return this.#flags.get(name)?.value;
  }

  /** Names and values. */
  entries() {
    return [...this.#flags].map(([name, { value }]) => [name, value]);
  }

  /** Stores a value; returns false if the flag has been changed in the meantime. */
  set(name, value) {
    return this.#write('PUT', name, JSON.stringify(value));
  }

  /** Deletes a flag under the same condition. */
  remove(name) {
    return this.#write('DELETE', name);
  }

  close() {
    this.#source.close();
  }

  #connected({ recovery }) {
    if (recovery !== 'resumed') this.#coming = new Map();
  }

  #changed({ topic, payload, operation, sequence }, id) {
    const flags = this.#coming ?? this.#flags;
    const revision = String(sequence ?? id);
    if (operation === 'put') flags.set(topic, { value: payload, revision });
    else flags.delete(topic);
    if (flags === this.#flags) this.dispatchEvent(new Event('change'));
  }

  #completed() {
    if (this.#coming === undefined) return;
    this.#flags = this.#coming;
    this.#coming = undefined;
    this.dispatchEvent(new Event('change'));
  }

  async #write(method, name, body) {
    const known = this.#flags.get(name);
    const condition = known ? { 'If-Match': `"${known.revision}"` } : { 'If-None-Match': '*' };
    const response = await fetch(`${this.#url}?topic=${encodeURIComponent(name)}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...condition },
      body,
    });
    if (response.status === 412) return false;
    if (!response.ok) throw new Error((await response.json()).message);
    return true;
  }
}
