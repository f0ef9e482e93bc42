/** The page's behaviour: theme, filters, keys. Inlined whole; without it everything is shown. */
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);

  // --- theme: the system's, until the reader chooses ---
  const theme = byId("theme");
  const isDark = () =>
    (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const nameTheme = () => {
    theme.textContent = isDark() ? "Light" : "Dark";
  };
  theme.hidden = false;
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    nameTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
  nameTheme();

  const form = byId("filters");
  if (!form) return;
  form.hidden = false;

  // --- filters ---
  const stacks = [...document.querySelectorAll(".stack")].map((element) => ({
    element,
    name: element.dataset.stack,
    environment: element.closest(".environment").dataset.environment,
    changes: [...element.querySelectorAll(".change")].map((change) => ({
      element: change,
      action: change.dataset.action,
      risk: change.dataset.risk,
      text: undefined,
    })),
    groups: [...element.querySelectorAll(".group")],
  }));
  const environments = [...document.querySelectorAll(".environment")];
  const total = stacks.reduce((sum, { changes }) => sum + changes.length, 0);
  const checked = (name) => new Set([...form.querySelectorAll(`input[name="${name}"]:checked`)].map(({ value }) => value));
  const textOf = (change) => (change.text ??= change.element.textContent.toLowerCase());
  // Read while nothing else is to do, so that the first letter typed need not wait for it.
  const unread = stacks.flatMap(({ changes }) => changes);
  const readAhead = (deadline) => {
    while (unread.length > 0 && deadline.timeRemaining() > 1) textOf(unread.pop());
    if (unread.length > 0) requestIdleCallback(readAhead);
  };
  if ("requestIdleCallback" in window) requestIdleCallback(readAhead);
  const search = byId("search");
  const count = new Intl.NumberFormat("en");

  const apply = () => {
    const [environment, stack, actions, risks] = [byId("environment").value, byId("stack").value, checked("action"), checked("risk")];
    const terms = search.value
      .toLowerCase()
      .split(/\s+/)
      .filter((term) => term !== "");
    const isNarrowed = environment !== "" || stack !== "" || actions.size + risks.size + terms.length > 0;
    const isShown = (change) => {
      if ((actions.size > 0 && !actions.has(change.action)) || (risks.size > 0 && !risks.has(change.risk))) return false;
      if (terms.length === 0) return true;
      return terms.every((term) => textOf(change).includes(term));
    };
    let shown = 0;
    for (const { element, name, environment: own, changes, groups } of stacks) {
      const isHere = (environment === "" || own === environment) && (stack === "" || name === stack);
      let here = 0;
      if (isHere) {
        for (const change of changes) {
          const isVisible = isShown(change);
          if (isVisible) here += 1;
          if (change.element.hidden === isVisible) change.element.hidden = !isVisible;
        }
        // Outputs have neither action nor class; drift goes with its resources.
        for (const group of groups) {
          const own = group.querySelectorAll(".change");
          group.hidden =
            own.length > 0
              ? [...own].every((change) => change.hidden)
              : actions.size + risks.size > 0 || terms.some((term) => !group.textContent.toLowerCase().includes(term));
        }
      }
      shown += here;
      element.hidden =
        !isHere ||
        (isNarrowed &&
          here === 0 &&
          groups.every((group) => group.hidden) &&
          (changes.length > 0 || actions.size + risks.size + terms.length > 0));
    }
    for (const element of environments) element.hidden = isNarrowed && [...element.querySelectorAll(".stack")].every((own) => own.hidden);
    byId("none").hidden = !isNarrowed || environments.some((element) => !element.hidden);
    byId("result").textContent =
      `${isNarrowed ? `${count.format(shown)} of ` : ""}${count.format(total)} ${total === 1 ? "change" : "changes"}`;
  };

  let isAsked = false;
  const ask = () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      apply();
    });
  };
  form.addEventListener("input", ask);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());

  // A stack belongs to one environment: choosing another one lets go of it.
  byId("environment").addEventListener("change", () => {
    const chosen = byId("stack").selectedOptions[0];
    const environment = byId("environment").value;
    if (chosen.value !== "" && environment !== "" && chosen.parentElement.label !== environment) byId("stack").value = "";
    ask();
  });

  // --- open all that is shown, or close it ---
  const open = byId("open");
  open.addEventListener("click", () => {
    const visible = stacks
      .filter(({ element }) => !element.hidden)
      .flatMap(({ changes }) => changes)
      .filter(({ element }) => !element.hidden);
    const isOpening = visible.some(({ element }) => !element.open);
    for (const { element } of visible) element.open = isOpening;
    open.textContent = isOpening ? "Close all shown" : "Open all shown";
  });

  // --- links to a change: shown and opened, whatever is filtered ---
  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest(".environment")) return;
    if (target.closest("[hidden]")) {
      form.reset();
      apply();
    }
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
    // A table's link leads the keyboard on as well.
    const focus = target.querySelector("summary");
    if (focus) focus.focus({ preventScroll: true });
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // --- keys ---
  addEventListener("keydown", (event) => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    }
    if (event.key === "Escape" && isTyping) {
      event.preventDefault();
      search.value = "";
      ask();
    }
  });
})();
