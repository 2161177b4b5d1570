#!/usr/bin/env bash
# Compiles the part of USWDS named in uswds.scss into shared/pages/static. Needs Node and the network; run after a change of VERSION
# or of uswds.scss, and commit what it makes.
set -euo pipefail
cd "$(dirname "$0")"
VERSION=3.14.0
SASS=1.108.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work" "@uswds/uswds@$VERSION" "sass@$SASS"
uswds=$work/node_modules/@uswds/uswds
node "$work/node_modules/sass/sass.js" --no-source-map --quiet-deps --load-path "$uswds/packages" uswds.scss "$work/uswds.css"
python3 rewrite.py "$VERSION" <"$work/uswds.css" >../../shared/pages/static/uswds.css
for image in correct8.svg correct8-alt.svg usa-icons/check_circle.svg usa-icons/error.svg usa-icons/info.svg usa-icons/warning.svg; do
  cp "$uswds/dist/img/$image" ../../shared/pages/static/
done
