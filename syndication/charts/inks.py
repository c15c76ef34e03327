"""What each class of a drawing looks like: for pages `web/static/charts.css`, for a file that stands alone attributes.

An SVG that is opened by itself, put into another page or printed has no style sheet of ours, and one within it would be
refused by our Content-Security-Policy, so `standalone` writes colours as presentation attributes, on paper: a file
cannot know whether it is read in the dark. A test holds both to the same colours.
"""

from typing import Final

from lxml import etree

from syndication.charts.chart import WIDTH, Chart

MEDIA_TYPE: Final = "image/svg+xml; charset=utf-8"
FONTS: Final = "Vazirmatn, Vazir, 'Noto Sans Arabic', 'Segoe UI', Tahoma, sans-serif"
SCALE: Final = 2  # pixels a unit
HEAD: Final = 26.0  # units for the title above the drawing
MARGIN: Final = 12.0
SVG: Final = "{http://www.w3.org/2000/svg}"

LIGHT: Final = {
    "paper": "#fcfbf8",
    "ink": "#1c1d1f",
    "soft": "#5b5f66",
    "axis": "#6b7a7c",
    "grid": "#e2dfd8",
    "mark": "#a8321a",
    "shade-1": "#5c979c",
    "shade-2": "#35797f",
    "shade-3": "#185d63",
    "shade-4": "#0a444a",
    "shade-5": "#04282c",
    "tile-0": "#fcfbf8",
    "tile-1": "#dcebeb",
    "tile-2": "#b3d5d7",
    "tile-3": "#7db6ba",
    "tile-4": "#1f6f76",
    "tile-5": "#083f45",
    "on-dark": "#ffffff",
    "part-1": "#0b5c63",
    "part-2": "#a1481a",
    "part-3": "#5c4a9c",
    "part-4": "#2f6b3a",
    "part-5": "#7a2a4f",
}

INKS: Final[dict[str, dict[str, str]]] = {
    "ch-text": {"fill": "ink"},
    "ch-strong": {"fill": "ink", "font-weight": "700"},
    "ch-soft": {"fill": "soft"},
    "ch-axis": {"stroke": "axis", "stroke-width": "1"},
    "ch-grid": {"stroke": "grid", "stroke-width": "1"},
    "ch-mark": {"stroke": "mark", "stroke-width": "2"},
    "ch-holiday": {"fill": "mark"},
    "ch-none": {"fill": "axis"},
    "ch-edge": {"stroke": "axis", "stroke-width": "1"},
    "ch-ground": {"fill": "paper"},
    **{f"ch-s{shade}": {"fill": f"shade-{shade}"} for shade in range(1, 6)},
    **{f"ch-t{shade}": {"fill": f"tile-{shade}"} for shade in range(6)},
    **{f"ch-n{shade}": {"fill": "ink"} for shade in range(4)},
    **{f"ch-n{shade}": {"fill": "on-dark"} for shade in (4, 5)},
    "ch-p1": {"fill": "part-1"},
    "ch-h2": {"stroke": "part-2", "stroke-width": "2.4", "fill": "none"},
    "ch-h3": {"stroke": "part-3", "stroke-width": "1.3", "fill": "none"},
    "ch-h4": {"fill": "part-4"},
    "ch-h5": {"stroke": "part-5", "stroke-width": "1.6", "fill": "none"},
    **{f"ch-p{part}": {"stroke": f"part-{part}", "stroke-width": "0.8"} for part in range(2, 6)},
}

_NOTHING: Final = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 10"><title/><desc/></svg>'


def standalone(chart: Chart) -> bytes:
    """A chart as an SVG file that needs nothing else: its title is written above it; links lead nowhere."""
    drawn = etree.fromstring(chart.svg or _NOTHING, etree.XMLParser(resolve_entities=False, no_network=True))
    for each in drawn.iter():
        for name in (each.attrib.pop("class", "")).split():
            for key, value in INKS.get(name, {}).items():
                if key not in each.attrib:
                    each.set(key, LIGHT.get(value, value))
        if each.tag == f"{SVG}a":
            each.tag = f"{SVG}g"
            del each.attrib["href"]
    height = float(drawn.get("viewBox", "").split()[-1])
    rtl = drawn.get("direction") == "rtl"
    wide, high = WIDTH + 2 * MARGIN, height + HEAD + 2 * MARGIN
    drawn.set("viewBox", f"{-MARGIN:.0f} {-HEAD - MARGIN:.0f} {wide:.0f} {high:.0f}")
    drawn.set("width", f"{wide * SCALE:.0f}")
    drawn.set("height", f"{high * SCALE:.0f}")
    drawn.set("font-family", FONTS)
    heading = etree.Element(f"{SVG}text", x=str(WIDTH if rtl else 0), y="-12", fill=LIGHT["ink"])
    heading.set("font-size", "14")
    heading.set("font-weight", "700")
    heading.text = chart.title
    ground = etree.Element(f"{SVG}rect", fill=LIGHT["paper"], x=f"{-MARGIN:.0f}", y=f"{-HEAD - MARGIN:.0f}")
    ground.set("width", f"{wide:.0f}")
    ground.set("height", f"{high:.0f}")
    drawn.insert(2, ground)
    drawn.insert(3, heading)
    return etree.tostring(drawn, xml_declaration=True, encoding="UTF-8")
