/**
 * Goal: what is fixed for other implementations stays fixed: codes, keys, transactions, and whole histories to their roots.
 * Method: judges every file of vectors/ anew from what it gives, and holds the files against the program that writes them.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Code, isCode, parseCode, partsOf } from "@cityroot/codes/ma/code";
import { genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { bytesToHex, hexToBytes } from "@cityroot/core/hex";
import { verify } from "@cityroot/core/key/ed25519";
import { judgeConflict, readConflict } from "@cityroot/core/log/conflict";
import { parseVerifierKey } from "@cityroot/core/log/note";
import { operationFromJson } from "@cityroot/core/operation/operation";
import { numberOfRejection, REJECTIONS, type RejectionName } from "@cityroot/core/rejection";
import { codeKey, codeOfKey, keyFromBytes, keyToBytes, kindOfKey } from "@cityroot/core/state/key";
import {
  checkSignatures,
  decodeTransaction,
  encodeBody,
  encodeTransaction,
} from "@cityroot/core/transaction";
import { describe, expect, test } from "vitest";
import type { CodeFile } from "../scripts/vectors/code-vectors.ts";
import { type HistoryFile, judgeHistory } from "../scripts/vectors/history-case.ts";
import type { KeyFile } from "../scripts/vectors/key-vectors.ts";
import { HISTORIES, makeVectors, VECTORS_FOLDER } from "../scripts/vectors/make.ts";
import type {
  InvalidTransaction,
  TransactionFile,
  ValidTransaction,
} from "../scripts/vectors/transaction-vectors.ts";
import { answerAll, type WitnessFile } from "../scripts/vectors/witness-vectors.ts";

function read<T>(path: string): T {
  return JSON.parse(readFileSync(join(VECTORS_FOLDER, path), "utf8")) as T;
}

describe("codes", () => {
  const { valid, invalid } = read<CodeFile>("codes.json");

  test.each(valid)("$text is one", ({ text, canonical, ...parts }) => {
    const code = parseCode(text);
    expect(code).toEqual({ ok: true, value: canonical });
    expect(isCode(canonical)).toBe(true);
    expect(partsOf(canonical as Code)).toEqual(parts);
    expect(isCode(text)).toBe(text === canonical);
  });

  test.each(invalid)("$text is none: $why", ({ text }) => {
    expect(parseCode(text).ok).toBe(false);
  });
});

describe("keys", () => {
  const { codes, kinds } = read<KeyFile>("keys.json");

  test("of codes are these, in this order", () => {
    for (const { code, key } of codes) {
      expect(bytesToHex(keyToBytes(codeKey(code as Code))), code).toBe(key);
      expect(codeOfKey(keyFromBytes(hexToBytes(key)!)!), code).toBe(code);
    }
    const keys = codes.map(({ key }) => key);
    expect([...keys].sort()).toEqual(keys);
  });

  test("of each kind are these, in this order", () => {
    for (const { kind, key } of kinds) expect(kindOfKey(keyFromBytes(hexToBytes(key)!)!), kind).toBe(kind);
    const keys = kinds.map(({ key }) => key);
    expect([...keys].sort()).toEqual(keys);
  });
});

describe("transactions", () => {
  const valid = read<TransactionFile<ValidTransaction>>("transactions/valid.json").transactions;
  const invalid = read<TransactionFile<InvalidTransaction>>("transactions/invalid.json").transactions;

  test.each(valid)("valid: $about", ({ bytes, id, body, signatures }) => {
    const decoded = decodeTransaction(hexToBytes(bytes)!);
    expect(decoded.ok).toBe(true);
    if (!decoded.ok) return;
    expect(bytesToHex(decoded.value.id)).toBe(id);
    expect(checkSignatures(decoded.value, verify).ok).toBe(true);
    // The JSON alone leads to the same bytes.
    const operations = (body["operations"] as never[]).map((json) => {
      const operation = operationFromJson(json);
      if (!operation.ok) throw new Error(operation.rejection.detail);
      return operation.value;
    });
    const bodyBytes = encodeBody({
      network: body["network"] as string,
      holder: hexToBytes(body["holder"] as string)!,
      lastHeight: body["lastHeight"] as number,
      nonce: body["nonce"] as number,
      operations,
    });
    const signed = signatures.map(({ publicKey, signature }) => {
      return { publicKey: hexToBytes(publicKey)!, signature: hexToBytes(signature)! };
    });
    expect(bytesToHex(encodeTransaction(bodyBytes, signed))).toBe(bytes);
  });

  test.each(invalid)("invalid: $about: $refusal", ({ bytes, refusal, number, operation }) => {
    const decoded = decodeTransaction(hexToBytes(bytes)!);
    const verdict = decoded.ok ? checkSignatures(decoded.value, verify) : decoded;
    const rejection = operation === undefined ? { name: refusal } : { name: refusal, operation };
    expect(verdict).toMatchObject({ ok: false, rejection });
    expect(numberOfRejection(refusal as RejectionName)).toBe(number);
  });
});

describe("witness", () => {
  const { logs, exchanges, conflicts } = read<WitnessFile>("witness.json");

  test("answers each request as it stands there", () => {
    const keysOf = (origin: string) =>
      logs
        .find((log) => log.origin === origin)
        ?.keys.map((text) => {
          const key = parseVerifierKey(text);
          if (!key.ok) throw new Error(key.fault.field);
          return key.value;
        });
    expect(answerAll(exchanges, keysOf)).toEqual(exchanges);
    expect(new Set(exchanges.map(({ status }) => status))).toEqual(new Set([200, 400, 403, 404, 409, 422]));
  });

  test.each(conflicts)("$about is $verdict", ({ verdict, ...json }) => {
    const conflict = readConflict(json);
    if (!conflict.ok) throw new Error(conflict.fault.field);
    expect(judgeConflict(conflict.value)).toBe(verdict);
  });
});

describe("histories", () => {
  const names = readdirSync(join(VECTORS_FOLDER, "histories"))
    .map((file) => file.replace(/\.json$/, ""))
    .sort();
  const files = names.map((name) => ({ name, file: read<HistoryFile>(`histories/${name}.json`) }));

  test.each(files)("$name: $file.about", ({ file }) => {
    expect(judgeHistory(file)).toEqual(file);
    const genesis = genesisFromJson(file.genesis);
    expect(genesis.ok && networkOf(genesis.value).id).toBe(file.network);
  });

  test("each has transactions that enter and such that do not", () => {
    for (const { name, file } of files) {
      const results = file.blocks.flatMap(({ transactions }) => transactions.map(({ result }) => result));
      expect(results, name).toContain(0);
      expect(
        results.some((result) => result > 0),
        name,
      ).toBe(true);
    }
  });

  test("provoke every refusal that a short history can", () => {
    const seen = new Set(
      files.flatMap(({ file }) =>
        file.blocks.flatMap(({ transactions }) => transactions.map(({ outcome }) => outcome)),
      ),
    );
    const { transactions } = read<TransactionFile<InvalidTransaction>>("transactions/invalid.json");
    for (const { refusal } of transactions) seen.add(refusal as RejectionName);
    const missing = (Object.keys(REJECTIONS) as RejectionName[]).filter(
      (name) => numberOfRejection(name) < 200 && !seen.has(name),
    );
    // Those take more bytes, or more transactions, than a file should have.
    expect(missing).toEqual(["TRANSACTION_TOO_LARGE", "REPLAY_WINDOW_FULL"]);
  });

  test("are all there", () => {
    expect(names).toEqual(Object.keys(HISTORIES).sort());
  });
});

test("the files are what the program makes: node --conditions=source scripts/vectors/make.ts", () => {
  for (const [path, text] of makeVectors()) {
    expect(readFileSync(join(VECTORS_FOLDER, path), "utf8") === text, path).toBe(true);
  }
});
