// Search over search-data.js: names, identifiers, measures by words; model numbers by the families' patterns; hardware addresses by
// their prefix. No request to anywhere. The words stand in the address (#q=…), so that a search can be passed on.
"use strict";

(function () {
  const MOST = 40;
  const index = window.offlimitsIndex;
  const codes = index.codes.map(([pattern, place]) => {
    try {
      return [new RegExp(pattern, "i"), place];
    } catch (error) {
      return [null, place];
    }
  });

  // One form for all spellings: compatibility form, lower case, no accents, blanks squeezed.
  function fold(text) {
    const plain = text.normalize("NFKC").toLowerCase().replace(/ß/g, "ss").normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    return plain.normalize("NFKC").split(/\s+/).filter(Boolean).join(" ");
  }

  function byWords(query, found) {
    const words = query.split(" ");
    index.lines.forEach(([title, , , text], place) => {
      if (!words.every((word) => text.includes(word))) return;
      const head = fold(title);
      let score = head === query ? 100 : head.startsWith(query) ? 80 : (" " + text).includes(" " + query) ? 60 : text.includes(query) ? 50 : 20;
      if (head.includes(query)) score += 5;
      add(found, place, score, "");
    });
  }

  // A whole code by the pattern of its family; the start of one is found by the examples among the words.
  function byCode(raw, found) {
    const code = raw.normalize("NFKC").trim();
    if (!/\d/.test(code) || code.length < 3) return;
    for (const [pattern, place] of codes) {
      if (pattern && pattern.test(code)) add(found, place, 90, "has the form of its product codes");
    }
  }

  function byAddress(raw, found) {
    const digits = raw.toUpperCase().replace(/[^0-9A-F]/g, "");
    if (!/^[0-9A-F]{2}([:. -]?[0-9A-F]{2}){2}/i.test(raw.trim()) || digits.length < 6 || digits.length > 12) return;
    for (const length of [9, 7, 6]) {
      const place = index.macs[digits.slice(0, length)];
      if (place !== undefined && digits.length >= length) {
        add(found, place, 95, "holds the MAC prefix " + digits.slice(0, length));
        return;
      }
    }
  }

  function add(found, place, score, why) {
    const known = found.get(place);
    if (!known || score > known.score) found.set(place, { score, why: why || (known ? known.why : "") });
    else if (why && !known.why) known.why = why;
  }

  // Places in index.lines with score and reason, the best first.
  function search(raw) {
    const query = fold(raw);
    const found = new Map();
    if (query) {
      byWords(query, found);
      byCode(raw, found);
      byAddress(raw, found);
    }
    return [...found].map(([place, hit]) => ({ place, ...hit })).sort((a, b) => b.score - a.score || a.place - b.place);
  }

  function item({ place, why }) {
    const [title, what, href] = index.lines[place];
    const line = document.createElement("li");
    const link = document.createElement("a");
    const note = document.createElement("span");
    link.href = href;
    link.append(Object.assign(document.createElement("bdi"), { textContent: title }));
    note.className = "meta";
    note.textContent = why ? what + "; " + why : what;
    line.append(link, note);
    return line;
  }

  function say(total, raw) {
    if (!raw.trim()) return "";
    if (!total) return "Nothing here by these words. That does not clear a name: the registry holds only what was found and proven.";
    const shown = Math.min(total, MOST);
    return total === 1 ? "1 place" : shown < total ? "the first " + shown + " of " + total + " places" : total + " places";
  }

  function show(raw) {
    const hits = search(raw);
    document.getElementById("search-found").replaceChildren(...hits.slice(0, MOST).map(item));
    document.getElementById("search-said").textContent = say(hits.length, raw);
  }

  function asked() {
    const found = /^#q=(.*)$/.exec(location.hash);
    try {
      return found ? decodeURIComponent(found[1]) : "";
    } catch (error) {
      return "";
    }
  }

  window.offlimitsSearch = (raw) => search(raw).map(({ place, score, why }) => ({ line: index.lines[place], score, why }));

  const form = document.getElementById("search-form");
  if (!form) return;
  const box = document.getElementById("search-words");
  let waiting = 0;
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      show(box.value);
      history.replaceState(null, "", box.value.trim() ? "#q=" + encodeURIComponent(box.value) : "#search");
    }, 80);
  });
  window.addEventListener("hashchange", () => {
    if (asked()) show((box.value = asked()));
  });
  box.value = asked();
  show(box.value);
})();
