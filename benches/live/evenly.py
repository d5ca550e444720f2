"""Says what stands in a run's JSON: response, service and lag in milliseconds, sent of due."""
import json
import sys

run = json.load(sys.stdin)
at = {name: it["value"] for name, it in run["measured"].items()}


def ms(span):
    shown = ["p50", "p95", "p99", "p99.9", "max"]
    return " ".join(f"{at.get(f'backend.{span}_us.{q}', float('nan')) / 1000:8.3f}" for q in shown)


print(f"verdict {run['verdict']}, due {at['backend.requests']}, sent {at['backend.sent']}, "
      f"failed {at['backend.failed']}, {at.get('backend.requests_per_s', 0):.0f} requests/s")
print("                  p50      p95      p99    p99.9      max  ms")
for span in ["response", "service", "queue", "lag"]:
    print(f"  {span:<10} {ms(span)}")
