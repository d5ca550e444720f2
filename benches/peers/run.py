"""Installs the peers, runs each of them in turn with the floor on one core, writes the table.

Started by run.sh, which says how.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent

# Erlang C for 50 servers offered 45 erlangs.
EXACT_SHARE = 0.363864467
EXACT_WAIT_S = 0.072772893
# Relative standard errors of a run of a million customers, measured over 24 runs of ten million.
SHARE_ERROR = 0.019
WAIT_ERROR = 0.050


class Missing(Exception):
    """A program that cannot be installed or run, and why."""


def quietly(command, **how):
    """Runs a command; its last words are the reason when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, **how)
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise Missing(words[-1] if words else f"{command[0]} failed")
    return done.stdout


class Program:
    """Something that simulates M/M/50 for so many customers under a seed."""

    def __init__(self, name, version, command, own=False):
        self.name, self.version, self.own = name, version, own
        self.command = command
        self.customers = 0
        self.runs = []

    def run(self, customers, seed, core):
        """One run: (seconds of processor time, what it printed, peak kB)."""
        command = ["taskset", "-c", str(core), *self.command(customers, seed)]
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            child = subprocess.Popen(command, stdout=out, stderr=err)
            peak_kb, status, usage = 0, None, None
            while status is None:
                # The high-water mark of the program itself: the one that wait4 tells would have
                # that of this script, from before the program was started, in it.
                peak_kb = max(peak_kb, high_water_kb(child.pid))
                pid, ended, used = os.wait4(child.pid, os.WNOHANG)
                if pid:
                    status, usage = ended, used
                else:
                    time.sleep(0.02)
            child.returncode = os.waitstatus_to_exitcode(status)
            err.seek(0)
            if child.returncode != 0:
                words = err.read().strip().splitlines()
                raise Missing(words[-1] if words else f"it ended with {child.returncode}")
            out.seek(0)
            told = read(json.loads(out.read()))
        seconds = told.get("seconds", usage.ru_utime + usage.ru_stime)
        return {**told, "seconds": seconds, "peak_kb": peak_kb}


def high_water_kb(pid):
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    except (OSError, ValueError):
        pass
    return 0


def read(told):
    """What a program printed, the document of `busyhour run --format json` included."""
    if "metrics" not in told:
        return told
    value = {name: it["value"] for name, it in told["metrics"].items()}
    return {
        "customers": int(value["calls.offered"]),
        "wait_share": value["hold.waited.share"],
        "mean_wait_s": value["hold.wait_s.mean"],
    }


def cargo_target(folder):
    return Path(json.loads(quietly(
        ["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=folder,
    ))["target_directory"])


def floor():
    quietly(["cargo", "build", "--release", "-p", "benches", "--bin", "floor"], cwd=ROOT)
    binary = cargo_target(ROOT) / "release" / "floor"
    return Program("floor (bare heap, no features)", "",
                   lambda customers, seed: [str(binary), str(customers), str(seed)], own=True)


def busyhour(scratch):
    quietly(["cargo", "build", "--release", "-p", "cli"], cwd=ROOT)
    binary = cargo_target(ROOT) / "release" / "busyhour"
    version = quietly([str(binary), "--version"]).split()[-1]
    out = scratch / "busyhour-run"

    def command(customers, seed):
        return [
            str(binary), "run", str(HERE / "mm50" / "scenario.toml"), "--threads", "1",
            "--seed", str(seed), "--set", f"duration={max(customers // 45, 60)}s",
            "--out", str(out), "--force", "--format", "json", "--quiet",
        ]

    return Program("**busyhour** (whole life of a call)", version, command, own=True)


def of_python(scratch, package, version, script):
    venv = scratch / f"venv-{package}"
    python = venv / "bin" / "python"
    if not python.exists():
        quietly([sys.executable, "-m", "venv", str(venv)])
    quietly([str(python), "-m", "pip", "install", "-q", f"{package}=={version}"])
    names = {"simpy": "SimPy", "ciw": "Ciw"}
    return Program(names[package], version, lambda customers, seed: [
        str(python), str(HERE / script), str(customers), str(seed)])


def of_rust(scratch, crate, version):
    folder = scratch / crate
    shutil.copytree(HERE / crate, folder, dirs_exist_ok=True)
    target = scratch / "target"
    quietly(["cargo", "build", "--release"], cwd=folder,
            env={**os.environ, "CARGO_TARGET_DIR": str(target)})
    binary = target / "release" / f"{crate}-mm50"
    return Program(crate, version,
                   lambda customers, seed: [str(binary), str(customers), str(seed)])


def size(program, core, seconds):
    """Finds how many customers take so long."""
    customers, took = 2_000, 0.0
    while took < seconds / 10:
        customers *= 4
        took = program.run(customers, 1, core)["seconds"]
    program.customers = max(int(customers * seconds / took), 1_000)


def agrees(program):
    """Whether all runs together have the exact values within four standard errors."""
    served = sum(run["customers"] for run in program.runs)
    share = sum(run["wait_share"] * run["customers"] for run in program.runs) / served
    wait_s = sum(run["mean_wait_s"] * run["customers"] for run in program.runs) / served
    root = (served / 1e6) ** 0.5
    right = (abs(share / EXACT_SHARE - 1) < 4 * SHARE_ERROR / root
             and abs(wait_s / EXACT_WAIT_S - 1) < 4 * WAIT_ERROR / root)
    return right, share, wait_s


def grouped(number):
    """Three digits that count."""
    digits = 2 - len(str(int(number))) + 1
    return f"{round(number, digits):,.0f}".replace(",", " ")


def row(program, ratios):
    rates = [run["customers"] / run["seconds"] for run in program.runs]
    rate = statistics.median(rates)
    right, share, wait_s = agrees(program)
    ratio = "1"
    if ratios:
        middle = statistics.median(ratios)
        ratio = f"{middle:.3g} [{min(ratios):.3g}, {max(ratios):.3g}]"
    peak_mb = max(run["peak_kb"] for run in program.runs) / 1024
    found = f"{share:.4f}, {wait_s:.4f}" + ("" if right else " **WRONG**")
    cells = [program.name, program.version, grouped(rate), grouped(2 * rate), ratio,
             f"{peak_mb:.1f}", found]
    return "| " + " | ".join(cells) + " |", right


def machine():
    words = platform.machine()
    try:
        for line in quietly(["lscpu"]).splitlines():
            if line.startswith("Model name:"):
                words = line.split(":", 1)[1].strip()
                break
    except (Missing, OSError):
        pass
    rustc = quietly(["rustc", "-V"]).strip()
    cores = os.cpu_count()
    return f"{words}, {cores} cores; {rustc}; Python {platform.python_version()}"


def table(rows, missing, pairs, seconds):
    lines = [
        "## Side by side",
        "",
        "M/M/50 on one core: 45 customers a second, a mean service of one second, fifty servers,",
        "first come first served, unlimited room. Two model events a customer. Made by",
        f"`benches/peers/run.sh`: {pairs} pairs of the floor and the program, in turn, each run of",
        f"about {seconds:g} s of processor time; medians, and for the ratio [least, greatest].",
        "floor / this: how many times as long as the floor this takes for a customer.",
        "",
        f"Machine: {machine()}.",
        "",
        "| program | version | customers/s | model events/s | floor / this | peak MB "
        "| P(wait), mean wait s |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"Exact: P(wait) {EXACT_SHARE:.6f}, mean wait {EXACT_WAIT_S:.6f} s. A program whose values "
        "lie more than",
        "four standard errors away, for as many customers as it served, is marked as wrong.",
        "",
        "busyhour is the command line with `benches/peers/mm50/scenario.toml`: every call decided,",
        "put on hold, counted in histograms and time series, fingerprinted, and the run folder",
        "written; all of that, start-up too, is in its time. The Python programs leave their",
        "imports out, Ciw also the reading of its records.",
    ]
    if missing:
        lines += ["", "Not measured:", ""]
        lines += [f"- {name}: {why}" for name, why in missing]
    return "\n".join(lines) + "\n"


def install(scratch):
    """The floor, and what it is held against; what cannot be installed."""
    programs, missing = [], []
    for name, make in [
        ("busyhour", lambda: busyhour(scratch)),
        ("desque", lambda: of_rust(scratch, "desque", "0.4.0")),
        ("nexosim", lambda: of_rust(scratch, "nexosim", "1.0.0")),
        ("SimPy", lambda: of_python(scratch, "simpy", "4.1.2", "simpy_mm50.py")),
        ("Ciw", lambda: of_python(scratch, "ciw", "3.2.7", "ciw_mm50.py")),
    ]:
        print(f"installing {name}", file=sys.stderr)
        try:
            programs.append(make())
        except (Missing, OSError) as why:
            print(f"{name} is left out: {why}", file=sys.stderr)
            missing.append((name, str(why)))
    return programs, missing


def main():
    parser = argparse.ArgumentParser(prog="benches/peers/run.sh")
    parser.add_argument("--quick", action="store_true", help="short runs, for a look")
    parser.add_argument("--core", type=int, default=(os.cpu_count() or 1) - 1)
    parser.add_argument("--scratch", type=Path,
                        default=Path(tempfile.gettempdir()) / "busyhour-peers")
    parser.add_argument("--out", type=Path, help="a file for the table too")
    args = parser.parse_args()
    pairs, seconds = (3, 1.0) if args.quick else (5, 4.0)
    scratch = args.scratch.resolve()
    scratch.mkdir(parents=True, exist_ok=True)
    reference = floor()
    programs, missing = install(scratch)
    size(reference, args.core, seconds)
    rows, wrong = [], []
    seed = 100
    for program in programs:
        print(f"measuring {program.name}", file=sys.stderr)
        ratios = []
        try:
            size(program, args.core, seconds)
            for _ in range(pairs):
                seed += 1
                both = [it.run(it.customers, seed, args.core) for it in (reference, program)]
                reference.runs.append(both[0])
                program.runs.append(both[1])
                floor_s, own_s = (run["seconds"] / run["customers"] for run in both)
                ratios.append(own_s / floor_s)
        except Missing as why:
            print(f"{program.name} is left out: {why}", file=sys.stderr)
            missing.append((program.name, str(why)))
            continue
        line, right = row(program, ratios)
        rows.append(line)
        if not right:
            wrong.append(program.name)
    if not reference.runs:
        sys.exit("nothing could be measured")
    line, right = row(reference, [])
    text = table([line, *rows], missing, pairs, seconds)
    if args.out:
        args.out.write_text(text)
    print(text)
    if wrong or not right:
        sys.exit(f"wrong: {', '.join(wrong) or reference.name}")


main()
