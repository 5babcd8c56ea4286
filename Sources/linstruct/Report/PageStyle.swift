/// The look of the page, light and dark, narrow and wide.
enum PageStyle {
  static let css = """
    :root { --paper: #ffffff; --ink: #1c2530; --quiet: #5b6775; --rule: #e3e7ec; --panel: #f5f7f9;
      --first: #0b6e99; --second: #d1682b; --third: #4d8f4d; --chance: #8b95a1; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #14191f; --ink: #e6eaee; --quiet: #a3aeb9; --rule: #2c343d; --panel: #1b222a;
        --first: #4fb3dd; --second: #f0915a; --third: #86c286; --chance: #7d8893; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 68rem; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
    header p { max-width: 46rem; color: var(--quiet); margin: 0 0 1rem; }
    section { border-top: 1px solid var(--rule); padding: 1.5rem 0 .75rem; }
    h2 { font-size: 1.15rem; line-height: 1.3; margin: 0 0 .75rem; }
    h2 b { color: var(--chance); font-weight: 600; margin-right: .4rem; }
    .row { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1rem 2rem; align-items: start; }
    @media (min-width: 52rem) { .row { grid-template-columns: minmax(0, 1.08fr) minmax(0, 1fr); } }
    figure { margin: 0; }
    svg { display: block; width: 100%; height: auto; }
    ul { margin: 0; padding-left: 1.1rem; }
    li { margin-bottom: .4rem; overflow-wrap: break-word; }
    .verdict { background: var(--panel); border-left: 4px solid var(--first); padding: .6rem .8rem; margin: .9rem 0 0;
      font-weight: 600; }
    .verdict.chance { border-left-color: var(--chance); }
    .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .85rem; \
    color: var(--quiet); padding-left: .3rem; }
    .legend i { display: inline-block; width: .75rem; height: .75rem; border-radius: 2px; margin-right: .4rem; }
    i.first { background: var(--first); } i.second { background: var(--second); } i.third { background: var(--third); }
    i.chance { background: var(--chance); }
    text { fill: var(--quiet); font-size: 12.5px; } text.label { fill: var(--ink); font-size: 13px; }
    .grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--quiet); stroke-width: 1; }
    .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
    .dashed { stroke-dasharray: 6 5; stroke-linecap: butt; }
    .line.first { stroke: var(--first); } .line.second { stroke: var(--second); } .line.third { stroke: var(--third); }
    .line.chance { stroke: var(--chance); }
    .dot { stroke: var(--paper); stroke-width: 1; } .ring { fill: var(--paper); stroke-width: 1.8; }
    .dot.first { fill: var(--first); } .dot.second { fill: var(--second); } .dot.chance { fill: var(--chance); }
    .ring.first { stroke: var(--first); }
    .bar { fill-opacity: .72; } .bar.first { fill: var(--first); } .bar.second { fill: var(--second); }
    footer { border-top: 1px solid var(--rule); margin-top: 1rem; padding-top: .75rem; color: var(--quiet); \
    font-size: .85rem; }
    """
}
