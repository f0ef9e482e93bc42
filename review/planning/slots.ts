import pLimit from "p-limit";

/** A plan is work for the processor, whichever environment it is of; a small runner has two. */
export const PLANS = pLimit(2);
