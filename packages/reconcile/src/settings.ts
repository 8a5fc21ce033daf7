/** By what a matching decides. All whole numbers. */
export type Settings = {
  /** Pairs with a lower score are not proposed. */
  readonly scoreMin: number;
  /** By how much a pair has to be better than every other pair of its two rows; otherwise it is ambiguous. */
  readonly marginMin: number;
  /** Metres from which on nearness says nothing any more; four times as far speaks against a pair. */
  readonly radiusMetres: number;
};

/** Chosen by trying, see decision 42. */
export const DEFAULT_SETTINGS: Settings = { scoreMin: 600, marginMin: 50, radiusMetres: 500 };

/** What scores and margins are parts of. */
export const SCORE_MAX = 1_000;
/** Greatest radius: beyond it the earth is not flat enough, and nothing is one thing. */
export const RADIUS_METRES_MAX = 20_000;
