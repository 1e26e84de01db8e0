"""Judges the printed index: usage sheets.py index.pdf. Needs pdftotext and pdftoppm (poppler-utils).

The summary fills the first sheet and no more, no word is cut off at an edge, every sheet rasterises and is
neither blank nor black in greyscale.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as tree

pdf = sys.argv[1]
problems = []
text = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True, text=True).stdout
# Control characters that a PDF may hold are no XML.
pages = [p for p in tree.fromstring(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)).iter() if p.tag.endswith("page")]
for number, page in enumerate(pages, 1):
    width, height = float(page.get("width")), float(page.get("height"))
    if not (594 < width < 597 and 840 < height < 844):
        problems.append(f"sheet {number}: {width} x {height} points is no A4")
    for word in page:
        box = [float(word.get(side)) for side in ("xMin", "yMin", "xMax", "yMax")]
        if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
            problems.append(f"sheet {number}: cut off: {word.text}")


def words(page):
    return " ".join(word.text or "" for word in page)


first, second = words(pages[0]), words(pages[1])
if not re.search(r"\b1\. ", first) or re.search(r"\b2\. ", first) or not second.startswith("2. "):
    problems.append(f"the summary does not fill exactly the first sheet; the second begins: {second[:60]}")

raster = subprocess.run(["pdftoppm", "-gray", "-r", "50", pdf], capture_output=True, check=True).stdout
sheets = 0
while raster:
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", raster)
    size = int(head[1]) * int(head[2])
    pixels, raster = raster[head.end():head.end() + size], raster[head.end() + size:]
    sheets += 1
    dark = sum(pixel < 160 for pixel in pixels) / size
    if not 0.001 < dark < 0.5:
        problems.append(f"sheet {sheets}: {dark:.1%} dark in greyscale")
if sheets != len(pages):
    problems.append(f"{sheets} of {len(pages)} sheets rasterise")

print("\n".join(problems) or f"{sheets} sheets in order")
sys.exit(1 if problems else 0)
