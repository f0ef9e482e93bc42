/**
 * Compares a value as it was reviewed with the one of a later plan: what a reviewer saw must be there, and nothing else.
 * An argument that is gone (`encrypted`) counts as much as one that is new.
 */
import { canonical, isEqual, isList, isObject } from "./json-values";
import { isHidden, isRedacted, SENSITIVE, UNKNOWN } from "./model";
import { beginning } from "./shortened";

/** Whether a whole value is the reviewed one, or what an unknown one has become. */
export const isCovered = (reviewed: unknown, planned: unknown): boolean =>
  reviewed === UNKNOWN || (isRedacted(reviewed) ? isHidden(planned) : isEqual(reviewed, planned));
/** Not set: Terraform writes null, an empty list or an empty map in its place. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);

/** Of a stack that was planned when it was reviewed. */
export class ValueComparison {
  /**
   * @param path for messages, such as `rules[0].cidr`
   * @returns a sentence for each difference; none where the later value is the reviewed one, or what an unknown one has become
   */
  differences(reviewed: unknown, planned: unknown, path = ""): string[] {
    if (reviewed === UNKNOWN || (isEmpty(reviewed) && isEmpty(planned))) return [];
    if (isRedacted(reviewed)) return isHidden(planned) ? [] : differs(path, reviewed, planned);
    if (isObject(planned) && (isObject(reviewed) || isEmpty(reviewed))) {
      const known = isObject(reviewed) ? reviewed : {};
      return this.keysOf(known, planned)
        .sort()
        .flatMap((key) => this.differences(known[key], planned[key], path === "" ? key : `${path}.${key}`));
    }
    if (isList(reviewed) && isList(planned)) return this.listDifferences(reviewed, planned, path);
    return this.isSame(reviewed, planned) ? [] : differs(path, reviewed, planned);
  }

  /** Whether an output has the reviewed value. */
  covers(reviewed: unknown, planned: unknown): boolean {
    return isCovered(reviewed, planned);
  }

  /** Keys of which the values must be the same. */
  protected keysOf(reviewed: object, planned: object): string[] {
    return [...new Set([...Object.keys(reviewed), ...Object.keys(planned)])];
  }

  /** Sets come in the order of their values, which an unknown one changes once it is known. */
  protected isOrdered(reviewed: readonly unknown[]): boolean {
    return !holdsUnknown(reviewed);
  }

  /** Of values that are not both objects or both lists. */
  protected isSame(reviewed: unknown, planned: unknown): boolean {
    return isEqual(reviewed, planned);
  }

  private listDifferences(reviewed: readonly unknown[], planned: readonly unknown[], path: string): string[] {
    if (reviewed.length !== planned.length) return differs(path, reviewed, planned);
    const inPlace = planned.flatMap((item, index) => this.differences(reviewed[index], item, `${path}[${index}]`));
    return inPlace.length === 0 || this.isOrdered(reviewed) || !this.isPermutation(reviewed, planned) ? inPlace : [];
  }

  /** Whether each planned item can be given a reviewed one of its own; known items first, so that no unknown one takes their place. */
  private isPermutation(reviewed: readonly unknown[], planned: readonly unknown[]): boolean {
    const rest = [...reviewed].sort((a, b) => Number(holdsUnknown(a)) - Number(holdsUnknown(b)));
    return planned.every((item) => {
      const at = rest.findIndex((candidate) => this.differences(candidate, item).length === 0);
      if (at >= 0) rest.splice(at, 1);
      return at >= 0;
    });
  }
}

/**
 * Of a stack that could only be synthesised when it was reviewed. Its provider adds defaults and computed attributes, writes a block as a
 * list, converts, brings sets into another order, and says what is sensitive; none of that was to be seen in the review, and none counts.
 */
export class SynthesisedComparison extends ValueComparison {
  override differences(reviewed: unknown, planned: unknown, path = ""): string[] {
    if (planned === SENSITIVE || (planned === UNKNOWN && mayBeUnknown(reviewed)) || this.isWrittenAnew(reviewed, planned)) return [];
    if (isObject(reviewed) && isList(planned) && planned.length === 1) return this.differences(reviewed, planned[0], path);
    return super.differences(reviewed, planned, path);
  }

  override covers(reviewed: unknown, planned: unknown): boolean {
    return this.differences(reviewed, planned).length === 0;
  }

  protected override keysOf(reviewed: Readonly<Record<string, unknown>>): string[] {
    return Object.keys(reviewed).filter((key) => !isEmpty(reviewed[key]));
  }

  protected override isOrdered(): boolean {
    return false;
  }

  /** Terraform converts: `"5"` in JSON is a number where one is wanted, and `$${` a `${`. */
  protected override isSame(reviewed: unknown, planned: unknown): boolean {
    const text = (value: unknown) =>
      typeof value === "object" ? canonical(value) : String(value).replaceAll("$${", "${").replaceAll("%%{", "%{");
    return text(reviewed) === text(planned);
  }

  /** A text with references in it: what stands around them is there, in this order. JSON the provider writes its own way. */
  private isWrittenAnew(reviewed: unknown, planned: unknown): boolean {
    if (typeof reviewed !== "string" || typeof planned !== "string") return false;
    const hasReferences = REFERENCE.test(reviewed);
    if (hasReferences && holdsInOrder(planned, reviewed.split(REFERENCE))) return true;
    const [before, after] = [reviewed, planned].map(parsedObject);
    if (before === undefined || after === undefined) return false;
    return hasReferences ? this.differences(before, after).length === 0 : isEqual(before, after);
  }
}

/** What is not known yet in the middle of a synthesised text: a reference such as `${aws_sqs_queue.orders.arn}`. */
const REFERENCE = /\(known after apply\)|\$\{[^{}]*[.(][^{}]*\}/;

/** What was synthesised of it has a reference in it, or may not be shown: then nobody saw whether it has. */
const mayBeUnknown = (reviewed: unknown): boolean => REFERENCE.test(canonical(reviewed)) || holdsRedacted(reviewed);
const holdsRedacted = (value: unknown): boolean =>
  typeof value === "object" && value !== null ? Object.values(value).some(holdsRedacted) : isRedacted(value);

const holdsUnknown = (value: unknown): boolean => canonical(value).includes(UNKNOWN);

/** Whether a text is these parts with anything between them. */
function holdsInOrder(text: string, parts: readonly string[]): boolean {
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && text.length - last.length >= at;
}

function parsedObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const differs = (path: string, reviewed: unknown, planned: unknown): string[] => [
  isEmpty(reviewed)
    ? `${path} is ${shown(planned)}, which was not reviewed.`
    : `${path} is ${shown(planned)}; reviewed was ${shown(reviewed)}.`,
];

const LONGEST_SHOWN = 120;
/** A value in a message. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  return isHidden(value) ? String(value) : beginning(canonical(value), LONGEST_SHOWN);
}
