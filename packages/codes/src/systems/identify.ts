import { guessMeantText } from "../ma/meant-text.ts";
import {
  ALL_CHARACTERS,
  type CharacterSet,
  characterSetOf,
  isSubset,
  meets,
  union,
} from "./character-set.ts";
import { CAPITALS } from "./characters.ts";
import {
  type CodingSystem,
  type Form,
  type Mending,
  type SystemFault,
  type TidyReading,
  VALUE_CHARACTERS_MAX,
} from "./coding-system.ts";
import { EXCHANGEABLE, exchangeLookAlikes } from "./meant-value.ts";
import { type PersonalKind, personalKindOf } from "./persons.ts";
import { type QuickForm, quickForm, type RawText, rawText } from "./quick-tidy.ts";
import { CODING_SYSTEMS } from "./systems.ts";
import { tidy } from "./tidy.ts";

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
type Group = {
  readonly form: Pick<Form, "case" | "separators">;
  readonly quick: QuickForm;
  /** Characters that are changed or left out on the way; a text without them stays as it is. */
  readonly changed: CharacterSet;
  /** Characters that a text may have which any of the systems could take. */
  readonly takes: CharacterSet;
  /** The same where some may be exchanged for what they look like. */
  readonly guesses: CharacterSet;
  /** The members whose values may have so many characters. */
  readonly byLength: readonly (readonly Member[])[];
};
type Member = {
  readonly system: CodingSystem;
  readonly at: number;
  /** Which characters a value may have; none where any may stand. */
  readonly allowed: CharacterSet | undefined;
  /** The same with those that may be exchanged for what they look like. */
  readonly guessable: CharacterSet;
  /** Which ones it has in any case. */
  readonly needed: CharacterSet;
};

type At = { readonly at: number };

/** Prepares the systems for being asked about many texts. */
export function identifierOf(systems: readonly CodingSystem[]): Identifier {
  const groups = groupsOf(systems);
  return (raw) => {
    if (raw.length > VALUE_CHARACTERS_MAX) return { fits: [], nearly: [] };
    const fits: (Fit & At)[] = [];
    const nearly: (NearFit & At)[] = [];
    const used = characterSetOf(raw);
    const text = rawText(raw, used);
    for (const group of groups) readGroup(group, text, used, { fits, nearly });
    const isChecked = fits.some(({ reading }) => reading.check === "right");
    const person = personalKindOf(raw);
    // What nothing checks gives way: the serial number of a telephone may look like an old citizen number.
    if (person === "citizen-number" || (person !== undefined && !isChecked)) {
      return { fits: [], nearly: [], person };
    }
    if (!isChecked) {
      // Other digits and characters that show nothing do not make another number of one of a person.
      const guessed = guessMeantText(raw);
      const meant = guessed === raw ? undefined : personalKindOf(guessed);
      if (meant !== undefined) return { fits: [], nearly: [], person: meant };
      addLookAlikes(groups, raw, guessed, { fits, nearly });
    }
    return {
      fits: inOrder(fits).map(({ system, reading }) => ({ system, reading })),
      nearly: inOrder(nearly).map(({ system, fault }) => ({ system, fault })),
    };
  };
}

type Found = { readonly fits: (Fit & At)[]; readonly nearly: (NearFit & At)[] };

function readGroup(
  { form, quick, changed, takes, byLength }: Group,
  given: RawText,
  rawUsed: CharacterSet,
  found: Found,
): void {
  const { raw } = given;
  if (!isSubset(rawUsed, takes)) return;
  const text = meets(rawUsed, changed) ? quick.textOf(given) : raw;
  const members = byLength[text.length]!;
  if (members.length === 0) return;
  const used = text === raw ? rawUsed : characterSetOf(text);
  let mended: readonly Mending[] | undefined;
  for (const { system, at, allowed, needed } of members) {
    if (allowed !== undefined && !isSubset(used, allowed)) continue;
    if (!isSubset(needed, used)) continue;
    const read = system.parse(text);
    // What was set right is told of what fits, which few do.
    if (read.ok) {
      mended ??= text === raw ? [] : tidy(raw, form).mended;
      found.fits.push({ system, at, reading: { ...read.value, mended } });
    }
    if (!read.ok && read.fault.kind !== "form") found.nearly.push({ system, at, fault: read.fault });
  }
}

/** Identifies a text among all systems: which it fits, and which it would fit but for a check character or a part. */
export const identify: Identifier = identifierOf(CODING_SYSTEMS);

function inOrder<T extends At>(found: T[]): readonly T[] {
  return found.length < 2 ? found : found.sort((a, b) => a.at - b.at);
}

/**
 * What a text looks like, where no check character speaks for what it is. Beside systems that it fits, which may be ones
 * that take nearly everything, only that counts for which a check character would speak.
 */
function addLookAlikes(
  groups: readonly Group[],
  raw: string,
  guessed: string,
  { fits, nearly }: Found,
): void {
  const isNothing = fits.length === 0;
  const known = [...fits, ...nearly].map(({ at }) => at);
  const used = characterSetOf(guessed);
  const given = rawText(guessed, used);
  for (const { quick, changed, guesses, byLength } of groups) {
    if (!isSubset(used, guesses)) continue;
    const text = meets(used, changed) ? quick.textOf(given) : guessed;
    const members = byLength[text.length]!;
    if (members.length === 0) continue;
    const found = text === guessed ? used : characterSetOf(text);
    for (const { system, at, allowed, guessable } of members) {
      if (allowed === undefined || !isSubset(found, guessable) || known.includes(at)) continue;
      // Read already, and refused, where nothing was guessed and nothing is to be exchanged.
      if (guessed === raw && isSubset(found, allowed)) continue;
      const meant = exchangeLookAlikes(system.form.characters, text);
      const read = meant === undefined ? undefined : system.parse(meant);
      if (meant === undefined || read?.ok !== true || !(isNothing || read.value.check === "right")) continue;
      const { canonical } = read.value;
      const got = "a text that looks like it";
      const fault: SystemFault = { kind: "form", field: "value", expected: canonical, got, meant: canonical };
      nearly.push({ system, at, fault });
    }
  }
}

function groupsOf(systems: readonly CodingSystem[]): readonly Group[] {
  const members = new Map<string, (Member & { readonly lengths: Form["lengths"] })[]>();
  for (const [at, system] of systems.entries()) {
    const { case: letters, separators, lengths, characters, needs = "" } = system.form;
    const name = `${letters} ${separators}`;
    const allowed = characters === "any" ? undefined : characterSetOf(characters);
    const guessable = union(allowed ?? ALL_CHARACTERS, EXCHANGEABLE);
    const member = { system, at, allowed, guessable, needed: characterSetOf(needs), lengths };
    members.set(name, [...(members.get(name) ?? []), member]);
  }
  return [...members.values()].map(groupOf);
}

function groupOf(members: readonly (Member & { readonly lengths: Form["lengths"] })[]): Group {
  const { form } = members[0]!.system;
  const changed = characterSetOf(changedBy(form));
  const takes = members.reduce((all, { allowed }) => union(all, allowed ?? ALL_CHARACTERS), changed);
  // Every length has a place of its own: what is looked up for each text is no map with holes.
  const byLength = Array.from({ length: VALUE_CHARACTERS_MAX + 1 }, (_, length) =>
    members.filter(({ lengths: [min, max] }) => min <= length && length <= max),
  );
  return { form, quick: quickForm(form), changed, takes, guesses: union(takes, EXCHANGEABLE), byLength };
}

/** The characters that {@link tidy} changes or leaves out. Spaces within are among them, since they may be no-break ones. */
function changedBy({ case: letters, separators }: Group["form"]): string {
  const cased = letters === "upper" ? CAPITALS.toLowerCase() : letters === "lower" ? CAPITALS : "";
  // Anything outside ASCII may be a space or a full-width character.
  return `${separators}${cased} \t\n\v\f\r\u0080`;
}
