import { FederatedIdentityCredential } from "@cdktf/provider-azurerm/lib/federated-identity-credential";
import { Construct } from "constructs";
import type { ServiceAccount } from "../kubernetes/pod-role";
import { TOKEN_AUDIENCE } from "./github-identity";
import type { ManagedIdentity } from "./identity";
import type { Place } from "./place";

export interface PodIdentityProps {
  readonly place: Place;
  readonly identity: ManagedIdentity;
  /** Of the cluster, whose word Entra takes. */
  readonly issuer: string;
  /** The one account whose pods are this identity. */
  readonly serviceAccount: ServiceAccount;
}

/** Lets the pods of one service account be an identity, without any stored credential (the counterpart of PodRole). */
export class PodIdentity extends Construct {
  constructor(scope: Construct, id: string, { identity, issuer, place, serviceAccount }: PodIdentityProps) {
    super(scope, id);
    const { name, namespace } = serviceAccount;
    new FederatedIdentityCredential(this, "credential", {
      resourceGroupName: place.resourceGroupName,
      name: "cluster",
      parentId: identity.id,
      issuer,
      audience: [TOKEN_AUDIENCE],
      subject: `system:serviceaccount:${namespace}:${name}`,
    });
  }
}
