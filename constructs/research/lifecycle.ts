/** The script that SageMaker runs at each start of the notebook, and the files that it fetches. */
import { hostFolder, hostText, type Files } from "../hosts/host-files";

/** What SageMaker takes as the content of a lifecycle configuration, encoded. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_NotebookInstanceLifecycleHook.html */
const LIMIT = 16_384;

/** What the notebook's own programs are told (hosts/research/notebook.py). */
export interface NotebookSettings {
  readonly notebook: string;
  readonly environment: string;
  /** The dimension of its metrics. */
  readonly host: string;
  readonly region: string;
  readonly softwareBucket: string;
  readonly logGroup: string;
  readonly metricNamespace: string;
  readonly idleMinutes: number;
}

export interface OnStartProps {
  /** Plain, all of it: the script goes encoded, and no token is found in that. */
  readonly settings: NotebookSettings;
  /** Where the bundle is, in the software bucket. */
  readonly key: string;
  /** Hexadecimal; whoever can write to the bucket cannot slip in a bundle. */
  readonly sha256: string;
}

/** All below `hosts/research/` but the script that fetches it. */
export function notebookFiles(): Files {
  return Object.fromEntries(Object.entries(hostFolder("research")).filter(([file]) => file !== "on-start.sh"));
}

/**
 * The script, as it runs.
 * @throws Error when a value has a character that could mean something to a shell
 */
export function onStartScript({ settings, key, sha256 }: OnStartProps): string {
  const values = { REGION: settings.region, BUCKET: settings.softwareBucket, KEY: key, SHA256: sha256 };
  for (const [name, value] of Object.entries(values))
    if (!/^[A-Za-z0-9./-]+$/.test(value)) throw new Error(`${name} of the notebook's script is ${JSON.stringify(value)}: no plain name`);
  return Object.entries({ ...values, SETTINGS: JSON.stringify(settings) }).reduce(
    (text, [name, value]) => text.replaceAll(`@${name}@`, () => value),
    hostText("research/on-start.sh"),
  );
}

/** @throws Error when the script is longer than SageMaker takes */
export function encoded(script: string): string {
  const content = Buffer.from(script).toString("base64");
  if (content.length > LIMIT) throw new Error(`the notebook's script has ${content.length} characters, encoded; SageMaker takes ${LIMIT}`);
  return content;
}
