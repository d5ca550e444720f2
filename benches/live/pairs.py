"""Medians of the pairs that come in, and how ours stand to theirs, pair by pair."""
import statistics
import sys

found = {}
for line in sys.stdin:
    who, wire, us = line.split()
    found.setdefault((wire, who), []).append(float(us))
for (wire, who), values in sorted(found.items()):
    print(f"{wire:6} {who:9} median {statistics.median(values):6.2f} µs "
          f"[{min(values):.2f}, {max(values):.2f}]")
    if who != "busyhour":
        ratios = [a / b for a, b in zip(found[wire, "busyhour"], values)]
        print(f"{wire:6} busyhour / {who}: median {statistics.median(ratios):.3f} "
              f"[{min(ratios):.3f}, {max(ratios):.3f}]")
