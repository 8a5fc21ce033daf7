import type { Words } from "../systems/coding-system.ts";
import type { ApplicationIdentifier } from "./application-identifiers.ts";
import { daysOfMonth, yearOf } from "./dates.ts";
import { piecesOf } from "./element-value.ts";
import { PREFIX_DIGITS } from "./key-parts.ts";
import { prefixOf } from "./prefix.ts";

/** Degrees times ten million, by which coordinates are shifted so that none is negative. */
const SOUTH_POLE = 900_000_000;
const HALF_TURN = 1_800_000_000;
const COORDINATE_DECIMALS = 7;

/**
 * What a value that may stand behind an identifier says: dates and times, measures, amounts, places, pieces, and who
 * allotted a key. `undefined` where the value speaks for itself or only its issuer knows.
 */
export function explainElement(
  identifier: ApplicationIdentifier,
  value: string,
  year?: number,
): Words | undefined {
  const quantity = explainQuantity(identifier, value);
  if (quantity !== undefined) return alike(quantity);
  const pieces = piecesOf(identifier, value);
  const said = pieces.flatMap((piece, at) => {
    for (const [name] of identifier.components[at]?.linters ?? []) {
      const words = EXPLAIN[name]?.(piece, year);
      if (words !== undefined) return [words];
    }
    return [];
  });
  if (said.length === 0) return undefined;
  return { en: said.map(({ en }) => en).join(", "), zh: said.map(({ zh }) => zh).join("，") };
}

/** What is said of a component, by the name of one of its linters. */
const EXPLAIN: Readonly<Record<string, (piece: string, year?: number) => Words | undefined>> = {
  yymmd0: (piece, year) => explainDate(yearOf(piece.slice(0, 2), year), piece.slice(2)),
  yymmdd: (piece, year) => explainDate(yearOf(piece.slice(0, 2), year), piece.slice(2)),
  yyyymmdd: (piece) => explainDate(Number(piece.slice(0, 4)), piece.slice(4)),
  hhmi: (piece) => alike(`${piece.slice(0, 2)}:${piece.slice(2)}`),
  hh: (piece) => ({ en: `hour ${piece}`, zh: `${piece} 时` }),
  mi: (piece) => ({ en: `minute ${piece}`, zh: `${piece} 分` }),
  ss: (piece) => ({ en: `second ${piece}`, zh: `${piece} 秒` }),
  yesno: (piece) => (piece === "1" ? { en: "yes", zh: "是" } : { en: "no", zh: "否" }),
  latitude: (piece) => alike(coordinate(Number(piece) - SOUTH_POLE)),
  longitude: (piece) => {
    const east = Number(piece);
    return alike(coordinate(east > HALF_TURN ? east - 2 * HALF_TURN : east));
  },
  pieceoftotal: (piece) => {
    const half = piece.length / 2;
    const [number, total] = [Number(piece.slice(0, half)), Number(piece.slice(half))];
    return { en: `piece ${number} of ${total}`, zh: `第 ${number} 件，共 ${total} 件` };
  },
  iso3166: (piece) => ({ en: `country ${piece} of ISO 3166-1`, zh: `ISO 3166-1 国家 ${piece}` }),
  gcppos1: (piece) => prefixOf(piece.slice(0, PREFIX_DIGITS)).meaning,
  gcppos2: (piece) => prefixOf(piece.slice(1, 1 + PREFIX_DIGITS)).meaning,
};

function alike(text: string): Words {
  return { en: text, zh: text };
}

/** A date; day 00 stands for the last day of the month (General Specifications, 3.4). */
function explainDate(year: number, monthDay: string): Words {
  const month = monthDay.slice(0, 2);
  const day = monthDay.slice(2, 4);
  const date = `${year}-${month}-${day === "00" ? daysOfMonth(year, Number(month)) : day}`;
  return day === "00" ? { en: `${date}, the end of the month`, zh: `${date}（月末）` } : alike(date);
}

/**
 * A measure, amount or percentage. The last digit of these identifiers says how many decimals the value has; for
 * temperatures it is always two, and a hyphen behind them says below zero.
 */
function explainQuantity({ ai, title }: ApplicationIdentifier, value: string): string | undefined {
  if (ai.length !== 4) return undefined;
  if (ai.startsWith("433")) {
    const sign = value.endsWith("-") ? "-" : "";
    return `${sign}${decimal(value.slice(0, 6), 2)} °${ai === "4330" || ai === "4332" ? "F" : "C"}`;
  }
  const group = ai.slice(0, 2);
  const decimals = Number(ai.charAt(3));
  if (group >= "31" && group <= "36") return `${decimal(value, decimals)} ${unitOf(title)}`;
  if (group !== "39") return undefined;
  const kind = ai.charAt(2);
  if (kind === "1" || kind === "3")
    return `${decimal(value.slice(3), decimals)} (ISO 4217 ${value.slice(0, 3)})`;
  return decimal(value, decimals) + (kind === "4" ? " %" : "");
}

/** The unit that a title names in brackets, such as `NET WEIGHT (kg)`. */
function unitOf(title: string): string {
  const from = title.indexOf("(");
  return from < 0 ? "kg/m²" : title.slice(from + 1, title.indexOf(")", from));
}

/** Digits with a point before the last of them, without zeros that say nothing before it. */
function decimal(digits: string, decimals: number): string {
  const padded = digits.padStart(decimals + 1, "0");
  const whole = padded.slice(0, padded.length - decimals);
  let from = 0;
  while (from < whole.length - 1 && whole.charAt(from) === "0") from++;
  const fraction = padded.slice(padded.length - decimals);
  return whole.slice(from) + (decimals === 0 ? "" : `.${fraction}`);
}

function coordinate(units: number): string {
  return `${units < 0 ? "-" : ""}${decimal(String(Math.abs(units)), COORDINATE_DECIMALS)}°`;
}
