import type { Code } from "@cityroot/codes/ma/code";
import type { MessageName } from "../catalogue/en.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page-context.ts";

/** What the page says and the proof has to show. */
export type ProofClaim = {
  readonly code: Code;
  readonly kind: "record" | "in-range" | "in-batch" | "never-issued" | "federated";
  readonly version: number | undefined;
  readonly status: string | undefined;
  /** Query of the moment that the page shows; empty for now. */
  readonly moment: string;
};

const STATES = ["idle", "checking", "verified", "changed", "outdated", "failed", "offline"] as const;

/**
 * The proof of a page. Without a script it says where the proof is and how to check it; the script sets the state, and the
 * style shows what is of that state, so that no text of the page lives in the script.
 */
export function proofPanel(context: PageContext, claim: ProofClaim): Html {
  const { text } = context.formats;
  const query = claim.moment === "" ? "?delegations=true" : `?delegations=true&${claim.moment}`;
  const address = `/v1/proofs/${claim.code}${query}`;
  const file = `${claim.code.replaceAll("/", "_")}.proof`;
  return html`<section class="proof" id="proof" aria-labelledby="proof-title" data-state="idle" data-code="${claim.code}" data-kind="${claim.kind}" data-version="${claim.version}" data-status="${claim.status}" data-moment="${claim.moment}" data-height="${context.asOf?.height}" data-proof="${address}">
<h2 id="proof-title">${text("section.proof")}</h2>
<div class="state" role="status">${SEAL}<div>${STATES.map((state) => stateText(context, state, claim))}</div></div>
<p class="of-idle"><kbd translate="no">npx cityroot proof verify ${file} --code ${claim.code}</kbd></p>
<details class="of-checked"><summary>${text("proof.details")}</summary><dl>
${fact(context, "proof.reason", "reason")}
${fact(context, "proof.height", "height")}
${fact(context, "proof.time", "time")}
${fact(context, "proof.age", "age")}
${fact(context, "proof.key", "key")}
${fact(context, "proof.witnesses", "witnesses")}
${fact(context, "proof.size", "size")}
</dl><p class="small">${text("proof.trust")}</p></details>
<p class="actions"><a class="button" href="${address}" download="${file}">${text("proof.download")}</a></p>
<template data-text="size">${text("proof.bytes")}</template><template data-text="none">${text("proof.witnesses.none")}</template>
</section>`;
}

function stateText(context: PageContext, state: (typeof STATES)[number], claim: ProofClaim): Html {
  const { text } = context.formats;
  const [short, long] =
    state === "verified" ? verifiedText(claim) : [`proof.${state}`, `proof.${state}.text`];
  return html`<p class="of-${state}"><strong>${text(short as MessageName)}</strong> <span>${text(long as MessageName)}</span></p>`;
}

/** What was verified, since a tick alone is easily taken for praise. */
function verifiedText({ kind, status }: ProofClaim): readonly [MessageName, MessageName] {
  if (kind === "never-issued") return ["proof.verified.never", "proof.verified.never.text"];
  if (kind === "federated") return ["proof.verified.elsewhere", "proof.verified.elsewhere.text"];
  if (status === "retired") return ["proof.verified.retired", "proof.verified.text"];
  return [status === "suspended" ? "proof.verified.suspended" : "proof.verified", "proof.verified.text"];
}

function fact(context: PageContext, label: MessageName, name: string): Html {
  return html`<div data-fact="${name}"><dt>${context.formats.text(label)}</dt><dd></dd></div>`;
}

/** A seal that the style fills by state. */
const SEAL = html`<svg class="seal" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false"><circle class="ring" cx="20" cy="20" r="17"/><path class="tick" d="M12 20.5l5.5 5.5L28.5 14.5"/><path class="cross" d="M14 14l12 12M26 14L14 26"/><path class="dots" d="M13 20h.01M20 20h.01M27 20h.01"/></svg>`;
