/**
 * The style sheet of the page. Charts take their colours from it, so that they follow dark mode and print as text
 * does. The colours of faces and users are told apart with any colour vision (Okabe and Ito's orange and blue), darker
 * or lighter until they can be read as text.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fcfcfa; --card: #f3f4f1; --text: #1c222b; --soft: #535c68; --rule: #d5d9de; --grid: #e4e7ea;
  --faces: #a34a00; --users: #005f9e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1d2126; --text: #e6e8eb; --soft: #a9b1bb; --rule: #3a4149; --grid: #2b3138;
    --faces: #f5a45c; --users: #72b8f2;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 70rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word;
}
h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 1.75rem; letter-spacing: -0.01em; }
h2 { font-size: 1.3rem; margin-bottom: 0.6rem; }
h3 { font-size: 1rem; }
p, ul { margin: 0 0 0.8rem; max-width: 44rem; }
.name { overflow-wrap: anywhere; }
section { margin-top: 2rem; padding-top: 1.6rem; border-top: 1px solid var(--rule); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(9.5rem, 100%), 1fr)); gap: 0.7rem 1.5rem; margin: 1rem 0 1.6rem; }
dt { color: var(--soft); font-size: 0.85rem; }
dd { margin: 0; }
.answer { font-size: 1.35rem; line-height: 1.45; max-width: 48rem; text-wrap: pretty; }
.answer small { display: block; font-size: 0.95rem; }
.answer strong { font-variant-numeric: tabular-nums; white-space: nowrap; }
.lede, .hint, .nothing, figcaption, small, caption, .cost, .legend { color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.5rem; max-width: none; font-size: 0.9rem; }
.key { width: 26px; height: 12px; vertical-align: -1px; }
figure { margin: 0; }
figcaption { font-size: 0.85rem; max-width: 44rem; }
figure, .tables { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); gap: 1.5rem 2rem; align-items: start; }
/* Beside two charts there is room for the caption. */
.chart:nth-child(3) ~ figcaption { grid-column: 1 / -1; margin-top: 0; }
.chart { min-width: 0; max-width: 27rem; }
.chart > svg { display: block; width: 100%; height: auto; }
.hint { font-size: 0.85rem; margin: 0 0 0.5rem; }
.nothing { padding: 1rem; background: var(--card); border-radius: 0.4rem; margin-top: 0.5rem; }
svg text { fill: var(--text); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
svg .axis text, svg .threshold text { fill: var(--soft); font-size: 11px; }
.axis line { stroke: var(--grid); }
.threshold line { stroke: var(--soft); stroke-dasharray: 1 3; }
.value { font-weight: 600; }
.faces { --way: var(--faces); }
.users { --way: var(--users); }
.mark { stroke: var(--way); stroke-width: 2; }
.mark.faces { fill: var(--page); }
.mark.users { fill: var(--users); stroke-width: 0; }
.interval { stroke: var(--way); stroke-width: 2; opacity: 0.55; }
.step { stroke: var(--soft); stroke-width: 1; }
.curve { fill: none; stroke: var(--way); stroke-width: 2; stroke-linejoin: round; }
.curve.faces { stroke-dasharray: 5 3; }
.hump.faces { fill: none; }
.hump.users { fill: var(--users); opacity: 0.22; }
.point { paint-order: stroke; stroke: var(--page); stroke-width: 3px; font-size: 11px; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; font-variant-numeric: tabular-nums; align-self: start; }
caption { text-align: left; font-weight: 600; color: var(--text); padding-bottom: 0.4rem; }
th, td { padding: 0.45rem 0.5rem 0.45rem 0; text-align: left; vertical-align: top; border-top: 1px solid var(--rule); }
th { font-weight: 400; font-size: 0.9rem; }
thead th { color: var(--soft); vertical-align: bottom; }
td { font-weight: 600; }
td small { display: block; font-weight: 400; font-size: 0.8rem; }
.unknown { color: var(--soft); font-weight: 400; }
th:first-child { width: 36%; }
.wide { max-width: 60rem; }
.wide td { font-weight: 400; }
.wide th:first-child { width: 32%; }
.wide th:nth-child(2) { width: 4rem; }
.number { font-weight: 600; }
.cards { list-style: none; padding: 0; max-width: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 0.8rem; margin-top: 0.5rem; }
.cards li { background: var(--card); border-radius: 0.4rem; padding: 0.8rem; min-width: 0; }
.cards p { margin: 0; font-size: 0.9rem; }
.cards .values { margin-top: 0.35rem; display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.cards ~ h3 { margin-top: 1.4rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; margin-bottom: 0.6rem; }
.pair > * { width: 100%; aspect-ratio: 1; border-radius: 0.25rem; background: var(--page); }
.pair img { object-fit: contain; }
.no-picture { display: grid; place-items: center; color: var(--soft); font-size: 0.8rem; }
.reading dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 1rem 2rem; margin: 0 0 1.8rem; }
.reading dt { color: var(--text); font-weight: 600; font-size: 0.95rem; }
.reading dd { font-size: 0.92rem; }
.reading li { margin-bottom: 0.35rem; }
.cost { font-size: 0.85rem; margin-top: 1.5rem; }
.unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
@media print {
  :root {
    color-scheme: light; font-size: 10pt;
    --page: #fff; --card: #fff; --text: #000; --soft: #444; --rule: #bbb; --grid: #ddd; --faces: #a34a00; --users: #005f9e;
  }
  @page { margin: 12mm; }
  body { padding: 0; max-width: none; }
  figure, .legend, table:not(.wide), tr, .cards li, .reading dl > div { break-inside: avoid; }
  h2, h3, .legend { break-after: avoid; }
  figure, .tables { grid-template-columns: repeat(3, 1fr); gap: 1rem; }
  svg .value { font-size: 13px; }
  .cards { grid-template-columns: repeat(3, 1fr); }
  .cards li { border: 1px solid var(--rule); }
}
`;
