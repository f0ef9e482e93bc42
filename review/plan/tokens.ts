/**
 * Secrets that their makers gave a shape to know them by, wherever they stand in a text: secretlint's recommended rules, which others keep
 * up to date, and the formats that those do not know, or know only where a text says what they are.
 */
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { SECRET_LIKE } from "../model";

/** The first group, if any, stays. */
export const TOKENS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END )[\s\S])*(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  // Session tokens of AWS, and its keys for Bedrock.
  /\b(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|ABSKQmVkcm9ja)[A-Za-z0-9+/=]{20,}/g,
  /\bgh[pousr]_[A-Za-z0-9_]{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bgl(?:pat|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct|oas)-[\w.-]{16,}/g,
  /\bxox[a-z](?:\.xox[a-z])?-[\w-]{10,}/g,
  /\bxapp-[\w-]{10,}/g,
  /(hooks\.slack(?:-gov)?\.com\/)(?:services|workflows|triggers)\/[^\s"'<>\\]+/g,
  /(discord(?:app)?\.com\/api\/webhooks\/)(?!\(redacted)[^\s"'<>\\]+/g,
  /(webhook\.office\.com\/)(?!\(redacted)[^\s"'<>\\]+/g,
  /(api\.telegram\.org\/bot)(?!\(redacted)[^\s"'<>\\/]+/g,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\bwhsec_[A-Za-z0-9+/=]{20,}/g,
  /\bsk-(?:[a-z0-9]{1,12}-)*[A-Za-z0-9_-]{20,}/g,
  /\b(?:gsk|xai|pplx|r8|lsv2_[a-z]{2}|tvly)[_-][A-Za-z0-9_]{20,}/g,
  /\bAIza[\w-]{35}/g,
  /\bya29\.[\w-]{20,}/g,
  /\bGOCSPX-[\w-]{20,}/g,
  // A client secret of Microsoft Entra.
  /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/g,
  // Keys that Azure's services mark as theirs: Redis, functions, search, Event Grid, API Management, Cosmos DB, IoT, batch, registries, Event Hubs,
  // Service Bus, storage. https://github.com/microsoft/security-utilities
  /(?<![\w+/=-])[\w+/-]{33,80}?(?:A(?:PIM|CDb|IoT|ZEG)|Az(?:Ca|Fu|Se)|\+A(?:Ba|CR|Eh|MC|Rm|Sb|St))[\w+/-]{5,7}={0,2}(?![\w+/=-])/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bpypi-[\w-]{30,}/g,
  /\brubygems_[a-f0-9]{40,}/g,
  /\bdckr_[a-z]{3}_[\w-]{20,}/g,
  /\bdapi[a-f0-9]{32}(?:-\d)?\b/g,
  /\bgl(?:c|sa)_[\w+/=]{20,}/g,
  /\bSG\.[\w-]{16,}\.[\w-]{16,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\b(?:dop|doo|dor)_v1_[a-f0-9]{40,}/g,
  /\bhv[sbr]\.[\w-]{20,}/g,
  /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/g,
  /\bAT(?:ATT|CTT|BB)[A-Za-z0-9][\w=-]{20,}/g,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{50,}/g,
  /\bNRAK-[A-Z0-9]{20,}/g,
  /\bdt0[a-z]\d\d\.[A-Z0-9]{20,}\.[A-Z0-9]{40,}/g,
  /\bsntry[su]_[\w+/=-]{30,}/g,
  /\bPMAK-[a-f0-9]{20,}-[a-f0-9]{30,}/g,
  /\b(?:pul|lin_api|shp(?:at|ca|pa|ss)|sbp|ntn|figd|sgp|sq[pua]|pscale_(?:tkn|pw|oauth)|rdme|bkua|fo1|tfp|pnu|ops)_[\w=.+/-]{24,}/g,
  /\bsq0[a-z]{3}-[\w-]{20,}/g,
  /\bdp\.[a-z]{2,5}\.[A-Za-z0-9]{40,}/g,
  /\btskey-[a-z]{2,10}-[\w-]{16,}/g,
  /\bHRKU-[\w-]{30,}/g,
  /\bSK[a-f0-9]{32}\b/g,
  /\bkey-[a-f0-9]{32}\b/g,
  /\b[a-f0-9]{32}-us\d{1,2}\b/g,
  /\b\d{8,10}:AA[\w-]{32,}/g,
  /\b[MNO][A-Za-z\d_-]{23,25}\.[\w-]{6}\.[\w-]{27,38}/g,
  /\beyJ[\w-]{5,}\.eyJ[\w-]{2,}(?:\.[\w-]*)*/g,
  /\b(AccountKey=)(?!\(redacted)[^;\s"']+/gi,
  // Hashes of passwords, which can be tried at leisure.
  /\$(?:apr1|1|2[abxy]|5|6|7|y|argon2(?:i|d|id)|scrypt|pbkdf2[\w-]*)\$[\w./$,=+-]{20,}/g,
];

/** What a rule of secretlint is given of it, and asks of it; secretlint's own runner is asynchronous, and reads files. */
interface TokenRule {
  readonly meta: { readonly id: string; readonly type: string };
  create(
    context: {
      createTranslator(messages: unknown): (id: string) => { readonly messageId: string };
      report(found: { readonly message: { readonly messageId: string }; readonly range: readonly [from: number, to: number] }): void;
    },
    options: Readonly<Record<string, unknown>>,
  ): {
    file?(source: { readonly content: string; readonly filePath: string; readonly ext: string; readonly contentType: "text" }): unknown;
  };
}

/**
 * Not asked: comments that switch rules off, since whoever plants a secret could write one; accounts' numbers, which are no secret;
 * and what reads files, or user info in URLs, which {@link redactText} knows better.
 */
const NOT_ASKED = /rule-(?:filter-comments|gcp|basicauth|database-connection-string)$/;
const NO_SECRET: ReadonlySet<string> = new Set(["AWSAccountID"]);

let ranges: (readonly [from: number, to: number])[] = [];
const asked = (rules as unknown as readonly TokenRule[])
  .filter(({ meta: { id } }) => !NOT_ASKED.test(id))
  .map((rule) =>
    rule.create(
      {
        createTranslator: () => (messageId) => ({ messageId }),
        report: ({ message, range }) => {
          if (!NO_SECRET.has(message.messageId)) ranges.push(range);
        },
      },
      {},
    ),
  );

/** A text with every token in it replaced. */
export function redactTokens(text: string): string {
  const result = TOKENS.reduce(
    (rest, token) => rest.replace(token, (_all, kept: unknown) => `${typeof kept === "string" ? kept : ""}${SECRET_LIKE}`),
    text,
  );
  ranges = [];
  for (const { file } of asked) file?.({ content: result, filePath: "", ext: "", contentType: "text" });
  // From the end, so that places stay what they were; those that overlap are one.
  let end = result.length;
  let redacted = result;
  for (const [from, to] of ranges.sort(([a], [b]) => b - a)) {
    if (from >= end) continue;
    redacted = redacted.slice(0, from) + SECRET_LIKE + redacted.slice(Math.min(to, end));
    end = from;
  }
  return redacted;
}
