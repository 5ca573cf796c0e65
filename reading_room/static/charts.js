// Draws the charts of a page with the scripts of datasette-dashboards, all in one style.
"use strict";
const LOOK = {
  aria: false, // else screen readers read out each mark; the table behind the chart is the better text
  mark: { aria: false },
  background: "transparent",
  font: "system-ui, sans-serif",
  view: { stroke: null },
  axis: { labelColor: "#1c2330", titleColor: "#1c2330", gridColor: "#e3e6eb", labelFontSize: 12, titleFontSize: 12, labelLimit: 130, labelSeparation: 6 },
  legend: { orient: "bottom", labelFontSize: 12, titleFontSize: 12, labelLimit: 150, columns: innerWidth < 600 ? 2 : 4, titleLimit: 300 },
  range: { category: ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#3b3b6d", "#8a8f98"] },
  text: { color: "#1c2330", fontSize: 12 },
};
// Expressions are interpreted, because the page's policy forbids to compile them; no menu, because it leads to other hosts.
const OPTIONS = { ast: true, renderer: "svg", actions: false, logLevel: vega.Error }; // below it, Vega warns of each height in steps

// The plugin sends SQL, which --no-sql forbids; ready queries answer in the same shape.
const getPluginUrl = getDataUrl;
getDataUrl = (chart, filters, root) =>
  chart.canned ? `${root}archive/${chart.canned}.json?${filters}&_shape=objects` : getPluginUrl(chart, filters, root);

// Vega gives groups of marks a role without a name; the picture as a whole gets one, and a table has its figures.
const labelPicture = (place) => {
  place.setAttribute("role", "img");
  place.querySelector("svg").setAttribute("aria-hidden", "true");
};
const embedChart = vegaEmbed;
vegaEmbed = (place, { $schema: older, ...spec }) =>
  spec.data.values?.length ? embedChart(place, spec, OPTIONS).then(() => labelPicture(place)) : place.append("There is nothing to draw.");

for (const place of document.querySelectorAll("[data-chart]")) {
  const chart = JSON.parse(place.dataset.chart);
  Object.assign(chart.display, { config: LOOK, autosize: { type: "fit-x", contains: "padding" } });
  renderChart(place.dataset.name, chart, place.dataset.filters, place.dataset.root);
}
