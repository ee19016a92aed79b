import { OldestKey } from './oldest-key.js';

/** A cache limited by the bytes of its values; removes the oldest entries first. */
export class ByteBoundedCache<K, V> {
  private readonly values = new Map<K, { value: V; bytes: number }>();
  private readonly oldest = new OldestKey(this.values);
  private held = 0;

  constructor(private readonly maxBytes: number) {}

  get bytes(): number {
    return this.held;
  }

  get(key: K): V | undefined {
    return this.values.get(key)?.value;
  }

  set(key: K, value: V, bytes: number): void {
    this.held += bytes - (this.values.get(key)?.bytes ?? 0);
    this.values.set(key, { value, bytes });
    while (this.held > this.maxBytes) {
      const oldest = this.oldest.take();
      if (oldest === undefined) return;
      this.delete(oldest);
    }
  }

  delete(key: K): void {
    this.held -= this.values.get(key)?.bytes ?? 0;
    this.values.delete(key);
  }

  clear(): void {
    this.values.clear();
    this.held = 0;
  }
}
