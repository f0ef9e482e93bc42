import { join } from "node:path";
import { refusePlaceholderAccount } from "../../delivery/examples";
import type { Environment } from "../../environments/schema";
import { keptRehearsal } from "../../rehearsal/kept";
import { hasCredentials } from "../../review/planning/account";

/** Where stacks are synthesised to, and whether they reach AWS or an emulator: as main.ts and cdktf read it. */
export const targetOf = (root: string) => ({
  output: process.env.CDKTF_OUTDIR || join(root, "cdktf.out"),
  isEmulated: Boolean(process.env.EMULATOR_ENDPOINT),
});

/** Where what is deployed of an environment is asked. */
export interface Place {
  readonly kind: "account" | "rehearsal";
  /** For a headline: `in account 111122223333 (ap-northeast-1)`. */
  readonly words: string;
  /** An emulator's. @default AWS */
  readonly endpoint?: string;
  /** Folder of the stacks that a kept rehearsal deployed. @default those of the working tree count */
  readonly output?: string;
}

/**
 * The kept rehearsal where it is wanted, or where one is kept and nothing says otherwise: no credentials of AWS, no emulator; else that emulator, or AWS.
 * @throws Error when no rehearsal is kept that is wanted, or the account is the example's
 */
export function placeOf(root: string, environment: Environment, wantsRehearsal = false): Place {
  const { account, name, region } = environment;
  const emulator = process.env.EMULATOR_ENDPOINT || undefined;
  const kept = keptRehearsal(root, name);
  if (wantsRehearsal && !kept)
    throw new Error(`No rehearsal of ${name} is kept. npm run rehearse -- ${name} --keep deploys it and keeps it.`);
  if (kept && (wantsRehearsal || (!emulator && !hasCredentials(process.env))))
    return { kind: "rehearsal", words: `in the kept rehearsal at ${kept.endpoint}`, ...kept };
  if (emulator) return { kind: "rehearsal", words: `in the emulator at ${emulator}`, endpoint: emulator };
  refusePlaceholderAccount(environment);
  return { kind: "account", words: `in account ${account} (${region})` };
}
