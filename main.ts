/**
 * The CDKTF app: picks the environments, wires their stacks, synthesises.
 *
 * ENVIRONMENTS         names to synthesise, separated by commas (default: all, of AWS and of Azure)
 * EMULATOR_ENDPOINT    address of a rehearsal's emulator (default: none, the target is AWS)
 * BOOTSTRAP_STATE      "local" for the first deploy of a bootstrap stack, before its state bucket exists (default: "s3")
 * IMAGES               tags or digests of services, such as "ml=1.4.2,data=1.0.3" (default: those of the literals)
 * PLATFORM             in a rehearsal: what runs the services, "ecs", "eks" or "none" (default: "as-written")
 * LITERAL_VALUES       in an estimate: values by path, as JSON, such as {"services.ml.cpu":"512"} (default: those of the literals)
 * DELETION_PROTECTION  "lifted" to make protected data destroyable, for `npm run destroy` (default: "as-written")
 */
import { environmentNames, loadEnvironments } from "./environments";
import { azureNames, loadAllAzure } from "./environments/azure";
import { selectedOf } from "./environments/clouds";
import { parseImages } from "./environments/reading/changes";
import { createApp } from "./stacks/environment";
import type { Target } from "./stacks/target";
import { withoutTokenTraces } from "./stacks/traces";

/** A variable that holds one of a few words; the first is the default. */
function choice<T extends string>(variable: string, ...values: readonly [T, ...T[]]): T {
  const value = process.env[variable] || values[0];
  const found = values.find((allowed) => allowed === value);
  if (!found) throw new Error(`${variable} is ${JSON.stringify(value)}. Valid values: ${values.join(", ")}.`);
  return found;
}

try {
  const { ENVIRONMENTS, EMULATOR_ENDPOINT, IMAGES = "", LITERAL_VALUES } = process.env;
  const target: Target = EMULATOR_ENDPOINT ? { kind: "emulator", endpoint: EMULATOR_ENDPOINT } : { kind: "aws" };
  const localBootstrapState = choice("BOOTSTRAP_STATE", "s3", "local") === "local";
  const lifted = choice("DELETION_PROTECTION", "as-written", "lifted") === "lifted";
  const platform = choice("PLATFORM", "as-written", "ecs", "eks", "none");
  // On AWS a variable that someone left in their shell would take the services down.
  if (platform !== "as-written" && target.kind === "aws")
    throw new Error("PLATFORM is for rehearsals; to deploy another platform, write it into the environment's literal.");
  // Nor may an environment that no literal describes be deployed: an estimate is synthesised for an emulator that nobody starts.
  if (LITERAL_VALUES && target.kind === "aws")
    throw new Error("LITERAL_VALUES is for estimates (npm run cost); to deploy a value, write it into the environment's literal.");
  const values = LITERAL_VALUES ? (JSON.parse(LITERAL_VALUES) as Readonly<Record<string, string>>) : undefined;
  const changes = { images: parseImages(IMAGES), ...(platform !== "as-written" && { platform }), ...(values && { values }) };
  // Every literal is accepted before the app exists, so that a refused one leaves no half-written folder.
  const selected = selectedOf(ENVIRONMENTS, environmentNames, azureNames);
  // Azure is not emulated; whoever rehearses all means all of AWS.
  if (target.kind === "emulator" && ENVIRONMENTS && selected.azure.length > 0)
    throw new Error(`${selected.azure.join(", ")}: there is no emulator of Azure.`);
  const onAzure = target.kind === "emulator" ? [] : selected.azure;
  const environments = (selected.aws === undefined ? [] : loadEnvironments(selected.aws, changes)).map((environment) =>
    lifted ? { ...environment, deletionProtection: false, imports: [] } : environment,
  );
  const azure = (onAzure.length > 0 ? loadAllAzure(onAzure, changes) : []).map((environment) =>
    lifted ? { ...environment, deletionProtection: false } : environment,
  );
  withoutTokenTraces(() => createApp({ environments, azure, target, localBootstrapState }).synth());
} catch (error) {
  // The system's, about files: whoever runs the app says what can be done.
  if (error instanceof Error && "code" in error) throw error;
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
