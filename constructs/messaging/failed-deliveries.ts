import { Construct } from "constructs";
import type { EncryptionKey } from "../identity/encryption-key";
import { Role } from "../identity/role";
import { LogGroup } from "../logs/log-group";
import type { Topic } from "./topic";

export interface FailedDeliveriesProps {
  /** Each with its physical name. */
  readonly topics: readonly { readonly topic: Topic; readonly name: string }[];
  /** Physical name of SNS's role. */
  readonly roleName: string;
  /** Twelve digits. */
  readonly account: string;
  /** Such as `ap-northeast-1`. */
  readonly region: string;
  /** One of those that CloudWatch Logs offers. */
  readonly retentionDays: number;
  /** Must let CloudWatch Logs use it. @default that of CloudWatch Logs */
  readonly key?: EncryptionKey;
}

/** The log group in which SNS writes of a topic. https://docs.aws.amazon.com/sns/latest/dg/sns-topic-attributes.html */
export const failedDeliveries = ({
  account,
  region,
  topic,
}: {
  readonly account: string;
  readonly region: string;
  readonly topic: string;
}) => `sns/${region}/${account}/${topic}/Failure`;

/** Logs what topics could not deliver: a key or a policy that keeps SNS away shows nowhere else. */
export function logFailedDeliveries(scope: Construct, id: string, props: FailedDeliveriesProps): void {
  const { topics, roleName, account, region, retentionDays, key } = props;
  const parts = new Construct(scope, id);
  const role = new Role(parts, "role", {
    name: roleName,
    description: "Writes of what SNS could not deliver",
    assumedBy: "sns.amazonaws.com",
  });
  for (const { topic, name } of topics) {
    const logs = new LogGroup(parts, `${topic.node.id}-failures`, {
      name: failedDeliveries({ account, region, topic: name }),
      retentionDays,
      key,
    });
    logs.grantAppend(role);
    topic.logFailures(role);
  }
}
