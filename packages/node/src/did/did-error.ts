/**
 * Every error of DID resolution that this resolver gives, with its status over HTTP. DID Resolution 1.0 §10 and its
 * binding of HTTP.
 */
export const DID_ERRORS = {
  INVALID_DID: { http: 400, title: "The DID cannot be read" },
  INVALID_DID_URL: { http: 400, title: "The DID URL cannot be read" },
  INVALID_OPTIONS: { http: 400, title: "An option cannot be used" },
  NOT_FOUND: { http: 404, title: "Nothing is found under the DID" },
  REPRESENTATION_NOT_SUPPORTED: { http: 406, title: "The representation is not given here" },
  METHOD_NOT_SUPPORTED: { http: 501, title: "The DID's method is not resolved here" },
  FEATURE_NOT_SUPPORTED: { http: 501, title: "What is asked for is not done here" },
  INTERNAL_ERROR: { http: 500, title: "The answer cannot be given at present" },
} as const;

export type DidErrorName = keyof typeof DID_ERRORS;

/** Why a DID was not resolved or dereferenced. */
export type DidError = { readonly error: DidErrorName; readonly detail: string };

/** The error as metadata have it: a problem of RFC 9457 whose type DID Resolution names. */
export function didErrorToJson({ error, detail }: DidError): { readonly [name: string]: string } {
  return { type: `https://www.w3.org/ns/did#${error}`, title: DID_ERRORS[error].title, detail };
}
