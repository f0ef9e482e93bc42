/** Python of a step that fails with what went amiss before it, if anything did: its input `amiss`, or `none`. A script that fails gives no outputs, so the one before succeeds and says. */
export const VERDICT =
  'def handler(events, context):\n    if events["amiss"] != "none":\n        raise RuntimeError(events["amiss"])\n    return {}\n';
