"""System libraries that no Python package brings: Pango, which sets the type of every PDF."""

import ctypes
import os
import shutil
import subprocess
import sys

_LIBRARIES = ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0")
_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")
_OTHER_SYSTEMS = (
    ("dnf", "sudo dnf install -y pango harfbuzz dejavu-sans-fonts"),
    ("pacman", "sudo pacman -S --noconfirm pango harfbuzz ttf-dejavu"),
    ("zypper", "sudo zypper install -y libpango-1_0-0 libharfbuzz-subset0 dejavu-fonts"),
    ("apk", "sudo apk add pango harfbuzz-subset font-dejavu"),
    ("brew", "brew install pango"),
)


def pango_is_there() -> bool:
    return all(_loads(name) for name in _LIBRARIES)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def ensure_pango() -> None:
    """Install what PDFs need, where we may; otherwise say exactly how, and go on without PDFs."""
    if sys.platform != "linux" or pango_is_there():
        return
    if shutil.which("apt-get") and apt_install(_PACKAGES) and pango_is_there():
        return
    _say(
        f"PDFs need Pango, which is not installed. Install it with:\n\n    {_line()}\n\nEverything else works without it."
    )


def find_chromium() -> str | None:
    """The browser of the browser tests: `CHROMIUM`, or the system's."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def ensure_chromium() -> str | None:
    """Install Debian's Chromium where we may; None leaves the browser tests out."""
    found = find_chromium()
    if found is None and shutil.which("apt-get") and apt_install(("chromium", "fonts-dejavu-core")):
        found = find_chromium()
    return found


def apt_install(packages: tuple[str, ...]) -> bool:
    """Install Debian packages as root or through a sudo that asks nothing; False when neither is possible."""
    prefix = _rights()
    if prefix is None:
        return False
    _say(f"Installing {' '.join(packages)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(
            [*prefix, "apt-get", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 and command[0] == "install":
            _say(done.stderr.strip()[-1000:])
            return False
    return True


def _rights() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def _line() -> str:
    if shutil.which("apt-get"):
        return f"sudo apt-get install -y --no-install-recommends {' '.join(_PACKAGES)}"
    return next(
        (line for tool, line in _OTHER_SYSTEMS if shutil.which(tool)), "your system's package of Pango 1.44 or newer"
    )


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
