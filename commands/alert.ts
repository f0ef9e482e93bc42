import { Command, Option } from "commander";
import { Aws, textAt } from "../delivery/aws";
import { loadEnvironment } from "../environments";
import type { Environment } from "../environments/schema";
import { EXAMPLE_MESSAGES, type ExampleMessage } from "./alert/examples";
import type { Project } from "./project";
import { accessTo } from "./shared/access";
import { environmentArgument } from "./shared/environment-argument";
import { placeOf, type Place } from "./shared/target";

export function alertCommand({ root }: Project): Command {
  return new Command("alert")
    .description(
      "Publish a test message to an environment's topic, as its publisher would, to see whether it reaches people: by mail, in Slack, in the log of alerts. Goes to the kept rehearsal where there is one and no credentials of AWS.",
    )
    .addArgument(environmentArgument())
    .addOption(new Option("--example <name>", "which message").choices(Object.keys(EXAMPLE_MESSAGES)).default("alarm"))
    .action(async (name: string, { example }: { readonly example: string }) => {
      const environment = loadEnvironment(name);
      const place = placeOf(root, environment);
      const message = EXAMPLE_MESSAGES[example]!(environment, new Date().toISOString());
      console.log(await published(environment, message, place));
    });
}

/**
 * Publishes, once: where it cannot be known whether the topic took the message, that is an error.
 * @returns what to look for, for people
 * @throws Error where there is no such topic, or the caller may not publish to it
 */
export async function published(environment: Environment, message: ExampleMessage, { endpoint, words }: Place): Promise<string> {
  const { account, events, name, region } = environment;
  const topic = events[message.topic];
  const arn = `arn:aws:sns:${region}:${account}:${topic}`;
  const aws = new Aws(accessTo(environment, endpoint));
  try {
    const answered = await aws.query("sns", "Publish", parametersOf(arn, message), { isRepeatable: false });
    const id = textAt(answered, "PublishResponse", "PublishResult", "MessageId");
    const mail = events.alertSubscriptions.map((subscriber) => subscriber.endpoint).join(", ");
    return [
      `Published to ${arn} as ${id}.`,
      message.topic === "systemAlertsTopic"
        ? `Mail and web: ${mail || "nobody is subscribed (events.alertSubscriptions)"}.`
        : "Business events: no mail but for critical ones.",
      `Slack: the channel of the secret ${environment.data.secrets.slackWebhook.name}; if nothing arrives within a minute, the log /aws/lambda/${events.functions.slackNotification} says why.`,
      `Looking back: the log /aws/lambda/${events.functions.alertIngestion} (docs/alerts.md).`,
    ].join("\n");
  } catch (error) {
    if ((error as { readonly code?: string }).code === "NotFound")
      throw new Error(`There is no topic ${topic} ${words}. npm run deploy -- ${name} makes it.`, { cause: error });
    throw error;
  } finally {
    aws.dispose();
  }
}

function parametersOf(arn: string, { attributes = {}, message, subject }: ExampleMessage): Record<string, string> {
  return {
    TopicArn: arn,
    Message: message,
    ...(subject !== undefined && { Subject: subject }),
    ...Object.fromEntries(
      Object.entries(attributes).flatMap(([name, value], index) => {
        const entry = `MessageAttributes.entry.${index + 1}`;
        return [
          [`${entry}.Name`, name],
          [`${entry}.Value.DataType`, "String"],
          [`${entry}.Value.StringValue`, value],
        ];
      }),
    ),
  };
}
