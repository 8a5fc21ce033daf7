import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { Code } from "@cityroot/codes/ma/code";
import type { Attributes } from "@cityroot/core/attribute/attribute";
import type { Link } from "@cityroot/core/attribute/link";
import { issueOf, type TestHolder, testHolder } from "@cityroot/core/ledger.testing";
import { leafHash, rootOf } from "@cityroot/core/log/tree";
import { encodeItem } from "@cityroot/core/operation/batch-item";
import { holderIdOf } from "@cityroot/core/operation/delegate";
import type { Operation } from "@cityroot/core/operation/operation";
import { pino } from "pino";
import { type MemoryRegistry, memoryRegistry } from "../registry.testing.ts";
import { joinItems } from "./payloads.testing.ts";
import { createServer, type Server, type ServerOptions } from "./server.ts";

/** Time of the city's block 0: 2026-01-01 UTC. */
export const CITY_TIME_MS = 1_767_225_600_000;

const code = (text: string): Code => text as Code;
const named = (zh: string, en: string): Attributes => [
  [
    "name",
    [
      ["en", en],
      ["zh", zh],
    ],
  ],
];

/** Holders of the sample city. */
export type CityHolders = {
  readonly nation: TestHolder;
  readonly city: TestHolder;
  readonly works: TestHolder;
  readonly traffic: TestHolder;
};

/** A sample city with a code of every standing. */
export type City = { readonly registry: MemoryRegistry; readonly holders: CityHolders };

/** What the batch of stops holds. */
const STOPS = ["900001103", "900001151", "900001152"];

/** Opens the city. What stands where is in the code; tests name the codes that they ask for. */
export async function openCity(): Promise<City> {
  const holder = (zh: string, en: string, number: number): TestHolder => {
    const plain = testHolder(en, number);
    const declaration = {
      ...plain.declaration,
      name: [
        ["en", en],
        ["zh", zh],
      ] as const,
    };
    return { ...plain, ...withDeclaration(declaration) };
  };
  const nation = holder("示例国家登记机构", "Sample national registry", 1);
  const city = holder("示例石家庄市登记机构", "Sample city registry of Shijiazhuang", 2);
  const works = holder("示例城市管理局", "Sample urban management bureau", 3);
  const traffic = holder("示例交通部门", "Sample traffic department", 4);
  const registry = memoryRegistry({
    name: "hebei",
    timeMs: CITY_TIME_MS,
    roots: [
      {
        prefix: code("MA.156"),
        holder: nation.declaration,
        rule: null,
        class: "country",
        attributes: named("中国", "China"),
      },
    ],
  });
  const { given } = registry;
  await given(nation, delegation("MA.156.1301", city, "division", named("石家庄市", "Shijiazhuang")));
  await given(
    city,
    delegation("MA.156.1301.01", works, "department", named("城市管理局", "Urban management bureau")),
  );
  await given(
    city,
    delegation("MA.156.1301.02", traffic, "department", named("交通部门", "Traffic department")),
  );
  await given(
    works,
    issueOf("MA.156.1301.01/60.10000000.1/000123", {
      class: "street-lamp",
      attributes: LAMP,
      links: LAMP_LINKS,
    }),
  );
  await given(
    works,
    issueOf("MA.156.1301.01/60.10000000.1/000124", {
      class: "street-lamp",
      attributes: named("北街2号路灯", "Lamp 2, North Street"),
    }),
  );
  await given(works, issueOf("MA.156.1301.01/60.10000000.1/000125", { class: "street-lamp" }));
  await given(works, {
    type: "issue-range",
    first: code("MA.156.1301.01/60.10000000.2/000001"),
    digits: 6,
    count: 500,
    class: "bench",
    attributes: named("长椅", "Bench"),
    links: [],
    commitments: [],
  });
  await given(traffic, await batchOfStops(registry));
  await changes(registry, works);
  return { registry, holders: { nation, city, works, traffic } };
}

function withDeclaration(declaration: TestHolder["declaration"]): Pick<TestHolder, "declaration" | "id"> {
  return { declaration, id: holderIdOf(declaration) };
}

const LAMP: Attributes = [
  [
    "address",
    [
      ["en", "12 North Street, Chang'an"],
      ["zh", "长安区北街12号"],
    ],
  ],
  ["contact-role", "street-lighting"],
  ["height-mm", 8_500],
  ["installed-year", 2019],
  [
    "legacy",
    [
      ["asset-number", "LD-2019-000123"],
      ["gs1-giai", "8004695012345"],
    ],
  ],
  ["located-in", code("MA.156.1301")],
  ["manufacturer", [["zh", "华北照明"]]],
  [
    "name",
    [
      ["en", "Lamp 1, North Street"],
      ["zh", "北街1号路灯"],
    ],
  ],
  ["place", [380_428_000, 1_145_149_000]],
];

const LAMP_LINKS: readonly Link[] = [
  {
    rel: "describedby",
    href: "https://example.cn/lamps/000123.pdf",
    type: "application/pdf",
    lang: "zh",
    title: [
      ["en", "Data sheet"],
      ["zh", "技术资料"],
    ],
  },
  { rel: "help", href: "https://example.cn/report?lamp=000123", type: null, lang: null, title: null },
];

function delegation(prefix: string, holder: TestHolder, kind: string, attributes: Attributes): Operation {
  return {
    type: "delegate",
    prefix: code(prefix),
    holder: holder.declaration,
    rule: null,
    class: kind,
    attributes,
  };
}

async function batchOfStops({ payloads }: MemoryRegistry): Promise<Operation> {
  const items = STOPS.map((serial, at) =>
    encodeItem({
      code: code(`MA.156.1301.02/60.10000000.1/${serial}`),
      attributes: [
        ["name", [["zh", `第${at + 1}站`]]],
        ["place", [380_000_000 + at, 1_145_000_000]],
      ],
      links: [],
    }),
  );
  const bytes = joinItems(items);
  await payloads.put(Readable.from([bytes]));
  return {
    type: "issue-batch",
    first: code(`MA.156.1301.02/60.10000000.1/${STOPS[0]}`),
    last: code(`MA.156.1301.02/60.10000000.1/${STOPS[2]}`),
    count: STOPS.length,
    root: rootOf(items.map(leafHash)),
    payloadDigest: createHash("sha256").update(bytes).digest(),
    payloadBytes: bytes.length,
    class: "transit-stop",
    attributes: [],
    links: [],
    commitments: [],
  };
}

/** Versions, a suspension, a retirement with successor, and a record inside the range. */
async function changes({ given }: MemoryRegistry, works: TestHolder): Promise<void> {
  const lamp = code("MA.156.1301.01/60.10000000.1/000123");
  await given(works, {
    type: "update",
    code: lamp,
    version: 1,
    attributes: [["height-mm", 9_000]],
    links: null,
    commitments: null,
    item: null,
  });
  await given(works, {
    type: "suspend",
    code: code("MA.156.1301.01/60.10000000.1/000124"),
    reason: "under-repair",
    item: null,
  });
  await given(works, {
    type: "supersede",
    codes: [code("MA.156.1301.01/60.10000000.1/000125")],
    kind: "rename",
    successors: [lamp],
    item: null,
    successorItem: null,
  });
}

/** A server of a city, listening on a free port. */
export type Running = {
  readonly base: string;
  readonly server: Server;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Response>;
  readonly close: () => Promise<void>;
};

/** Starts a server of a registry, half a second after its newest block. */
export async function startServer(
  registry: MemoryRegistry,
  options: Partial<ServerOptions> = {},
): Promise<Running> {
  const server = await createServer({
    reader: registry.reader,
    engine: registry.engine,
    payloads: registry.payloads,
    logger: pino({ level: "silent" }),
    clock: () => registry.reader.head().checkpoint.timeMs + 500,
    ...options,
  });
  const base = await server.listen({ host: "127.0.0.1", port: 0 });
  return {
    base,
    server,
    get: (path, headers = {}) => fetch(base + path, { headers, redirect: "manual" }),
    close: server.close,
  };
}
