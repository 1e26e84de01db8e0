#!/usr/bin/env python3
"""Writes a bill of materials (CycloneDX 1.5, JSON) of the program to standard output, from what cargo
knows: every crate that goes into the binary on this machine, with version, licence, checksum and who
depends on whom. Tests' and build machines' other crates are left out."""

import datetime
import json
import os
import subprocess
import sys
import tomllib


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def host():
    return next(line.split()[1] for line in cargo("-vV").splitlines() if line.startswith("host:"))


def main():
    metadata = json.loads(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", host()))
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    with open("Cargo.lock", "rb") as lock:
        checksums = {(p["name"], p["version"]): p.get("checksum") for p in tomllib.load(lock)["package"]}

    def normal(identifier):
        """Dependencies that are linked or run while building, tests' apart."""
        return sorted(
            dependency["pkg"]
            for dependency in nodes[identifier]["deps"]
            if any(kind["kind"] in (None, "build") for kind in dependency["dep_kinds"])
        )

    reached, open_ends = {root}, [root]
    while open_ends:
        for dependency in normal(open_ends.pop()):
            if dependency not in reached:
                reached.add(dependency)
                open_ends.append(dependency)

    def reference(identifier):
        package = packages[identifier]
        return f"pkg:cargo/{package['name']}@{package['version']}"

    def component(identifier):
        package = packages[identifier]
        entry = {
            "type": "application" if identifier == root else "library",
            "bom-ref": reference(identifier),
            "name": package["name"],
            "version": package["version"],
            "purl": reference(identifier),
        }
        if package.get("license"):
            entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        checksum = checksums.get((package["name"], package["version"]))
        if checksum:
            entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
        return entry

    moment = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": datetime.datetime.fromtimestamp(moment, datetime.timezone.utc).isoformat(),
            "component": component(root),
        },
        "components": [component(one) for one in sorted(reached - {root}, key=reference)],
        "dependencies": [
            {"ref": reference(one), "dependsOn": sorted({reference(d) for d in normal(one)})}
            for one in sorted(reached, key=reference)
        ],
    }
    json.dump(bill, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
