/**
 * The check digit of a text of digits: weights 3, 1, 3, ... from the right, what is missing to the next ten. GS1 General
 * Specifications, 7.9.1. Every single wrong digit changes it; of two neighbours that changed places it misses those that
 * differ by five.
 */
export function checkDigitOf(body: string): string {
  let sum = 0;
  let weight = 3;
  for (let at = body.length - 1; at >= 0; at--) {
    sum += (body.charCodeAt(at) - 0x30) * weight;
    weight = 4 - weight;
  }
  return String((10 - (sum % 10)) % 10);
}
