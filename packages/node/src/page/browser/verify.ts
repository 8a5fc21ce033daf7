import { type Checked, checkClaim } from "./check.ts";
import { browser, type PageElement } from "./dom.ts";

// The page's script: it checks the proof that the page points to, and copies the code. All that it shows stands in the
// page already, in the page's language; the script sets a state and fills in figures.

const { document } = browser;

async function showProof(panel: PageElement): Promise<void> {
  const { code = "", kind = "", version = "", status = "", moment = "", height, proof = "" } = panel.dataset;
  panel.dataset["state"] = "checking";
  let fetched: readonly [Uint8Array, unknown];
  try {
    fetched = await Promise.all([fetchBytes(proof), fetchJson("/v1/network")]);
  } catch {
    panel.dataset["state"] = "offline";
    return;
  }
  const title = document.querySelector("[data-title]")?.textContent ?? undefined;
  const holder = document.querySelector("[data-holder]")?.textContent ?? undefined;
  const claim = { code, kind, version, status, moment, height: Number(height), title, holder };
  const checked = checkClaim(claim, ...fetched);
  fillFacts(panel, checked);
  panel.dataset["state"] = checked.state;
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  return new Uint8Array(await (await demand(address)).arrayBuffer());
}

async function fetchJson(address: string): Promise<unknown> {
  return (await demand(address)).json();
}

async function demand(address: string): Promise<Response> {
  const response = await fetch(address, { credentials: "omit" });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response;
}

function fillFacts(panel: PageElement, checked: Checked): void {
  if (checked.state === "outdated") return;
  const facts = checked.state === "failed" ? { reason: checked.reason } : factsOf(panel, checked);
  for (const [name, text] of Object.entries(facts)) {
    const row = panel.querySelector(`[data-fact="${name}"]`);
    const cell = row?.children[1];
    if (cell !== undefined) cell.textContent = text;
  }
  for (const name of ["reason", "height", "time", "age", "key", "witnesses", "size"]) {
    const row = panel.querySelector(`[data-fact="${name}"]`);
    if (row !== null) row.hidden = !(name in facts);
  }
}

function factsOf(
  panel: PageElement,
  { answer, signers, bytes, hashes }: Exclude<Checked, { state: "failed" | "outdated" }>,
): { readonly [name: string]: string } {
  const { lang } = document.documentElement;
  const number = new Intl.NumberFormat(lang);
  const { height, timeMs } = answer.checkpoint;
  const templateOf = (name: string): string =>
    panel.querySelector(`template[data-text="${name}"]`)?.innerHTML ?? "";
  const witnesses = answer.cosigners.map(({ name }) => name).join(", ");
  return {
    height: number.format(height),
    time: new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "medium" }).format(timeMs),
    age: ageText(lang, Date.now() - timeMs),
    key: signers.join(", "),
    witnesses: witnesses === "" ? templateOf("none") : witnesses,
    size: templateOf("size")
      .replace("{bytes}", number.format(bytes))
      .replace("{hashes}", number.format(hashes)),
  };
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

function ageText(lang: string, ageMs: number): string {
  const [unit, unitMs] = UNITS.find(([, length]) => Math.abs(ageMs) >= length) ?? UNITS[3];
  return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(-Math.round(ageMs / unitMs), unit);
}

function offerCopy(button: PageElement): void {
  const { clipboard } = browser.navigator;
  const { copy = "" } = button.dataset;
  if (clipboard === undefined) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    clipboard.writeText(copy).then(
      () => showCopied(button, true),
      () => showCopied(button, false),
    );
  });
}

const COPIED_SHOWN_MS = 2_000;

function showCopied(button: PageElement, isCopied: boolean): void {
  const [offer, done] = [button.children[0], button.children[1]];
  if (offer === undefined || done === undefined) return;
  offer.hidden = isCopied;
  done.hidden = !isCopied;
  if (isCopied) setTimeout(() => showCopied(button, false), COPIED_SHOWN_MS);
}

for (const button of document.querySelectorAll("[data-copy]")) offerCopy(button);
const panel = document.querySelector("[data-proof]");
if (panel !== null) await showProof(panel);
