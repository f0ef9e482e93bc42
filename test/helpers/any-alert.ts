/** Alerts of any kind, with whatever texts. */
import fc from "fast-check";
import type { Alert } from "../../functions/alerts/alert";

/** @param most how many fields and links it has at the most */
export const anyAlert = (text: fc.Arbitrary<string>, most: { readonly fields: number; readonly links: number }): fc.Arbitrary<Alert> =>
  fc.record({
    source: fc.constantFrom("text", "unknown", "ecs"),
    name: text,
    severity: fc.constantFrom("critical", "warning", "info"),
    state: fc.constantFrom("firing", "resolved", "event"),
    title: text,
    text: fc.option(text, { nil: undefined }),
    fields: fc.array(fc.record({ label: text, value: text }), { maxLength: most.fields }),
    links: fc.array(fc.record({ label: text, url: fc.webUrl({ withQueryParameters: true }) }), { maxLength: most.links }),
    time: fc.constantFrom("2026-11-29T14:00:00.000Z", "nonsense"),
  });
