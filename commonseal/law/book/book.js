// The search of the lawbook: every word must occur; what the title or the article has comes first.
"use strict";
(() => {
  const form = document.getElementById("search"), input = document.getElementById("q");
  const results = document.getElementById("results"), hits = document.getElementById("hits");
  const count = document.getElementById("count"), contents = document.getElementById("contents");
  const clear = document.getElementById("clear"), more = document.getElementById("more");
  const selects = [...form.querySelectorAll("select")], words = form.dataset, PAGE = 50;
  const plain = (text) => text.normalize("NFKC").toLowerCase();
  const rules = LAWBOOK.rules.map(([id, title, article, groups, since, force, text]) => ({
    id, title, article, groups: groups.map((n) => LAWBOOK.groups[n]), since, force,
    head: plain(`${title} ${article} ${id}`), body: plain(text),
  }));
  let found = [], shown = 0;

  const score = (rule, terms) => {
    const where = plain(rule.groups[0][2]);
    let sum = 0;
    for (const term of terms) {
      if (rule.head.includes(term)) sum += rule.head.startsWith(term) ? 6 : 4;
      else if (where.includes(term)) sum += 2;
      else if (rule.body.includes(term)) sum += 1;
      else return 0;
    }
    return sum + (rule.force === "in force" ? 0.5 : 0);
  };
  const element = (name, css, text) => {
    const made = document.createElement(name);
    if (css) made.className = css;
    if (text) made.textContent = text;
    return made;
  };
  const hit = (rule) => {
    const item = element("li"), link = element("a", "", rule.title), under = element("p", "dim");
    link.href = `rule/${rule.id}.html`;
    under.append(element("span", "art", `${rule.groups[0][2]} ${rule.article}`), ` · ${rule.groups[1][2]} · ${rule.groups[2][2]} · `, element("span", `word ${rule.groups[3][1].slice(7)}`, rule.groups[3][2]));
    if (rule.force !== "in force") under.append(" ", element("span", "chip", rule.force === "ended" ? words.ended : words.toCome));
    item.append(link, under);
    return item;
  };
  const grow = () => {
    hits.append(...found.slice(shown, shown + PAGE).map(hit));
    shown += PAGE;
    more.hidden = shown >= found.length;
  };
  const run = () => {
    const terms = plain(input.value).split(/\s+/).filter(Boolean);
    const chosen = selects.filter((each) => each.value);
    const asked = terms.length > 0 || chosen.length > 0;
    found = asked ? rules
      .filter((rule) => chosen.every((each) => rule.groups.some((group) => group[0] === each.name && group[1] === each.value)))
      .map((rule) => [terms.length ? score(rule, terms) : 1, rule]).filter(([sum]) => sum > 0)
      .sort(([a], [b]) => b - a).map(([, rule]) => rule) : [];
    shown = 0;
    hits.replaceChildren();
    grow();
    count.textContent = found.length ? `${found.length} ${words.found}` : words.nothing;
    results.hidden = !asked;
    contents.hidden = asked;
    clear.hidden = !asked;
    const query = new URLSearchParams();
    if (input.value) query.set("q", input.value);
    for (const each of chosen) query.set(each.name, each.value);
    try { history.replaceState(null, "", asked ? `?${query}` : location.pathname); } catch { /* from a disk: no history */ }
  };

  const query = new URLSearchParams(location.search);
  input.value = query.get("q") || "";
  for (const each of selects) {
    each.value = query.get(each.name) || "";
    if (each.selectedIndex < 0) each.value = "";
  }
  form.hidden = false;
  form.addEventListener("input", run);
  form.addEventListener("submit", (event) => { event.preventDefault(); hits.querySelector("a")?.focus(); });
  clear.addEventListener("click", () => { form.reset(); input.value = ""; run(); input.focus(); });
  more.addEventListener("click", grow);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); input.focus(); }
    if (event.key === "Escape" && document.activeElement === input) { clear.click(); }
  });
  run();
})();
