/** A cache bounded by the bytes of its values; what was written first goes first. */
export class ByteBoundedCache<K, V> {
  private readonly values = new Map<K, { value: V; bytes: number }>();
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
    for (const [oldest, { bytes: freed }] of this.values) {
      if (this.held <= this.maxBytes) return;
      this.values.delete(oldest);
      this.held -= freed;
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
