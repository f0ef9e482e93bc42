/** What to look at when Terraform, Helm or a pod is in trouble (OPS-046 … OPS-048), and a release that is stuck. */
import { CHART_RELEASE } from "../../../kubernetes/names";
import type { ManualRunbook } from "../../description";

/** Of the services, in every example literal (K8S-005). */
const NAMESPACE = "day-trade";
const common = { kind: "manual", tier: 2, owner: "DevOps" } as const;

export const terraformTrouble = (environment: string): ManualRunbook => {
  const folder = (stack: string) => `terraform -chdir=cdktf.out/stacks/${environment}-${stack}`;
  return {
    ...common,
    name: "terraform-trouble",
    title: "Terraform is in trouble",
    purpose: `A deploy stopped in the middle, a plan wants what nobody asked for, a resource is in the account and not in the state. Each stack has a state of its own; \`<stack>\` is such as \`trading\`. **Look first: only the last two steps change anything.**`,
    steps: [
      {
        title: "What does it say, and who is at it?",
        text: "The lock shows whether somebody else is deploying. `unlock` shows it and asks before it releases anything; never while its owner still works.",
        commands: [`npm run diff -- ${environment}`, `npm run drift -- ${environment}`, `npm run unlock -- ${environment}`],
      },
      {
        title: "What is in the state?",
        text: "From the synthesised stack, with the account's credentials. `list` names addresses, `show` what Terraform knows of one.",
        commands: [
          `npm run synth -- ${environment}`,
          `${folder("<stack>")} init`,
          `${folder("<stack>")} state list`,
          `${folder("<stack>")} state show '<address>'`,
        ],
      },
      {
        title: "Deploy again",
        text: "Almost always enough: Terraform goes on where it stopped, and what was cut off in its creation is made anew. `already exists` means that AWS made it and the state does not know: look whose it is, then `import` it, or delete it by hand if nothing is in it.",
        commands: [`npm run deploy -- ${environment} --stacks <stack>`, `${folder("<stack>")} import '<address>' '<id>'`],
      },
      {
        title: "One broken resource made anew",
        text: "The documents say `destroy -target=<resource>`. **It takes everything along that depends on the resource, in this stack, and leaves other stacks pointing at what is gone.** `-replace` does the same to the one resource and makes it again. What holds data refuses both (`prevent_destroy`), rightly. A host: [host-rebuild](host-rebuild.md).",
        commands: [
          `${folder("<stack>")} plan -replace='<address>'   # read what else it takes`,
          `${folder("<stack>")} apply -replace='<address>'`,
        ],
      },
      {
        title: "A state that is wrong",
        text: "The bucket keeps each version of a state. Take the lock's owner off the keyboard, save what is there, put back the one before; then `diff` until it is empty.",
        commands: [
          `${folder("<stack>")} state pull > saved.tfstate`,
          `aws s3api list-object-versions --bucket <state bucket> --prefix ${environment}/ --query 'Versions[].[LastModified,Key,VersionId]' --output text`,
          `npm run diff -- ${environment}`,
        ],
      },
    ],
  };
};

export const releaseTrouble = (environment: string): ManualRunbook => {
  const at = `--namespace ${NAMESPACE}`;
  return {
    ...common,
    name: "release-trouble",
    title: "A Helm release failed, or is stuck in pending-upgrade",
    purpose: `\`another operation (install/upgrade/rollback) is in progress\`, \`context deadline exceeded\`, or a release that is not \`deployed\`. A deploy that is killed leaves its release in the middle, and every later plan is refused. The release of the services is \`${CHART_RELEASE}\` in the literal's \`cluster.kubernetes.namespace\`, here \`${NAMESPACE}\`; its own failed upgrades roll back by themselves. What is known of causes: [kubernetes.md](../kubernetes.md#when-a-release-fails).`,
    steps: [
      {
        title: "What is it, and is somebody still at it?",
        text: "`pending-upgrade`, `pending-install` or `pending-rollback` with a time of seconds ago is a deploy at work: leave it. One of an hour ago was killed.",
        commands: [
          `helm status ${CHART_RELEASE} ${at}`,
          `helm history ${CHART_RELEASE} ${at}`,
          `kubectl ${at} get events --field-selector type=Warning --sort-by=.lastTimestamp`,
          `npm run unlock -- ${environment}`,
        ],
      },
      {
        title: "Out of pending",
        text: "Back to the newest revision that was `deployed` (`history` names it; the documents' example is 1). A first install that never succeeded has none and is taken away; its pods hold no data.",
        commands: [
          `helm rollback ${CHART_RELEASE} <revision> ${at} --wait`,
          `helm uninstall ${CHART_RELEASE} ${at}   # only a first install`,
        ],
      },
      {
        title: "Look before the next one",
        text: "What would be installed, with the values of the literal, rendered and sent nowhere. The cluster's own objections (quota, admission) come with `--dry-run=server`.",
        commands: [
          `helm get values ${CHART_RELEASE} ${at} --output yaml > values.yaml`,
          `helm upgrade ${CHART_RELEASE} charts/day-trade-ml ${at} --values values.yaml --debug --dry-run`,
        ],
      },
      {
        title: "Deploy",
        text: "By Terraform, not by helm: what helm alone changed shows in the next plan and is put back.",
        commands: [`npm run deploy -- ${environment} --stacks workloads`],
      },
    ],
  };
};

export const podTrouble: ManualRunbook = {
  ...common,
  name: "pod-trouble",
  title: "A pod does not start, restarts, or takes no requests",
  purpose: `For the alerts on pods, and for whoever sees one that is not \`Running\` and ready. The namespace is the literal's \`cluster.kubernetes.namespace\`, here \`${NAMESPACE}\`. The services place no order at the broker; trading goes on on the hosts while they are down.`,
  steps: [
    {
      title: "Which, and since when?",
      text: "`READY 0/1` with `Running`: it does not pass its readiness. `CrashLoopBackOff`: it ends by itself. `ImagePullBackOff`: the image or the way to it. `Pending`: [waiting-pods](waiting-pods.md).",
      commands: [
        `kubectl --namespace ${NAMESPACE} get pods,deployments --output wide`,
        `kubectl --namespace ${NAMESPACE} get events --sort-by=.lastTimestamp`,
      ],
    },
    {
      title: "Why?",
      text: "The last lines of `describe` are its events: `OOMKilled` is memory, `Unhealthy` a probe, `CreateContainerConfigError` a Secret that External Secrets has not made. `--previous` shows what it printed before it ended.",
      commands: [
        `kubectl --namespace ${NAMESPACE} describe pod <pod>`,
        `kubectl --namespace ${NAMESPACE} logs <pod> --tail=200`,
        `kubectl --namespace ${NAMESPACE} logs <pod> --previous --tail=200`,
        `kubectl --namespace ${NAMESPACE} get externalsecrets`,
      ],
    },
    {
      title: "Is there room?",
      text: "What nodes and pods use, and what the quota leaves.",
      commands: [
        "kubectl top nodes",
        `kubectl --namespace ${NAMESPACE} top pods`,
        `kubectl --namespace ${NAMESPACE} describe resourcequota`,
      ],
    },
    {
      title: "It came with a deploy",
      text: "A deployment that makes no progress is given up after ten minutes and its release rolled back. If not: [release-trouble](release-trouble.md). An older image is one word: [services.md](../services.md).",
      commands: [`kubectl --namespace ${NAMESPACE} rollout history deployment`, `helm history ${CHART_RELEASE} --namespace ${NAMESPACE}`],
    },
    {
      title: "Start it again",
      text: "One pod after the other, each once the one before is replaced. It mends what hangs, and hides why: keep the log first. All of a deployment by `rollout restart` is for whoever deploys: it changes what pods are made from, which `operations` may not.",
      commands: [
        `kubectl --namespace ${NAMESPACE} delete pod <pod>`,
        `kubectl --namespace ${NAMESPACE} rollout status deployment <deployment>`,
      ],
    },
  ],
};

/** Of environments with `nat: { kind: "instance" }`; gateways are AWS's own to mend. */
export const natStart = (environment: string): ManualRunbook => {
  const describe = `aws ec2 describe-instances --filters Name=tag:Environment,Values=${environment} 'Name=tag:Name,Values=*nat-instance*'`;
  return {
    kind: "manual",
    tier: 1,
    owner: "DevOps",
    name: "nat-start",
    title: "The NAT instance is stopped, or silent",
    purpose:
      'Where the literal has `nat: { kind: "instance" }`, it is the way out of all private subnets: without it hosts reach neither broker nor AWS, and all of them fall silent at once ([host-silent](host-silent.md)). Public address and routes belong to its network interface, so they come back with it. Open positions stay open at the broker meanwhile.',
    steps: [
      {
        title: "What is it?",
        text: "Its state, and its network interface. `sourceDestCheck` must be false, or EC2 drops every packet that is not for itself.",
        commands: [
          `${describe} --query 'Reservations[].Instances[].[InstanceId,State.Name,NetworkInterfaces[0].NetworkInterfaceId,SourceDestCheck]' --output text`,
          "aws ec2 describe-instance-status --include-all-instances --instance-ids <instance> --query 'InstanceStatuses[].[InstanceState.Name,InstanceStatus.Status,SystemStatus.Status]' --output text",
        ],
      },
      {
        title: "Stopped: start it. Impaired: stop and start it, on other hardware",
        text: "It sets itself up at every boot. `instance-status-ok` waits until both checks pass.",
        commands: ["aws ec2 start-instances --instance-ids <instance>", "aws ec2 wait instance-status-ok --instance-ids <instance>"],
      },
      {
        title: "Do the routes lead to it?",
        text: "Each private route table has a route to `0.0.0.0/0` by its network interface with the state `active`; `blackhole` is a machine that is stopped or an interface that is gone. A route that is missing comes back with a deploy.",
        commands: [
          "aws ec2 describe-route-tables --filters Name=route.network-interface-id,Values=<interface> --query 'RouteTables[].[RouteTableId,Routes[?DestinationCidrBlock==`0.0.0.0/0`].State|[0]]' --output text",
          `npm run diff -- ${environment} network`,
          `npm run deploy -- ${environment} --stacks network`,
        ],
      },
      {
        title: "Does anything come through?",
        text: "Its own sign of life within two minutes, then those of the hosts behind it; `Heartbeat-Missing-nat-instance` ends. From a host, through Session Manager once it is back: an answer of any kind.",
        commands: ["curl --silent https://checkip.amazonaws.com   # the public address"],
      },
      {
        title: "It does not come up: a new one",
        text: "It keeps nothing. The interface stays, and with it routes and public address.",
        commands: [
          `terraform -chdir=cdktf.out/stacks/${environment}-network state list | grep aws_instance`,
          `terraform -chdir=cdktf.out/stacks/${environment}-network apply -replace='<address>'`,
        ],
      },
    ],
  };
};

export const predictionAccuracy: ManualRunbook = {
  ...common,
  name: "prediction-accuracy",
  title: "Predictions miss their target, or nobody says how good they are",
  purpose:
    "`DayTradeAccuracyBelowTarget`: the mean of `ensemble_accuracy_ratio` over the pods was below the literal's target for a quarter of an hour. `DayTradeAccuracyUnknown`: no pod has published it for half an hour. Prices go on being traded by what the services say: whether they may is for the application's owner to decide, who can throw the [kill switch](kill-switch.md).",
  steps: [
    {
      title: "Is it measured?",
      text: "Unknown: do the pods run, and does one of them publish the figure? A pod that has just started knows no accuracy yet.",
      commands: [
        `kubectl --namespace ${NAMESPACE} get pods`,
        `kubectl --namespace ${NAMESPACE} port-forward deployment/${CHART_RELEASE}-ml 8080:<its port> & curl --silent localhost:8080/metrics | grep ensemble_accuracy_ratio`,
      ],
    },
    {
      title: "Since when, and what came then?",
      text: "Grafana's dashboard of the performance shows the figure over days. A step at a deploy: the model or the program; a slope: the market has changed; together with data that is late: the data.",
      commands: [
        `helm history ${CHART_RELEASE} --namespace ${NAMESPACE}`,
        `kubectl --namespace ${NAMESPACE} logs deployment/${CHART_RELEASE}-data --tail=200`,
      ],
    },
    {
      title: "Back to what was good",
      text: "An older image is one word ([services.md](../services.md)). A model is the application's to train anew.",
    },
  ],
};
