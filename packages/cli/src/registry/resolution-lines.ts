import type { Json } from "@cityroot/core/json";
import type { TextJson } from "@cityroot/sdk/attributes-json";
import type { FederationJson, ResolutionOf, ResolvedRecord, Verification } from "@cityroot/sdk/resolution";
import type { Context, Fact } from "../context.ts";
import { printable } from "../terminal/printable.ts";

/** What a resolution says, for people. */
export function resolutionLines(
  context: Context,
  resolution: ResolutionOf<Verification | null>,
): readonly string[] {
  const { say, colors } = context;
  const { code, record, standing, interval, chain, prefix, verified, asOf } = resolution;
  const head = record === null ? colors.yellow(say(`standing.${standing}`)) : statusText(context, record);
  const lines = [`${colors.bold(code)}  ${head}`, ""];
  const facts: Fact[] = [];
  if (record !== null) {
    facts.push(...recordFacts(context, record));
    if (interval !== null) {
      const { type, first, last, count } = interval;
      facts.push([
        say(`interval.${type}`),
        say("interval.is", { first, last, count: count.toLocaleString(context.language) }),
      ]);
    }
  } else if (resolution.standing === "not-yet-issued" && resolution.since !== null) {
    facts.push([say("fact.since"), momentText(context, resolution.since)]);
  } else if (resolution.standing === "federated") {
    const { prefix: above, federation } = resolution.referral;
    facts.push([say("fact.federation"), `${above}  ${federationText(federation)}`]);
  }
  const held = chain ?? (prefix === null ? [] : [prefix]);
  if (held.length > 0) {
    const text = held.map((one) => `${one.prefix}  ${textOf(one.holder.name, context.language)}`).join("\n");
    facts.push([say("fact.chain"), text]);
  }
  for (const { prefix: above, network, endpoint, verified: shown } of resolution.referrals) {
    const text = say("fact.referredIs", { prefix: above, network, endpoint });
    facts.push([
      say("fact.referred"),
      `${text}\n${momentText(context, shown)}  ${proofText(context, shown)}`,
    ]);
  }
  facts.push([say("fact.asOf"), momentText(context, asOf)], proofFact(context, verified));
  return [...lines, ...context.facts(facts)];
}

/** What a record says, for people. */
export function recordFacts(context: Context, record: ResolvedRecord): [string, string][] {
  const { say, language } = context;
  const facts: [string, string][] = [[say("fact.class"), record.class]];
  for (const [name, value] of Object.entries(record.attributes)) {
    facts.push([attributeName(context, name), attributeText(value as Json, language)]);
  }
  for (const link of record.links) facts.push([say("fact.link"), `${link.rel}  ${link.href}`]);
  for (const { name, digest } of record.commitments)
    facts.push([say("fact.commitment"), `${name}  ${digest}`]);
  if (record.reason !== null) facts.push([say("fact.reason"), record.reason]);
  if (record.succession !== null) {
    facts.push([say("fact.successors"), record.succession.codes.join("\n")]);
  }
  if (record.holder !== null) facts.push([say("fact.transferredTo"), record.holder]);
  if (record.federation !== null) facts.push([say("fact.federation"), federationText(record.federation)]);
  const version = say("fact.versionIs", {
    version: record.version,
    moment: momentText(context, record.since),
    note: record.isCurrent ? "" : say("fact.superseded"),
  });
  facts.push([say("fact.version"), version]);
  return facts;
}

/** A network that serves what lies below, with its addresses. */
function federationText({ network, endpoints }: FederationJson): string {
  return [network, ...endpoints.map(printable)].join("\n");
}

/** The status of a record in its colour. */
export function statusText({ say, colors }: Context, { status }: Pick<ResolvedRecord, "status">): string {
  const color = { active: colors.green, suspended: colors.yellow, retired: colors.red }[status];
  return color(say(`status.${status}`));
}

/** A text in the user's language, else in any that there is. */
export function textOf(text: TextJson, language: string): string {
  const found = text[language] ?? Object.entries(text).find(([tag]) => tag.startsWith(language))?.[1];
  return printable(found ?? Object.values(text)[0] ?? "");
}

/** A block and its time. */
export function momentText(
  context: Context,
  { height, time }: { readonly height: number; readonly time: string },
): string {
  return context.say("fact.moment", { height, time: time.replace("T", " ").replace(/\.[0-9]+Z$/, "Z") });
}

/** Whether what is shown is proven, and by whom it was cosigned. */
export function proofFact(context: Context, verified: Verification | null): Fact {
  const { say, colors } = context;
  const color = verified === null ? colors.yellow : colors.green;
  return [say("fact.proof"), proofText(context, verified), color];
}

function proofText({ say }: Context, verified: Verification | null): string {
  if (verified === null) return say("fact.unproven");
  const names = verified.cosigners.map(({ name }) => name).join(", ");
  return names === "" ? say("fact.proven") : say("fact.provenBy", { names });
}

function attributeName({ say }: Context, name: string): string {
  return say(`attribute.${name}` as Parameters<typeof say>[0]);
}

/** The value of an attribute, for people. */
export function attributeText(value: Json, language: string): string {
  if (Array.isArray(value)) {
    const numbers = value.every((part) => typeof part === "number");
    if (numbers) return value.map((part) => degreesText(part as number)).join(", ");
    return value.map((part) => attributeText(part as Json, language)).join("\n");
  }
  if (typeof value === "object" && value !== null) {
    const { scheme, value: code } = value as { readonly [name: string]: Json };
    if (scheme !== undefined && code !== undefined) return `${String(scheme)}  ${String(code)}`;
    const texts = value as unknown as TextJson;
    const own = texts[language];
    const others = Object.entries(texts).filter(([tag]) => tag !== language);
    return [...(own === undefined ? [] : [own]), ...others.map(([tag, text]) => `${text} (${tag})`)].join(
      "\n",
    );
  }
  return String(value);
}

function degreesText(unitsE7: number): string {
  return (unitsE7 / 1e7).toFixed(7).replace(/0+$/, "").replace(/\.$/, "");
}
