const DIGITS = "零一二三四五六七八九";
const UNITS: { readonly [character: string]: number } = { 十: 10, 百: 100, 千: 1000 };

/** Characters of Chinese numbers up to 9,999. 万 and 两 are left out: in names they mostly mean something else. */
export const CHINESE_NUMBER: RegExp = /[零〇一二三四五六七八九十百千]+/g;

/**
 * The digits of a Chinese number: `十三` is `13`, `二〇六` is `206`, `二七` is `27`. A text that is not well formed is
 * read figure by figure, so that equal texts give equal digits.
 */
export function chineseNumberToDigits(text: string): string {
  const plain = text.replaceAll("〇", "零");
  if (!/[十百千]/.test(plain)) return trimZeros([...plain].map((one) => DIGITS.indexOf(one)).join(""));
  let sum = 0;
  let figure = 0;
  let lastUnit = 10_000;
  for (const one of plain) {
    const unit = UNITS[one];
    if (unit === undefined) {
      figure = DIGITS.indexOf(one);
      continue;
    }
    if (unit >= lastUnit) return [...plain].map((each) => UNITS[each] ?? DIGITS.indexOf(each)).join("");
    sum += (figure === 0 ? 1 : figure) * unit;
    figure = 0;
    lastUnit = unit;
  }
  return String(sum + figure);
}

/** A number without the zeros before it: `007` and `7` are the same number of a house. */
export function trimZeros(digits: string): string {
  return digits.replace(/^0+(?=.)/, "");
}
