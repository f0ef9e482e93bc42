/** How a command asks that needs no Terraform. */
import type { AwsAccess } from "../../delivery/aws";
import type { Environment } from "../../environments/schema";

/** An emulator takes an access key of twelve digits for the account. @param endpoint an emulator's. @default AWS */
export const accessTo = ({ account, region }: Pick<Environment, "account" | "region">, endpoint?: string): AwsAccess => ({
  region,
  ...(endpoint !== undefined && { endpoint, credentials: { accessKeyId: account, secretAccessKey: "rehearsal" } }),
});
