#!/bin/sh
# M/M/50 side by side: busyhour, the floor, and other simulators from their package registries.
#
#     benches/peers/run.sh [--quick] [--core N] [--scratch FOLDER] [--out FILE]
#
# Writes one Markdown table (to standard output unless --out says otherwise). Peers are
# installed and built in the scratch folder, never here; one that cannot be installed is named and
# left out. Needs python3 (with venv), cargo and taskset.
exec python3 "$(dirname "$0")/run.py" "$@"
