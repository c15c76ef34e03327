"""Small files that are what they say: a picture of grey hills, 320 by 180 pixels, and a PDF of one empty page."""

from __future__ import annotations

import base64

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKB"
    "TmCNl4x9lnN+gXz/wAALCAC0AUABAREA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAUD/8QAGhABAAEFAAAAAAAAAAAAAAAAAAECAxNTkv/a"
    "AAgBAQAAPwC2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAi5722vqTPe219StAACLnvba+pM97bX1K0AAIue9tr6kz3tt"
    "fUrQAAi5722vqTPe219StAAi5722vqTPe219SzF4AEXPe219SZ722vqWYvAAi5722vqTPe219SzF4AEXPe219SZ722vqWYvAIue9tr6k"
    "z3ttfUswF4BFz3ttfUme9tr6lmAvAIue9tr6kz3ttfUswF4BFz3ttfUme9tr6lmAvCLnvba+pM97bX1LMAF4Rc97bX1Jnvba+pZgAvCL"
    "nvba+pM97bX1LMAF4Rc97bX1Jnvba+pZgA0z3ttfUme9tr6lmAANM97bX1Jnvba+pZgADTPe219SZ722vqWYAA0z3ttfUme9tr6lmAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD//Z"
)

STYLE = """\
body { font: 17px/1.9 Vazirmatn, Tahoma, sans-serif; max-width: 62rem; margin: 0 auto; padding: 0 1rem; color: #222 }
header, footer { border-block: 2px solid #2a6f6b; padding: .6rem 0; margin-block: 1rem }
nav a { margin-inline-end: 1.2rem }
a { color: #1d5c8a; text-decoration: none }
h1 { font-size: 1.5rem; line-height: 1.6 }
img { width: 100%; max-width: 30rem; height: 8rem; background: #ddd }
table { border-collapse: collapse } td, th { border: 1px solid #bbb; padding: .2rem .8rem }
.adv-inline { background: #fff4d6; padding: .3rem 1rem }
aside, .sample-note { font-size: .85rem; color: #555 }
"""


def pdf() -> bytes:
    """A valid PDF document: one empty A4 page, with a cross-reference table that holds."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    )
    document, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(document))
        document += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(document)
    return document + b"xref\n0 4\n" + table + trailer


PDF = pdf()
