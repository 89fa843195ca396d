/* report.js: what the report can do more when scripts are on: sort, filter, copy, unfold.
 * Nothing in it is needed to read the report, and it loads and sends nothing.
 * SPDX-License-Identifier: GPL-2.0-or-later */
(function () {
    "use strict";
    const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

    document.documentElement.classList.add("scripts");

    function key(row, column) {
        const cell = row.cells[column];

        return cell ? cell.dataset.sort || cell.textContent.trim() : "";
    }

    function sort(table, column, numeric, heading) {
        const body = table.tBodies[0];
        const descending = heading.getAttribute("aria-sort") === "descending" ? false
            : heading.getAttribute("aria-sort") === "ascending" ? true : numeric;
        const rows = Array.from(body.rows);
        const compare = numeric
            ? (a, b) => Number(key(a, column)) - Number(key(b, column))
            : (a, b) => key(a, column).localeCompare(key(b, column), "en", { numeric: true });

        rows.sort(descending ? (a, b) => compare(b, a) : compare);
        rows.forEach((row) => body.appendChild(row));
        all("th", table).forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
    }

    all("table.sortable").forEach((table) => {
        all("thead th", table).forEach((heading, column) => {
            const act = () => sort(table, column, heading.classList.contains("number"), heading);

            heading.tabIndex = 0;
            heading.addEventListener("click", act);
            heading.addEventListener("keydown", (event) => {
                if (event.key === "Enter" || event.key === " ") {
                    event.preventDefault();
                    act();
                }
            });
        });
    });

    /* <input data-filters="ID"> hides the rows or exchanges of #ID that lack one of its words. */
    all("input[data-filters]").forEach((input) => {
        const place = document.getElementById(input.dataset.filters);
        const entries = all("tbody tr, details.exchange", place)
            .filter((entry) => !entry.parentElement.closest("details.exchange"));
        const texts = entries.map((entry) => entry.textContent.toLowerCase());
        const shown = document.getElementById(input.dataset.filters + "-shown");

        input.addEventListener("input", () => {
            const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
            let count = 0;

            entries.forEach((entry, i) => {
                entry.hidden = !words.every((word) => texts[i].includes(word));
                count += entry.hidden ? 0 : 1;
            });
            if (shown) shown.textContent = words.length > 0 ? count + " of " + entries.length : "";
        });
    });

    all("button[data-copies]").forEach((button) => {
        button.addEventListener("click", () => {
            const text = document.getElementById(button.dataset.copies).textContent;
            const said = button.textContent;

            if (!navigator.clipboard) return;
            navigator.clipboard.writeText(text).then(() => {
                button.textContent = "copied";
                setTimeout(() => { button.textContent = said; }, 1200);
            });
        });
    });

    all("button[data-unfolds]").forEach((button) => {
        button.addEventListener("click", () => {
            const entries = all("details.exchange", document.getElementById(button.dataset.unfolds));
            const open = entries.some((entry) => !entry.open && !entry.hidden);

            entries.forEach((entry) => { if (!entry.hidden) entry.open = open; });
        });
    });

    /* Paper has no folds. */
    let folded = [];
    window.addEventListener("beforeprint", () => {
        folded = all("details").filter((entry) => !entry.open);
        folded.forEach((entry) => { entry.open = true; });
    });
    window.addEventListener("afterprint", () => {
        folded.forEach((entry) => { entry.open = false; });
    });
}());
