import { expect, test } from "vitest";
import { isDay } from "./day.ts";

test("a day is one of the calendar", () => {
  for (const day of ["0001-01-01", "1980-02-29", "2000-02-29", "2026-12-31", "9999-12-31"]) {
    expect(isDay(day), day).toBe(true);
  }
  const none = ["0000-01-01", "1900-02-29", "2026-00-10", "2026-13-01", "2026-04-31", "2026-1-1", "20260101"];
  for (const day of [
    ...none,
    "2026-01-01 ",
    "２０２６-01-01",
    "",
    "10000-01-01",
    "-001-01-01",
    "2026-01-00",
  ]) {
    expect(isDay(day), day).toBe(false);
  }
});

test("it agrees with the calendar of the language for four hundred years and more", () => {
  for (let day = -200_000; day < 40_000; day += 7) {
    const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
    const [year, month, of] = text.split("-");
    expect(isDay(text)).toBe(true);
    const next = new Date(Date.UTC(Number(year), Number(month) - 1, 31));
    expect(isDay(`${year}-${month}-31`), `${text} ${of}`).toBe(next.getUTCDate() === 31);
  }
});
