"""Build build/marimo/, the Pyodide for marimo's page: the version that marimo requires, with the
wheels that its page loads, but not ours, since users install it themselves.
"""

import sys
import tempfile
import zipfile
from pathlib import Path

from scripts.build_site import emptied, pinned_wheels, write_distribution
from scripts.paths import MARIMO, MARIMO_VENV, ROOT
from scripts.wheels import Wheel

# As in marimo's _pyodide/pyodide_constraints.py: its page refuses any other.
PYODIDE = ROOT / "node_modules" / "pyodide-314-0-0"


def main() -> None:
    with tempfile.TemporaryDirectory() as packed:
        wheels = [*pinned_wheels("site", "marimo"), pack_pyyaml(Path(packed))]
        write_distribution(emptied(MARIMO), wheels, PYODIDE)


def pack_pyyaml(folder: Path) -> Wheel:
    """Pack a PyYAML for any Python, without its optional C extension: PyPI has no wheel of PyYAML
    for the browser."""
    (info,) = MARIMO_VENV.glob("lib/*/site-packages/[pP]y[yY][aA][mM][lL]-*.dist-info")
    packages = info.parent
    version = info.name.removesuffix(".dist-info").partition("-")[2]
    wheel = folder / f"pyyaml-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((packages / "yaml").glob("*.py")):
            archive.write(path, path.relative_to(packages))
        named = f"pyyaml-{version}.dist-info"
        archive.write(info / "METADATA", f"{named}/METADATA")
        tags = "Wheel-Version: 1.0\nGenerator: runt-pyodide\nRoot-Is-Purelib: true\n"
        archive.writestr(f"{named}/WHEEL", f"{tags}Tag: py3-none-any\n")
        archive.writestr(f"{named}/RECORD", "")
    return Wheel(wheel)


if __name__ == "__main__":
    try:
        main()
    except (ValueError, OSError) as error:
        sys.exit(f"Could not build the Pyodide of marimo's page: {error}")
