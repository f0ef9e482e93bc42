/** How commands take environments: by name, or by the documents' word for what one is for. */
import { Argument } from "commander";
import { environmentNameOf, environmentNames, loadEnvironment } from "../../environments";
import { azureNames } from "../../environments/azure";
import { anyNameOf } from "../../environments/clouds";

/** The words that stand for exactly one environment. */
function words(): string[] {
  const stages = environmentNames.map((name) => loadEnvironment(name).stage);
  return stages.filter((stage) => stages.indexOf(stage) === stages.lastIndexOf(stage) && !environmentNames.includes(stage));
}

function described(before: string, after = ""): string {
  let also = "";
  // A literal that is refused is said by the command, not by its help.
  try {
    also = words().join(", ");
  } catch {
    /* the names will do */
  }
  return `${before} ${environmentNames.join(", ")}${also && `, or the documents' ${also}`}${after}`;
}

/** One environment; actions get its name, whichever word was typed. */
export const environmentArgument = (): Argument =>
  new Argument("<environment>", described("one of")).argParser((word: string) => environmentNameOf(word));

/** One environment or none. @param none what it means to name none */
export const optionalEnvironmentArgument = (none: string): Argument =>
  new Argument("[environment]", described("one of", `; ${none}`)).argParser((word: string) => environmentNameOf(word));

/** Any number of environments. @param none what it means to name none */
export const environmentsArgument = (none = "all"): Argument =>
  new Argument("[environment...]", described("any of", ` (default: ${none})`)).argParser((word: string, before: readonly string[] = []) => [
    ...before,
    environmentNameOf(word),
  ]);

const onAzure = `; on Azure ${azureNames.join(", ")}`;

/** One environment of AWS or of Azure, which go by their names alone. */
export const anyEnvironmentArgument = (): Argument => new Argument("<environment>", described("one of", onAzure)).argParser(anyNameOf);

/** Any number of environments of AWS and of Azure. @param none what it means to name none */
export const anyEnvironmentsArgument = (none = "all"): Argument =>
  new Argument("[environment...]", described("any of", `${onAzure} (default: ${none})`)).argParser(
    (word: string, before: readonly string[] = []) => [...before, anyNameOf(word)],
  );
