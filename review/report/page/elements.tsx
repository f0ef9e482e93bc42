/** Small pieces that stand in several places of the page. */
import type { ComponentChildren } from "preact";
import { DONE, SYMBOLS, TOLD } from "../../actions";
import type { Action, RiskClass } from "../../model";
import type { Phrase } from "../phrases";
import { slug } from "./context";

/** Sign and word: never colour alone. */
export const ActionMark = ({ action }: { readonly action: Action }) => (
  <span class={`mark ${action}`}>
    <b aria-hidden="true">{SYMBOLS[action]}</b> {DONE[action]}
  </span>
);

export const RiskTag = ({ risk }: { readonly risk: RiskClass }) => <span class={`risk ${slug(risk)}`}>{risk}</span>;

/** `+3 ~5`, each with its word for who hears it. */
export function Counts({ counts }: { readonly counts: Readonly<Record<Action, number>> }) {
  const shown = TOLD.filter((action) => counts[action] > 0);
  if (shown.length === 0) return <span class="quiet">nothing</span>;
  return (
    <span class="counts">
      {shown.map((action) => (
        <span key={action} class={`count ${action}`}>
          <b aria-hidden="true">{SYMBOLS[action]}</b>
          {String(counts[action])} {DONE[action]}
        </span>
      ))}
    </span>
  );
}

export const Sentence = ({ phrase }: { readonly phrase: Phrase }) => (
  <>{phrase.map((part) => (typeof part === "string" ? part : <code>{part.code}</code>))}</>
);

/** A path that may break at its slashes and dots, and nowhere else if it can be helped. */
export const Path = ({ text }: { readonly text: string }) => (
  <code class="path">{text.split(/(?<=[/.])/).flatMap((piece, index) => (index === 0 ? [piece] : [<wbr />, piece]))}</code>
);

/** What is wider than the page scrolls by itself, by keyboard too. */
export const Scroll = ({ label, children }: { readonly label: string; readonly children: ComponentChildren }) => (
  <div class="scroll" role="region" aria-label={label} tabIndex={0}>
    {children}
  </div>
);
