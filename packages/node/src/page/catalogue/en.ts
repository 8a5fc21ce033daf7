/** Every text of the pages in English. Its names are those of all languages. */
export const EN = {
  "site.name": "Cityroot",
  "site.tagline": "Registry of city codes",
  "site.skip": "Skip to the content",
  "site.language": "Language",
  "site.home": "Cityroot, start page",
  "search.label": "Look up a code",
  "search.placeholder": "MA.156.1301.02",
  "search.button": "Look up",
  "search.hint":
    "Type or paste a code, or the address from a label. Spaces and full-width characters are read as what was meant.",
  "search.unread":
    "“{text}” cannot be read as a code. Codes begin with MA and a country number, such as MA.156.",
  "footer.registry": "Registry",
  "footer.asOf": "As of block {height}, {time}",
  "footer.json": "This answer as JSON",
  "footer.api": "Interface",
  "footer.catalogue": "Data sets",
  "footer.log": "Log",
  "footer.privacy": "No cookies, no trackers, nothing from other hosts.",

  "home.title": "Look up any code. Check the answer yourself.",
  "home.lead":
    "Every code in this registry was issued under public rules. Every answer comes with a proof that your own phone can check, also the answer that a code was never issued.",
  "home.examples": "Begin here",
  "home.how": "What you get",
  "home.how.what": "What it is",
  "home.how.what.text":
    "Class, name, place and the organisation that answers for it, in its present and all earlier versions.",
  "home.how.proof": "A proof",
  "home.how.proof.text":
    "Your browser checks the registry's signature and every step from it to this very record. No account is needed.",
  "home.how.absence": "A clear no",
  "home.how.absence.text":
    "A code that was never issued is told apart from a retired one, and from a server that cannot answer.",
  "home.anatomy": "How a code is made up",
  "home.anatomy.agency": "the coding system",
  "home.anatomy.country": "the country",
  "home.anatomy.city": "the city or industry",
  "home.anatomy.unit": "the organisation",
  "home.anatomy.object": "use, category and model",
  "home.anatomy.custom": "the thing itself",
  "home.registry": "This registry",
  "home.network": "Network",
  "home.height": "Newest block",
  "home.time": "Time of that block",
  "home.witnesses": "Witnesses needed",
  "home.witnesses.value": "{quorum} of {count}",

  "code.kicker": "Code",
  "code.copy": "Copy",
  "code.copied": "Copied",
  "code.meant": "You entered “{typed}”. It was read as the code below.",
  "code.held": "Held by",
  "code.transferred": "transferred to this holder",
  "code.status": "Status",
  "code.unnamed": "{class} without a name",
  "code.report": "Report a problem",
  "code.earlier": "This is an earlier version of the record.",
  "code.earlier.current": "Show the current one",
  "code.range":
    "One of {count} codes that were issued together, {first} to {last}. Nothing has been recorded of it alone.",
  "code.batch":
    "One of {count} codes that were issued together in one batch. Nothing has been recorded of it alone.",
  "code.prefix": "A delegated prefix: its holder issues the codes below it.",

  "status.active": "In use",
  "status.suspended": "Suspended",
  "status.retired": "Retired",
  "banner.suspended": "This code is suspended.",
  "banner.suspended.text":
    "Its holder has taken it out of use for the time being. What is said below still stands.",
  "banner.retired": "This code has been retired.",
  "banner.retired.text": "It stays in the registry for ever, but it is no longer in use.",
  "banner.reason": "Reason: {reason}",
  "banner.prefix.suspended":
    "The prefix {prefix} above this code is suspended: nothing new is issued below it.",
  "banner.prefix.retired": "The prefix {prefix} above this code has been retired.",
  "successor.rename": "It now has this code",
  "successor.merge": "It was merged into",
  "successor.split": "It was split into",

  "section.details": "Details",
  "section.descent": "Where it belongs",
  "section.place": "Place",
  "section.links": "More about it",
  "section.aliases": "Claimed codes of other systems",
  "aliases.all": "All claims",
  "alias.by": "Claimed by",
  "alias.claimed": "claimed",
  "alias.confirmed": "confirmed",
  "alias.disputed": "disputed",
  "alias.withdrawn": "withdrawn",
  "alias.part-of": "the legacy code names a part of this",
  "alias.located-at": "the legacy code names what is located here",
  "alias.replaced-by": "the legacy code names what this replaced",
  "alias.contested": "in conflict: also claimed to be another code",
  "alias.days": "{from} to {until}",
  "section.legacy": "Codes in other systems",
  "section.history": "History",
  "section.below": "Below this code",
  "section.protected": "Protected data",
  "section.proof": "Proof",
  "descent.here": "This code",
  "descent.root": "root",

  "place.latitude": "Latitude",
  "place.longitude": "Longitude",
  "place.open": "Open in a map application",
  "place.figure": "Position within its degree of latitude and longitude, {latitude}, {longitude}",
  "place.datum": "WGS 84",

  "legacy.scheme": "System",
  "legacy.value": "Code",
  "protected.text":
    "Digests of data that its holder keeps and shows on request. They say nothing by themselves.",

  "history.version": "Version {version}",
  "history.current": "current",
  "history.issued": "Issued",
  "history.set": "{label}: {after}",
  "history.changed": "{label}: {before} → {after}",
  "history.removed": "{label} removed",
  "history.links": "Links changed",
  "history.commitments": "Protected data changed",
  "history.transferred": "Transferred to {holder}",
  "history.block": "block {height}",
  "history.older": "Older versions",
  "history.newest": "Newest versions",
  "history.nothing": "Nothing that is shown here changed",

  "below.next": "Next",
  "below.first": "From the beginning",
  "below.range": "{count} codes, {first} to {last}",
  "below.none": "Nothing has been issued below this code.",

  "proof.idle": "This page has not been checked yet.",
  "proof.idle.text": "Download the proof and check it on any machine, without this server:",
  "proof.checking": "Checking…",
  "proof.checking.text": "Your browser is fetching the proof and checks every step of it.",
  "proof.verified": "Verified",
  "proof.verified.text":
    "Your browser has checked, step by step, that the registry's signed state says exactly this.",
  "proof.verified.suspended": "Verified: suspended",
  "proof.verified.retired": "Verified: retired",
  "proof.verified.never": "Proven: never issued",
  "proof.verified.never.text":
    "Your browser has checked that the registry's signed state holds no such code.",
  "proof.verified.elsewhere": "Proven: served by another network",
  "proof.verified.elsewhere.text":
    "Your browser has checked that the registry's signed state refers everything below this prefix to the network named here.",
  "proof.failed": "Not verified",
  "proof.failed.text": "The proof does not show what this page says. Do not rely on this page.",
  "proof.changed": "The registry's key is another one than at your last visit",
  "proof.changed.text":
    "The proof fits the new key. Ask the registry in another way whether it changed its key, and until then do not rely on this page.",
  "proof.outdated": "Out of date",
  "proof.outdated.text": "The registry has changed since this page was made. Load it again.",
  "proof.offline": "Not checked",
  "proof.offline.text":
    "The proof could not be fetched. That says nothing about the code. Try again with a connection.",
  "proof.height": "Block",
  "proof.time": "Time of the block",
  "proof.age": "Age",
  "proof.key": "Key of the registry",
  "proof.witnesses": "Witnesses",
  "proof.witnesses.none": "none",
  "proof.size": "Size of the proof",
  "proof.reason": "What is wrong",
  "proof.bytes": "{bytes} bytes, {hashes} hashes",
  "proof.details": "What was checked",
  "proof.download": "Download the proof",
  "proof.trust":
    "This page and the key came from this server. To be entirely sure, compare the key with the one that the registry publishes elsewhere, or check the downloaded proof with a program of your own.",

  "never.kicker": "Never issued",
  "never.title": "This code was never issued",
  "never.text":
    "The registry holds no such code and never has. That is proven: its complete, signed list leaves no room for it.",
  "never.next": "What to do",
  "never.next.compare": "Compare the code with the label, character by character.",
  "never.next.label":
    "If a label says exactly this, the label is not from this registry. Please tell the organisation that it names.",
  "never.next.holder": "If the code was requested only recently, ask the organisation that issues it.",
  "never.nearest": "The nearest that exists above it",
  "never.nearest.none": "Nothing above it exists here: no organisation of this registry holds that root.",
  "never.below": "Codes exist below it",

  "elsewhere.kicker": "Another network",
  "elsewhere.title": "Another network serves this code",
  "elsewhere.text":
    "Everything below {prefix} is issued and answered by the network {network}. Whether this code exists there, this registry does not say.",
  "elsewhere.places": "Where to ask",
  "elsewhere.trust":
    "These addresses were named by the holder of the prefix. This server has not visited them. A program that resolves codes checks the other network's proof by the keys that are on this ledger.",

  "malformed.kicker": "Not a code",
  "malformed.title": "This is not a code",
  "malformed.where": "The trouble begins at character {at}: {shown}",
  "malformed.end": "the end",
  "malformed.expected": "What belongs there",
  "malformed.meant": "Perhaps this was meant",
  "malformed.field.agency": "A code begins with MA in capital letters, a full stop and a country number.",
  "malformed.field.country": "After MA. comes the country as three digits, such as 156 for China.",
  "malformed.field.root": "Here comes a region, an issuer or a unit: letters and digits.",
  "malformed.field.use": "After the slash comes the use as two digits, then a category and a model.",
  "malformed.field.category": "Here comes the category as eight digits.",
  "malformed.field.model": "Here comes the model: letters, digits, hyphen or underscore.",
  "malformed.field.product":
    "Here comes the product of a medical code: letters, digits, hyphen or underscore.",
  "malformed.field.custom":
    "Here come the holder's own nodes, divided by full stops: letters, digits, hyphen or underscore.",
  "malformed.field.code": "A code has at most 128 characters.",
  "malformed.field.path": "The address holds an escape that stands for no character of a code.",

  "gs1.kicker": "GS1 address",
  "gs1.none": "Nobody says what this is",
  "gs1.none.text":
    "The address is well formed, but nobody claims on this ledger that it names any code. That says nothing about the thing itself: another resolver may know it.",
  "gs1.ended": "This is no code any more",
  "gs1.ended.text": "On other days this number stood for what is listed here. Today it stands for nothing.",
  "gs1.conflict": "Two say different things",
  "gs1.crowded.text":
    "More is claimed of this number than can be weighed, so none of the codes is chosen. Ask who runs this registry.",
  "gs1.conflict.text":
    "This number is claimed to be different codes, and nobody who has a say has settled it. None is chosen here: look at each, and at who claims it.",
  "gs1.malformed": "This is no address of GS1",
  "gs1.malformed.text":
    "It begins like one, but something in it is wrong: a digit that was misread, or a part that does not belong there.",
  "gs1.malformed.fault": "In {field}, “{expected}” was expected and “{got}” came.",

  "notfound.title": "Nothing has this address",
  "notfound.text": "Look up a code, or go to the start page.",
  "unavailable.title": "No answer at present",
  "unavailable.text":
    "This server cannot read its registry just now. That says nothing about the code: it may well have been issued. Please try again in a moment.",
  "unavailable.items":
    "The items of the batch that this code may belong to are not on this machine. That says nothing about the code.",
  "unavailable.again": "Try again",

  "value.metres": "{value} m",
} as const;

/** Name of a text. */
export type MessageName = keyof typeof EN;
