/** Property tests try the same examples every time, so that a commit passes or fails once for all; PROPERTY_SEED tries others. */
export const SEED = Number(process.env.PROPERTY_SEED ?? 20_251_019);
