import type { Point } from "@cityroot/core/attribute/attribute-type";
import { degreesText } from "../format.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page-context.ts";

const E7 = 10_000_000;
const SIDE = 120;

/** Where a thing stands: its coordinates, where in its degree square that is, and a link that map applications take. */
export function placeSection(context: PageContext, [latitude, longitude]: Point): Html {
  const { text, degrees } = context.formats;
  const north = degrees(latitude, "latitude");
  const east = degrees(longitude, "longitude");
  return html`<section class="place" aria-labelledby="place-title"><h2 id="place-title">${text("section.place")}</h2>
<div>${degreeSquare(context, latitude, longitude)}<div><dl>
<div><dt>${text("place.latitude")}</dt><dd class="fix">${north}</dd></div>
<div><dt>${text("place.longitude")}</dt><dd class="fix">${east}</dd></div>
</dl><p class="small">${text("place.datum")}</p>
<p><a href="geo:${signed(latitude)},${signed(longitude)}">${text("place.open")}</a></p></div></div></section>`;
}

function signed(valueE7: number): string {
  return `${valueE7 < 0 ? "-" : ""}${degreesText(valueE7)}`;
}

/** One degree by one degree, north up, with the point in it: as much as can be drawn without a map of others. */
function degreeSquare(context: PageContext, latitude: number, longitude: number): Html {
  const { text, degrees } = context.formats;
  const south = Math.floor(latitude / E7);
  const west = Math.floor(longitude / E7);
  const x = Math.round(((longitude - west * E7) / E7) * SIDE * 10) / 10;
  const y = Math.round((1 - (latitude - south * E7) / E7) * SIDE * 10) / 10;
  const thirds = [SIDE / 4, SIDE / 2, (3 * SIDE) / 4];
  const lines = thirds.map((at) => `M${at} 0V${SIDE}M0 ${at}H${SIDE}`).join("");
  const label = text("place.figure", {
    latitude: degrees(latitude, "latitude"),
    longitude: degrees(longitude, "longitude"),
  });
  return html`<svg class="square" viewBox="-22 -4 ${SIDE + 28} ${SIDE + 20}" width="148" height="140" role="img" aria-label="${label}">
<rect width="${SIDE}" height="${SIDE}"/><path class="grid" d="${lines}"/><path class="hair" d="M${x} 0V${SIDE}M0 ${y}H${SIDE}"/><circle class="halo" cx="${x}" cy="${y}" r="9"/><circle class="point" cx="${x}" cy="${y}" r="4"/>
<text x="-4" y="9" text-anchor="end">${Math.abs(south + 1)}°</text><text x="-4" y="${SIDE}" text-anchor="end">${Math.abs(south)}°</text>
<text x="0" y="${SIDE + 13}">${Math.abs(west)}°</text><text x="${SIDE}" y="${SIDE + 13}" text-anchor="end">${Math.abs(west + 1)}°</text>
</svg>`;
}
