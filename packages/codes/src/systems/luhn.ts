/** The Luhn check digit of a text of digits. ISO/IEC 7812-1 annex B. */
export function luhnOf(digits: string): string {
  let sum = 0;
  for (let at = digits.length - 1, isDoubled = true; at >= 0; at--, isDoubled = !isDoubled) {
    const value = digits.charCodeAt(at) - 0x30;
    const counted = isDoubled ? 2 * value : value;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return String((10 - (sum % 10)) % 10);
}
