"""A headless Chromium, spoken to over a pipe (Chrome DevTools Protocol), for the tests of the HTML
report. Nothing is downloaded and no port is opened.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import base64
import json
import os
import select
import shutil
import subprocess
import time

# Chromium's own requests: none of them belongs to a page.
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--remote-debugging-pipe")
TIMEOUT_SECONDS = 120
# The code of "Inspected target navigated or closed" and of a page that has no scripts yet.
PAGE_HAS_GONE = -32000


def find_chromium():
    """The program, None if there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class Page:
    """One page: open() it, evaluate() expressions in it, and see what it did."""

    def __init__(self, folder, width=1280, height=900, dark=False, scripts=True, media=()):
        self.events = []
        self._number = 0
        self._rest = b""
        to_browser, self._write = os.pipe()
        self._read, from_browser = os.pipe()

        def place():
            # The protocol's two descriptors are 3 and 4; what is there now must not be lost.
            a, b = os.dup(to_browser), os.dup(from_browser)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self._process = subprocess.Popen(
            [find_chromium(), *FLAGS, f"--user-data-dir={folder}/chromium",
             f"--window-size={width},{height}", "about:blank"],
            preexec_fn=place, close_fds=False, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder)})
        os.close(to_browser)
        os.close(from_browser)
        self._session = None
        target = next(one for one in self._call("Target.getTargets")["targetInfos"]
                      if one["type"] == "page")
        self._session = self._call("Target.attachToTarget", targetId=target["targetId"],
                                   flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                   deviceScaleFactor=1, mobile=width < 600)
        self._call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            *({"name": name, "value": value} for name, value in media)])
        if not scripts:
            self._call("Emulation.setScriptExecutionDisabled", value=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        os.close(self._write)
        os.close(self._read)

    def _message(self, deadline):
        while b"\0" not in self._rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._read], [], [], left)[0]:
                raise TimeoutError("Chromium does not answer")
            piece = os.read(self._read, 1 << 16)
            if not piece:
                raise EOFError("Chromium has gone")
            self._rest += piece
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)

    def _call(self, method, **parameters):
        message = self._ask(method, **parameters)
        assert "error" not in message, message
        return message["result"]

    def _ask(self, method, **parameters):
        """The browser's answer, be it a result or an error."""
        self._number += 1
        call = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            call["sessionId"] = self._session
        os.write(self._write, json.dumps(call).encode() + b"\0")
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while True:
            message = self._message(deadline)
            if message.get("id") == self._number:
                return message
            self.events.append(message)

    def open(self, path):
        self._load("Page.navigate", url=path.resolve().as_uri())

    def reload(self):
        """As its button does it: what the page's scripts kept is gone, its address stays."""
        self._load("Page.reload")

    def _load(self, method, **parameters):
        self.events.clear()
        self._call(method, **parameters)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not any(event.get("method") == "Page.loadEventFired" for event in self.events):
            self.events.append(self._message(deadline))

    def evaluate(self, expression, wait=False):
        """The value of a JavaScript expression; of the promise that it is, with `wait`."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True,
                            awaitPromise=wait, userGesture=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression):
        """Until it holds, also while one page is taking the place of another."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not self._holds(expression):
            assert time.monotonic() < deadline, expression
            time.sleep(0.05)

    def _holds(self, expression):
        message = self._ask("Runtime.evaluate", expression=expression, returnByValue=True)
        if message.get("error", {}).get("code") == PAGE_HAS_GONE:
            return False
        assert "error" not in message, message
        answer = message["result"]
        return "exceptionDetails" not in answer and answer["result"].get("value")

    def press(self, key, text=""):
        """A key of the keyboard, such as Tab or Enter."""
        codes = {"Tab": 9, "Enter": 13, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowRight": 39}
        for kind in ("keyDown", "keyUp"):
            self._call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                       windowsVirtualKeyCode=codes[key],
                       **({"text": text} if kind == "keyDown" and text else {}))

    def grant_clipboard(self):
        """Reading what was copied is for the test, not for the page."""
        session, self._session = self._session, None
        self._call("Browser.grantPermissions",
                   permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        self._session = session
        self._call("Emulation.setFocusEmulationEnabled", enabled=True)

    def on_paper(self):
        """Lays the page out as for a printer."""
        self._call("Emulation.setEmulatedMedia", media="print")

    def print(self):
        """The page on paper: the bytes of a PDF."""
        return base64.b64decode(self._call("Page.printToPDF", printBackground=False)["data"])

    def picture(self, whole=False):
        """The page on the screen: the bytes of a PNG."""
        return base64.b64decode(self._call("Page.captureScreenshot",
                                           captureBeyondViewport=whole)["data"])

    @property
    def requests(self):
        """The addresses that the page asked for, itself included."""
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"]

    @property
    def complaints(self):
        """Errors in scripts, and what the browser wrote into its console."""
        return [event["params"] for event in self.events if event.get("method") in
                ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")]
