import { expect, test } from "vitest";
import { bytesToHex } from "../hex.ts";
import { setValidatorsOf, testCity, testValidator } from "../operation/operation.testing.ts";
import { misbehaviourKey } from "./key.ts";
import { decodeMisbehaviour, type Misbehaviour } from "./misbehaviour.ts";
import { addressOf } from "./validators.ts";

const ONE = testValidator(1);

function misbehaviourOf(publicKey: Uint8Array, kind: Misbehaviour["kind"]): Misbehaviour {
  const timeMs = 1_767_225_600_000;
  return { kind, address: addressOf(publicKey), power: 10, height: 12, timeMs, totalPower: 40 };
}

test("what a consensus reports stands in the state under the block that recorded it, with the name of then", () => {
  const { ledger, nation } = testCity();
  ledger.given(nation, setValidatorsOf(ONE, testValidator(2)));
  const block = { height: ledger.height() + 1, timeMs: 1_767_225_900_000 };
  const known = misbehaviourOf(ONE.publicKey, "duplicate-vote");
  const gone = misbehaviourOf(testValidator(3).publicKey, "light-client-attack");
  const removal = ledger.transaction(nation, [setValidatorsOf(testValidator(2))]);
  const before = bytesToHex(ledger.root());
  ledger.ledger.applyBlock(ledger.state, [removal], block, [known, gone]);
  const read = (index: number) =>
    decodeMisbehaviour(ledger.state.get(misbehaviourKey(block.height, index)) ?? new Uint8Array(0));
  expect(read(0)).toEqual({ ...known, since: block, validator: "validator-1" });
  expect(read(1)).toEqual({ ...gone, since: block, validator: null });
  expect(read(2)).toBeUndefined();
  expect(bytesToHex(ledger.root())).not.toBe(before);
});
