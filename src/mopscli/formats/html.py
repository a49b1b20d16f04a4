"""A page as one file of HTML: no script, no network, light and dark, on a phone, a desk or paper."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final, assert_never

from mopscli.formats.palette import PALETTE
from mopscli.page import (
    Block,
    Bullets,
    Commands,
    Facts,
    Footnotes,
    Gauge,
    Grid,
    Heading,
    Heat,
    Histogram,
    Intervals,
    Ladders,
    Levels,
    Line,
    Measure,
    Outline,
    Page,
    Paragraph,
    Piece,
    Rung,
    Scales,
    Scatter,
    Sheet,
    Table,
    Timeline,
    Title,
)
from mopscli.text import clean

# Whatever gets into the page, a browser runs no script of it and fetches nothing.
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
HEAT_NOTE: Final = "Green reaches what is asked, yellow is one level below, red further off."
CSS: Final = """
:root { color-scheme: light dark; --ink: #1c2430; --paper: #ffffff; --quiet: #56606e; --line: #d4d9e0;
  --soft: #f1f4f8; --link: #0b5394; --one: #0b63b0; --two: #b35900; --three: #2e7d32;
  --enough: #cfe8d2; --near: #fbe6a2; --short: #f7c6c1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --paper: #14181f; --quiet: #a9b3c1;
  --line: #3a4350; --soft: #1e242e; --link: #8ec5ff; --one: #6db3f2; --two: #f2a65a; --three: #81c784;
  --enough: #1f4d2b; --near: #5a4708; --short: #6e2722; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.5rem 0 .75rem; border-top: 2px solid var(--line);
  padding-top: 1.25rem; }
h3 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
p, ul, dl, table, figure { margin: .5rem 0; }
.quiet, figcaption, .note { color: var(--quiet); font-size: .9rem; }
a { color: var(--link); }
sup a { text-decoration: none; padding: 0 .15em; }
dl.facts { display: grid; grid-template-columns: minmax(7rem, 14rem) 1fr; gap: .4rem 1rem; }
dl.facts dt { font-weight: 600; }
dl.facts dd { margin: 0; }
dd p, li p { margin: 0 0 .25rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
th { overflow-wrap: break-word; }
.wide { overflow-x: auto; }
table.grid { table-layout: fixed; }
table.grid th:first-child { width: 8rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.gauge { display: grid; gap: .35rem; }
.gauge div { display: grid; grid-template-columns: 14rem 1fr 12.5rem; gap: .1rem .75rem; align-items: center; }
.gauge .part { padding-left: 1rem; color: var(--quiet); }
.bar { background: var(--soft); border: 1px solid var(--line); border-radius: 3px; height: .9rem; }
.bar span { display: block; height: 100%; background: var(--one); border-radius: 2px; }
figure { break-inside: avoid; }
figcaption { font-size: 1.1rem; font-weight: 600; color: var(--ink); margin-top: 1.5rem; }
figure svg, .pictures svg { display: block; width: 100%; max-width: 27.5rem; height: auto; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem 2.5rem;
  align-items: start; }
details { margin: .5rem 0; font-size: .9rem; }
summary { cursor: pointer; color: var(--link); }
.sheet .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr));
  gap: 0 2.5rem; }
.sheet { font-size: .88rem; line-height: 1.37; }
.sheet h1 { font-size: 1.6rem; }
.sheet h2, .sheet figcaption { font-size: 1rem; font-weight: 600; border: 0; padding: 0; margin: .7rem 0 .15rem; }
.sheet :is(p, ul, dl, figure) { margin: .2rem 0; }
.sheet ul { padding-left: 1.1rem; }
.sheet dl.facts { grid-template-columns: 6.5rem 1fr; gap: .2rem .75rem; }
.sheet .note, .sheet .quiet { font-size: .88em; }
.sheet .gauge div { grid-template-columns: 13.5rem 1fr 5.5rem; }
.sheet > h2 { font-size: 1.4rem; }
.sheet + .sheet { border-top: 2px solid var(--line); margin-top: 2.5rem; padding-top: .5rem; }
footer { margin-top: 3rem; border-top: 2px solid var(--line); font-size: .9rem; }
footer h2 { border: 0; margin: 0; padding: .75rem 0 0; }
footer dl { display: grid; grid-template-columns: 2.5rem 1fr; gap: .4rem .5rem; }
footer dd { margin: 0; }
@media screen and (max-width: 36rem) { .sheet h1 { font-size: 1.2rem; }
  .sheet { font-size: .83rem; line-height: 1.32; } .sheet :is(h2, figcaption) { margin-top: .6rem; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: .6rem; } .sheet dl.facts { grid-template-columns: 4.5rem 1fr; gap: .15rem .6rem; }
  .sheet dl.facts dd { margin: 0; } .gauge div, .sheet .gauge div { grid-template-columns: 1fr auto; }
  .gauge .bar { grid-column: 1 / -1; grid-row: 2; } h1 { font-size: 1.5rem; }
  table.grid thead { display: none; } table.grid :is(tr, th, td) { display: block; border: 0; }
  table.grid th:first-child { width: auto; padding-top: 1rem; }
  table.grid td::before { content: attr(data-column); display: block; color: var(--quiet); } }
@page { margin: 12mm; }
@media print { :root { --ink: #000000; --paper: #ffffff; --quiet: #444444; --line: #bbbbbb; --soft: #f3f3f3;
    --link: #000000; --one: #0b63b0; --two: #b35900; --three: #2e7d32;
    --enough: #cfe8d2; --near: #fbe6a2; --short: #f7c6c1; }
  body { max-width: none; padding: 0; font-size: 10pt; } h1, h2, h3 { break-after: avoid; }
  .sheet { font-size: 9pt; line-height: 1.3; } .sheet:not(:last-child) { break-after: page; }
  .sheet .columns { grid-template-columns: 1fr 1fr; gap: 0 2rem; } .sheet h1 { font-size: 15pt; }
  .sheet :is(h2, figcaption) { font-size: 10pt; margin: .6rem 0 .15rem; }
  .sheet + :is(h2, .sheet) { border: 0; margin: 0; padding: 0; } .sheet > h2 { font-size: 14pt; }
  figcaption, .note { break-before: avoid; }
  dl.facts dt, dl.facts dd, li, tr, figure, svg { break-inside: avoid; } details { display: none; }
  .bar, .bar span, svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def webpage(page: Page) -> str:
    """Return a page as HTML, its sources at the foot."""
    return "\n".join(_Webpage(page).lines()) + "\n"


class _Webpage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.footnotes = Footnotes(page)
        self.outline = Outline()
        self.colors = {
            label: f"var(--role-{number % len(PALETTE)})" for label, number in page.accents.items()
        }
        self.charts = 0

    def lines(self) -> Iterator[str]:
        title = next((block.text for block in self.page.blocks if isinstance(block, Title)), "mops")
        yield "<!DOCTYPE html>"
        yield '<html lang="en">'
        yield '<head>\n<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="robots" content="noindex">'
        yield f"<title>{_text(title)}</title>"
        yield f"<style>{CSS}{_role_colors(self.page)}</style>\n</head>\n<body>\n<main>"
        for block in self.page.shown:
            yield from self._block(block)
        yield "</main>"
        if cited := tuple(self.footnotes.cited()):
            yield "<footer>\n<h2>Sources</h2>\n<dl>"
            for mark, text in cited:
                yield f'<dt id="source-{mark}">[{mark}]</dt><dd>{_text(text)}</dd>'
            yield "</dl>\n</footer>"
        yield "</body>\n</html>"

    def _said(self, line: Line) -> str:
        mark = self.footnotes.mark(line)
        note = f'<sup><a href="#source-{mark}" aria-label="source {mark}">{mark}</a></sup>' if mark else ""
        return _text(line.text) + note

    def _all(self, lines: Iterable[Line]) -> str:
        said = [self._said(line) for line in lines]
        return said[0] if len(said) == 1 else "".join(f"<p>{text}</p>" for text in said)

    def _block(self, block: Block) -> Iterator[str]:
        if not isinstance(block, Sheet):
            yield from self._piece(block)
            return
        yield '<section class="sheet">'
        for piece in block.across:
            yield from self._piece(piece)
        yield '<div class="columns">'
        for column in block.columns:
            yield "<div>"
            for piece in column:
                yield from self._piece(piece)
            yield "</div>"
        yield "</div>\n</section>"

    def _piece(self, block: Piece) -> Iterator[str]:
        level = self.outline.level(block)
        match block:
            case Title(text) | Heading(text):
                yield f"<h{level}>{_text(text)}</h{level}>"
            case Paragraph(line, quiet):
                kind = ' class="quiet"' if quiet else ""
                yield f"<p{kind}>{self._said(line)}</p>"
            case Bullets(lines):
                yield "<ul>" + "".join(f"<li>{self._said(line)}</li>" for line in lines) + "</ul>"
            case Facts(rows):
                yield from _facts((_text(label), self._all(lines)) for label, lines in rows)
            case Commands(steps):
                yield from _facts(
                    (f"<code>{_text(step.command)}</code>", _text(step.purpose)) for step in steps
                )
            case Levels(name, columns, remark, rows, note):
                yield from _table(
                    [name, *columns, remark],
                    [(label, list(map(str, levels)), self._all(said)) for label, levels, said in rows],
                )
                yield _note(note)
            case Gauge(measures, note):
                yield from _gauge(measures)
                yield _note(note)
            case Heat():
                yield from self._heat(block)
            case Ladders(columns):
                yield from self._ladders(columns)
            case Intervals() | Scales() | Timeline() | Histogram() | Scatter():
                yield from self._chart(block)
            case Table(columns, cells):
                said = ((label, [self._said(cell) if cell else "" for cell in some]) for label, some in cells)
                yield from _grid(columns, said)
            case Grid(columns, rows):
                yield from _grid(columns, ((label, [*map(self._all, cells)]) for label, cells in rows))
            case _:
                assert_never(block)

    def _ladders(self, columns: Iterable[tuple[str, Iterable[Rung]]]) -> Iterator[str]:
        from mopscli.formats.charts import ladder

        yield '<div class="pictures">'
        for title, rungs in columns:
            said = [(rung, [*map(self._marked, rung.lines)]) for rung in rungs]
            yield ladder(title, said, self.colors, self._name())
        yield "</div>"

    def _heat(self, block: Heat) -> Iterator[str]:
        from mopscli.formats.charts import heat_maps

        yield '<div class="pictures">'
        yield from heat_maps(block, self._name())
        yield "</div>"
        yield _note(f"{block.note} {HEAT_NOTE}")
        named = enumerate(zip(block.people, block.against, strict=True), 1)
        people = (f"{number} {name}" + (f" ({role})" if role else "") for number, (name, role) in named)
        yield _note(f"{', '.join(people)}.")

    def _marked(self, line: Line) -> str:
        mark = self.footnotes.mark(line)
        return f"{line.text} [{mark}]" if mark else line.text

    def _name(self) -> str:
        """Return a name for the next picture."""
        self.charts += 1
        return f"picture-{self.charts}"

    def _chart(self, chart: Intervals | Scales | Timeline | Histogram | Scatter) -> Iterator[str]:
        # What draws is loaded for pages with pictures alone.
        from mopscli.formats import charts

        yield "<figure>"
        if chart.title:
            yield f"<figcaption>{_text(chart.title)}</figcaption>"
        match chart:
            case Intervals():
                yield charts.intervals(chart, self.colors, self._name())
            case Scales(_, rows):
                if said := [(_text(row.name), _text(row.sentence)) for row in rows if row.sentence]:
                    yield from _facts(said)
                yield charts.dumbbell(chart, self.colors, self._name())
            case Timeline():
                yield charts.timeline(chart, self._name())
            case Histogram():
                yield charts.histogram(chart, self.colors, self._name())
            case Scatter():
                yield charts.scatter(chart, self.colors, self._name())
            case _:
                assert_never(chart)
        yield f"{_note(chart.note)}\n</figure>"


def _role_colors(page: Page) -> str:
    """Return the colors of the roles on a page, for light, dark and paper."""
    numbers = sorted({number % len(PALETTE) for number in page.accents.values()})
    if not numbers:
        return ""
    light, dark = (
        " ".join(f"--role-{number}: {getattr(PALETTE[number], shade)};" for number in numbers)
        for shade in ("light", "dark")
    )
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"


def _facts(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield labels and what there is to say of each, all of it HTML."""
    yield '<dl class="facts">'
    yield from (f"<dt>{label}</dt><dd>{said}</dd>" for label, said in rows)
    yield "</dl>"


def _gauge(measures: Iterable[Measure]) -> Iterator[str]:
    yield '<div class="gauge">'
    for one in measures:
        share = max(0.0, min(one.value, 100.0))
        kind = ' class="part"' if one.nested else ""
        yield (
            f'<div><span{kind}>{_text(one.name)}</span><span class="bar" aria-hidden="true">'
            f'<span style="width: {share:.1f}%"></span></span><span>{_text(one.text)}</span></div>'
        )
    yield "</div>"


def _note(text: str) -> str:
    return f'<p class="note">{_text(text)}</p>'


def _table(names: Sequence[str], rows: Iterable[tuple[str, Sequence[str], str | None]]) -> Iterator[str]:
    """Yield a table of numbers: a label, cells, and perhaps a remark in each row, which is HTML."""
    rows = list(rows)
    remarked = any(remark is not None for *_, remark in rows)
    kinds = ["", *[' class="number"'] * (len(names) - 1 - remarked), *[""] * remarked]
    head = (f'<th scope="col"{kind}>{_text(name)}</th>' for kind, name in zip(kinds, names, strict=True))
    yield f'<div class="wide"><table><thead><tr>{"".join(head)}</tr></thead><tbody>'
    for label, cells, remark in rows:
        last = "" if remark is None else f"<td>{remark}</td>"
        middle = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        yield f'<tr><th scope="row">{_text(label)}</th>{middle}{last}</tr>'
    yield "</tbody></table></div>"


def _grid(columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Yield a table of texts, whose cells stand one below the other on a phone; they are HTML."""
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in ("", *columns))
    yield f'<table class="grid"><thead><tr>{head}</tr></thead><tbody>'
    for label, cells in rows:
        named = zip(columns, cells, strict=True)
        said = "".join(f'<td data-column="{_text(name)}">{cell}</td>' for name, cell in named)
        yield f'<tr><th scope="row">{_text(label)}</th>{said}</tr>'
    yield "</tbody></table>"


def _text(text: str) -> str:
    """Return text as HTML that shows it as it stands."""
    return escape(clean(text))
