import { Construct } from "constructs";
import { Alarm, type AlarmSettings, type AlarmTarget } from "../alarms/alarm";
import type { EncryptionKey } from "../identity/encryption-key";
import type { Grantee } from "../identity/role";
import { Topic } from "../messaging/topic";

export interface WatchdogProps {
  /** Physical name of the topic, 1 to 256 characters. */
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  /** @default none, as of any topic */
  readonly key?: EncryptionKey;
}

/** Seconds between two figures that SNS gives CloudWatch. https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
const PERIOD = 300;
/** Silent for as many, so that one late figure wakes nobody. */
const PERIODS = 3;

/**
 * The dead-man's switch of a cluster's Prometheus. Its alert `Watchdog` always fires; Alertmanager publishes it every other minute to a topic that
 * nobody reads, and the count of its messages, which SNS keeps by itself, is the heartbeat. When Prometheus, Alertmanager, its role, the nodes or
 * the way out of the VPC fail, the count stops and CloudWatch alarms by a way that has none of them in it. It takes no pod, function or metric of
 * our own. A topic of its own, because messages to the alerts topic are read by people.
 */
export class Watchdog extends Construct {
  readonly arn: string;
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { name, account, key }: WatchdogProps) {
    super(scope, id);
    this.topic = new Topic(this, "topic", { name, displayName: "Prometheus is alive", account, key });
    this.arn = this.topic.arn;
  }

  /** Says that it is alive. */
  grantBeat(grantee: Grantee): void {
    this.topic.grantPublish(grantee);
  }

  /** Reports that nothing was heard for a quarter of an hour. It does so too from a first deploy until the cluster's releases stand. */
  alarmOnSilence(target: AlarmTarget, named: Pick<AlarmSettings, "name" | "silencedBySchedule">): void {
    new Alarm(this, "silence-alarm", {
      ...named,
      description: `Prometheus has not been heard of for ${(PERIOD * PERIODS) / 60} minutes, so that no alert of the cluster would arrive`,
      severity: "critical",
      owner: "SRE",
      runbook: "cluster-silent",
      namespace: "AWS/SNS",
      metric: "NumberOfMessagesPublished",
      dimensions: { TopicName: this.topic.name },
      statistic: "Sum",
      comparison: "LessThanThreshold",
      threshold: 1,
      period: PERIOD,
      evaluationPeriods: PERIODS,
      missingData: "breaching",
      target,
    });
  }
}
