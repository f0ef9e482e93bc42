import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { Construct } from "constructs";
import type { PolicyStatement } from "../identity/policy";
import { Role, type Grantee } from "../identity/role";
import type { EksCluster } from "./eks-cluster";

/** Whose pods take a role. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

export interface PodRoleProps {
  /** Physical name, 1 to 64 characters. */
  readonly name: string;
  readonly description: string;
  readonly cluster: EksCluster;
  readonly serviceAccount: ServiceAccount;
  /** Associated by the add-on that brings the service account along. @default false */
  readonly ofAddon?: boolean;
}

/** What the pods of one service account may do in AWS, by EKS Pod Identity: no key, no annotation, and no other account takes the role. */
export class PodRole extends Construct implements Grantee {
  readonly role: Role;
  readonly serviceAccount: ServiceAccount;

  constructor(scope: Construct, id: string, props: PodRoleProps) {
    super(scope, id);
    const { name, description, cluster, serviceAccount, ofAddon = false } = props;
    this.serviceAccount = serviceAccount;
    this.role = new Role(this, "role", { name, description, assumedBy: [podsOf(cluster, serviceAccount)] });
    if (!ofAddon)
      new EksPodIdentityAssociation(this, "association", {
        clusterName: cluster.name,
        namespace: serviceAccount.namespace,
        serviceAccount: serviceAccount.name,
        roleArn: this.role.arn,
      });
  }

  grant(statement: PolicyStatement): void {
    this.role.grant(statement);
  }
}

/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html */
function podsOf({ name: cluster }: EksCluster, { namespace, name }: ServiceAccount): Omit<PolicyStatement, "resources"> {
  return {
    principals: { Service: "pods.eks.amazonaws.com" },
    actions: ["sts:AssumeRole", "sts:TagSession"],
    conditions: {
      StringEquals: {
        "aws:RequestTag/eks-cluster-name": cluster,
        "aws:RequestTag/kubernetes-namespace": namespace,
        "aws:RequestTag/kubernetes-service-account": name,
      },
    },
  };
}
