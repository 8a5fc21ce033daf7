/**
 * Goal: the arrows between rooms go one way, as ARCHITECTURE.md draws them.
 * Method: reads the imports of every source file and holds each against the list of arrows that are forbidden.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

type Arrow = { readonly from: string; readonly to: string };

/** Rooms by the beginning of their paths below `packages/`; a file is of the first that fits. */
const FORBIDDEN: readonly { readonly from: RegExp; readonly to: RegExp; readonly why: string }[] = [
  { from: /^codes\//, to: /^(core|sdk|node|cli|reconcile)\//, why: "codes knows nobody" },
  { from: /^core\//, to: /^(sdk|node|cli|reconcile)\//, why: "core knows codes alone" },
  { from: /^sdk\//, to: /^(node|cli|reconcile)\//, why: "the SDK knows no server" },
  { from: /^node\//, to: /^(sdk|cli|reconcile)\//, why: "the server knows no client" },
  { from: /^reconcile\//, to: /^(sdk|node|cli)\//, why: "matching knows rows, and nobody who has them" },
  {
    from: /^(codes|core|sdk|reconcile)\//,
    to: /^node:/,
    why: "what runs in a browser does no I/O of Node's",
  },
  {
    from: /^node\/src\/store\//,
    to: /^node\/src\/(engine|api|page|resolver|payload|audit|home)\//,
    why: "the store knows tables, not what they mean together",
  },
  {
    from: /^node\/src\/engine\//,
    to: /^node\/src\/(api|page|resolver|storage|audit)\//,
    why: "the engine never sees who asks",
  },
  {
    from: /^node\/src\/(api|page)\//,
    to: /^node\/src\/(store|storage|engine\/embedded|audit|home)\//,
    why: "the interface knows ports, not what is behind them",
  },
  {
    from: /^node\/src\/(did|handle|dns)\//,
    to: /^node\/src\/(store|storage|engine|audit|home|snapshot|signature)\//,
    why: "other systems' protocols read views, and nothing behind them",
  },
  {
    from: /^node\/src\/payload\//,
    to: /^node\/src\/(api|page|engine|resolver|store|storage|audit|home)\//,
    why: "payloads stand alone",
  },
  {
    from: /^node\/src\/storage\//,
    to: /^node\/src\/(api|page|engine|witness|audit)\//,
    why: "who keeps payloads reads the ledger, and neither decides nor answers",
  },
  {
    from: /^node\/src\/witness\//,
    to: /^node\/src\/(engine|api|page|resolver|payload|audit)\//,
    why: "a witness knows logs, not registries",
  },
  {
    from: /^node\/src\/resolver\/(?!worker|open-reader)/,
    to: /^node\/src\/(engine|api|page|audit)\//,
    why: "a reader reads",
  },
];

test("no arrow goes where it may not", () => {
  const wrong: string[] = [];
  for (const { from, to } of arrows()) {
    for (const rule of FORBIDDEN) {
      if (rule.from.test(from) && rule.to.test(to)) wrong.push(`${from} -> ${to}: ${rule.why}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("the rules have something to judge", () => {
  const all = arrows();
  for (const room of ["codes", "core", "reconcile", "sdk", "node", "cli"]) {
    expect(all.filter(({ from }) => from.startsWith(`${room}/`)).length, room).toBeGreaterThan(10);
  }
});

/** Files that are begun from outside: by a command, by another process, by a page. */
const ENTRIES: readonly RegExp[] = [
  /^cli\/src\/(main|network\/node-process)\.ts$/,
  /^node\/src\/resolver\/worker\.ts$/,
  /^node\/src\/signature\/check-process\.ts$/,
  /^node\/src\/engine\/cometbft\/relay-thread\.ts$/,
  /^node\/src\/page\/browser\/verify\.ts$/,
  /^node\/src\/(payload|snapshot|storage)\/[a-z-]+-process\.ts$/,
  // What other programs import: the client's actions and the grammar.
  /^(sdk|codes)\/src\//,
];

test("no file is there that nobody uses", () => {
  const used = new Set(arrows().map(({ to }) => (to.endsWith(".ts") ? to : `${to}.ts`)));
  const testsUse = new Set(
    importsOf(join(ROOT, "packages"), (path) => /\.(test|testing)\.ts$/.test(path)).map(({ to }) =>
      to.endsWith(".ts") ? to : `${to}.ts`,
    ),
  );
  const files = sources().filter((path) => !used.has(path) && !ENTRIES.some((entry) => entry.test(path)));
  // What only tests use has to say so by its name.
  expect(
    files.filter((path) => !testsUse.has(path)),
    "used by nobody",
  ).toEqual([]);
});

test("every dependency is used by its package, and every package it uses is a dependency", () => {
  for (const room of ["codes", "core", "reconcile", "sdk", "node", "cli"]) {
    const manifest = JSON.parse(readFileSync(join(ROOT, "packages", room, "package.json"), "utf8")) as {
      dependencies?: Record<string, string>;
    };
    const named = Object.keys(manifest.dependencies ?? {});
    const bare = importsOf(join(ROOT, "packages"), isSource)
      .filter(({ from }) => from.startsWith(`${room}/`))
      .map(({ target }) => target)
      .filter((target) => !target.startsWith(".") && !target.startsWith("node:"))
      .map((target) =>
        target
          .split("/")
          .slice(0, target.startsWith("@") ? 2 : 1)
          .join("/"),
      );
    const uses = [...new Set(bare)].sort();
    expect(named.sort(), room).toEqual(uses);
    for (const version of Object.values(manifest.dependencies ?? {}))
      expect(version, room).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^"'`;]*?\bfrom\s*"([^"]+)"|(?:^|\n)\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;

function sources(): string[] {
  return readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" }).filter(isSource);
}

function arrows(): Arrow[] {
  return importsOf(join(ROOT, "packages"), isSource);
}

function importsOf(
  folder: string,
  isWanted: (path: string) => boolean,
): (Arrow & { readonly target: string })[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (path) => isWanted(path) && !path.includes("node_modules/") && !path.includes("/dist/"),
  );
  return files.flatMap((path) => {
    const text = readFileSync(join(folder, path), "utf8");
    return [...text.matchAll(IMPORT)].map((match) => {
      const target = match[1] ?? match[2] ?? match[3] ?? "";
      return { from: path, to: targetOf(path, target), target };
    });
  });
}

function isSource(path: string): boolean {
  if (path.includes("node_modules/") || path.includes("/dist/")) return false;
  return /\/src\/.*\.ts$/.test(path) && !/\.(test|testing|d)\.ts$/.test(path);
}

/** A target as a path below `packages/`, or as it stands where it is none of ours. */
function targetOf(from: string, target: string): string {
  if (target.startsWith(".")) return relative(".", normalize(join(dirname(from), target)));
  const own = /^@cityroot\/(\w+)\/(.*)$/.exec(target);
  return own === null ? target : `${own[1]}/src/${own[2]}`;
}
