/** Documents of Systems Manager: who may run them, and with whose rights. */
import type { Values } from "../model";
import { UNKNOWN } from "../model";
import { isObject } from "../json-values";
import { first, shown, textAt } from "./reading";
import type { Look, Verdict } from "./rules";

/** Whose rights an Automation has; undefined those of whoever starts it. */
function roleOf(values: Values | undefined): unknown {
  try {
    const content: unknown = JSON.parse(textAt(values, "aws_ssm_document.content") ?? "");
    return isObject(content) ? content.assumeRole : undefined;
  } catch {
    // YAML: the one line that says it.
    return /^\s*["']?assumeRole["']?\s*:\s*["']?(.*?)["']?,?\s*$/m.exec(textAt(values, "aws_ssm_document.content") ?? "")?.[1];
  }
}

/** Accounts that may see and run it; `All` is everybody. */
const sharedWith = (values: Values | undefined): readonly string[] =>
  (textAt(values, "aws_ssm_document.permissions.account_ids") ?? "").split(/[\s,]+/).filter(Boolean);

export const documents: Look = ({ type, action, before, after }) => {
  if (type !== "aws_ssm_document" || !after || (action !== "create" && action !== "update" && action !== "replace")) return [];
  const added = sharedWith(after).filter((account) => !sharedWith(before).includes(account));
  const [was, will] = [roleOf(before), roleOf(after)];
  const isKnown = first(after, "aws_ssm_document.content") !== UNKNOWN;
  const verdicts: Verdict[] = added.includes("All")
    ? [{ rule: "network/policy-public", message: "Everybody may read the document and run it" }]
    : added.length > 0
      ? [{ rule: "identity/policy-widened", message: `Other accounts may read the document and run it: ${added.join(", ")}` }]
      : [];
  if (before && isKnown && was !== will)
    verdicts.push({
      rule: "identity/access-granted",
      // Without a role of its own it can do what its caller can, and no more.
      ...(will !== undefined && will !== "" && { severity: "refusal" }),
      message: `The document acts as another role: ${will ? shown(will) : "that of its caller"}, in place of ${was ? shown(was) : "that of its caller"}`,
    });
  return verdicts;
};

export const DOCUMENT_LOOKS: readonly Look[] = [documents];
