/** What lock files mean for whoever runs Terraform: docs/deploying.md, "Providers". */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { BY_SIGNATURE, LOCK_FILE, PROVIDER_LOCK, withoutHashes } from "../stacks/provider-lock";
import { readStack, type Stack } from "./assembly";

/** Brings the hashes up to date, from the registry or a mirror. */
const LOCK_COMMAND = "terraform -chdir=stacks/providers providers lock";

/** Refuses a stack with a provider that nobody has locked: Terraform would take it by its signature alone, which is agreed of few. @throws Error with every such provider */
export function refuseUnlockedProviders({ name, folder }: Pick<Stack, "name" | "folder">): void {
  const { provider, terraform } = readStack(folder);
  // On an emulator, which is reached by addresses of its own, providers of any mirror serve (stacks/base.ts).
  if (JSON.stringify([provider, terraform?.backend]).includes('"endpoints"')) return;
  const file = join(folder, LOCK_FILE);
  const lock = existsSync(file) ? readFileSync(file, "utf8") : "";
  const unlocked = withoutHashes(terraform?.required_providers ?? {}, lock).filter(
    (provider) => !BY_SIGNATURE.includes(provider.split(" ")[0]!),
  );
  if (unlocked.length === 0) return;
  throw new Error(
    [
      `${name} needs providers of which ${PROVIDER_LOCK} has no hashes:`,
      ...unlocked.map((provider) => `  ${provider}`),
      `Enter them in stacks/providers/versions.tf.json and run: ${LOCK_COMMAND} (docs/deploying.md, "Providers").`,
    ].join("\n"),
  );
}

/** Terraform breaks its lines where it likes. */
const REFUSED = /checksums\s+(previously\s+)?recorded\s+in\s+the\s+dependency\s+lock\s+file/;

/** What Terraform said of a failure; where it refused what a provider contains, with the file that says so and what to do. */
export function withLockExplained(said: string): string {
  if (!REFUSED.test(said.replace(/[│╷╵]/g, " "))) return said;
  return [
    said,
    `${PROVIDER_LOCK} says what each provider may contain, and this one has other contents, or is for a platform whose unpacked contents are not locked.`,
    `Find out why before you take it. If it is what you want: ${LOCK_COMMAND} (docs/deploying.md, "Providers"), and read what it changes.`,
  ].join("\n");
}
