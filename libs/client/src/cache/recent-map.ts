/** A map that drops the least recently used entry if it has more than `maxEntries`. */
export class RecentMap<V> {
  /** The least recently used entry is the first. */
  readonly #entries = new Map<string, V>();
  readonly #maxEntries: number;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  /** Returns a value, which is then the most recently used. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size <= this.#maxEntries) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Deletes all entries that the condition accepts. */
  deleteWhere(condition: (key: string, value: V) => boolean): void {
    for (const [key, value] of this.#entries) if (condition(key, value)) this.#entries.delete(key);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }
}
