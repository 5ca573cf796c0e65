/* Makes the menus of columns work with the keyboard: in Datasette 0.65 they are images that take no focus. */
for (const icon of document.querySelectorAll("svg.dropdown-menu-icon")) {
  const column = icon.closest("th").dataset.column;
  const name = { tabindex: "0", role: "button", "aria-haspopup": "true", "aria-label": `What to do with ${column}` };
  for (const [attribute, value] of Object.entries(name)) icon.setAttribute(attribute, value);
  icon.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    icon.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    const menu = document.querySelector("body > .dropdown-menu");
    [...menu.querySelectorAll("a")].find((link) => link.offsetParent)?.focus();
    menu.onkeydown = (pressed) => {
      if (pressed.key !== "Escape") return;
      document.body.click();
      icon.focus();
    };
  });
}
