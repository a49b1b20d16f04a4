"""A page as a Word document: headings, lists and tables, each in a named style that a company can restyle."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Final, assert_never

from mopscli.formats.paper import Cell, Element, Headline, Items, Paper, Said, Sheet, Text, paper
from mopscli.page import Page

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.section import Section
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

BODY_FONT: Final = "Calibri"
INK: Final = "1C2430"
QUIET: Final = "56606E"
ACCENT: Final = "0B63B0"
# The text of a sheet of US Letter with margins of an inch, in twentieths of a point.
BROAD: Final = 9360
# A share of 1 is drawn in so many squares.
SQUARES: Final = 20
NAMESPACE: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# The styles that are ours: name, size in points, color, bold, space after in points.
STYLES: Final = (
    ("Note", 9.5, QUIET, False, 6),
    ("Picture title", 10.5, INK, True, 4),
    ("Fact label", 10.5, INK, True, 3),
    ("Fact", 10.5, INK, False, 3),
    ("Table head", 9.5, INK, True, 2),
    ("Table label", 9.5, INK, True, 2),
    ("Table text", 9.5, INK, False, 2),
    ("Table number", 9.5, INK, False, 2),
    ("Table end", 4.0, QUIET, False, 0),
    ("Bar", 9.5, ACCENT, False, 3),
    ("Command", 9.5, INK, False, 3),
    ("Source", 9.0, QUIET, False, 3),
)
LINES: Final = (
    f'<w:tblPr {NAMESPACE}><w:tblBorders><w:top w:val="single" w:sz="8" w:color="{ACCENT}"/>'
    '<w:bottom w:val="single" w:sz="4" w:color="D4D9E0"/><w:insideH w:val="single" w:sz="4" w:color="D4D9E0"/>'
    "</w:tblBorders></w:tblPr>"
)


def document(page: Page) -> bytes:
    """Return a page as a file for Word; needs the extra `office`."""
    import docx

    content = paper(page)
    file = docx.Document()
    _prepare(file, content.title)
    for element in content.elements:
        _draw(file, element)
    _sources(file, content)
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def _prepare(file: "Document", title: str) -> None:
    """Set the sheet, the styles, the footer and what a file says of itself."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import parse_xml
    from docx.shared import Inches, Pt, RGBColor

    section = file.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Inches(1)
    file.core_properties.title, file.core_properties.author, file.core_properties.comments = title, "", ""
    normal = file.styles["Normal"]
    _set_font(normal.element, BODY_FONT)
    normal.font.size, normal.font.color.rgb = Pt(10.5), RGBColor.from_string(INK)
    normal.paragraph_format.space_after = Pt(6)
    for name, size in (("Title", 22.0), ("Heading 1", 15.0), ("Heading 2", 12.0)):
        style = file.styles[name]
        _set_font(style.element, BODY_FONT)
        style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(ACCENT)
    file.styles["List Bullet"].paragraph_format.space_after = Pt(3)
    for name, size, color, bold, after in STYLES:
        style = file.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.size, style.font.color.rgb, style.font.bold = Pt(size), RGBColor.from_string(color), bold
        style.paragraph_format.space_after = Pt(after)
    file.styles["Picture title"].paragraph_format.keep_with_next = True
    file.styles["Table number"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _set_font(file.styles["Command"].element, "Consolas")
    mark = file.styles.add_style("Source mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.superscript, mark.font.color.rgb = True, RGBColor.from_string(ACCENT)
    table = file.styles.add_style("Comparison", WD_STYLE_TYPE.TABLE)
    table.base_style = file.styles["Normal Table"]
    table.element.append(parse_xml(LINES))
    _footer(section, title)


def _set_font(style: "BaseOxmlElement", name: str) -> None:
    """Give a style one font for every script, in place of those of a theme."""
    from docx.oxml import parse_xml

    fonts = style.get_or_add_rPr()
    for old in fonts.xpath("w:rFonts"):
        fonts.remove(old)
    fonts.insert(
        0,
        parse_xml(
            f'<w:rFonts {NAMESPACE} w:ascii="{name}" w:hAnsi="{name}" w:cs="{name}" w:eastAsia="{name}"/>'
        ),
    )


def _footer(section: "Section", title: str) -> None:
    """Put the title and the number of the sheet below each."""
    from docx.oxml import parse_xml

    line = section.footer.paragraphs[0]
    line.add_run(f"{title}\t\t")
    line._p.append(
        parse_xml(f'<w:fldSimple {NAMESPACE} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    )


def _draw(file: "Document", element: Element) -> None:
    match element:
        case Headline(level, text, fresh):
            headline = _styled(file.add_paragraph(text), f"Heading {level - 1}" if level > 1 else "Title")
            headline.paragraph_format.page_break_before = fresh or None
        case Text(said, kind, kept):
            style = {"body": "Normal", "quiet": "Note", "label": "Picture title"}[kind]
            paragraph = _styled(file.add_paragraph(), style)
            paragraph.paragraph_format.keep_with_next = kept or None
            _write(paragraph, said)
        case Items(items):
            for said in items:
                _write(_styled(file.add_paragraph(), "List Bullet"), said)
        case Sheet():
            _draw_table(file, element)
        case _:
            assert_never(element)


def _styled(paragraph: "Paragraph", style: str) -> "Paragraph":
    """Give a paragraph a style by its id, since looking the name up takes most of the time of a long document."""
    paragraph._p.style = style.replace(" ", "")
    return paragraph


def _write(paragraph: "Paragraph", said: Said) -> None:
    paragraph.add_run(said.text)
    if said.mark:
        paragraph.add_run(said.mark)._r.style = "Sourcemark"


def _draw_table(file: "Document", sheet: Sheet) -> None:
    from docx.oxml import parse_xml
    from docx.shared import Twips

    headed = bool(sheet.header)
    table = file.add_table(len(sheet.rows) + headed, len(sheet.widths))
    # By its id, as in _styled; a table without one has the style of plain tables.
    table._tbl.tblPr.style, table.autofit = "Comparison" if headed else None, False
    share = BROAD / sum(sheet.widths)
    widths = [Twips(int(width * share)) for width in sheet.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(parse_xml(f"<w:cantSplit {NAMESPACE}/>"))
        if headed and number == 0:
            properties.append(parse_xml(f"<w:tblHeader {NAMESPACE}/>"))
            filled = [Cell((Said(name),)) for name in sheet.header]
        else:
            filled = list(sheet.rows[number - headed])
        for place, cell, width in zip(row.cells, filled, widths, strict=True):
            place.width = width
            _fill(place, cell, _style_of(cell, headed, headed and number == 0))
            if sheet.kept and number < len(sheet.rows) - 1:
                for paragraph in place.paragraphs:
                    paragraph.paragraph_format.keep_with_next = True
    _styled(file.add_paragraph(), "Table end")


def _style_of(cell: Cell, headed: bool, is_head: bool) -> str:
    if is_head:
        return "Table head"
    if cell.share is not None:
        return "Bar"
    if cell.kind == "code":
        return "Command"
    if not headed:
        return "Fact label" if cell.kind == "label" else "Fact"
    return {"label": "Table label", "number": "Table number", "text": "Table text"}[cell.kind]


def _fill(place: "_Cell", cell: Cell, style: str) -> None:
    from docx.shared import Pt

    said: Iterable[Said] = cell.paragraphs
    if cell.share is not None:
        full = round(SQUARES * cell.share)
        said = (Said("\N{FULL BLOCK}" * full + "\N{LIGHT SHADE}" * (SQUARES - full)),)
    paragraph = _styled(place.paragraphs[0], style)
    for number, one in enumerate(said):
        if number:
            paragraph = _styled(place.add_paragraph(), style)
        if cell.indented:
            paragraph.paragraph_format.left_indent = Pt(12)
        _write(paragraph, one)


def _sources(file: "Document", content: Paper) -> None:
    if content.sources:
        _styled(file.add_paragraph("Sources"), "Heading 1")
    for mark, text in content.sources:
        _styled(file.add_paragraph(f"[{mark}] {text}"), "Source")
