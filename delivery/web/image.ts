/** Another image on the web application's machine (OPS-054): what is recorded of the last one, and the machine that is told through Systems Manager. */
import { DEPLOY_IMAGE_STEP, HOST_TAG, webHostName, webImageParameter } from "../../constructs/hosts/host-names";
import { deployImageDocument } from "../../constructs/identity/github-names";
import type { Environment } from "../../environments/schema";
import { AwsError, listAt, textAt, type Aws } from "../aws";

export interface WebMachine {
  readonly id: string;
  /** As EC2 says: `running`. */
  readonly state: string;
}

/** What was deployed past the literal, and in place of which of its images: addresses in the registry, the second empty where the literal named none. */
export interface Recorded {
  readonly image: string;
  readonly insteadOf: string;
}

export interface ImageDeploy {
  readonly environment: Pick<Environment, "name">;
  /** Tag or digest. */
  readonly version: string;
  /** Aborted, the wait ends; the machine goes on by itself. */
  readonly signal: AbortSignal;
  readonly onProgress: (words: string) => void;
  /** Between two looks, in milliseconds. @default 2000 */
  readonly lookEvery?: number;
}

/** Systems Manager gives up what a machine has not taken by then, in seconds; thirty are the least that it allows. */
const DELIVERY_SECONDS = 60;
/** The document's own end, and some time to hear of it. */
const LONGEST_MILLISECONDS = 65 * 60_000;

/** @throws Error when there is none, or not exactly one that runs */
export async function findWebMachine(aws: Aws, environment: Pick<Environment, "name" | "nameSuffix">): Promise<WebMachine> {
  const answer = await aws.query("ec2", "DescribeInstances", {
    "Filter.1.Name": `tag:${HOST_TAG}`,
    "Filter.1.Value.1": webHostName(environment),
    ...Object.fromEntries(["pending", "running", "stopping", "stopped"].map((state, index) => [`Filter.2.Value.${index + 1}`, state])),
    "Filter.2.Name": "instance-state-name",
  });
  const found = listAt(answer, "DescribeInstancesResponse", "reservationSet", "item")
    .flatMap((reservation) => listAt(reservation, "instancesSet", "item"))
    .map((one): WebMachine => ({ id: textAt(one, "instanceId"), state: textAt(one, "instanceState", "name") }));
  const [machine] = found;
  if (!machine)
    throw new Error(`${environment.name} has no machine ${webHostName(environment)}: npm run deploy -- ${environment.name} makes it.`);
  if (found.length > 1)
    throw new Error(`${environment.name} has more than one machine ${webHostName(environment)}: ${found.map(({ id }) => id).join(", ")}.`);
  if (machine.state !== "running")
    throw new Error(
      `The machine ${machine.id} of ${environment.name} is ${machine.state}: nothing can be deployed to it before it runs (it rests by the schedule).`,
    );
  return machine;
}

/** @returns undefined where nothing was deployed past the literal yet. @throws AwsError */
export async function recordedImage(aws: Aws, environment: Pick<Environment, "name">): Promise<Recorded | undefined> {
  const answer = await aws.json("ssm", "GetParameter", { Name: webImageParameter(environment.name) });
  const { image, insteadOf } = JSON.parse(textAt(answer, "Parameter", "Value")) as Partial<Recorded>;
  return image === undefined || insteadOf === undefined ? undefined : { image, insteadOf };
}

/**
 * Has the machine change over, and waits for its end.
 * @returns what the machine said
 * @throws Error with what the machine said when it does not run the image in the end; the signal's reason
 */
export async function deployImage(aws: Aws, machine: WebMachine, deploy: ImageDeploy): Promise<string> {
  const { environment, lookEvery = 2000, onProgress, signal, version } = deploy;
  const command = await send(aws, machine, environment, version);
  const started = Date.now();
  for (;;) {
    const answer = await answerOf(aws, machine, command);
    if (answer?.ended) {
      if (answer.isDone) return answer.said;
      throw new Error(`${machine.id} does not run ${version}: ${answer.status}\n${answer.said}`.trimEnd());
    }
    signal.throwIfAborted();
    const seconds = Math.round((Date.now() - started) / 1000);
    if (Date.now() - started > LONGEST_MILLISECONDS)
      throw new Error(
        `${machine.id} has said nothing of command ${command} for ${seconds} s; npm run deploy:web -- ${environment.name} shows what became of it.`,
      );
    onProgress(`${machine.id} pulls, migrates, changes over and looks at its health (${answer?.status ?? "told"}, ${seconds} s)`);
    await new Promise((resolve) => {
      setTimeout(resolve, lookEvery);
    });
  }
}

async function send(aws: Aws, { id }: WebMachine, { name }: Pick<Environment, "name">, version: string): Promise<string> {
  try {
    const sent = await aws.json("ssm", "SendCommand", {
      DocumentName: deployImageDocument(name),
      InstanceIds: [id],
      Parameters: { version: [version] },
      TimeoutSeconds: DELIVERY_SECONDS,
      Comment: `Web application: ${version}`.slice(0, 100),
    });
    return textAt(sent, "Command", "CommandId");
  } catch (error) {
    if (error instanceof AwsError && error.code === "InvalidInstanceId")
      throw new Error(`Systems Manager does not reach ${id}: its agent has not registered yet, or is cut off.`, { cause: error });
    throw error;
  }
}

async function answerOf(
  aws: Aws,
  { id }: WebMachine,
  command: string,
): Promise<{ readonly ended: boolean; readonly isDone: boolean; readonly status: string; readonly said: string } | undefined> {
  try {
    const answer = await aws.json("ssm", "GetCommandInvocation", { CommandId: command, InstanceId: id, PluginName: DEPLOY_IMAGE_STEP });
    const status = textAt(answer, "Status");
    const said = [textAt(answer, "StandardOutputContent"), textAt(answer, "StandardErrorContent")]
      .map((text) => text.trim())
      .filter(Boolean);
    return {
      ended: !["", "Pending", "InProgress", "Delayed", "Cancelling"].includes(status),
      isDone: status === "Success",
      status: textAt(answer, "StatusDetails") || status,
      said: said.join("\n"),
    };
  } catch (error) {
    // For a moment after the command was sent.
    if (error instanceof AwsError && error.code === "InvocationDoesNotExist") return undefined;
    throw error;
  }
}
