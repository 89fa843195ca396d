/* report.js: what the report can do more when scripts are on: sort, filter, copy, unfold, link.
 * Nothing in it is needed to read the report, and it loads and sends nothing.
 *
 * A failed exchange is a details.exchange.VERDICT with data-status="STATUS...": its summary has
 * <b>METHOD</b> and <code>URI</code>, what it unfolds to has facts (dt, dd) and more
 * code.href. Where there are many, it is a div instead, and what it unfolds to is in data-inside
 * (html_shelf.h): they become a details element and its content when needed.
 * SPDX-License-Identifier: GPL-2.0-or-later */
(function () {
    "use strict";
    const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
    const byId = (id) => document.getElementById(id);

    document.documentElement.classList.add("scripts");

    /* --------------------------------------------------------------------------- sorting ---- */

    function key(row, column) {
        const cell = row.cells[column];

        return cell ? cell.dataset.sort || cell.textContent.trim() : "";
    }

    function sort(table, column, numeric, heading) {
        const body = table.tBodies[0];
        const order = heading.getAttribute("aria-sort");
        const descending = order === "descending" ? false : order === "ascending" ? true : numeric;
        const rows = Array.from(body.rows, (row) => [key(row, column), row]);
        const words = new Intl.Collator("en", { numeric: true });
        const compare = numeric ? (a, b) => Number(a[0]) - Number(b[0])
            : (a, b) => words.compare(a[0], b[0]);

        rows.sort(descending ? (a, b) => compare(b, a) : compare);
        body.append(...rows.map((row) => row[1]));
        all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    }

    /* What one clicks on is a button, so that keyboards and screen readers know it, too. */
    function makeSortable(tables) {
        tables.forEach((table) => {
            all("thead th", table).forEach((heading, column) => {
                const button = document.createElement("button");

                button.type = "button";
                button.className = "sort";
                button.append(...heading.childNodes);
                heading.append(button);
                heading.addEventListener("click", () => {
                    sort(table, column, heading.classList.contains("number"), heading);
                });
            });
        });
    }

    /* --------------------------------------------------------------------------- copying ---- */

    /* The way that works where a page was not fetched by https, too. */
    function copyBySelecting(text) {
        const box = document.createElement("textarea");
        const before = document.activeElement;
        let done = false;

        box.value = text;
        box.readOnly = true;
        box.className = "aside";
        document.body.append(box);
        box.select();
        try {
            done = document.execCommand("copy");
        } catch (error) {
            done = false;
        }
        box.remove();
        if (before) before.focus({ preventScroll: true });
        return done;
    }

    function copy(text, button, source) {
        const name = button.dataset.name;
        const say = (done) => {
            button.textContent = done ? "copied" : "selected: now press Ctrl+C";
            if (!done) getSelection().selectAllChildren(source);
            setTimeout(() => { button.textContent = name; }, done ? 1500 : 5000);
        };
        const otherwise = () => say(copyBySelecting(text));

        if (navigator.clipboard && window.isSecureContext)
            navigator.clipboard.writeText(text).then(() => say(true), otherwise);
        else otherwise();
    }

    function addCopyButton(behind, source, name) {
        const button = document.createElement("button");

        button.type = "button";
        button.dataset.name = button.textContent = name;
        button.setAttribute("aria-live", "polite");
        button.addEventListener("click", () => copy(source.textContent, button, source));
        behind.append(" ", button);
    }

    /* ------------------------------------------------------------------------- exchanges ---- */

    const failures = byId("failures");
    const exchanges = failures ? all(".exchange", failures) : [];
    const placeOf = new Map(exchanges.map((entry, i) => [entry, i]));
    const prepared = new WeakSet();

    const shelf = byId("pieces");
    const pieces = shelf ? shelf.dataset.pieces.split("<!>") : [];

    /* The markup of what an exchange unfolds to. */
    function insideOf(entry) {
        const kept = entry.dataset.inside;

        return kept === undefined ? entry.lastElementChild.innerHTML
            : kept.replace(/<!([0-9a-z]+)>/g, (whole, number) => pieces[parseInt(number, 36)]);
    }

    /* Before one unfolds for the first time. */
    function prepare(entry) {
        if (prepared.has(entry)) return;
        prepared.add(entry);
        /* It was written by the report, with all texts escaped. */
        if (entry.dataset.inside !== undefined) {
            const line = document.createElement("p");
            const link = document.createElement("a");

            line.className = "self";
            link.href = "#" + entry.id;
            link.textContent = "Link to this exchange";
            line.append(link);
            entry.insertAdjacentHTML("beforeend", insideOf(entry));
            entry.lastElementChild.append(line);
        }
        const command = entry.querySelector(".command");
        const filter = entry.querySelector(".filter");

        if (command) addCopyButton(command.parentElement, command, "copy command");
        if (filter) addCopyButton(filter.closest("dd"), filter, "copy filter");
        makeSortable(all("table.sortable", entry));
    }

    /* An exchange as a details element. Browsers take three times as long to open a page of ten
     * thousand of those, so far down it becomes one when it comes near to what is seen. */
    function foldable(entry) {
        if (entry.localName === "details") return entry;
        const made = document.createElement("details");
        const summary = document.createElement("summary");

        Array.from(entry.attributes).forEach((one) => made.setAttribute(one.name, one.value));
        summary.className = "summary";
        summary.append(...entry.firstElementChild.childNodes);
        made.append(summary);
        exchanges[placeOf.get(entry)] = made;
        placeOf.set(made, placeOf.get(entry));
        placeOf.delete(entry);
        entry.replaceWith(made);
        return made;
    }

    function unfold(entry, open) {
        const it = open ? foldable(entry) : entry;

        if (open) prepare(it);
        it.open = open;
        return it;
    }

    if (failures) {
        const near = new IntersectionObserver((groups) => groups.forEach((group) => {
            if (!group.isIntersecting) return;
            near.unobserve(group.target);
            Array.from(group.target.children).forEach(foldable);
        }), { rootMargin: "2000px" });

        all(".group", failures).filter((group) => group.querySelector("[data-inside]"))
            .forEach((group) => near.observe(group));
    }

    if (failures) {
        failures.addEventListener("click", (event) => {
            const summary = event.target.closest("summary");

            if (summary) prepare(summary.parentElement);
        });
        /* However else it was opened. */
        failures.addEventListener("toggle", (event) => prepare(event.target), true);
    }

    /* Many at a time would keep the browser from anything else. */
    const AT_A_TIME = 300;
    let unfolding = 0;

    /* @param places  in exchanges, whose elements may change meanwhile */
    function unfoldAll(places, open) {
        const mine = ++unfolding;
        const step = (from) => {
            if (mine !== unfolding) return;
            places.slice(from, from + AT_A_TIME).forEach((i) => unfold(exchanges[i], open));
            if (from + AT_A_TIME < places.length) setTimeout(step, 0, from + AT_A_TIME);
        };

        step(0);
    }

    all("button[data-unfolds]").forEach((button) => {
        button.addEventListener("click", () => {
            const shown = Array.from(exchanges.keys()).filter((i) => !exchanges[i].hidden);

            unfoldAll(shown, shown.some((i) => !exchanges[i].open));
        });
    });

    /* ------------------------------------------------------------------------- filtering ---- */

    const FIELDS = ["status", "verdict", "method", "path", "server", "client", "host", "capture",
        "since", "before"];
    const plain = (text) => text.toLowerCase();
    const NAMED = { lt: "<", gt: ">", quot: "\"", apos: "'", amp: "&", middot: "\u00b7", rarr: "\u2192" };

    function unescape(text) {
        return text.indexOf("&") < 0 ? text
            : text.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (whole, hex, number, name) =>
                hex ? String.fromCodePoint(parseInt(hex, 16))
                    : number ? String.fromCodePoint(Number(number)) : NAMED[name] || whole);
    }

    /* The texts of markup, in lower case. */
    const texts = (markup) => markup.split(/<[^>]*>/).map((piece) => plain(unescape(piece)).trim())
        .filter(Boolean);

    /* A path as it is, and without scheme, host, query and closing slash. */
    function addPath(to, path) {
        const short = path.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/, "").replace(/[?#].*/s, "");

        to.push(path);
        if (short !== path) to.push(short);
        if (short.length > 1 && short.endsWith("/")) to.push(short.slice(0, -1));
    }

    /* "2026-11-22 07:30Z" as "2026-11-22t07:30": what is later comes later in the alphabet, too. */
    const moment = (text) => text.replace(/\s+/, "t").replace(/z$/, "");
    /* By field. The end of a span does not belong to it, so that spans can follow one another. */
    const TIMES = { since: (time, given) => time >= given, before: (time, given) => time < given };

    /* What an exchange is filtered by: its text, and the values of each field. */
    function lookInto(entry) {
        const summary = entry.firstElementChild;
        const markup = insideOf(entry);
        const facts = { capture: [], client: [], server: [], host: [], time: [] };
        const path = [];

        for (const found of markup.matchAll(/<dt>(Capture|Client|Server|Host|Time)(?:<\/dt>)?<dd>(.*?)(?=<dt>|<\/d[dl]>)/gs))
            facts[plain(found[1])].push(...texts(found[2]));
        addPath(path, plain(summary.querySelector("code").textContent));
        for (const found of markup.matchAll(/<code class="href">([^<]*)</g))
            addPath(path, plain(unescape(found[1])));
        const method = [plain(summary.querySelector("b").textContent)];

        /* As bars call what is not known. */
        if (method[0].startsWith("(")) method.push("(unknown)");
        if (facts.client.length < 2) facts.client.push("(unknown)");
        if (facts.server.length === 0 || facts.server[0] === "?") facts.server.push("(unknown)");
        if (path.includes("(no href)") || path.includes("(uri unknown)")) path.push("(unknown)", "(none)");
        return {
            text: plain(summary.textContent) + " " + texts(markup).join(" "),
            status: entry.dataset.status.split(" "),
            verdict: [summary.firstElementChild.textContent],
            method,
            path,
            server: facts.server.concat(facts.host),
            client: facts.client,
            host: facts.host,
            capture: facts.capture,
            time: facts.time[0] ? moment(facts.time[0]) : "",
        };
    }

    /* A row of a table: a field for every column. */
    function lookIntoRow(entry) {
        const known = { text: plain(entry.textContent) };

        Array.from(entry.cells).forEach((cell) => {
            known[plain(cell.dataset.label)] = [plain(cell.textContent)];
        });
        return known;
    }

    /* -field:value, field:"value", "words", words */
    function termsOf(query, fields) {
        const shape = /(-?)(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"?|(\S+))/gi;

        return Array.from(query.matchAll(shape), (found) => {
            const [whole, minus, name, quoted, word] = found;
            const field = name && fields.includes(plain(name)) ? plain(name) : null;
            const value = quoted !== undefined ? quoted.replace(/\\(.)/g, "$1") : word;

            if (field)
                return { field, value: plain(value), exact: quoted !== undefined, not: minus !== "" };
            return { value: plain(quoted !== undefined && !name ? value : whole), not: false };
        }).filter((term) => term.value !== "");
    }

    const WHOLE = ["status", "verdict", "method"];

    function fits(known, term) {
        const values = term.field && known[term.field];

        if (!term.field) return known.text.includes(term.value);
        if (TIMES[term.field] && known.time !== undefined)
            return known.time !== "" && TIMES[term.field](known.time, moment(term.value));
        if (!values || values.length === 0) return term.value === "(unknown)";
        if (term.field === "status" && /^[1-5]xx$/.test(term.value))
            return values.some((value) => value.startsWith(term.value[0]));
        if (WHOLE.includes(term.field) || term.exact)
            return values.some((value) => value === term.value
                || term.field === "status" && value.startsWith(term.value + " "));
        return values.some((value) => value.includes(term.value));
    }

    const filters = new Map();

    function makeFilter(input) {
        const id = input.dataset.filters;
        const place = byId(id);
        const rows = place === failures ? exchanges : all("tbody tr", place);
        const look = place === failures ? lookInto : lookIntoRow;
        const fields = place === failures ? FIELDS
            : all("thead th", place).map((heading) => plain(heading.textContent));
        const shown = byId(id + "-shown");
        const groups = all(".group", place);
        const groupOf = new Map(groups.map((group, i) => [group, i]));
        const known = [];

        const know = (most) => {
            for (let i = 0; i < most && known.length < rows.length; i++)
                known.push({ ...look(rows[known.length]), hidden: false,
                    group: groupOf.get(rows[known.length].parentElement) });
            return known.length === rows.length;
        };
        const apply = () => {
            const terms = termsOf(input.value, fields);
            const shownOf = new Array(groups.length).fill(0);
            let count = 0;

            know(rows.length);
            known.forEach((one, i) => {
                const hidden = !terms.every((term) => fits(one, term) !== term.not);

                if (one.hidden !== hidden) rows[i].hidden = one.hidden = hidden;
                count += hidden ? 0 : 1;
                if (!hidden && one.group !== undefined) shownOf[one.group]++;
            });
            groups.forEach((group, i) => { group.hidden = shownOf[i] === 0; });
            if (shown)
                shown.textContent = terms.length > 0 ? count + " of " + rows.length + " shown" : "";
        };
        /* While nothing else is to be done, so that the first letter does not wait for it. */
        const later = () => { if (!know(200)) setTimeout(later, 0); };

        filters.set(id, { input, apply });
        input.addEventListener("input", () => {
            apply();
            remember(id, input.value);
        });
        setTimeout(later, 50);
    }

    /* ----------------------------------------------------------------------- the address ---- */

    const nameOf = (id) => (id === "failures" ? "filter" : "filter-" + id);
    const fragment = (id, query) => "#" + nameOf(id) + "=" + encodeURIComponent(query)
        .replace(/%(3A|2F|2C|40)/g, decodeURIComponent);

    /* The address is the one to send to somebody; "back" leads to the page before, not through
     * every letter. */
    function remember(id, query) {
        try {
            history.replaceState(null, "", query ? fragment(id, query) : location.pathname + location.search);
        } catch (error) {
            location.hash = query ? fragment(id, query) : "";
        }
    }

    function show(target) {
        const entry = target.closest(".exchange");
        const filter = filters.get("failures");

        if (!entry) return;
        if (entry.hidden && filter) {
            filter.input.value = "";
            filter.apply();
        }
        unfold(entry, true).scrollIntoView();
    }

    function follow() {
        const [name, query] = location.hash.slice(1).split(/=(.*)/s);
        const target = byId(name);

        if (target) show(target);
        filters.forEach((filter, id) => {
            if (query === undefined || nameOf(id) !== name) return;
            try {
                filter.input.value = decodeURIComponent(query);
            } catch (error) {
                filter.input.value = query;
            }
            filter.apply();
            byId(id).scrollIntoView();
        });
    }

    makeSortable(all("table.sortable").filter((table) => !table.closest(".exchange")));
    all("input[data-filters]").forEach(makeFilter);
    all("a[data-filter]").forEach((link) => {
        const address = fragment("failures", link.dataset.filter);

        link.setAttribute("href", address);
        /* Once more after something else was typed. */
        link.addEventListener("click", () => { if (address === location.hash) follow(); });
    });
    /* The tab key stops at one of the bars over time. */
    all(".time svg[role]").forEach((chart) => {
        const bars = all("a", chart);
        const PLACES = {
            ArrowLeft: (at) => at - 1, ArrowRight: (at) => at + 1, Home: () => 0, End: () => bars.length - 1,
        };

        chart.addEventListener("keydown", (event) => {
            const at = bars.indexOf(document.activeElement);
            const to = PLACES[event.key] && bars[PLACES[event.key](at)];

            if (at < 0 || !PLACES[event.key]) return;
            event.preventDefault();
            if (to) to.focus();
        });
        chart.addEventListener("focusin", (event) => {
            bars.forEach((bar) => bar.setAttribute("tabindex", bar === event.target ? "0" : "-1"));
        });
    });
    window.addEventListener("hashchange", follow);
    follow();

    /* ---------------------------------------------------------------------------- paper ---- */

    /* Paper has no folds; but nobody wants thousands of pages that were not asked for. A table
     * that goes on overleaf repeats what it is about. */
    const MOST_ON_PAPER = 500;
    let folded = [];

    window.addEventListener("beforeprint", () => {
        const shown = exchanges.filter((entry) => !entry.hidden);

        folded = shown.length > MOST_ON_PAPER ? []
            : shown.filter((entry) => !entry.open).map((entry) => unfold(entry, true));
        all("details.exchange[open] table.why > thead").forEach((head) => {
            const summary = head.closest("details").firstElementChild;
            const row = document.createElement("tr");
            const cell = document.createElement("th");

            cell.colSpan = 4;
            cell.textContent = ["b", "code", "i"]
                .map((part) => summary.querySelector(part).textContent).join(" ");
            row.className = "overleaf";
            row.append(cell);
            head.prepend(row);
        });
    });
    window.addEventListener("afterprint", () => {
        folded.forEach((entry) => { entry.open = false; });
        all("tr.overleaf").forEach((row) => row.remove());
    });
}());
