/** A growing list of whole numbers of 32 bits, in one piece of memory. */
export class IntList {
  #items = new Int32Array(1_024);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: number): void {
    if (this.#size === this.#items.length) {
      const larger = new Int32Array(2 * this.#size);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#size++] = item;
  }

  /** The items, not copied: what is pushed later is not among them. */
  get items(): Int32Array {
    return this.#items.subarray(0, this.#size);
  }
}
