"use strict";

// Without this script every question is shown and can be opened; with it they can be filtered.
(() => {
  const element = (id) => document.getElementById(id);
  const [form, type, outcome, words, count] = ["filters", "type", "outcome", "words", "count"].map(element);
  const blocks = [...document.querySelectorAll("details.question")];
  const texts = new Map();

  function textOf(block) {
    if (!texts.has(block)) texts.set(block, block.textContent.toLowerCase());
    return texts.get(block);
  }

  function fits(block) {
    const { type: itsType, outcome: itsOutcome } = block.dataset;
    if (type.value && type.value !== itsType) return false;
    if (outcome.value && outcome.value !== itsOutcome) return false;
    const wanted = words.value.trim().toLowerCase();
    return !wanted || textOf(block).includes(wanted);
  }

  function filter() {
    for (const block of blocks) block.hidden = !fits(block);
    const shown = blocks.filter((block) => !block.hidden).length;
    count.textContent = `${shown} of ${blocks.length} questions shown`;
  }

  // A link to a source leads into a question that may be closed or filtered out.
  function reveal() {
    const target = element(decodeURIComponent(location.hash.slice(1)));
    const block = target?.closest("details.question");
    if (!block) return;
    block.hidden = false;
    block.open = true;
    target.scrollIntoView();
  }

  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  element("open").addEventListener("click", () => {
    for (const block of blocks) if (!block.hidden) block.open = true;
  });
  element("close").addEventListener("click", () => {
    for (const block of blocks) block.open = false;
  });
  addEventListener("hashchange", reveal);
  form.hidden = false;
  filter();
  reveal();
})();
