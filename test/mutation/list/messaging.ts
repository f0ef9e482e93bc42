/** Queues, topics, alarms, keys and policies. */
import type { Area } from "./area";

export const MESSAGING: readonly Area[] = [
  {
    near: ["constructs/messaging"],
    mutations: [
      { name: "queue without encryption", in: "Queue", at: "common.sqsManagedSseEnabled", to: "false" },
      { name: "queue without its dead-letter queue", in: "Queue", at: "redrivePolicy", drop: true },
      { name: "queue reachable without TLS", in: "Queue", at: "constructor", part: 'denyWithoutTls([queue.arn], "sqs")', drop: true },
      { name: "dead-letter queue that takes from anyone", in: "Queue", at: "redrivePermission", to: '"allowAll"' },
      { name: "queue that any topic may fill", in: "deliveryStatement", at: "conditions", drop: true },
      { name: "dead-letter alarm on the main queue", in: "Queue", at: "deadLetters QueueName", to: "this.name" },
      { name: "topic that every account may publish to", in: "Topic", at: "knowsItsAccount()", to: "false" },
      { name: "topic without encryption", in: "Topic", at: "kmsMasterKeyId", to: "undefined" },
    ],
  },
  {
    near: ["constructs/messaging", "constructs/alarms"],
    mutations: [
      { name: "alarm that tells nobody", in: "Alarm", at: "alarmActions", to: "[]" },
      { name: "share of errors upside down", in: "percentage", at: "expression", to: '"100 * whole / part"' },
      { name: "event that is told to nobody", in: "EventAlert", at: "arn", part: "target", to: "rule" },
    ],
  },
  {
    near: ["stacks/environments"],
    mutations: [{ name: "nobody is told of alerts", in: "EventsStack", at: "deliverToAddresses()", drop: true }],
  },
  {
    near: ["constructs/messaging", "constructs/storage"],
    mutations: [
      { name: "key that never rotates", in: "EncryptionKey", at: "enableKeyRotation", to: "false" },
      { name: "key that services of any account may use", in: "EncryptionKey", at: "knowsItsAccount()", to: "false" },
      { name: "TLS rule that denies nothing", in: "denyWithoutTls", at: '"aws:SecureTransport"', to: '"true"' },
      { name: "events kept away by a condition", in: "knowsItsAccount", at: '"events.amazonaws.com"', to: '""' },
    ],
  },
];
