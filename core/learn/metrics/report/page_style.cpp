// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn::report {

std::string_view pageStyle() {
  return R"css(
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b2430;--soft:#5a6675;--line:#dde2e8;--accent:#1f6feb;
--track:#e6eaef;--fault:#b4421a;--slip:#d1602b;--s0:#1f6feb;--s1:#d1602b;--s2:#1a8a5a;--s3:#8250df;--s4:#bf3989;--s5:#8a6d00;
--s6:#0b8296;--s7:#6b7480}
@media (prefers-color-scheme:dark){:root{--page:#0f141a;--card:#171e26;--ink:#e4e9ef;--soft:#9aa6b4;--line:#2a343f;
--accent:#5b9dff;--track:#28323d;--fault:#f0935f;--slip:#e8834f;--s0:#5b9dff;--s1:#f0935f;--s2:#4cc38a;--s3:#b08cff;--s4:#f178b6;
--s5:#d9b93c;--s6:#45c4d8;--s7:#a3adb8}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 "Open Sans",system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1120px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 12px;letter-spacing:-.01em}
h2{font-size:19px;margin:0 0 4px}h3{font-size:15px;margin:22px 0 6px}h4{font-size:14px;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:0 0 10px}.note{color:var(--soft);font-size:13px;margin:6px 0 0;max-width:80ch}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0;font-size:13px}
.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.overview{display:grid;grid-template-columns:repeat(auto-fill,minmax(215px,1fr));gap:12px;margin:24px 0}
.tile,section{background:var(--card);border:1px solid var(--line);border-radius:8px}
.tile{padding:14px 16px;color:inherit;text-decoration:none;display:block}.tile:hover{border-color:var(--accent)}
.tile b{display:block;font-size:26px;font-weight:600;letter-spacing:-.02em;line-height:1.2}
.tile span{display:block;color:var(--soft);font-size:13px}
section{padding:20px 24px 24px;margin:0 0 16px}
table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums}
th,td{padding:5px 18px 5px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:middle}
th{font-weight:500;color:var(--soft);font-size:13px;white-space:nowrap}.n{text-align:right;white-space:nowrap}.strong{font-weight:600}
tbody tr:last-child td{border-bottom:0}.scroll{overflow-x:auto}
.bar{display:block}.track{fill:var(--track)}.fill{fill:var(--accent);opacity:.75}.whisker{stroke:var(--ink);stroke-width:1.3;fill:none}
.figures{display:flex;flex-wrap:wrap;gap:28px;margin-top:18px}.plot{margin:0;max-width:100%}
figcaption{font-weight:600;font-size:14px;margin-bottom:8px}.plotbody{display:flex;gap:14px;flex-wrap:wrap;align-items:flex-start}
svg text{font-family:inherit;fill:var(--soft)}.tick,.count{font-size:11px}.axis{font-size:12px}.grid{stroke:var(--line);fill:none}
.curve{fill:none;stroke-width:2;stroke-linejoin:round}.dashed{stroke-dasharray:5 3}
.s0{stroke:var(--s0)}.s1{stroke:var(--s1)}.s2{stroke:var(--s2)}.s3{stroke:var(--s3)}.s4{stroke:var(--s4)}.s5{stroke:var(--s5)}
.s6{stroke:var(--s6)}.s7{stroke:var(--s7)}
.legend{list-style:none;margin:6px 0;padding:0;font-size:13px}.legend li{display:flex;align-items:center;gap:8px;padding:2px 0}
.cell{fill:var(--track);opacity:.45}.hit{fill:var(--accent)}.slip{fill:var(--slip)}svg .count{fill:var(--ink)}svg .onfill{fill:#fff}
@media (prefers-color-scheme:dark){svg .onfill{fill:#0f141a}}
.cases{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px;margin-top:8px}
.case{border:1px solid var(--line);border-radius:6px;overflow:hidden}.picture{display:block;width:100%;height:auto;background:#000}
.words{padding:10px 12px}.fault{color:var(--fault);font-size:13px;margin:0 0 6px}
.case dl{margin:0;font-size:13px}.case dt{color:var(--soft)}.case dd{margin:0 0 4px;white-space:pre-wrap;overflow-wrap:anywhere;
max-height:9em;overflow-y:auto}
polygon{fill:none;stroke-width:1.6;vector-effect:non-scaling-stroke}.halo{stroke:#000;stroke-opacity:.45;stroke-width:3.2}
.truth{stroke:#5dff9b}.found{stroke:#ffd23f;stroke-dasharray:5 3}
.key{font-size:13px;color:var(--soft)}.key i{display:inline-block;width:20px;height:0;border-top:3px solid;margin:0 6px 3px 0;vertical-align:middle}
.key .kt{border-color:#27b866}.key .kf{border-color:#e0ad00;border-top-style:dashed;margin-left:16px}
footer{color:var(--soft);font-size:12px;margin-top:24px}
@media print{body{background:#fff}section,.tile{break-inside:avoid}}
)css";
}

}  // namespace orthoscribe::learn::report
