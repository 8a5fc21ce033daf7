/** A line on standard error that tells how far something is, at a terminal only. */
export class Progress {
  private done = 0;
  private shown = 0;
  private readonly begun = performance.now();
  private readonly name: string;
  private readonly total: number;

  constructor(name: string, total: number) {
    this.name = name;
    this.total = total;
  }

  add(count: number): void {
    this.done += count;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.shown < 200) return;
    this.shown = now;
    const rate = (this.done / (now - this.begun)) * 1000;
    const left = Math.ceil((this.total - this.done) / rate);
    process.stderr.write(`\r${this.name}: ${this.done} (${Math.round(rate)}/s, ${left} s left)   `);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  }
}
