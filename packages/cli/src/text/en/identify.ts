/** What is said of values of other coding systems. */
export const IDENTIFY = {
  "command.code.identify":
    "Say which coding systems a text fits, what its parts mean, and whether its check characters agree.",
  "argument.value": "the text as it was scanned, typed or copied",
  "identify.none": "{value} fits no coding system that is known here.",
  "identify.several": "{count} coding systems fit; the text alone does not say which is meant.",
  "identify.canonical": "Value",
  "identify.check": "Check",
  "identify.check.right": "agrees",
  "identify.check.none": "the system has none",
  "identify.mended": "Set right",
  "identify.mended.full-width": "full-width characters",
  "identify.mended.space": "spaces",
  "identify.mended.separator": "separators",
  "identify.mended.case": "letter case",
  "identify.standard": "Standard",
  "identify.nearly": "Nearly: {title}",
  "identify.why": "Why not",
  "identify.why.form": "it is written otherwise: {expected}",
  "identify.why.value": "{field}: expected {expected}, got {got}",
  "identify.why.check": "the check character should be {expected}, it is {got}",
  "identify.meant": "Meant?",
  "identify.person":
    "this looks like the number of a person, which is no code of a thing and is not looked at further",
  "identify.person.expected": "the code of a thing",
  "identify.person.got": "what looks like a number of a person",
  "identify.person.fix": "do not register, send or store such numbers",
} as const;
