/** What a literal says of the account as a whole (SEC-048, SEC-072, SEC-074, SEC-075; docs/account.md). Part of schema.ts. */
import { z } from "zod";
import { physicalName, pattern } from "./fields";

/** The account has one already, such as its organisation's, and none is made beside it. */
const existing = z.strictObject({ existing: z.literal(true) });

/** Either what exists already, or what is to be made. */
const ownOr = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.discriminatedUnion("existing", [existing, z.strictObject({ existing: z.literal(false), ...shape })], {
    error: "an object whose existing is true (and nothing else in it), or false",
  });

const analyzerName = physicalName(
  "analyzer",
  pattern(/^[A-Za-z][A-Za-z0-9_.-]{0,254}$/, "1 to 255 of A-Z, a-z, 0-9 and _.-, a letter first"),
);

/**
 * The account's own things, once an account: they stand in the literal that has its `bootstrap`, and nowhere else. What is left out is off.
 * What has an `existing` may be there already, of the organisation or of somebody's hands: a second copy of management events is billed, and
 * a region has one recorder and one detector.
 */
export const accountWide = z.strictObject({
  /** Tells who outside of the account can reach something in it (SEC-048); free, in every region that the environment uses. */
  accessAnalyzer: ownOr({ name: analyzerName }).optional(),
});
