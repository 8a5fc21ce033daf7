import {
  type CodingSystem,
  type Form,
  type SystemFault,
  type TidyReading,
  VALUE_CHARACTERS_MAX,
} from "./coding-system.ts";
import { meantValue } from "./meant-value.ts";
import { type PersonalKind, personalKindOf } from "./persons.ts";
import { CODING_SYSTEMS } from "./systems.ts";
import { type Tidied, tidy } from "./tidy.ts";

/** A system that a text fits, with what it says there. */
export type Fit = { readonly system: CodingSystem; readonly reading: TidyReading };

/** A system that a text nearly fits: it is written like one, or what was probably meant is one. */
export type NearFit = { readonly system: CodingSystem; readonly fault: SystemFault };

/** What a text is, in every system that is known. Several fits are not weighed against one another: all are true. */
export type Identification = {
  /** In the order of {@link CODING_SYSTEMS}. */
  readonly fits: readonly Fit[];
  readonly nearly: readonly NearFit[];
  /** What number of a person it is. Nothing else is said of such a text then. */
  readonly person?: PersonalKind;
};

/** Identifies a text among some systems. */
export type Identifier = (raw: string) => Identification;

/** Systems whose texts are brought into their form alike: that is done once for all of them. */
type Group = { readonly form: Pick<Form, "case" | "separators">; readonly members: readonly Member[] };
type Member = {
  readonly system: CodingSystem;
  readonly at: number;
  readonly min: number;
  readonly max: number;
  /** Which characters of ASCII a value may have, a bit each; none where any may stand. */
  readonly allowed: Uint32Array | undefined;
};

const WORDS = 5;
/** Stands for every character that is not of ASCII. */
const OTHER = 128;

/** Prepares the systems for being asked about many texts. */
export function identifierOf(systems: readonly CodingSystem[]): Identifier {
  const groups = groupsOf(systems);
  return (raw) => {
    if (raw.length > VALUE_CHARACTERS_MAX) return { fits: [], nearly: [] };
    const fits: (Fit & { readonly at: number })[] = [];
    const nearly: (NearFit & { readonly at: number })[] = [];
    for (const { form, members } of groups) {
      const tidied = tidy(raw, form);
      const used = charactersOf(tidied.text);
      for (const { system, at, min, max, allowed } of members) {
        const { length } = tidied.text;
        if (length < min || length > max || !isWithin(used, allowed)) continue;
        const read = system.parse(tidied.text);
        if (read.ok) fits.push({ system, at, reading: withMended(read.value, tidied) });
        else if (read.fault.kind !== "form") nearly.push({ system, at, fault: read.fault });
      }
    }
    const isChecked = fits.some(({ reading }) => reading.check === "right");
    const person = personalKindOf(raw);
    // What nothing checks gives way: the serial number of a telephone may look like an old citizen number.
    if (person === "citizen-number" || (person !== undefined && !isChecked)) {
      return { fits: [], nearly: [], person };
    }
    if (!isChecked) {
      nearly.push(...lookAlikes(systems, raw, { fits, nearly }));
    }
    return { fits: inOrder(fits), nearly: inOrder(nearly) };
  };
}

/** Identifies a text among all systems: which it fits, and which it would fit but for a check character or a part. */
export const identify: Identifier = identifierOf(CODING_SYSTEMS);

function withMended(reading: Omit<TidyReading, "mended">, { mended }: Tidied): TidyReading {
  return { ...reading, mended };
}

function inOrder<T extends { readonly at: number }>(found: readonly T[]): readonly Omit<T, "at">[] {
  return [...found].sort((a, b) => a.at - b.at).map(({ at: _, ...rest }) => rest);
}

/**
 * What a text looks like, where no check character speaks for what it is. Beside systems that it fits, which may be ones
 * that take nearly everything, only that counts for which a check character would speak.
 */
function lookAlikes(
  systems: readonly CodingSystem[],
  raw: string,
  { fits, nearly }: Identification,
): readonly (NearFit & { readonly at: number })[] {
  return systems.flatMap((system, at) => {
    if ([...fits, ...nearly].some((known) => known.system === system)) return [];
    const meant = meantValue(system, tidy(raw, system.form).text);
    if (meant === undefined) return [];
    const read = system.parse(meant);
    if (fits.length > 0 && !(read.ok && read.value.check === "right")) return [];
    const fault: SystemFault = {
      kind: "form",
      field: "value",
      expected: meant,
      got: "a text that looks like it",
      meant,
    };
    return [{ system, at, fault }];
  });
}

function groupsOf(systems: readonly CodingSystem[]): readonly Group[] {
  const groups = new Map<string, { form: Group["form"]; members: Member[] }>();
  for (const [at, system] of systems.entries()) {
    const { case: letters, separators, lengths, characters } = system.form;
    const name = `${letters} ${separators}`;
    const group = groups.get(name) ?? { form: { case: letters, separators }, members: [] };
    groups.set(name, group);
    const allowed = characters === "any" ? undefined : charactersOf(characters);
    group.members.push({ system, at, min: lengths[0], max: lengths[1], allowed });
  }
  return [...groups.values()];
}

/** The characters of a text: a bit for each of ASCII, and one for all others. */
function charactersOf(text: string): Uint32Array {
  const bits = new Uint32Array(WORDS);
  for (let at = 0; at < text.length; at++) {
    const unit = Math.min(text.charCodeAt(at), OTHER);
    bits[unit >>> 5]! |= 1 << (unit & 31);
  }
  return bits;
}

function isWithin(used: Uint32Array, allowed: Uint32Array | undefined): boolean {
  if (allowed === undefined) return true;
  for (let word = 0; word < WORDS; word++) {
    if ((used[word]! & ~allowed[word]!) !== 0) return false;
  }
  return true;
}
