/** Narrower windows have one column, and show the cells of a table below each other. */
const WIDE = '60rem';

/** The colors are those of the browser, light or dark. */
export const STYLE = `
:root{color-scheme:light dark;--soft:color-mix(in srgb,CanvasText 8%,Canvas);--line:color-mix(in srgb,CanvasText 25%,Canvas)}
html{background:Canvas;color:CanvasText}
body{font:16px/1.5 system-ui,sans-serif;max-width:80rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
h1,h2{line-height:1.2}h2{margin:2.5rem 0 .5rem}h3{display:inline;font:inherit}h4{margin:1rem 0 .25rem}
code,pre{font:.9em/1.5 ui-monospace,monospace}
pre{white-space:pre-wrap;margin:.25rem 0;padding:.5rem .75rem;background:var(--soft);border-radius:.25rem}
details>[id]{scroll-margin-top:5rem}h3 code{font-weight:600}
summary{cursor:pointer;padding:.4rem 0}
main>details{border-bottom:1px solid var(--line)}main>details>div{padding:0 0 1rem 1rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line)}
nav ul{list-style:none;margin:0 0 .5rem;padding:0 0 0 1rem}nav li{padding:.2rem 0}nav a{text-decoration:none}nav a:hover{text-decoration:underline}
@media(width<${WIDE}){
nav{border-bottom:1px solid var(--line)}
main>details>div{padding-left:0}
thead{display:none}table,tbody,tr,td{display:block}tr{padding:.4rem 0;border-bottom:1px solid var(--line)}td{padding:0;border:0}td+td{display:inline}td+td+td:not(:empty)::before{content:' · '}
html{scroll-padding-bottom:4rem}details>[id]{scroll-margin-top:7rem}
.up{position:sticky;bottom:.5rem;width:fit-content;margin:1rem 0 0 auto;border:1px solid var(--line);border-radius:.25rem;background:Canvas}.up a{display:block;padding:.4rem .8rem}
}
@media(width>=${WIDE}){
td{min-width:7rem}td:first-child{min-width:3rem}td:has(code):first-child{min-width:14rem}
body{display:grid;grid-template-columns:17rem minmax(0,1fr);gap:2.5rem}
nav{position:sticky;top:0;max-height:100vh;overflow-y:auto;align-self:start;font-size:.9em}
.up{display:none}
}`;
