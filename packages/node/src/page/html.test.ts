import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { html, join } from "./html.ts";

describe("html", () => {
  test("escapes all that is put in, for text and for attributes", () => {
    const hostile = `<script>alert("x")</script>&'`;
    expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
      '<p title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;</p>',
    );
  });

  test("never lets text become markup", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { markup } = html`<a href="${text}">${[text, html`<b>${text}</b>`]}</a>`;
        const bare = markup.replace(/&(amp|lt|gt|quot|#39);/g, "");
        const own = bare.replace(/[^<>"']/g, "");
        expect(own).toBe(`<""><><><>`);
      }),
    );
  });

  test("leaves nothing out but what is nothing, and joins", () => {
    expect(html`${0}${""}${null}${undefined}${false}${[1, [2, "<"]]}`.markup).toBe("012&lt;");
    expect(join(["<", html`<br>`], html`, `).markup).toBe("&lt;, <br>");
    expect(
      html`
      <p>
        a b
      </p>`.markup,
    ).toBe("<p>a b</p>");
  });
});
