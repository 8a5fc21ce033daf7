import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What the GS1 Barcode Syntax Dictionary asserts of a linter. */
export type Assertions = {
  readonly right: readonly string[];
  readonly wrong: readonly (readonly [text: string, at: number, length: number, reason: string])[];
};

const FILE = fileURLToPath(new URL("../../../../data/gs1-linter-assertions.json", import.meta.url));

/** The assertions of every linter, by its name. */
export const LINTER_ASSERTIONS = JSON.parse(readFileSync(FILE, "utf8")) as Readonly<
  Record<string, Assertions>
>;
