/** A state on Azure that nobody has made yet. */
import { environmentOf } from "../../terraform/assembly";

/**
 * Where the backend finds no state it locks, and writes an empty one, at `init` already and whatever `-lock` says (Terraform 1.11,
 * internal/backend/remote-state/azure/backend_state.go); Azure refuses that to who may only read states.
 */
const REFUSED = /failed\s+to\s+lock\s+azure\s+state:[\s\S]*\b403\b/;

/** What Terraform said of a failure; of a missing state, with who makes it. @param said without frames */
export function withMissingState(stack: string, said: string): string {
  if (!REFUSED.test(said)) return said;
  const command = `npm run synth -- ${environmentOf(stack)} && terraform -chdir=cdktf.out/stacks/${stack} init`;
  return `${stack} has no state yet, and who only plans may not make one. An owner does, once: ${command} (docs/azure.md).\n${said}`;
}
