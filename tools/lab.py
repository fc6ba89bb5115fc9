"""A real JupyterLab and a real Chromium for the browser tests, the gallery and the latency benchmark.

    with Lab() as lab, chromium() as browser:
        lab.write("a.ipynb", [code("1 + 1")])
        notebook = Notebook(browser.new_page(), lab, "a.ipynb")
        notebook.run_all()

Nothing of the user's is read or written: home, settings, progress and notebooks are in a temporary folder.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHAPTERS = ROOT / "chapters"
TOKEN = "wbviz"
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
CHROMIUM_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
#: No prompts, no news, and every cell in the page, also those out of view.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
}


class NoChromium(RuntimeError):
    """Chromium or Playwright is missing."""


def code(source):
    """A code cell of a notebook file."""
    name = uuid.uuid4().hex[:8]
    return {"cell_type": "code", "id": name, "source": source, "metadata": {}, "outputs": [], "execution_count": None}


class Lab:
    """A running JupyterLab server over a temporary folder; a context manager.

    `extensions` says of server extensions, by name, whether they are on; `env` holds further environment variables.
    """

    def __init__(self, extensions=None, env=None):
        self.home = Path(tempfile.mkdtemp(prefix="wbviz-lab-"))
        self.folder = self.home / "notebooks"
        self.folder.mkdir()
        self.log = self.home / "server.log"
        self.settings = self.home / "settings"
        self._extensions, self._env = extensions or {}, env or {}

    def __enter__(self):
        for name, values in SETTINGS.items():
            self.set(name, values)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        with self.log.open("wb") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log, "start_new_session": True}
            self.server = subprocess.Popen(self._command(), cwd=self.folder, env=self._environment(), **streams)
        return self

    def __exit__(self, *_):
        for sign, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.server.pid, sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.server.wait(patience)
        shutil.rmtree(self.home, ignore_errors=True)

    def _command(self):
        wanted = {"jupyter_lsp": False, **self._extensions}
        return [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"),
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.root_dir={self.folder}",
            f"--ServerApp.jpserver_extensions={wanted}",
            "--ServerApp.shutdown_no_activity_timeout=900",
        ]

    def _environment(self):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "IPYTHON", "PYTEST"))}
        places = {
            "HOME": "",
            "IPYTHONDIR": "ipython",
            "JUPYTER_CONFIG_DIR": "config",
            "JUPYTER_DATA_DIR": "data",
            "JUPYTER_RUNTIME_DIR": "runtime",
            "JUPYTERLAB_SETTINGS_DIR": "settings",
            "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
            "WBVIZ_PROGRESS": "progress.json",
        }
        return {
            **kept,
            **{name: str(self.home / place) for name, place in places.items()},
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),  # where fonts are listed
            "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
            **self._env,
        }

    def wait_until_up(self, patience=60):
        """Wait until the server answers; raises RuntimeError with the end of its log where it does not."""
        end = time.monotonic() + patience
        while time.monotonic() < end and self.server.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/status?token={TOKEN}", timeout=2)
                return
            time.sleep(0.1)
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text()[-3000:]}")

    def set(self, plugin, values):
        """Write the user settings of a JupyterLab plugin (before the page is opened)."""
        path = self.settings / "@jupyterlab" / f"{plugin}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def write(self, name, cells):
        """Write a notebook of these cells; returns its name."""
        spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = {"cells": cells, "metadata": {"kernelspec": spec}, "nbformat": 4, "nbformat_minor": 5}
        (self.folder / name).write_text(json.dumps(notebook))
        return name

    def copy(self, notebook):
        """Copy a notebook, and the folder of pictures beside it if there is one, to the server; returns its name."""
        notebook = Path(notebook)
        shutil.copy(notebook, self.folder)
        for folder in filter(Path.is_dir, notebook.parent.iterdir()):
            if not folder.name.startswith("."):
                shutil.copytree(folder, self.folder / folder.name, dirs_exist_ok=True)
        return notebook.name

    def url(self, name):
        """The address of a notebook, with everything that an earlier page left behind reset."""
        self.wait_until_up()
        return f"http://127.0.0.1:{self.port}/lab/tree/{name}?reset&token={TOKEN}"


@contextlib.contextmanager
def chromium():
    """The system's Chromium with a fresh profile, driven by Playwright; raises NoChromium where one is missing."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise NoChromium("no chromium on the path: install it (Debian: apt-get install chromium)")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoChromium("playwright is not installed: pip install playwright") from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        try:
            yield browser
        finally:
            browser.close()
