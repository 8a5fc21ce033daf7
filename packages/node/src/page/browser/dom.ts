/**
 * As much of the browser as the page's script touches. Declared here and not by the library of the whole DOM, so that
 * the server's sources cannot use any of it by mistake.
 */
export type PageElement = {
  readonly dataset: { [name: string]: string | undefined };
  hidden: boolean;
  textContent: string | null;
  readonly innerHTML: string;
  readonly children: ArrayLike<PageElement>;
  readonly querySelector: (selector: string) => PageElement | null;
  readonly addEventListener: (event: string, listener: () => void) => void;
};

/** The document, the clipboard and what is remembered between visits. */
export type Browser = {
  readonly document: {
    readonly documentElement: { readonly lang: string };
    readonly querySelector: (selector: string) => PageElement | null;
    readonly querySelectorAll: (selector: string) => Iterable<PageElement>;
  };
  readonly navigator: { readonly clipboard?: { readonly writeText: (text: string) => Promise<void> } };
  readonly localStorage: {
    readonly getItem: (name: string) => string | null;
    readonly setItem: (name: string, value: string) => void;
  };
};

/** The browser that the script runs in. */
export const browser: Browser = globalThis as unknown as Browser;
