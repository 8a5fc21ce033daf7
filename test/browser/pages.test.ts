/**
 * Goal: a person with a browser finds a code, reads what it is, and sees its proof checked in that very browser.
 * Method: a real node over a real store, headless Chromium, no stand-ins. Without Chromium the suite is skipped
 * visibly on a user's machine, and fails in CI.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Code } from "@cityroot/codes/ma/code";
import type { Operation } from "@cityroot/core/operation/operation";
import { createHome } from "@cityroot/node/home/home";
import { type RunningNode, startNode } from "@cityroot/node/start-node";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, GENESIS, issueOf, signed } from "../../bench/fixture.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
if (CHROMIUM === undefined && process.env["CI"] !== undefined) throw new Error("CI has to have Chromium");
if (CHROMIUM === undefined) console.warn("skipped: no Chromium at /usr/bin/chromium, so no page is tried");

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

describe.skipIf(CHROMIUM === undefined)("the pages in Chromium", () => {
  let folder: string;
  let node: RunningNode;
  let browser: Browser;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "cityroot-browser-"));
    createHome(join(folder, "home"), GENESIS, { origin: "registry.test/browser", logLevel: "error" });
    node = await startNode({
      home: join(folder, "home"),
      workers: 1,
      listen: { host: "127.0.0.1", port: 0 },
    });
    const operations = [0, 1, 2, 3].map((serial) => issueOf(serial));
    const retire = { type: "retire", code: codeOf(2), reason: "damaged", item: null } as const;
    const lamps = { class: "street-light", attributes: [], links: [], commitments: [] } as const;
    const range: Operation = { type: "issue-range", first: LAMPS as Code, digits: 6, count: 1_000, ...lamps };
    for (const transaction of [operations, [retire], [range]]) {
      const [result] = await node.engine.submit([signed(transaction, 100)]);
      expect(result!.outcome.ok).toBe(true);
    }
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ARGUMENTS });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await node?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const LAMPS = "MA.156.1301.02/60.10000000.7/000000";

  async function open(
    path: string,
    language = "en-GB",
    javaScript = true,
  ): Promise<{ page: Page; status: number; errors: string[] }> {
    const context = await browser.newContext({ locale: language, javaScriptEnabled: javaScript });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) errors.push(message.text());
    });
    const answer = await page.goto(`${node.address}${path}`, { waitUntil: "load" });
    return { page, status: answer!.status(), errors };
  }

  async function proofState(page: Page): Promise<string | null> {
    const proof = page.locator("#proof");
    await expect
      .poll(() => proof.getAttribute("data-state"), { timeout: 20_000 })
      .not.toMatch(/idle|checking/);
    return proof.getAttribute("data-state");
  }

  test("the search box leads to a code's page, whose proof the browser checks", async () => {
    const { page, errors } = await open("/");
    await page.locator("#q").fill(codeOf(1));
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/${codeOf(1)}*`);
    expect(await page.locator("h1").textContent()).toContain("路灯 1");
    expect(await proofState(page)).toBe("verified");
    expect(errors).toEqual([]);
  });

  test("a code of a range is verified though it has no record of its own", async () => {
    const { page, status, errors } = await open("/MA.156.1301.02/60.10000000.7/000123");
    expect(status).toBe(200);
    expect(await proofState(page)).toBe("verified");
    expect(errors).toEqual([]);
  });

  test("never issued has a page of its own, and a proof", async () => {
    const { page, status, errors } = await open(`/${codeOf(77_777)}`);
    expect(status).toBe(404);
    expect(await proofState(page)).toBe("verified");
    expect(errors).toEqual([]);
  });

  test("retired answers 410 and still shows what it was", async () => {
    const { page, status } = await open(`/${codeOf(2)}`);
    expect(status).toBe(410);
    expect(await page.locator("main").textContent()).toContain("路灯 2");
    expect(await proofState(page)).toBe("verified");
  });

  test("a malformed code says what is wrong and what was probably meant", async () => {
    const { page, status } = await open("/ma.156.1301");
    expect(status).toBe(400);
    expect(await page.locator("main").textContent()).toContain("MA.156.1301");
  });

  test("Chinese and English are each complete", async () => {
    const chinese = await open(`/${codeOf(1)}`, "zh-CN");
    const english = await open(`/${codeOf(1)}`, "en-GB");
    expect(await chinese.page.locator("html").getAttribute("lang")).toMatch(/^zh/);
    expect(await english.page.locator("html").getAttribute("lang")).toMatch(/^en/);
    expect(await chinese.page.locator("#proof h2").textContent()).toMatch(/\p{Script=Han}/u);
  });

  test("without JavaScript everything but the check can be read", async () => {
    const { page, status } = await open(`/${codeOf(1)}`, "en-GB", false);
    expect(status).toBe(200);
    expect(await page.locator("main").textContent()).toContain("路灯 1");
    expect(await page.locator("#proof").textContent()).toMatch(/proof verify|Download/i);
  });

  test("nothing is wider than a phone", async () => {
    const { page } = await open(`/${codeOf(1)}`);
    await page.setViewportSize({ width: 360, height: 740 });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});
