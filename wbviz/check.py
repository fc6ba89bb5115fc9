"""`wbviz check`: is everything there that the book needs? Each missing thing is named with its remedy."""

import importlib
import json
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

#: JupyterLab's own part of a package: without it a widget stays an empty box.
FRONT_ENDS = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}
SERVER_EXTENSION = "wbviz.server"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `what` was found; a `remedy` only where that will not do; `fatal` if the book needs it."""

    what: str
    remedy: str = ""
    fatal: bool = True

    def __str__(self):
        if not self.remedy:
            return f"  ok    {self.what}"
        return f"  {'FAIL' if self.fatal else 'note'}  {self.what}\n          → {self.remedy}"


def findings():
    """All findings, in the order in which they are to be put right."""
    yield check_python(sys.version_info[:3])
    yield from check_packages()
    yield from check_front_ends()
    yield check_kernel()
    yield check_progress()
    yield check_server_extension()
    yield from check_libraries()


def report():
    """In a sentence: everything is there, or what the book misses, each with its remedy."""
    missing = [f"{finding.what}\n  → {finding.remedy}" for finding in findings() if finding.remedy and finding.fatal]
    return "\n".join(missing) or "Everything the book needs is here."


def check_python(version):
    """Is this Python one the book is made for?"""
    found, lowest = f"Python {'.'.join(map(str, version))}", (3, 11)
    if version >= lowest:
        return Finding(found)
    return Finding(found, "The book needs Python 3.11 or newer. Install one and set wbviz up in an environment of it.")


def requirements():
    """What wbviz's installation asks for: {package: lowest version}; PackageNotFoundError if it is not installed."""
    lines = [line for line in metadata.requires("wbviz") or () if "extra ==" not in line]
    return dict(re.fullmatch(r"([\w.-]+)>=([\d.]+)", line.replace(" ", "")).groups() for line in lines)


def check_packages():
    """Is every required package installed, new enough and importable?"""
    try:
        needed = requirements()
    except metadata.PackageNotFoundError:
        return [
            Finding("wbviz is not installed in this Python", pip("wbviz") + " (in a clone: -e . in place of wbviz)")
        ]
    return [check_package(name, lowest) for name, lowest in needed.items()]


def check_package(name, lowest):
    """Is this package there in at least this version, and can it be imported?"""
    remedy = pip(f'"{name}>={lowest}"', upgrade=True)
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Finding(f"{name} is not installed (needed: {lowest} or newer)", remedy)
    if numbers(version) < numbers(lowest):
        return Finding(f"{name} {version} is too old (needed: {lowest} or newer)", remedy)
    try:
        importlib.import_module(name)
    except Exception as error:
        broken = f"{name} {version} is installed but does not work ({type(error).__name__}: {error})"
        return Finding(broken, pip(f'"{name}>={lowest}"', upgrade=True) + " --force-reinstall")
    return Finding(f"{name} {version} (needed: {lowest} or newer)")


def numbers(version):
    """The leading numbers of a version, for comparing: "8.1.7rc1" → (8, 1, 7)."""
    return tuple(int(part) for part in re.match(r"\d+(?:\.\d+)*", version).group().split("."))


def check_front_ends():
    """Does JupyterLab really find the browser's half of ipywidgets and anywidget, switched on?"""
    try:
        from jupyter_core.paths import jupyter_path
        from jupyterlab_server.config import get_federated_extensions, get_page_config
    except ImportError as error:
        return [Finding(f"JupyterLab's extensions cannot be listed ({error})", pip("jupyterlab", upgrade=True))]
    folders = jupyter_path("labextensions")
    found, disabled = get_federated_extensions(folders), get_page_config(folders).get("disabledExtensions", {})
    return [check_front_end(name, found.get(name), disabled, package) for name, package in FRONT_ENDS.items()]


def check_front_end(name, extension, disabled, package):
    """Is this JupyterLab extension present with its script, and not switched off?"""
    if not extension:
        return Finding(
            f"JupyterLab does not find {name}: widgets would stay empty", pip(package) + " --force-reinstall"
        )
    script = Path(extension["ext_path"], extension["jupyterlab"]["_build"]["load"])
    if not script.is_file():
        return Finding(f"{name} is incomplete: {script} is missing", pip(package) + " --force-reinstall")
    if disabled.get(name) if isinstance(disabled, dict) else name in disabled:
        return Finding(f"{name} is switched off in JupyterLab", f"jupyter labextension enable {name}")
    return Finding(f"{name} {extension['version']} in JupyterLab")


def check_kernel():
    """Do notebooks run in this Python, and not in another one?"""
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        program = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:
        return Finding(f"there is no Python kernel for notebooks ({error})", pip("ipykernel", upgrade=True))
    here, there = (os.path.realpath(os.path.dirname(path)) for path in (sys.executable, program))
    if os.path.dirname(program) and here != there:
        remedy = f"{sys.executable} -m ipykernel install --sys-prefix"
        return Finding(f"notebooks run in another Python: {program}, not {sys.executable}", remedy)
    return Finding("notebooks run in this Python")


def check_progress():
    """Does wbviz itself work, and can the learner's progress be saved?"""
    try:
        from wbviz.lessons.progress import default_path
    except Exception as error:
        return Finding(f"wbviz does not work ({type(error).__name__}: {error})", pip("wbviz") + " --force-reinstall")
    folder = Path(default_path()).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return Finding(f"progress is saved in {folder}")
    except OSError as error:
        remedy = "Make that folder writable, or name another file in the environment variable WBVIZ_PROGRESS."
        return Finding(f"progress cannot be saved in {folder}: {error.strerror}", remedy)


def check_server_extension():
    """Is the server extension, which makes sliders fluent, on in every JupyterLab of this Python?"""
    remedy = "Start the book with the command wbviz, which switches it on; or install wbviz again."
    try:
        from jupyter_core.paths import jupyter_config_path
        from jupyter_server.extension.config import ExtensionConfigManager
        from jupyter_server.services.kernels.websocket import KernelWebsocketHandler

        config = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
        usable = callable(KernelWebsocketHandler.open) and callable(KernelWebsocketHandler.set_nodelay)
    except (ImportError, AttributeError, json.JSONDecodeError) as error:
        return Finding(f"sliders are slower than they could be: unknown Jupyter server ({error})", remedy, fatal=False)
    if not (usable and config.get(SERVER_EXTENSION)):
        return Finding("sliders are slower in a JupyterLab that wbviz did not start", remedy, fatal=False)
    return Finding(f"server extension {SERVER_EXTENSION}")


def check_libraries():
    """Which of the libraries that chapters 09, 10 and 12 use are here? The book opens without any of them."""
    try:
        from wbviz.bridges import EXTRAS, present
    except Exception:  # wbviz itself does not work, which check_progress says
        return
    for module, (name, packages) in EXTRAS.items():
        if present(module):
            yield Finding(f"{name}, for chapters 09, 10 and 12")
        else:
            yield Finding(f"{name} is not installed: chapters 09, 10 and 12 use it", pip(packages), fatal=False)


def pip(what, upgrade=False):
    """The line that installs `what` into this Python."""
    return f"{sys.executable} -m pip install {'--upgrade ' if upgrade else ''}{what}"
