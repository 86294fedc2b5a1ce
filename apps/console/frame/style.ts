/** The console's one style sheet: from 360 px to a wall screen, light and dark, contrast of at least 4.5:1 (WCAG 2.2 AA). */
export const STYLE = `:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--soft:#f3f4f6;--line:#767676;--link:#0b3d91;--bad:#a40000;--warn:#7a4b00;--good:#14532d;font:1rem/1.5 system-ui,sans-serif}
@media(prefers-color-scheme:dark){:root{--ink:#f2f2f2;--paper:#16181d;--soft:#23262e;--line:#9a9a9a;--link:#9cc2ff;--bad:#ff9c9c;--warn:#ffc879;--good:#8fe0ab}}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:var(--paper);overflow-wrap:anywhere}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:.5rem;top:.5rem;background:var(--paper);padding:.5rem;z-index:1}
header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;padding:.5rem 1rem;border-bottom:1px solid var(--line)}
header nav{display:flex;flex-wrap:wrap;gap:0 1rem;flex:1 1 18rem}
header nav a{display:inline-block;padding:.5rem 0}
header nav a[aria-current]{font-weight:700;text-decoration-thickness:3px}
main{padding:0 1rem 3rem;max-width:100rem;margin:0 auto}
main:focus{outline:none}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:1.5rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
.scroll{overflow-x:auto}.scroll table{overflow-wrap:normal}
form.filter{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;background:var(--soft);padding:.75rem;border-radius:.4rem;margin-bottom:.75rem}
form.filter p{margin:0;max-width:100%}form.filter label:has(input){padding:.6rem 0}
label{display:block;font-weight:600}
input,select,textarea,button,.button{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--line);border-radius:.3rem;padding:.45rem .7rem;min-height:2.75rem}
input[type=checkbox],input[type=radio]{min-height:0;width:1.5rem;height:1.5rem;margin:0 .4rem 0 0;vertical-align:-.35rem}
input,select{max-width:100%}
button,.button{border:2px solid var(--link);color:var(--link);cursor:pointer;text-decoration:none;display:inline-block}
button.plain{border-color:transparent;text-decoration:underline}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.75rem;padding:0;list-style:none}
.tiles>*{border:1px solid var(--line);border-radius:.4rem;padding:.75rem}
.tiles strong{display:block;font-size:1.8rem;line-height:1.2}
.bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}
.alert{border-left:4px solid var(--bad);background:var(--soft);padding:.75rem}
.done{border-left:4px solid var(--good);background:var(--soft);padding:.75rem}
.columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 2rem}
dl.facts{margin:0}dl.facts div{display:flex;flex-wrap:wrap;gap:0 .75rem;padding:.3rem 0;border-bottom:1px solid var(--line)}
dl.facts dt{font-weight:600;flex:0 0 12rem}dl.facts dd{margin:0;flex:1 1 12rem;white-space:pre-line}
details.answer{border:1px solid var(--line);border-radius:.4rem;padding:0 .75rem;margin-bottom:.5rem}
summary{padding:.6rem 0;cursor:pointer;font-weight:600}
.choice{display:block;font-weight:400;padding:.25rem 0}
textarea,progress{width:100%}
form.drop{border:2px dashed var(--line);border-radius:.4rem;padding:0 1rem}
.fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(16rem,100%),1fr));gap:0 1rem;align-items:end}
@media print{header,.skip,.no-print,form.filter,button,.button{display:none}main{padding:0}.scroll{overflow:visible}a{color:inherit;text-decoration:none}}
.chart{width:100%;max-width:35rem;height:auto;font-size:14px}.chart text{fill:var(--ink)}.chart .figure{font-weight:700}
.chart .bar{fill:var(--link)}.chart .tile{fill:var(--soft);stroke:var(--line)}.chart .hidden{fill:none;stroke:var(--line);stroke-dasharray:4 3}
.pages a{margin-right:1rem;display:inline-block;padding:.5rem 0}.pages a[aria-current]{font-weight:700}
table.figures{overflow-wrap:normal}td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600}
.empty{background:var(--soft);padding:1rem;border-radius:.4rem}
.choices{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;margin-bottom:.75rem}.choices a{padding:.5rem 0}.choices a[aria-current]{font-weight:700;text-decoration-thickness:3px}
.actions{display:flex;flex-wrap:wrap;gap:.5rem 2rem}.actions>section{flex:1 1 20rem}
textarea.code{font-family:ui-monospace,monospace}
.details{font-weight:400}.note{white-space:pre-wrap;margin:.25rem 0}
blockquote{margin:0;padding:.5rem 1rem;border-left:.25rem solid var(--line);white-space:pre-wrap}
.views{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}.views a[aria-current]{font-weight:700}form.inline{display:inline}
.why{border-left:.4rem solid var(--link);padding:.1rem 1rem;background:var(--soft)}.why .sentence{font-size:1.15rem;font-weight:600}
ul.plain{margin:0;padding:0;list-style:none}
.plan .step rect{fill:var(--paper);stroke:var(--line)}.plan .step-sent rect{fill:var(--soft);stroke:var(--link)}.plan .step-done rect{stroke:var(--good)}.plan .step-over rect,.plan .step-missing rect{stroke:var(--bad);stroke-dasharray:6 4}
.plan text{fill:var(--ink);font-size:13px}.plan .title{font-weight:700}.plan .edge{fill:none;stroke:var(--line)}.plan .critical rect,.plan .edge.critical{stroke-width:3.5}
form.ask{max-width:40rem}form.ask textarea,form.ask select,form.ask input{width:100%}
.feed{padding:0;list-style:none}.feed li{padding:.3rem 0;border-bottom:1px solid var(--line)}.feed time{margin-right:.75rem;font-variant-numeric:tabular-nums}
textarea.mrz{font-family:ui-monospace,monospace;text-transform:uppercase;white-space:pre;overflow-x:auto}
.help{padding:.5rem 0}.text{max-width:42rem}.text li{margin-bottom:.4rem}.text pre{white-space:pre-wrap}
.live{float:right;margin:.25rem 1rem 0}@media(max-width:40rem){.live{float:none;text-align:right}a.button{margin-bottom:.25rem}}
.ticket{border:2px dashed var(--line);border-radius:.4rem;padding:0 1rem;max-width:34rem}.ticket .address{font-family:ui-monospace,monospace;overflow-wrap:anywhere}@media print{main:has(.ticket)>h1{display:none}}
.notice{border:2px solid var(--warn);border-radius:.4rem;padding:.5rem 1rem}`;
