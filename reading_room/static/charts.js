// On top of the charts, which are whole without it: a click on a mark leads to what it counts.
"use strict";
for (const picture of document.querySelectorAll(".room-picture")) {
  picture.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-href]");
    if (mark) location.href = picture.dataset.root + mark.dataset.href;
  });
}
