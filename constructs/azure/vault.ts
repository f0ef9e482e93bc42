import { KeyVault } from "@cdktf/provider-azurerm/lib/key-vault";
import { Construct } from "constructs";
import { diagnose, type LogTarget } from "./diagnostics";
import type { ManagedIdentity } from "./identity";
import type { AzureNetwork } from "./network";
import type { Place } from "./place";
import { addPrivateEndpoint } from "./private-endpoint";
import { lifecycle, lock } from "./protection";

export interface VaultProps {
  readonly place: Place;
  /** 3 to 24 characters, which nobody else on Azure has. */
  readonly name: string;
  readonly tenant: string;
  readonly network: AzureNetwork;
  readonly logs: LogTarget;
  /** Refuse to be destroyed. @default true */
  readonly protect?: boolean;
}

/** Days within which a deleted secret, or the vault itself, can be brought back: the most that there are. */
const SOFT_DELETE_DAYS = 90;

/** Secrets, which a person puts in: no value passes through code or state (AZR-014, SEC-058, design 11). */
export class Vault extends Construct {
  private readonly vault: KeyVault;

  constructor(scope: Construct, id: string, props: VaultProps) {
    super(scope, id);
    const { logs, name, network, place, protect = true, tenant } = props;
    this.vault = new KeyVault(this, "vault", {
      ...place,
      name,
      tenantId: tenant,
      skuName: "standard",
      rbacAuthorizationEnabled: true,
      purgeProtectionEnabled: true,
      softDeleteRetentionDays: SOFT_DELETE_DAYS,
      publicNetworkAccessEnabled: false,
      networkAcls: { defaultAction: "Deny", bypass: "None" },
      lifecycle: lifecycle(protect),
    });
    diagnose(this, "diagnostics", logs, { targetId: this.vault.id });
    addPrivateEndpoint(this, { place, network, service: "vault", resourceId: this.vault.id });
    lock(this, protect, this.vault);
  }

  get uri(): string {
    return this.vault.vaultUri;
  }

  /** Address of the newest version of a secret, or of a certificate with its key. */
  secretUri(secret: string): string {
    return `${this.vault.vaultUri}secrets/${secret}`;
  }

  /** Reads one secret (SEC-040), never all of them. */
  grantRead(identity: ManagedIdentity, secret: string): void {
    identity.grant(`reads-secret-${secret}`, { role: "Key Vault Secrets User", scope: `${this.vault.id}/secrets/${secret}` });
  }
}
