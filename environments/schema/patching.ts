/** What a literal says of security updates. Part of schema.ts. */
import { z } from "zod";
import { integer, weeklyCron } from "./fields";

/** Security updates of the machines, every week (OPS-032); no machine is restarted for them (constructs/hosts/patching.ts). */
export const patching = z.strictObject({
  /** When the window opens, UTC. */
  start: weeklyCron,
  /** The window is open for so long; in its last hour no further machine is begun. */
  hours: integer(2, 24, "hours"),
  /** Days after its release from which an update is installed: what is wrong with it is known by then, and what is later here was tried elsewhere. */
  approveAfterDays: integer(0, 100, "days"),
});
export type Patching = z.output<typeof patching>;
