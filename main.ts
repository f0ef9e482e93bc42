/**
 * The CDKTF app: picks the environments, wires their stacks, synthesises.
 *
 * ENVIRONMENTS       names to synthesise, separated by commas (default: all)
 * EMULATOR_ENDPOINT  address of a rehearsal's emulator (default: none, the target is AWS)
 * BOOTSTRAP_STATE    "local" for the first deploy of a bootstrap stack, before its state bucket exists (default: "s3")
 */
import { loadEnvironments } from "./environments";
import { createApp } from "./stacks/environment";
import type { Target } from "./stacks/target";

const { ENVIRONMENTS, EMULATOR_ENDPOINT, BOOTSTRAP_STATE = "s3" } = process.env;
const target: Target = EMULATOR_ENDPOINT ? { kind: "emulator", endpoint: EMULATOR_ENDPOINT } : { kind: "aws" };

try {
  if (BOOTSTRAP_STATE !== "s3" && BOOTSTRAP_STATE !== "local") throw new Error(`BOOTSTRAP_STATE is ${JSON.stringify(BOOTSTRAP_STATE)}. Valid values: s3, local.`);
  // Every literal is accepted before the app exists, so that a refused one leaves no half-written folder.
  const environments = loadEnvironments(ENVIRONMENTS);
  createApp({ environments, target, localBootstrapState: BOOTSTRAP_STATE === "local" }).synth();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
