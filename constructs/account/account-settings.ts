import { AccountAlternateContact } from "@cdktf/provider-aws/lib/account-alternate-contact";
import { IamAccountPasswordPolicy } from "@cdktf/provider-aws/lib/iam-account-password-policy";
import { S3AccountPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-account-public-access-block";
import { Construct } from "constructs";

export interface Contact {
  readonly name: string;
  readonly title: string;
  readonly email: string;
  /** With its country, such as `+81 3 1234 5678`. */
  readonly phone: string;
}

export interface AccountSettingsProps {
  /** Characters of a password, 14 or more. */
  readonly passwordLength: number;
  /** Whom AWS writes to besides the root's address, by what it is about. @default nobody */
  readonly contacts?: Readonly<Partial<Record<"billing" | "operations" | "security", Contact>>>;
}

/** What holds for the whole account, whatever the region: no public bucket, passwords that are hard to guess, whom AWS writes to. */
export class AccountSettings extends Construct {
  constructor(scope: Construct, id: string, { passwordLength, contacts = {} }: AccountSettingsProps) {
    super(scope, id);
    new S3AccountPublicAccessBlock(this, "buckets", {
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    });
    // For users that somebody makes all the same: people come by roles (SEC-048).
    new IamAccountPasswordPolicy(this, "passwords", {
      minimumPasswordLength: passwordLength,
      requireLowercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      requireUppercaseCharacters: true,
      allowUsersToChangePassword: true,
      passwordReusePrevention: 24,
    });
    for (const [about, contact] of Object.entries(contacts)) {
      // A literal may name one and leave it empty.
      if (!contact) continue;
      const { name, title, email, phone } = contact;
      new AccountAlternateContact(this, `contact-${about}`, {
        alternateContactType: about.toUpperCase(),
        name,
        title,
        emailAddress: email,
        phoneNumber: phone,
      });
    }
  }
}
