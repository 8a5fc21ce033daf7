import type { Code } from "@cityroot/codes/ma/code";
import { breakable } from "../code-text.ts";
import { type Html, html } from "../html.ts";
import { linkTo, type PageContext } from "../page-context.ts";
import type { DescentStep } from "../view-model.ts";

/** The way from the root prefix down to a code, with who holds what. */
export function descentSection(
  context: PageContext,
  steps: readonly DescentStep[],
  code: Code | undefined,
): Html {
  if (steps.length === 0) return html``;
  const { text } = context.formats;
  const last = steps[steps.length - 1]!;
  return html`<nav class="descent" aria-labelledby="descent-title"><h2 id="descent-title">${text("section.descent")}</h2><ol>
${steps.map((step, at) => stepItem(context, step, steps[at - 1], step.prefix === code))}
${
  code !== undefined &&
  last.prefix !== code &&
  html`<li class="here"><code translate="no">${breakable(code.slice(last.prefix.length))}</code> <span>${text("descent.here")}</span></li>`
}
</ol></nav>`;
}

function stepItem(
  context: PageContext,
  { prefix, name, holder, entry }: DescentStep,
  above: DescentStep | undefined,
  isHere: boolean,
): Html {
  const { pick, text } = context.formats;
  const own = above === undefined ? prefix : prefix.slice(above.prefix.length);
  const called = name === undefined ? undefined : pick(name);
  const held = pick(holder.name);
  const label = html`<code translate="no">${own}</code>${called !== undefined && html` <span lang="${called.language}">${called.text}</span>`}`;
  return html`<li${isHere && html` class="here" aria-current="page"`}>
${isHere ? html`<span class="to">${label}</span>` : html`<a class="to" href="${linkTo(context, `/${prefix}`)}">${label}</a>`}
<span class="holder" lang="${held.language}">${held.text}</span>
${entry.status !== "active" && html` <em class="mark ${entry.status}">${text(`status.${entry.status}`)}</em>`}
</li>`;
}
