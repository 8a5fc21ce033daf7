import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, stop } from "esbuild";

/** One of the server's own files, ready to be sent. */
export type Asset = {
  /** Its path, which changes with its content. */
  readonly path: string;
  readonly type: string;
  readonly body: Uint8Array;
  /** The same, packed. */
  readonly gzip: Uint8Array;
  readonly brotli: Uint8Array;
};

/** Every file that pages use. */
export type PageAssets = { readonly style: Asset; readonly script: Asset; readonly icon: Asset };

/** Oldest syntax that the script may use: browsers from 2022 on, which all load modules and know top-level await. */
const TARGET = "es2022";

let loaded: Promise<PageAssets> | undefined;

/** Reads the style, bundles the script with the core's own verifier, and packs both: once for the process. */
export function loadPageAssets(): Promise<PageAssets> {
  loaded ??= makePageAssets();
  return loaded;
}

async function makePageAssets(): Promise<PageAssets> {
  // Beside the sources in both layouts: `dist/page` lies as deep as `src/page`.
  const style = await readFile(new URL("../../src/page/style.css", import.meta.url));
  return {
    style: assetOf("style", "css", "text/css; charset=utf-8", minifyStyle(style.toString("utf8"))),
    script: assetOf("verify", "js", "text/javascript; charset=utf-8", await bundleScript()),
    icon: { ...assetOf("icon", "svg", "image/svg+xml", ICON), path: "/assets/icon.svg" },
  };
}

async function bundleScript(): Promise<string> {
  const isSource = import.meta.url.endsWith(".ts");
  const entry = fileURLToPath(new URL(`./browser/verify.${isSource ? "ts" : "js"}`, import.meta.url));
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: TARGET,
    minify: true,
    legalComments: "none",
    write: false,
    logLevel: "silent",
    // The sources are bundled where the sources run, and the built files where those do.
    conditions: isSource ? ["source"] : [],
  });
  await stop();
  return built.outputFiles[0]!.text;
}

/** Takes out comments and indentation: all that a style of our own needs. */
function minifyStyle(style: string): string {
  return style
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\n\s*/g, "\n")
    .replace(/\n{2,}/g, "\n")
    .trim();
}

const HASH_CHARACTERS = 16;

function assetOf(name: string, extension: string, type: string, text: string): Asset {
  const body = Buffer.from(text);
  const hash = createHash("sha256").update(body).digest("hex").slice(0, HASH_CHARACTERS);
  const path = `/assets/${name}-${hash}.${extension}`;
  return { path, type, body, gzip: gzipSync(body, { level: 9 }), brotli: brotliCompressSync(body) };
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#0f5c4a"/><path d="M12 5v14M12 10H6.5v6M12 10h5.5v6" fill="none" stroke="#fff" stroke-width="1.6"/><g fill="#fff"><circle cx="12" cy="5" r="1.7"/><circle cx="6.5" cy="17" r="1.7"/><circle cx="12" cy="19" r="1.7"/><circle cx="17.5" cy="17" r="1.7"/></g></svg>`;
