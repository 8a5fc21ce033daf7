/** A page that is kept: its number, its bytes, and when it was last asked for. */
type Kept = { page: number; bytes: Uint8Array<ArrayBuffer>; askedAt: number };

/** Bytes of a page, read from wherever it is into `into` if that is long enough. */
type ReadPage = (page: number, into: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

/**
 * Keeps pages that were read, as many as it is given, instead of those asked for longest ago. It reads into the memory
 * of the page that has to go, so that what was given out before is another page then.
 */
export class PageCache {
  private readonly kept: Kept[] = [];
  private readonly byPage = new Map<number, Kept>();
  private readonly most: number;
  private readonly readPage: ReadPage;
  private asked = 0;

  constructor(most: number, readPage: ReadPage) {
    this.most = most;
    this.readPage = readPage;
  }

  get(page: number): Uint8Array<ArrayBuffer> {
    const known = this.byPage.get(page);
    if (known !== undefined) {
      known.askedAt = ++this.asked;
      return known.bytes;
    }
    const place = this.makeRoom();
    place.bytes = this.readPage(page, place.bytes);
    place.page = page;
    place.askedAt = ++this.asked;
    this.byPage.set(page, place);
    return place.bytes;
  }

  private makeRoom(): Kept {
    if (this.kept.length < this.most) {
      const place = { page: -1, bytes: new Uint8Array(0), askedAt: 0 };
      this.kept.push(place);
      return place;
    }
    const oldest = this.kept.reduce((a, b) => (a.askedAt <= b.askedAt ? a : b));
    this.byPage.delete(oldest.page);
    oldest.askedAt = 0;
    return oldest;
  }
}
