/** Tier 2: a new host beside the old one, which is kept until the new one is well (OPS-006, OPS-014, OPS-015). */
import { HOST_TAG } from "../../hosts/host-names";
import { hostText } from "../../hosts/host-files";
import type { AutomationRunbook } from "../description";
import { hostCheck } from "./host-check";
import { approver, INSTANCE_ID, ownMachines, type Place, type SentDocument } from "./place";

/** Seconds for a machine to stop, its programs included. */
const STOP_SECONDS = 900;
/** Seconds in which EC2 makes an image of a volume that was never copied before; AWS promises no time. */
const IMAGE_SECONDS = 2 * 3600;

/** Terraform's part, which no document of Systems Manager can do: design 12. */
const THEN = (
  environment: string,
) => `Terraform forgets the old host and makes a new one from image and bundle, as the literal says. **On Windows**, where nothing is bound to the old one:

\`\`\`sh
npx cdktf synth
terraform -chdir=cdktf.out/stacks/${environment}-trading init
terraform -chdir=cdktf.out/stacks/${environment}-trading state list | grep aws_instance            # the host's address: aws_instance.windows_…
terraform -chdir=cdktf.out/stacks/${environment}-trading state rm 'aws_instance.windows_…'          # forgets, and destroys nothing
npm run deploy -- ${environment} --stacks trading                                                # one instance is added, none destroyed: look before you say yes
\`\`\`

The new host installs itself, in half an hour, and restarts once ([hosts.md](../hosts.md#from-a-start-to-the-first-order)). It trades by itself then, unless the kill switch is on. Well: [host-rebuild-finish](host-rebuild-finish.md) looks at it and takes the old one down.

**A Linux host** stands at a fixed address (\`linuxEngine.privateAddresses\`), which the old one holds as long as it exists, stopped or not. So there the image is what is kept: when it stands, \`terraform -chdir=… apply -replace='aws_instance.engine_…'\` in place of \`state rm\`, after \`aws ec2 modify-instance-attribute --instance-id <old> --no-disable-api-termination\`.

**The new one is not well, and the old one was:** stop the new one, \`terraform … state rm\` and \`terraform … import 'aws_instance.windows_…' <old>\`; send the old one \`tss-${environment}.kill-switch-ready\` once [host-recovery](host-recovery.md) has started it, because it was told to stand still. A Linux host comes back from its image: \`image: { id: "<image>", … }\` in the literal.

The image and its snapshots cost as long as they stand: \`aws ec2 deregister-image --image-id <image> --delete-associated-snapshots\`.`;

export interface Sent {
  readonly windows: SentDocument;
  readonly linux: SentDocument;
  /** Of the kill switch: a host stands still, and starts nothing when it is started. */
  readonly stop: SentDocument;
}

export function hostRebuild(place: Place, sent: Sent): readonly [AutomationRunbook, AutomationRunbook] {
  const { environment, region } = place;
  const machines = ownMachines(place);
  const onMachine = (api: string, id: string, more: object = {}) =>
    ({
      does: "call",
      service: "ec2",
      api,
      input: { InstanceIds: [id], ...more },
      on: machines.resources as readonly string[],
      conditions: machines.conditions,
    }) as const;
  const state = (id: string, isOneOf: readonly string[]) =>
    ({
      service: "ec2",
      api: "DescribeInstances",
      input: { InstanceIds: [id], Filters: [{ Name: "tag:Environment", Values: [environment] }] },
      on: ["*"],
      property: "$.Reservations[0].Instances[0].State.Name",
      isOneOf,
    }) as const;
  const command = {
    does: "command",
    machines: { actions: ["ssm:SendCommand"], ...ownMachines(place, "ssm:resourceTag/Environment") },
  } as const;
  const old = "{{ InstanceId }}";
  const [image, snapshot] = ["image", "snapshot"].map((kind) => `arn:aws:ec2:${region}::${kind}/*`) as [string, string];
  const tags = [
    {
      ResourceType: "image",
      Tags: [
        { Key: "Environment", Value: environment },
        { Key: "Name", Value: "kept: {{ host.Name }} {{ InstanceId }}" },
      ],
    },
  ];

  const rebuild: AutomationRunbook = {
    kind: "automation",
    name: "host-rebuild",
    title: "A host cannot be recovered: keep it, and make a new one beside it",
    purpose:
      "When [host-recovery](host-recovery.md) did not help. The old host is told to stand still, stopped and copied to an image, and **not terminated**: two hosts must never trade on one account, and what is on its disk may be needed yet. Open positions stay open at the broker meanwhile. The new host is then Terraform's to make (below), so that it is in its state from its first minute.",
    tier: 2,
    owner: "CloudArchitecture",
    parameters: { InstanceId: INSTANCE_ID },
    steps: [
      {
        name: "host",
        does: "script",
        why: "The host is one of this environment, runs or is stopped, and is no member of an Auto Scaling group, which makes its members anew by itself.",
        script: hostText("runbooks/host_facts.py"),
        input: { instance: old, environment, tag: HOST_TAG },
        rights: [{ actions: ["ec2:DescribeInstances"], resources: ["*"] }],
        outputs: { State: { selector: "$.Payload.state" }, Name: { selector: "$.Payload.name" } },
      },
      { name: "isStopped", does: "branch", why: "It may be so already.", on: "host.State", when: { stopped: "image" }, otherwise: "quiet" },
      {
        name: "quiet",
        ...command,
        why: "As the kill switch does it: programs end, and nothing starts should somebody start the old machine beside the new one. One that answers nobody cannot be told.",
        document: sent.stop,
        instanceId: old,
        timeoutSeconds: 300,
        onFailure: { goTo: "stop" },
      },
      { name: "stop", why: "Nothing is written to its disk any more.", ...onMachine("StopInstances", old) },
      {
        name: "waitForStop",
        does: "wait",
        why: "Until it is stopped.",
        ...state(old, ["stopped"]),
        timeoutSeconds: STOP_SECONDS,
        next: "image",
        onFailure: { goTo: "force" },
      },
      { name: "force", why: "It did not shut down by itself.", ...onMachine("StopInstances", old, { Force: true }) },
      {
        name: "waitForForce",
        does: "wait",
        why: "Until it is stopped; else its hardware is AWS's to mend.",
        ...state(old, ["stopped"]),
        timeoutSeconds: STOP_SECONDS,
      },
      {
        name: "image",
        does: "call",
        why: "What was on its disk, which outlives the old machine.",
        service: "ec2",
        api: "CreateImage",
        input: { InstanceId: old, Name: `tss-${environment}-kept-{{ InstanceId }}-{{ automation:EXECUTION_ID }}`, TagSpecifications: tags },
        on: machines.resources as readonly string[],
        conditions: machines.conditions,
        also: [
          { actions: ["ec2:CreateImage"], resources: [image, snapshot] },
          { actions: ["ec2:CreateTags"], resources: [image], conditions: { StringEquals: { "ec2:CreateAction": "CreateImage" } } },
        ],
        outputs: { Id: { selector: "$.ImageId" } },
      },
      {
        name: "waitForImage",
        does: "wait",
        why: "Until it is whole.",
        service: "ec2",
        api: "DescribeImages",
        input: { ImageIds: ["{{ image.Id }}"] },
        on: ["*"],
        property: "$.Images[0].State",
        isOneOf: ["available"],
        timeoutSeconds: IMAGE_SECONDS,
        end: true,
      },
    ],
    then: THEN(environment),
  };

  const finish: AutomationRunbook = {
    kind: "automation",
    name: "host-rebuild-finish",
    title: "The new host is well: take the old one down",
    purpose:
      "The end of [host-rebuild](host-rebuild.md): the new host is looked at, and only one that is well leads to the question whether the old one may go. Terminated, its volume is gone; its image stays.",
    tier: 2,
    owner: "CloudArchitecture",
    parameters: {
      New: { ...INSTANCE_ID, description: "The new host, which runs" },
      Old: { ...INSTANCE_ID, description: "The old one, which is stopped", example: "i-0fedcba9876543210" },
      Approver: approver(place),
    },
    steps: [
      {
        name: "isOldStopped",
        does: "assert",
        why: "Only a stopped host of this environment is taken down.",
        ...state("{{ Old }}", ["stopped"]),
      },
      { name: "isNewUp", does: "assert", why: "The new one is of this environment, and runs.", ...state("{{ New }}", ["running"]) },
      {
        name: "isNewSound",
        does: "assert",
        why: "Both of EC2's status checks pass.",
        service: "ec2",
        api: "DescribeInstanceStatus",
        input: { InstanceIds: ["{{ New }}"], Filters: [{ Name: "system-status.status", Values: ["ok"] }] },
        on: ["*"],
        property: "$.InstanceStatuses[0].InstanceStatus.Status",
        isOneOf: ["ok"],
      },
      {
        name: "host",
        does: "call",
        why: "Windows or Linux?",
        service: "ec2",
        api: "DescribeInstances",
        input: { InstanceIds: ["{{ New }}"] },
        on: ["*"],
        outputs: { Platform: { selector: "$.Reservations[0].Instances[0].PlatformDetails" } },
      },
      // One that is not well leaves the old one alone.
      ...hostCheck({ instanceId: "{{ New }}", sent, machines: command.machines, next: "approve" }),
      {
        name: "approve",
        does: "approve",
        why: "Somebody has read what the new host says. Nobody for an hour: the old one stays.",
        message: `{{ New }} is well. {{ Old }} is to be terminated, and its volume with it.`,
        approver: "{{ Approver }}",
      },
      {
        name: "release",
        does: "call",
        why: "Outside development a host refuses to be terminated.",
        service: "ec2",
        api: "ModifyInstanceAttribute",
        input: { InstanceId: "{{ Old }}", DisableApiTermination: { Value: false } },
        on: machines.resources as readonly string[],
        conditions: machines.conditions,
      },
      { name: "terminate", why: "It goes, with its volume.", ...onMachine("TerminateInstances", "{{ Old }}") },
      {
        name: "waitForEnd",
        does: "wait",
        why: "Until it is gone.",
        ...state("{{ Old }}", ["terminated"]),
        timeoutSeconds: STOP_SECONDS,
        end: true,
      },
    ],
  };
  return [rebuild, finish];
}
