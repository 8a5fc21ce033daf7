import type { Block } from "@cityroot/core/block";
import { misbehaviourKey } from "@cityroot/core/state/key";
import { encodeMisbehaviour, type Misbehaviour } from "@cityroot/core/state/misbehaviour";
import { expect, test } from "vitest";
import { misbehaviourCheck } from "./check-misbehaviour.ts";

const did = (power: number): Misbehaviour => {
  return {
    kind: "duplicate-vote",
    address: new Uint8Array(20).fill(power),
    power,
    height: 3,
    timeMs: 5,
    totalPower: 9,
  };
};
const block = (height: number, ...misbehaviour: Misbehaviour[]): Block => {
  return { height, timeMs: 7, transactions: [], results: [], stateRoot: new Uint8Array(32), misbehaviour };
};
const entry = (one: Misbehaviour) =>
  encodeMisbehaviour({ ...one, since: { height: 4, timeMs: 7 }, validator: "north" });

test("what blocks record and what the state has of it have to agree", () => {
  const given = () => {
    const check = misbehaviourCheck();
    check.addEntry(misbehaviourKey(4, 0), entry(did(1)));
    check.addEntry(misbehaviourKey(4, 1), entry(did(2)));
    return check;
  };
  const whole = given();
  whole.addBlock(block(3));
  whole.addBlock(block(4, did(1), did(2)));
  whole.finish();
  const left = given();
  left.addBlock(block(4, did(1)));
  expect(() => left.finish()).toThrow("what no block does");
  for (const lie of [block(4, did(2), did(1)), block(5, did(1), did(2)), block(4, did(1), did(2), did(2))])
    expect(() => given().addBlock(lie)).toThrow("what the state does not");
});
