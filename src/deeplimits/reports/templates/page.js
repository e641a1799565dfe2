"use strict";
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const head = button.closest("th"), body = head.closest("table").tBodies[0];
    const place = head.cellIndex, up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const key = (row) => row.cells[place].dataset.value ?? row.cells[place].textContent.trim();
    const order = (a, b) => {
      const [x, y] = [key(a), key(b)];
      if (x === "" || y === "") return (x === "") - (y === "");  // what is missing stays below, either way
      const apart = x - y;
      return (up ? 1 : -1) * (Number.isNaN(apart) ? x.localeCompare(y) : apart);
    };
    body.append(...[...body.rows].sort(order));
  });
}
const theme = document.querySelector(".theme");
const names = ["auto", "light", "dark"];
theme.hidden = false;
theme.addEventListener("click", () => {
  const next = names[(names.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % names.length];
  document.documentElement.dataset.theme = next;
  theme.textContent = `theme: ${next}`;
});
