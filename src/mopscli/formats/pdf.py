"""A page as PDF, set by Typst; every text reaches it as data, so that nothing in it is markup."""

import json
from typing import Final

from mopscli.formats.paper import Cell, Element, Headline, Items, Said, Sheet, Text, paper
from mopscli.page import Page

# Libertinus comes with Typst, so that a page looks alike on every machine; what it lacks, a font of the system has.
TEMPLATE: Final = """
#let paper = json(bytes(sys.inputs.paper))
#let ink = rgb("#1c2430")
#let quiet = rgb("#56606e")
#let rule = rgb("#d4d9e0")
#let accent = rgb("#0b63b0")
#set document(title: paper.title)
#set page(paper: "us-letter", margin: (x: 1in, y: 0.8in), footer: context {
  set text(8.5pt, fill: quiet)
  grid(columns: (1fr, auto), column-gutter: 1em, paper.title, counter(page).display("1 / 1", both: true))
})
#set text(font: "Libertinus Serif", size: 10.5pt, fill: ink, lang: "en", region: "us")
#set par(leading: 0.62em, spacing: 0.9em)
#show heading: set text(fill: accent)
#show heading.where(level: 1): it => block(below: 1em, text(18pt, it.body))
#show heading.where(level: 2): it => block(above: 1.25em, below: 0.7em, sticky: true, text(13pt, it.body))
#show heading.where(level: 3): it => block(above: 1.4em, below: 0.7em, sticky: true, text(11.5pt, it.body))
#let said(one) = {
  one.text
  if one.mark != "" { link(label("source-" + one.mark), super(text(fill: accent, one.mark))) }
}
#let drawn(cell) = {
  if cell.share != none {
    box(width: 100%, height: 0.75em, stroke: 0.5pt + rule, box(
      width: cell.share * 100%, height: 100%, fill: accent))
  } else {
    let lines = cell.paragraphs.map(said)
    let inside = if cell.kind == "label" { lines.map(strong) } else if cell.kind == "code" {
      cell.paragraphs.map(one => raw(one.text)) } else { lines }
    pad(left: if cell.indented { 1em } else { 0em }, stack(spacing: 0.75em, ..inside))
  }
}
#let sheet(one) = {
  let sides = one.sides.map(side => if side == "number" { right } else { left })
  let widths = one.widths.map(width => width * 1fr)
  let cells = one.rows.flatten().map(drawn)
  set text(9.5pt) if one.header.len() > 0
  if one.header.len() == 0 {
    block(above: 0.9em, below: 1.1em, breakable: not one.kept, grid(
      columns: widths, column-gutter: 1em, row-gutter: 0.75em, ..cells))
  } else {
    set par(justify: false)
    block(above: 1em, below: 1.2em, table(
      columns: widths, align: (x, y) => sides.at(x) + top, inset: (x: 4pt, y: 5pt),
      stroke: (x, y) => (bottom: if y == 0 { 1pt + accent } else { 0.5pt + rule }),
      table.header(..one.header.map(strong)), ..cells))
  }
}
#for one in paper.elements {
  if one.is == "headline" {
    if one.fresh { pagebreak(weak: true) }
    heading(level: one.level, one.text)
  } else if one.is == "text" {
    if one.kind == "label" { block(above: 1.2em, sticky: true, strong(said(one.said))) }
    else if one.kind == "quiet" { block(sticky: one.kept, text(9.5pt, fill: quiet, said(one.said))) }
    else { block(sticky: one.kept, said(one.said)) }
  } else if one.is == "items" { list(..one.items.map(said), spacing: 0.75em) }
  else { sheet(one) }
}
#if paper.sources.len() > 0 {
  heading(level: 2, "Sources")
  set text(9pt)
  for (mark, source) in paper.sources {
    [#block(grid(columns: (2.2em, 1fr), "[" + mark + "]", source)) #label("source-" + mark)]
  }
}
"""


def pdf(page: Page) -> bytes:
    """Return a page as a file of PDF; needs the extra `office`."""
    import typst

    content = paper(page)
    data = {
        "title": content.title,
        "elements": [*map(_element, content.elements)],
        "sources": content.sources,
    }
    return bytes(typst.compile(TEMPLATE.encode(), sys_inputs={"paper": json.dumps(data)}))


def _element(element: Element) -> dict[str, object]:
    match element:
        case Headline(level, text, fresh):
            return {"is": "headline", "level": level, "text": text, "fresh": fresh}
        case Text(said, kind, kept):
            return {"is": "text", "said": _said(said), "kind": kind, "kept": kept}
        case Items(items):
            return {"is": "items", "items": [*map(_said, items)]}
        case Sheet(header, rows, widths, kept):
            sides = [cell.kind for cell in rows[0]] if rows else ["text"] * len(widths)
            cells = [[*map(_cell, row)] for row in rows]
            return {
                "is": "sheet",
                "header": header,
                "rows": cells,
                "widths": widths,
                "sides": sides,
                "kept": kept,
            }


def _cell(cell: Cell) -> dict[str, object]:
    return cell._asdict() | {"paragraphs": [*map(_said, cell.paragraphs)]}


def _said(said: Said) -> dict[str, str]:
    return said._asdict()
