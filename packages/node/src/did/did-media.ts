/** Media types of DID resolution. DID Resolution 1.0, binding of HTTP; DID Core 1.0 §6 and 1.1 §6. */
export const DID_MEDIA = {
  resolution: "application/did-resolution",
  dereferencing: "application/did-url-dereferencing",
  did: "application/did",
  json: "application/did+json",
  jsonLd: "application/did+ld+json",
  plainJson: "application/json",
} as const;

/** Media types of documents, and of their parts, best first. */
export const DOCUMENT_MEDIA: readonly string[] = [
  DID_MEDIA.did,
  DID_MEDIA.jsonLd,
  DID_MEDIA.json,
  DID_MEDIA.plainJson,
];
