/** First digit of decimal digit blocks met in Chinese texts: Arabic, Persian, Devanagari, Tibetan, Mongolian. */
const DIGIT_ZEROS = [0x0660, 0x06f0, 0x0966, 0x0f20, 0x1810];

/** Characters that are read as an ASCII one, by {@link ASCII_READINGS} at the same index. */
const LOOK_ALIKES =
  // Full stops and middle dots, slashes, hyphens and dashes.
  "\u3002\uff61\u00b7\u30fb\u2024\ufe52\\\u2044\u2215\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63" +
  // Cyrillic capitals, then small letters.
  "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423" +
  "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0455" +
  // Greek capitals.
  "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7";
const ASCII_READINGS = `......///--------${"ABESIJKMHOPCTXY"}${"aeopcxyis"}${"ABEZHIKMNOPTYX"}`;

/** The one character of ASCII that is read as another. */
const BACKSLASH = 0x5c;

/** Spaces, marks of direction and other characters that show nothing. */
function isInvisible(unit: number): boolean {
  return (
    unit <= 0x20 ||
    (unit >= 0x7f && unit <= 0xa0) ||
    unit === 0xad ||
    (unit >= 0x2000 && unit <= 0x200f) ||
    (unit >= 0x2028 && unit <= 0x202f) ||
    (unit >= 0x205f && unit <= 0x206f) ||
    unit === 0x3000 ||
    unit === 0xfeff
  );
}

/** What is taken for what it is: graphic characters of ASCII without a backslash, and no agency in lower case before them. */
const PLAIN = /^(?!ma\.|Ma\.|mA\.)[!-[\]-~]*$/;

/**
 * The ASCII text that someone probably meant who typed full-width characters, other digits, look-alike
 * letters, spaces or a lower-case `ma`. Only ever used to word a fix: what is accepted never depends on it.
 * Characters without a reading stay as they are. Our choice of characters.
 */
export function guessMeantText(text: string): string {
  if (PLAIN.test(text)) return text;
  let meant = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (!isInvisible(unit)) meant += readingOf(unit, text.charAt(i));
  }
  const agency = meant.slice(0, 3);
  return agency === "ma." || agency === "Ma." || agency === "mA." ? `MA${meant.slice(2)}` : meant;
}

function readingOf(unit: number, character: string): string {
  if (unit < 0x7f && unit !== BACKSLASH) return character;
  if (unit >= 0xff01 && unit <= 0xff5e) return String.fromCharCode(unit - 0xff01 + 0x21);
  for (const zero of DIGIT_ZEROS) {
    if (unit >= zero && unit <= zero + 9) return String.fromCharCode(unit - zero + 0x30);
  }
  const known = LOOK_ALIKES.indexOf(character);
  return known < 0 ? character : ASCII_READINGS.charAt(known);
}
