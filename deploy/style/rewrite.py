"""Makes USWDS' compiled style fit every script and light: sides become logical, colours become named variables."""

import re
import sys

SIDES = {
    r"\b(margin|padding)-left\b": r"\1-inline-start",
    r"\b(margin|padding)-right\b": r"\1-inline-end",
    r"\bborder-left\b": "border-inline-start",
    r"\bborder-right\b": "border-inline-end",
    r"\bborder-top-left-radius\b": "border-start-start-radius",
    r"\bborder-top-right-radius\b": "border-start-end-radius",
    r"\bborder-bottom-left-radius\b": "border-end-start-radius",
    r"\bborder-bottom-right-radius\b": "border-end-end-radius",
    r"(?m)^(\s*)left:": r"\1inset-inline-start:",
    r"(?m)^(\s*)right:": r"\1inset-inline-end:",
    r"\btext-align: left\b": "text-align: start",
    r"\btext-align: right\b": "text-align: end",
    r"\bfloat: (?:left|right)\b": "float: inline-start",
}
COLOURS = {
    "#1b1b1b": "ink", "#71767a": "quiet", "#565c65": "border", "#dfe1e2": "line", "#f0f0f0": "pale",
    "#005ea2": "accent", "#1a4480": "accent-strong", "#162e51": "accent-strongest", "#54278f": "visited", "#2491ff": "focus",
    "#b50909": "error", "#d54309": "error-edge", "#f4e3db": "error-pale",
    "#ffbe2e": "warning-edge", "#faf3d1": "warning-pale",
    "#00bde3": "info-edge", "#e7f6f8": "info-pale",
    "#00a91c": "success-edge", "#ecf3ec": "success-pale",
}  # fmt: skip
"""USWDS' tokens and the variable that stands for each; site.css gives the variables their values, by light."""


def rewritten(css: str) -> str:
    """The style without fonts and pictures we do not ship."""
    css = re.sub(r"@font-face \{[^}]*\}\s*", "", css)
    css = re.sub(r"url\(\"?\./(?:usa-icons/)?([a-z0-9_-]+\.svg)\"?\)", r'url("\1")', css)
    css = re.sub(r'(?m)^.*url\("(?:\./|\.\./)?(?:checkbox-indet|usa-icons-bg|unfold_more)[^;]*;\n', "", css)
    for physical, logical in SIDES.items():
        css = re.sub(physical, logical, css)
    css = re.sub(r"(background(?:-color)?): white\b", r"\1: var(--paper)", css)
    css = re.sub(r"\b(0 2px) white\b", r"\1 var(--paper)", css)
    css = re.sub(r"(?m)^(\s*color): white\b", r"\1: var(--on-accent)", css)
    for colour, name in COLOURS.items():
        css = css.replace(colour, f"var(--{name})")
    return re.sub(r"\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).strip() + "\n"


if __name__ == "__main__":
    version = sys.argv[1]
    sys.stdout.write(
        f"/* From USWDS {version} by deploy/style/build.sh; do not edit. See NOTICE. */\n" + rewritten(sys.stdin.read())
    )
