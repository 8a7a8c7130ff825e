"""Runs the points of peer_points on Cantera and compares answers and speed.

    cantera_points.py POINTS.json RESULT.json

Every direction of every step is an irreversible surface reaction whose constant is Turnover's, so
that both solve the same equations; from point to point only the reactions' multipliers change. The
peer starts every point from the clean surface, like Turnover, and is timed for the call that solves
alone, in a warm process. Two ways of using it:

  integration   advance_coverages over a time after which nothing moves: what can be trusted;
  steady solver advance_coverages_to_steady_state, as it comes.

An answer counts as right when every coverage above 1e-9 agrees with Turnover's to 1e-4.
"""

import json
import re
import sys
import time

import cantera as ct

SITE_DENSITY = 1e-8  # kmol/m^2; drops out
TOLERANCES = dict(rtol=1e-9, atol=1e-16)


def atoms(name):
    """Elements of a name such as CH3_s; an adsorbate carries its site, Pt."""
    formula, place = name.rsplit("_", 1)
    found = {} if place == "g" else {"Pt": 1}
    for element, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula):
        found[element] = found.get(element, 0) + int(count or 1)
    return found


def side(text):
    """Terms of one side of an equation: 2O_s + CO_g -> {O_s: 2, CO_g: 1}."""
    terms = {}
    for term in text.split(" + "):
        count, name = re.fullmatch(r"(\d*)(\S+)", term.strip()).groups()
        terms[name] = terms.get(name, 0) + int(count or 1)
    return terms


def peer_name(name):
    return name.replace("*", "PT").replace("_s", "(S)").replace("_g", "")


def make_phases(network):
    names = network["unknowns"] + network["gases"]
    elements = sorted({e for name in names for e in atoms(name)})
    thermo = {"model": "constant-cp", "h0": 0.0, "s0": 0.0, "cp0": 0.0}
    species = [
        {"name": peer_name(n), "composition": atoms(n), "thermo": thermo} for n in names
    ]
    gas_names = [peer_name(n) for n in network["gases"]]
    surface_names = [peer_name(n) for n in network["unknowns"]]
    reactions = []
    for equation in network["steps"]:
        left, right = (side(t) for t in re.split(r" <-> | => | -> ", equation))
        for one, other in ((left, right), (right, left)):
            text = " => ".join(
                " + ".join(f"{count} {peer_name(n)}" for n, count in s.items())
                for s in (one, other)
            )
            reactions.append(
                {"equation": text, "duplicate": True, "rate-constant": {"A": 1.0, "b": 0, "Ea": 0}}
            )
    document = {
        "units": {"length": "m", "quantity": "kmol", "time": "s"},
        "phases": [
            {"name": "gas", "thermo": "ideal-gas", "elements": elements, "species": gas_names,
             "state": {"T": network["temperature"], "P": 1e5}},
            {"name": "surface", "thermo": "ideal-surface", "elements": elements,
             "species": surface_names, "site-density": SITE_DENSITY, "kinetics": "surface",
             "adjacent-phases": ["gas"], "reactions": "all",
             "state": {"T": network["temperature"], "P": 1e5}},
        ],
        "species": species,
        "reactions": reactions,
    }
    text = json.dumps(document)  # which is YAML, too
    gas = ct.Solution(yaml=text, name="gas")
    gas.TPX = network["temperature"], 1e5, {n: 1.0 for n in gas_names}
    return gas, ct.Interface(yaml=text, name="surface", adjacent=[gas])


def unit_rates(network, gas):
    """Rates of each direction, 1/s a site, at a multiplier and coverages of one."""
    concentrations = dict(zip(gas.species_names, gas.concentrations))
    rates = []
    for equation in network["steps"]:
        for terms in (side(t) for t in re.split(r" <-> | => | -> ", equation)):
            rate = 1.0 / SITE_DENSITY
            for name, count in terms.items():
                value = concentrations[peer_name(name)] if name.endswith("_g") else SITE_DENSITY
                rate *= value**count
            rates.append(rate)
    return rates


def run(network, solve):
    gas, surface = make_phases(network)
    rates = unit_rates(network, gas)
    clean = {"PT(S)": 1.0}
    order = [surface.species_index(peer_name(n)) for n in network["unknowns"]]
    seconds, right, wrong, failed = 0.0, 0, 0, 0
    for index, point in enumerate(network["points"]):
        constants = [k for pair in zip(point["forward"], point["reverse"]) for k in pair]
        for j, (constant, rate) in enumerate(zip(constants, rates)):
            surface.set_multiplier(constant / rate, j)
        rounds = 2 if index == 0 else 1  # the first call makes the integrator
        for _ in range(rounds):
            surface.coverages = clean
            start = time.process_time()
            try:
                solve(surface)
                fine = True
            except ct.CanteraError:
                fine = False
            spent = time.process_time() - start
        seconds += spent
        if not fine:
            failed += 1
            continue
        theirs = surface.coverages
        agrees = all(
            abs(theirs[order[i]] - x) <= 1e-4 * x + 1e-9 for i, x in enumerate(point["coverages"])
        )
        right, wrong = right + agrees, wrong + (not agrees)
    return {"seconds": seconds, "right": right, "wrong": wrong, "failed": failed}


def main():
    with open(sys.argv[1]) as file:
        given = json.load(file)
    print(f"Peers: Cantera {ct.__version__}; Turnover on {given['instruction_set']}; one core each")
    results = []
    for network in given["networks"]:
        count = len(network["points"])
        ours = count / network["seconds"]
        print(f"{network['name']}, {count} points: Turnover {ours:,.0f} points/s")
        entry = {"network": network["name"], "points": count, "turnover_points_per_s": ours}
        ways = {
            "integration": lambda s: s.advance_coverages(1e6, **TOLERANCES),
            "steady solver": lambda s: s.advance_coverages_to_steady_state(),
        }
        for way, solve in ways.items():
            result = run(network, solve)
            theirs = count / result["seconds"]
            print(
                f"  Cantera, {way}: {theirs:,.0f} points/s, {result['right']} right, "
                f"{result['wrong']} wrong, {result['failed']} failed: "
                f"Turnover is {ours / theirs:,.0f} times as fast"
            )
            entry[way] = {**result, "points_per_s": theirs, "ratio": ours / theirs}
        results.append(entry)
    with open(sys.argv[2], "w") as file:
        json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
